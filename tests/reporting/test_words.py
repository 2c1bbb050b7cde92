"""What the paper says, read as a municipal secretary reads it: in the files, not in the phrases."""

import re

import pytest

from tests.reporting import pdf_reading, renditions
from tests.reporting.html_reading import Reading

PAPERS = [(lang, form) for lang in ("fi", "sv") for form in ("pdf", "html")]


def text(lang, form):
    content = renditions.rendition(lang, form)
    said = pdf_reading.read(content).tree.text if form == "pdf" else Reading(content).root.text()
    return said.replace("\u00a0", " ").replace("\u00ad", "")


def decisions(lang):
    """The annex of all decisions: body, section and what was done."""
    table = pdf_reading.read(renditions.rendition(lang, "pdf")).tables
    head = {"fi": "Toimielin", "sv": "Organ"}[lang]
    return [row for rows in table if rows[0][1] == head for row in rows[1:]]


@pytest.mark.parametrize(
    ("lang", "done"),
    [
        ("fi", ("asetettiin", "valittiin", "nimettiin", "ehdotettiin", "hyväksyttiin")),
        ("sv", ("tillsattes", "valdes", "utsågs", "föreslogs", "godkändes")),
    ],
)
def test_what_a_body_did_is_said_as_done(lang, done):
    said = {row[3].rsplit(" ", 1)[-1] for row in decisions(lang)}
    assert said == set(done)


@pytest.mark.parametrize(("lang", "form"), PAPERS)
def test_no_share_stands_in_a_sentence_as_a_fraction(lang, form):
    """Case numbers and the columns of counts, which have room about the stroke, are none."""
    said = re.sub(r"\b\d{1,6}/\d\d\.\d\d\.\d\d(?:\.\d\d)?/\d{4}\b", "", text(lang, form))
    assert re.findall(r"(?<![\d/])\d{1,3}/\d{1,3}(?![\d/])", said) == []


@pytest.mark.parametrize(("lang", "form"), PAPERS)
def test_bodies_have_no_capital_inside_a_sentence(lang, form):
    capital = (
        r"(?<=[a-zåäö,] )(?:Kaupunginvaltuusto|Valtuusto|Kaupunginhallitus|Stadsfullmäktige|Stadsstyrelsen)(?= \d)"
    )
    assert re.findall(capital, text(lang, form)) == []
