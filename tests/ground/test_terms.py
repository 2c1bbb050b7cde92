"""One word for one thing: the pages, the report and the glossary say the same, in Finnish and in Swedish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from config import languages
from portfolio.terms import terms
from reporting.documents.rendering.phrases import PHRASES
from tests.catalogues import translations

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
IDENTITY = Path(__file__).parents[2] / "config" / "demo" / "identity.json"
# Reviewed: where the report says something else by a word that pages, or most of its phrases, have for another thing.
# Pages have a context there. By the code of the phrase.
OTHERWISE = {
    "kind.set": "what a body did; the word is a kind of decision",
    "kind.approve": "what a body did; the word is a state",
    "kind.close": "what a body did; the word is a phase",
    "kind.return": "what a body did; the word is an outcome",
    "kind.table": "what a body did; the word is an outcome",
    "kind.remove": "what a body did; the word is an outcome",
    "kind.note": "what a body did; the word is the label of a decision",
    "act.propose": "a kind of decision; the word is what was proposed",
    "act.close": "a kind of decision; the word is a phase",
    "count": "how many; the word is the number of a seat or a version",
    "group.seat": "the head of a column of numbers; the word is the answer",
    "code": "the head of a column of codes; the word is the answer",
    "equation.ended": "that they ended; the word is a state",
    "group.ended": "that it ended; the word is a state",
    "ended.on": "that it ended; the word is a state",
    "equation.added": "that they came; the word is what became of a thing",
    "group.added": "that somebody came; the word is what became of a thing",
    "group.change": "who came and went; the word is how a programme developed",
    "serves": "the head of a column of targets; the word is how a project is tied to one",
    "late": "the heading above all; the word is a mark beside one figure",
    "gap.kind": "one; the word is several",
}
# Words of the glossary that English also uses for other things, so that no sentence can be held to them.
ORDINARY = {"met", "state", "unit", "close", "approve", "propose", "section", "elected member"}
# Reviewed: parts of sentences that name a thing otherwise because the language does.
FREE = (
    "pilot card",  # pilotkort
    "series of measurements",  # mätserier
    "the measurement is",  # mätresultatet
    "one item was not reported",  # raportoimatta on
    "and off track if",  # a rule told in whole sentences
    "decides its standing",
)


class Said(NamedTuple):
    """One sentence in three languages, and where: the code of a phrase, or the context of a catalogue."""

    english: str
    fi: str
    sv: str
    where: str = ""


def plain(words: str) -> str:
    return words.replace("\u00ad", "").replace("\u00a0", " ").casefold().strip(" .:")


def of_the_report() -> Iterator[Said]:
    for code, english in PHRASES["en"].items():
        if code in PHRASES["fi"]:  # a form for one may be English alone
            yield Said(plain(english), plain(PHRASES["fi"][code]), plain(PHRASES["sv"][code]), code)


def of_the_pages() -> Iterator[Said]:
    """Pages, refusals and the change log."""
    for (context, english), told in translations().items():
        yield Said(plain(english), plain(told["fi"]), plain(told["sv"]), context or "")


def of_the_identity(lang: str, part: Any = None) -> Iterator[str]:
    """What the demonstration's city says of itself and its reports."""
    part = json.loads(IDENTITY.read_text("utf-8")) if part is None else part
    for name, each in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(each, str):
            yield from [each] if name == lang else []
        elif isinstance(each, dict | list):
            yield from of_the_identity(lang, each)


def told() -> dict[str, set[tuple[str, str]]]:
    """Every English word and sentence with all that is said for it, but where it is another word on purpose."""
    found: dict[str, set[tuple[str, str]]] = {}
    pages = (said for said in of_the_pages() if not said.where)
    for said in (*pages, *(said for said in of_the_report() if said.where not in OTHERWISE)):
        found.setdefault(said.english, set()).add((said.fi, said.sv))
    return found


@cache
def glossary() -> dict[str, tuple[str, str]]:
    """The table's terms, without what stands in brackets behind them."""
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \| ([^|]+) \| [^|]*\|$", GLOSSARY.read_text("utf-8"), re.MULTILINE
    )
    bare = [[re.sub(r" \(.*\)", "", cell).strip() for cell in row] for row in rows[1:]]
    return {plain(english): (plain(finnish), plain(swedish)) for english, finnish, swedish in bare}


def test_pages_and_report_say_the_same_for_the_same_english() -> None:
    assert {english: said for english, said in told().items() if len(said) > 1} == {}


def test_no_word_is_said_otherwise_that_could_be_the_same() -> None:
    usual = told()
    otherwise = [said for said in of_the_report() if said.where in OTHERWISE]
    assert len(otherwise) == len(OTHERWISE)
    otherwise += [said for said in of_the_pages() if said.where]
    assert [said for said in otherwise if (said.fi, said.sv) in usual.get(said.english, ())] == []
    assert [said for said in otherwise if said.where in OTHERWISE and said.english not in usual] == []


def test_a_word_that_pages_and_paper_share_stands_in_the_terms() -> None:
    """Word for word the same in all three languages, and yet in the phrases and in a catalogue: two homes."""
    on_pages = {(english, told["fi"], told["sv"]) for (context, english), told in translations().items() if not context}
    phrases = {code: tuple(PHRASES[lang][code] for lang in ("en", "fi", "sv")) for code in PHRASES["fi"]}
    assert [code for code, said in phrases.items() if said in on_pages and code not in terms()] == []


def test_the_glossary_and_what_is_said_agree() -> None:
    found, of_the_trade = told(), glossary()
    assert len(of_the_trade) > 80
    shared = {english: said for english, said in found.items() if english in of_the_trade}
    assert len(shared) > 40
    wrong = {english: said for english, said in shared.items() if said != {of_the_trade[english]}}
    assert {english: (said, of_the_trade[english]) for english, said in wrong.items()} == {}


def test_every_sentence_says_the_glossarys_word() -> None:
    """Where the English names a thing of the glossary, both others do, by the word that the glossary has for it."""
    found = [said for said in (*of_the_pages(), *of_the_report()) if not any(each in said.english for each in FREE)]
    named = [(term, said) for said in found for term in named_in(said.english)]
    assert len(named) > 800
    assert [(term, *said) for term, said in named if not (has(said.fi, term, 0) and has(said.sv, term, 1))] == []


def test_no_sentence_is_free_of_the_glossary_that_need_not_be() -> None:
    found = [*of_the_pages(), *of_the_report()]
    for part in FREE:
        free = [said for said in found if part in said.english]
        assert free and not all(has(s.fi, term, 0) and has(s.sv, term, 1) for s in free for term in named_in(s.english))


@cache
def longest_first() -> re.Pattern[str]:
    words = sorted({*glossary()} - ORDINARY, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, words))})(?:s|es)?\b")


def named_in(english: str) -> list[str]:
    """The glossary's terms in a sentence; within a longer one no shorter one is looked for."""
    return longest_first().findall(re.sub(r"%\(\w+\)s|\{[^{}]*\}", " ", english))


def has(said: str, term: str, language: int) -> bool:
    """Whether a sentence has each word of a term, whatever their endings, or one of two that mean the same."""
    either = re.split(r", | or | tai | eller ", glossary()[term][language])
    return any(all(word[: max(3, len(word) - 3)] in said for word in each.split()) for each in either)


def test_no_second_word_for_a_thing_that_has_one() -> None:
    """Words that stood beside another for the same thing, on pages and on paper."""
    gone = {
        "fi": r"diaarinumero|jäädyte|jäädyty|(?<!jo )aikataulussa\b|YK:n tavoit|SDG|kokeilu|Missä mennään|"
        r"linjayksik|\bpainos|painoks|vaarassa|tarkiste\b|tarkisteet|Havainnollist|omaava|Katsot mennyttä",
        "sv": r"diarien|delmål\w* (datum|plan)|utgångsläge|indikator|tidtabell|tillstånd|sänd\b|pilotprojekt|"
        r"lägesdag\b|önskemål|frys|SDG|tjänar|skede|linjeenhet|\bart\b|\btyp\b|\bdgr\b|Påhittat material|förflutna|"
        r"jämvikt|godtas|riskzon|Till fullmäktiges kännedom|korriger",
    }
    for lang, pattern in gone.items():
        said = [getattr(row, lang) for row in (*of_the_pages(), *of_the_report())] + list(of_the_identity(lang))
        assert [words for words in said if re.search(pattern, words, re.IGNORECASE)] == []


def test_a_programme_is_the_citys_and_never_the_software() -> None:
    """The page of an error is read by people for whom `ohjelma` and `program` are what the council set."""
    page = (languages.HOME / "config/templates/500.html").read_text("utf-8")
    assert re.findall(r"ohjelma|program", page, re.IGNORECASE) == []
    assert all(sentence in page for sentence in ("Järjestelmässä on virhe", "Det uppstod ett fel i systemet"))
