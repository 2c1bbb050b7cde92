"""The PDF is accessible, whole, and the same whenever and wherever it is made."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import page
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from reporting.documents import formats
from reporting.documents.rendering import document as d
from reporting.documents.rendering import pdf
from reporting.documents.rendering.composition import compose
from reporting.documents.rendering.phrases import PHRASES
from tests.reporting import renditions
from tests.reporting.html_reading import is_bare
from tests.reporting.pdf_reading import Element, read

LANGUAGES = ("fi", "sv", "en")
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=LANGUAGES)
def lang(request):
    return request.param


@pytest.fixture
def reading(lang):
    return read(renditions.rendition(lang, "pdf"))


def blocks(document, kind):
    """Every block of a kind, in reading order, also inside others."""
    for block in _inside(document.blocks):
        if isinstance(block, kind):
            yield block


def _inside(found):
    for block in found:
        yield block
        for side in ("blocks", "left", "right"):
            yield from _inside(getattr(block, side, ()))


def pictures(document):
    for block in _inside(document.blocks):
        if isinstance(block, d.Cover):
            yield block.alt
        elif isinstance(block, d.Drawing):
            yield block.picture.alt
        elif isinstance(block, d.Multiples):
            yield from (item.picture.alt for item in block.items if item.picture)
        elif isinstance(block, d.Table) and block.rows:
            yield from (column.picture.alt for column in block.columns if column.picture)
            for row in block.rows:
                yield from (run.alt for cell in row.cells for run in cell if isinstance(run, d.Picture) and run.alt)


def problems(content: bytes, document: d.Document) -> list[str]:
    """What no validator of the standard sees: heads of rows and columns, headings, words for pictures, languages."""
    reading = read(content)
    tree = reading.tree
    found = []
    for n, table in enumerate(tree.all("Table")):
        scopes = {head.scope for head in table.all("TH")}
        if scopes != {"Column", "Row"}:
            found.append(f"table {n} has heads of {sorted(scopes)}")
        for row in [row for body in table.all("TBody") for row in body.all("TR")]:
            heads = [cell.text for cell in row.kids if cell.kind == "TH" and cell.scope == "Row"]
            if len(heads) != 1 or not heads[0] or (len(row.kids) > 1 and is_bare(heads[0])):
                found.append(f"table {n}: a row without its head")
        if any(not head.text and not list(head.all("Figure")) for head in table.all("TH")):
            found.append(f"table {n}: an empty head")
    headings = [element.text for element in tree.all("H1", "H2")]
    wanted = [block.title for block in blocks(document, (d.Contents, d.Chapter, d.Section))]
    wanted_railed = [block.label for block in blocks(document, d.Railed) if block.heading]
    if sorted(headings) != sorted(wanted + wanted_railed):
        found.append("headings differ from the document's")
    if sorted(element.alt or "" for element in tree.all("Figure")) != sorted(pictures(document)):
        found.append("alternative texts differ from the charts'")
    if not all(reading.fonts.values()) or not reading.fonts:
        found.append("a font is not embedded")
    root = reading.pdf.Root
    if str(root.Lang)[:2] != document.lang:
        found.append("the language is wrong")
    if not root.ViewerPreferences.DisplayDocTitle or reading.pdf.docinfo.Title != document.title:
        found.append("the title is wrong")
    return found


def test_it_meets_every_rule_of_pdf_ua(lang):
    report = page.validate_pdf_bytes(renditions.rendition(lang, "pdf"), profile="ua1")
    assert report.is_compliant, report.failures
    assert report.rules.passed == report.rules.total == 104


def test_it_is_structured_as_the_standard_cannot_check(lang):
    assert problems(renditions.rendition(lang, "pdf"), renditions.document(lang)) == []


def test_where_the_fonts_have_every_character_nothing_is_said_of_any(reading, lang):
    assert PHRASES[lang]["lacking.note"] not in reading.tree.text


def test_headings_are_in_order_and_equal_the_outline(reading):
    levels = [int(element.kind[1]) for element in reading.tree.all("H1", "H2", "H3")]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
    headings = [element.text for element in reading.tree.all("H1", "H2")]
    assert reading.outline == headings[1:]


def test_every_table_says_what_it_is_about(lang):
    """To who hears the page: the caption that the HTML file has, for on paper a heading stands above."""
    with pikepdf.open(io.BytesIO(renditions.rendition(lang, "pdf"))) as printed:
        drawn = pdf._found(printed.Root.StructTreeRoot.K, Name.Table)
        told = [[str(each["/Summary"]) for each in table.A if "/Summary" in each] for table in drawn]
    tables = [table for table in blocks(renditions.document(lang), d.Table) if table.rows]
    assert told == [[table.caption] for table in tables] and all(table.caption for table in tables)


def test_charts_say_their_numbers(lang):
    alts = [element.alt for element in read(renditions.rendition(lang, "pdf")).tree.all("Figure")]
    emissions = next(alt for alt in alts if "771" in alt)
    assert all(figure in emissions for figure in ("852", "640"))


def test_parts_in_another_language_carry_it():
    facts = renditions.now()
    first = facts.programmes[0]
    only_finnish = replace(first, aim=replace(first.aim, sv="", en=""))
    facts = replace(facts, programmes=(only_finnish, *facts.programmes[1:]))
    reading = read(formats.render(renditions.frozen(facts, renditions.then()), lang="sv", form="pdf"))
    foreign = [element for element in _elements(reading.tree) if element.lang.startswith("fi")]
    assert any("Ohjelma tekee kaupungista" in element.text for element in foreign)
    assert "[på\u00a0finska]" in reading.tree.text


def _elements(element: Element):
    for kid in element.kids:
        if isinstance(kid, Element):
            yield kid
            yield from _elements(kid)


def spoilt(content: bytes, change) -> bytes:
    pdf = pikepdf.open(io.BytesIO(content))
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def structure(pdf, kind):
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/S") == Name(f"/{kind}"):
            yield thing


def without_scopes(pdf):
    for head in structure(pdf, "TH"):
        del head["/A"]


def heads_to_cells(pdf):
    for head in structure(pdf, "TH"):
        head.S = Name.TD


def headings_to_paragraphs(pdf):
    for level in ("H1", "H2", "H3"):
        for heading in list(structure(pdf, level)):
            heading.S = Name.P


def one_alt_less(pdf):
    figure = next(structure(pdf, "Figure"))
    figure.Alt = pikepdf.String("x")


def another_language(pdf):
    pdf.Root.Lang = pikepdf.String("de")


def another_title(pdf):
    pdf.docinfo.Title = "x"


@cache
def short() -> tuple[bytes, d.Document]:
    """The report of one programme, to be spoilt."""
    facts = renditions.then()
    frozen = renditions.frozen(replace(facts, programmes=facts.programmes[:1]))
    return formats.render(frozen, lang="fi", form="pdf"), compose(frozen, "fi")


@pytest.mark.proof
def test_the_check_of_structure_fails_on_a_broken_file():
    content, document = short()
    assert problems(content, document) == []
    for change in (
        without_scopes,
        heads_to_cells,
        headings_to_paragraphs,
        one_alt_less,
        another_language,
        another_title,
    ):
        assert problems(spoilt(content, change), document), change.__name__


def no_tree(pdf):
    del pdf.Root["/StructTreeRoot"]


def not_marked(pdf):
    pdf.Root.MarkInfo.Marked = False


def no_language(pdf):
    del pdf.Root["/Lang"]


def no_alternative(pdf):
    for figure in structure(pdf, "Figure"):
        del figure["/Alt"]


@pytest.mark.parametrize("change", [no_tree, not_marked, no_language, no_alternative])
def test_the_validator_fails_on_a_broken_file(change):
    content = spoilt(short()[0], change)
    assert not page.validate_pdf_bytes(content, profile="ua1").is_compliant


@pytest.mark.parametrize(("lang", "form"), [("fi", "pdf"), ("sv", "html")])
def test_it_is_byte_identical_in_another_process_zone_locale_and_folder(lang, form, tmp_path):
    bundle = renditions.bundle(renditions.newest())
    environment = {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    made = subprocess.run(
        [sys.executable, "-m", "reporting.documents.rendering", f"{lang}.{form}"],
        input=bundle,
        capture_output=True,
        cwd=tmp_path,
        env=environment | {"PATH": os.environ["PATH"]},
        check=True,
    )
    assert renditions.unpacked(made.stdout) == {f"{lang}.{form}": renditions.rendition(lang, form)}


def test_the_rendering_process_names_what_it_cannot_read():
    made = subprocess.run(
        [sys.executable, "-m", "reporting.documents.rendering", "fi.pdf"],
        input=b'{"schema": 1}',
        capture_output=True,
        cwd=ROOT,
    )
    assert made.returncode == 2
    assert b"not a bundle: $: " in made.stderr


def test_a_first_report_says_so_and_stands_up():
    content = formats.render(renditions.frozen(renditions.then()), lang="en", form="pdf")
    assert page.validate_pdf_bytes(content, profile="ua1").is_compliant
    assert "This is the programmes' first report." in read(content).tree.text


def test_the_row_heads_come_from_the_pass():
    reading = read(renditions.rendition("fi", "pdf"))
    rows = [head for head in reading.tree.all("TH") if head.scope == "Row"]
    assert len(rows) > 200
    assert isinstance(reading.pdf.Root.StructTreeRoot.K, Array | Dictionary)


def longer(lang):
    document = renditions.document(lang)
    extra = (block for n in range(2) for block in (d.Chapter(f"more-{n}", f"More {n}"), d.Section(f"Part {n}")))
    return pdf.render(
        replace(document, blocks=(*document.blocks, *extra)), compiled_at=renditions.now().cut.compiled_at
    )


def as_it_is(lang):
    return renditions.rendition(lang, "pdf")


@pytest.mark.parametrize("drawn_by", [as_it_is, longer])
def test_the_contents_and_the_key_are_one_page(lang, drawn_by):
    """The entries stand the closer the more there are, so that no line of the key is left alone on a page."""
    with pikepdf.open(io.BytesIO(drawn_by(lang))) as drawn:
        pages = [page.objgen for page in drawn.pages]
        with drawn.open_outline() as outline:
            first = next(iter(outline.root)).destination
    assert pages.index(first[0].objgen) == 2, "the cover, the contents, then the summary"
