"""Every sentence exists in every language, and no page speaks another one by accident."""

import re
import string
from pathlib import Path

import pytest

from reporting.rendering.counting import FORMS
from reporting.rendering.phrases import PHRASES
from tests.reporting import pdf_reading, renditions
from tests.reporting.html_reading import Reading

REPORTING = Path(__file__).parents[2] / "reporting"
# Reviewed: the same in two languages because the languages write it so.
SAME = {
    "script.devanagari",
    "sha", "sdg", "risk", "risk.parts", "plan.number", "money.budget", "document.annex", "slip.months",
    "programme", "decision", "money.period", "project.kind.project", "project", "projects", "change.row.was", "day.low",
    "section", "edition.because", "wish.open", "group", "instant", "alt.planned", "strategy", "and",
    "difference.risk", "difference.budget",
}  # fmt: skip
FINNISH = re.compile(
    r"\b(ja|ei|tai|sekä|mutta|vuoden|kaupunki\w*|tavoite\w*|hyöty\w*|ohjelma\w*|mittari\w*|määräraha\w*|päätös\w*|"
    r"käynnissä|päättynyt|suunniteltu|vaarassa|liite|raportoitu|jäsen|puheenjohtaja|viranhaltija\w*)\b",
    re.IGNORECASE,
)
SWEDISH = re.compile(
    r"\b(och|är|inte|programmål\w*|beslut\w*|utgångsnivå\w*|styrgrupp\w*|anslag\w*|läge\w*)\b", re.IGNORECASE
)
# Placeholder people of the sample.
NAMES = re.compile(r"\b(Paikanpitäjä|Esimerkki|Varajäsen)\b")


def fields(sentence):
    return sorted({name for _, name, _, _ in string.Formatter().parse(sentence) if name})


def plain(code):
    """The code without the form for none, one or all: a language has of these what its grammar needs."""
    stem, _, form = code.rpartition(".")
    return stem if form in FORMS and stem in PHRASES["fi"] else code


def test_every_language_has_every_sentence_with_the_same_blanks():
    finnish = PHRASES["fi"]
    for lang in ("sv", "en"):
        assert {plain(code) for code in PHRASES[lang]} == {plain(code) for code in finnish}
        assert {code: fields(text) for code, text in PHRASES[lang].items() if plain(code) == code} == {
            code: fields(text) for code, text in finnish.items() if plain(code) == code
        }


def test_a_form_for_none_one_or_all_has_no_blank_that_the_plain_sentence_lacks():
    for told in PHRASES.values():
        assert [code for code in told if not set(fields(told[code])) <= set(fields(told[plain(code)]))] == []


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


def test_the_check_sees_finnish_where_it_is():
    text = Reading(renditions.rendition("fi", "html")).root.text()
    assert len(FINNISH.findall(text)) > 100


def test_every_sentence_is_used_or_composed_from_a_code():
    """A phrase that no module names is dead weight for translators."""
    source = "".join(path.read_text("utf-8") for path in REPORTING.rglob("*.py")).replace("'", '"')
    prefixes = set(re.findall(r'"([a-z_.]+\.)" \+', source)) | set(re.findall(r'f"([a-z_.]+\.)\{', source))
    prefixes |= {"lede.", "result.", "attention.", "method."}
    unused = [
        code
        for code in PHRASES["fi"]
        if f'"{plain(code)}"' not in source and not any(code.startswith(p) for p in prefixes)
    ]
    assert not unused, unused
