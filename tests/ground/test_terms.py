"""One word for one thing: the pages, the report and the glossary say the same, in Finnish and in Swedish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config import languages
from reporting.documents.rendering.phrases import PHRASES
from tests.catalogues import translations

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
IDENTITY = Path(__file__).parents[2] / "config" / "demo" / "identity.json"
# Reviewed: one English word for two things, or two forms of one Finnish or Swedish word.
HOMONYMS = {
    "number": "how many, and the number of a seat or a version",
    "no": "the answer, and the head of a column of codes",
    "noted": "the council noted it, as a verb and as a label",
    "set up": "a kind of decision, and what was done",
    "approved": "what a body did, and a state",
    "closed": "what the council did, and a phase",
    "returned for preparation": "what a body did, and an outcome",
    "left on the table": "what a body did, and an outcome",
    "removed from the agenda": "what a body did, and an outcome",
    "setting up": "of a programme, and of the installation",
    "proposal": "a kind of decision, and what was proposed",
    "closing": "the phase, the step that it ends with, and a kind of decision",
    "serves": "the head of a column of targets, and how a project is tied to one",
    "chair": "who leads the group, and the record of it",
    "ended": "that it ended, and its state",
    "target": "the target of a figure, and a mark on the cover's axis",
    "change": "how a programme developed, and who came and went",
    "recorded late": "a mark beside one figure, and the heading above all",
    "added": "the head of a group, and what became of one thing",
    "what is missing": "one, and several",
    "next": "the next page, and the step that comes next",
    "new": "a thing that came, and a value that replaces another",
}


def plain(words: str) -> str:
    return words.replace("\u00ad", "").replace("\u00a0", " ").casefold().strip(" .:")


def of_the_report() -> Iterator[tuple[str, str, str]]:
    for code, english in PHRASES["en"].items():
        if code in PHRASES["fi"]:  # a form for one may be English alone
            yield plain(english), plain(PHRASES["fi"][code]), plain(PHRASES["sv"][code])


def of_the_pages() -> Iterator[tuple[str, str, str]]:
    for english, told in translations().items():
        yield plain(english), plain(told["fi"]), plain(told["sv"])


def of_the_identity(lang: str, part: Any = None) -> Iterator[str]:
    """What the demonstration's city says of itself and its reports."""
    part = json.loads(IDENTITY.read_text("utf-8")) if part is None else part
    for name, each in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(each, str):
            yield from [each] if name == lang else []
        elif isinstance(each, dict | list):
            yield from of_the_identity(lang, each)


def told() -> dict[str, set[tuple[str, str]]]:
    """Every English word and sentence with all that is said for it."""
    found: dict[str, set[tuple[str, str]]] = {}
    for english, finnish, swedish in (*of_the_pages(), *of_the_report()):
        found.setdefault(english, set()).add((finnish, swedish))
    return found


def glossary() -> dict[str, tuple[str, str]]:
    """The table's terms, without what stands in brackets behind them."""
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \| ([^|]+) \| [^|]*\|$", GLOSSARY.read_text("utf-8"), re.MULTILINE
    )
    bare = [[re.sub(r" \(.*\)", "", cell).strip() for cell in row] for row in rows[1:]]
    return {plain(english): (plain(finnish), plain(swedish)) for english, finnish, swedish in bare}


def test_pages_and_report_say_the_same_for_the_same_english() -> None:
    several = {english: said for english, said in told().items() if len(said) > 1 and english not in HOMONYMS}
    assert several == {}


def test_no_homonym_is_kept_that_is_none() -> None:
    several = {english for english, said in told().items() if len(said) > 1}
    assert set(HOMONYMS) <= several


def test_the_glossary_and_what_is_said_agree() -> None:
    found, terms = told(), glossary()
    assert len(terms) > 80
    shared = {english: said for english, said in found.items() if english in terms and english not in HOMONYMS}
    assert len(shared) > 40
    assert {english: (said, terms[english]) for english, said in shared.items() if said != {terms[english]}} == {}


def test_no_second_word_for_a_thing_that_has_one() -> None:
    """Words that stood beside another for the same thing, on pages and on paper."""
    gone = {
        "fi": r"diaarinumero|jäädyte|jäädyty|(?<!jo )aikataulussa\b|YK:n tavoit|SDG|kokeilu|Missä mennään|"
        r"linjayksik|tarkiste\b|tarkisteet|Havainnollist|omaava|Katsot mennyttä",
        "sv": r"diarien|delmål\w* (datum|plan)|utgångsläge|indikator|tidtabell|tillstånd|sänd\b|pilotprojekt|"
        r"lägesdag\b|önskemål|frys|SDG|tjänar|skede|linjeenhet|\bart\b|\btyp\b|\bdgr\b|Påhittat material|förflutna|"
        r"jämvikt|godtas|Till fullmäktiges kännedom|korriger",
    }
    for lang, pattern in gone.items():
        column = 1 if lang == "fi" else 2
        said = [row[column] for row in (*of_the_pages(), *of_the_report())] + list(of_the_identity(lang))
        assert [words for words in said if re.search(pattern, words, re.IGNORECASE)] == []


def test_a_programme_is_the_citys_and_never_the_software() -> None:
    """The page of an error is read by people for whom `ohjelma` and `program` are what the council set."""
    page = (languages.HOME / "config/templates/500.html").read_text("utf-8")
    assert re.findall(r"ohjelma|program", page, re.IGNORECASE) == []
    assert all(sentence in page for sentence in ("Järjestelmässä on virhe", "Det uppstod ett fel i systemet"))
