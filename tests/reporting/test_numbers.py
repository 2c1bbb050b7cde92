"""INV-99: the numbers are the same in every language and format, and they are the snapshot's."""

import json
from dataclasses import replace

import pytest

from reporting.documents.rendering import document as d
from reporting.documents.rendering import html, pdf
from tests.reporting import figures, html_reading, pdf_reading, renditions

LANGUAGES = ("fi", "sv", "en")


def shown(content: bytes, lang: str, form: str):
    """Every figure that a file shows, outside charts, contents and running heads."""
    if form == "pdf":
        text = pdf_reading.read(content).tree.without("TOC", "Figure").text
    else:
        text = html_reading.Reading(content).root.text()
    return figures.numbers(text, lang)


@pytest.mark.parametrize("form", ["pdf", "html"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nearly_every_figure_of_the_snapshot_is_found(lang, form):
    found = shown(renditions.rendition(lang, form), lang, form)
    assert figures.share_found(renditions.now(), found) >= 0.95


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_inv_99_every_language_shows_the_same_numbers(form):
    finnish, swedish, english = (shown(renditions.rendition(lang, form), lang, form) for lang in LANGUAGES)
    assert finnish == swedish == english
    assert finnish.total() > 1000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pdf_and_html_have_the_same_tables_cell_by_cell(lang):
    paper = pdf_reading.Reading(renditions.rendition(lang, "pdf"))
    for element in paper.tree.all("TH", "TD"):
        element.kids = list(element.without("Figure").kids)
    screen = html_reading.Reading(renditions.rendition(lang, "html"))
    assert [_plain(table) for table in paper.tables] == [_plain(table) for table in screen.tables]


def _plain(table):
    """A word broken at its own hyphen joins again."""
    return [[cell.replace("- ", "-") for cell in row] for row in table]


def test_a_planted_wrong_digit_in_the_html_is_seen():
    content = renditions.rendition("sv", "html")
    right = "720\u202f500,50".encode()
    assert right in content
    planted = content.replace(right, "720\u202f501,50".encode(), 1)
    assert shown(planted, "sv", "html") != shown(renditions.rendition("fi", "html"), "fi", "html")


def test_a_planted_wrong_digit_in_the_pdf_is_seen(monkeypatch):
    document = renditions.document("sv")
    real = pdf.payload

    def planted(document):
        plain = json.dumps(real(document), ensure_ascii=False)
        assert "720\u202f500,50" in plain
        return json.loads(plain.replace("720\u202f500,50", "720\u202f501,50", 1))

    monkeypatch.setattr(pdf, "payload", planted)
    content = pdf.render(document, compiled_at=renditions.now().cut.compiled_at)
    assert shown(content, "sv", "pdf") != shown(renditions.rendition("fi", "pdf"), "fi", "pdf")


def test_a_report_without_its_figures_falls_under_the_share():
    document = renditions.document("fi")
    thinner = replace(document, blocks=tuple(b for b in document.blocks if not isinstance(b, d.Table | d.Pair)))
    found = shown(html.render(thinner).content, "fi", "html")
    assert figures.share_found(renditions.now(), found) < 0.95
