"""Every sentence exists in every language, and no page speaks another one by accident."""

import dataclasses
import re
import string
from dataclasses import is_dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import sentences
from portfolio.terms import terms
from reporting.documents import formats
from reporting.documents.rendering.counting import FORMS
from reporting.documents.rendering.language import Voice
from reporting.documents.rendering.phrases import PHRASES
from reporting.facts import Text
from reporting.snapshot import world
from tests.reporting import pdf_reading, renditions
from tests.reporting.html_reading import Reading

REPORTING = Path(__file__).parents[2] / "reporting"
# Reviewed: the same in two languages because the languages write it so.
SAME = {
    "script.devanagari",
    "sha", "sdg", "risk", "risk.parts", "plan.number", "money.budget", "document.annex", "slip.months",
    "programme", "decision", "money.period", "project.kind.project", "project", "projects", "change.row.was", "day.low",
    "section", "edition.because", "wish.open", "group", "instant", "alt.planned", "strategy", "and",
    "difference.risk", "difference.budget", "ended.value.bare",
}  # fmt: skip
FINNISH = re.compile(
    r"\b(ja|ei|tai|sekä|mutta|vuoden|kaupunki\w*|tavoite\w*|hyöty\w*|ohjelma\w*|mittari\w*|määräraha\w*|päätös\w*|"
    r"kpl|vrk|käynnissä|päättynyt|suunniteltu|vaatii|liite|raportoitu|jäsen|puheenjohtaja|viranhaltija\w*)\b",
    re.IGNORECASE,
)
SWEDISH = re.compile(
    r"\b(och|är|inte|programmål\w*|beslut\w*|utgångsnivå\w*|styrgrupp\w*|anslag\w*|läge\w*)\b", re.IGNORECASE
)
# Placeholder people of the sample.
NAMES = re.compile(r"\b(Paikanpitäjä|Esimerkki|Varajäsen)\b")


def blanks(sentence):
    return sorted({name for _, name, _, _ in string.Formatter().parse(sentence) if name})


def plain(code):
    """The code without the form for none, one or all: a language has of these what its grammar needs."""
    stem, _, form = code.rpartition(".")
    return stem if form in FORMS and stem in PHRASES["fi"] else code


def test_every_language_has_every_sentence_with_the_same_blanks():
    finnish = PHRASES["fi"]
    for lang in ("sv", "en"):
        assert {plain(code) for code in PHRASES[lang]} == {plain(code) for code in finnish}
        assert {code: blanks(text) for code, text in PHRASES[lang].items() if plain(code) == code} == {
            code: blanks(text) for code, text in finnish.items() if plain(code) == code
        }


def test_a_form_for_none_one_or_all_has_no_blank_that_the_plain_sentence_lacks():
    for told in PHRASES.values():
        assert [code for code in told if not set(blanks(told[code])) <= set(blanks(told[plain(code)]))] == []


def test_a_count_is_in_words_in_every_language_or_in_none():
    """Else the languages would not show the same numbers (INV-99)."""

    def in_words(lang):
        told = {}
        for code, text in PHRASES[lang].items():
            for _, name, spec, _ in string.Formatter().parse(text):
                if name:
                    told.setdefault((plain(code), name), set()).add(bool(spec))
        return told

    assert in_words("fi") == in_words("sv") == in_words("en")
    assert all(len(ways) == 1 for ways in in_words("fi").values())


def test_no_sentence_says_a_share_as_a_fraction():
    fraction = re.compile(r"\{\w+[^}]*\}\s?/\s?(\{|\d)|\d\s?/\s?\{")
    assert [code for told in PHRASES.values() for code, text in told.items() if fraction.search(text)] == []


def test_no_sentence_was_left_untranslated():
    for one, other in (("fi", "sv"), ("fi", "en"), ("sv", "en")):
        same = {code for code, text in PHRASES[one].items() if PHRASES[other][code] == text}
        assert same <= SAME | {code for code in same if not re.search(r"[^\W\d_]{2}", PHRASES[one][code])}, same - SAME


@pytest.mark.parametrize(("lang", "foreign"), [("sv", FINNISH), ("en", FINNISH), ("en", SWEDISH), ("fi", SWEDISH)])
def test_no_page_speaks_another_language(lang, foreign):
    screen = Reading(renditions.rendition(lang, "html")).root.all("body")[0].text(lang=lang, skip=("style",))
    paper = pdf_reading.read(renditions.rendition(lang, "pdf")).tree.text
    for text in (screen, paper):
        assert not foreign.findall(NAMES.sub("", text))


def only(lang, part):
    """A part of a snapshot whose texts stand in one language alone."""
    if isinstance(part, Text):
        return Text(source=lang, **{lang: getattr(part, lang)})
    if isinstance(part, tuple):
        return tuple(only(lang, each) for each in part)
    if is_dataclass(part):
        return replace(
            part, **{one.name: only(lang, getattr(part, one.name)) for one in dataclasses.fields(part) if one.init}
        )
    return part


@cache
def untranslated(source):
    """The sample as it would be had nobody translated a word of it; the city's own words are always there."""
    facts = renditions.now()
    return renditions.frozen(replace(only(source, facts), city=facts.city, document=facts.document), None)


@pytest.mark.parametrize(
    ("lang", "source", "foreign"),
    [
        ("sv", "fi", FINNISH),
        pytest.param("en", "sv", SWEDISH, marks=pytest.mark.proof),
        pytest.param("fi", "sv", SWEDISH, marks=pytest.mark.proof),
    ],
)
def test_what_is_in_another_language_says_so_wherever_it_stands(lang, source, foreign):
    """Each part carries its language, in the structure of both files; the rest speaks the report's own."""
    screen = Reading(formats.render(untranslated(source), lang=lang, form="html")).root.all("body")[0]
    paper = pdf_reading.read(formats.render(untranslated(source), lang=lang, form="pdf")).tree
    note = f"[{PHRASES[lang]['language.' + source]}]".replace(" ", "\u00a0")
    for whole, own in ((screen.text(), screen.text(lang=lang)), (paper.text, paper.speaking(lang).text)):
        assert note in whole and len(foreign.findall(whole)) > 50
        assert foreign.findall(NAMES.sub("", own)) == []
        assert not re.search("[\ufdd0\ufdd1]", whole)


def test_a_copied_name_is_not_taken_for_swedish():
    """The name of a group in Finnish, copied into the Swedish column, is printed as Finnish (INV-98)."""
    row = SimpleNamespace(council_group_fi="Valtuustoryhmä", council_group_sv="Valtuustoryhmä", council_group_en="")
    said = world.text(row, "council_group")
    assert (said.fi, said.sv) == ("Valtuustoryhmä", "")
    assert [(run.text, run.lang) for run in Voice("sv").text(said)] == [
        ("Valtuustoryhmä", "fi"),
        (" [på\u00a0finska]", ""),
    ]


def test_the_check_sees_finnish_where_it_is():
    text = Reading(renditions.rendition("fi", "html")).root.text()
    assert len(FINNISH.findall(text)) > 100


def test_every_sentence_is_used_or_composed_from_a_code():
    """A phrase that no module names is dead weight for translators."""
    source = "".join(path.read_text("utf-8") for path in REPORTING.rglob("*.py")).replace("'", '"')
    prefixes = set(re.findall(r'"([a-z_.]+\.)" \+', source)) | set(re.findall(r'f"([a-z_.]+\.)\{', source))
    prefixes |= {"lede.", "result.", "attention.", "method."}
    on_pages = {sentence.english for ours in sentences.said().values() for sentence in ours.values()}
    shared = {code for code, told in terms().items() if told["en"] in on_pages}
    unused = [
        code
        for code in PHRASES["fi"]
        if code not in shared and f'"{plain(code)}"' not in source and not any(code.startswith(p) for p in prefixes)
    ]
    assert not unused, unused
