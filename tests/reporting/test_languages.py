"""Every sentence exists in every language, and no page speaks another one by accident."""

import re
import string
from pathlib import Path

import pytest

from reporting.rendering.phrases import PHRASES
from tests.reporting import pdf_reading, renditions
from tests.reporting.html_reading import Reading

REPORTING = Path(__file__).parents[2] / "reporting"
# Reviewed: the same in two languages because the languages write it so.
SAME = {
    "sha", "sdg", "risk", "risk.parts", "plan.number", "money.budget", "document.annex", "slip.months",
    "programme", "decision", "money.period", "project.kind.project", "project", "projects", "change.row.was", "day.low",
    "section", "edition.because", "wish.open", "group", "instant", "alt.planned", "strategy", "and",
    "difference.risk",
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


def test_every_language_has_every_sentence_with_the_same_blanks():
    finnish = PHRASES["fi"]
    for lang in ("sv", "en"):
        assert set(PHRASES[lang]) == set(finnish)
        assert {code: fields(text) for code, text in PHRASES[lang].items()} == {
            code: fields(text) for code, text in finnish.items()
        }


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
        code for code in PHRASES["fi"] if f'"{code}"' not in source and not any(code.startswith(p) for p in prefixes)
    ]
    assert not unused, unused
