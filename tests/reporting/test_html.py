"""The HTML file needs nothing else, runs nothing, and can be read without seeing it."""

import base64
import hashlib
import re
from collections import Counter

import pytest

from reporting.documents import formats
from reporting.documents.rendering import html
from tests.reporting import renditions, sample_changed
from tests.reporting.html_reading import Reading, is_bare

LANGUAGES = ("fi", "sv", "en")


@pytest.fixture(params=LANGUAGES)
def lang(request):
    return request.param


@pytest.fixture
def content(lang):
    return renditions.rendition(lang, "html")


@pytest.fixture
def root(content):
    return Reading(content).root


def test_it_names_its_language_and_title(root, lang):
    assert root.all("html")[0].attributes["lang"] == lang
    assert root.all("title")[0].text(skip=()) == renditions.document(lang).title


def test_it_has_one_style_block_named_by_its_hash_and_no_script(content, root):
    block = re.findall(rb"<style>(.*?)</style>", content, re.DOTALL)
    assert len(block) == 1
    digest = base64.b64encode(hashlib.sha256(block[0]).digest()).decode()
    assert html.render(renditions.document(root.all("html")[0].attributes["lang"])).style_sha256 == digest
    assert f"style-src 'sha256-{digest}'" in html.policy(content)
    assert not root.all("script", "iframe", "object", "embed", "link", "img")
    assert b" style=" not in content
    assert not re.search(rb"\son[a-z]+=", content)


def test_the_hash_changes_with_the_style(content):
    assert html.style_sha256(content.replace(b"margin: 0", b"margin: 1", 1)) != html.style_sha256(content)


def test_it_fetches_nothing(content):
    assert not re.search(rb"(?:src|href)=\"(?!#)", content)
    assert set(re.findall(rb"url\(\"([a-z]+:)", content)) == {b"data:"}


def test_every_table_has_a_caption_and_heads_of_columns_and_rows(root, lang):
    """Also where the council changed a target, and figures of it."""
    frozen = renditions.frozen(sample_changed.now(), sample_changed.then())
    changed = Reading(formats.render(frozen, lang=lang, form="html")).root.all("table")
    tables = [*root.all("table"), *changed]
    assert len(tables) > 100
    for table in tables:
        assert len(table.all("caption")) == 1
        assert {head.attributes["scope"] for head in table.all("th")} <= {"col", "row", "rowgroup"}
        for head in table.all("thead")[0].all("th"):
            assert head.attributes["scope"] == "col"
            assert head.text()
        for row in table.all("tbody")[0].all("tr"):
            (head,) = row.all("th")
            group = head.attributes["scope"] == "rowgroup"  # a year may head the rows of that year
            assert head.text() if group else not is_bare(head.text()), head.text()


def test_no_text_is_glued_or_cut(root):
    """What a reader without style sheets reads: heads with a space before their small print, figures in one piece."""
    for table in root.all("table"):
        for head in table.all("th"):
            for small in (kid for kid in head.kids if getattr(kid, "attributes", {}).get("class") in ("sub", "line")):
                before = head.kids[head.kids.index(small) - 1] if head.kids.index(small) else " "
                assert isinstance(before, str) and before[-1:] == " "
    cut = [node for node in root.all("span") if re.fullmatch(r"[.,]\d+", node.text())]
    assert not cut


def test_headings_are_in_order(root):
    levels = [int(node.tag[1]) for node in root.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))


def test_every_drawing_is_named_or_hidden(root):
    for drawing in root.all("svg"):
        if drawing.attributes.get("role") == "img":
            assert drawing.all("title")[0].text(skip=())
            assert drawing.all("desc")[0].text(skip=())
        else:
            assert drawing.attributes["aria-hidden"] == "true"


def test_ids_are_unique_and_links_lead_somewhere(root):
    nodes = root.all(*{"section", "h2", "main", "symbol", "title", "desc", "div"})
    ids = Counter(node.attributes["id"] for node in nodes if "id" in node.attributes)
    assert max(ids.values()) == 1
    assert all(link.attributes["href"][1:] in ids for link in root.all("a", "use"))
    for drawing in root.all("svg"):
        assert all(name in ids for name in drawing.attributes.get("aria-labelledby", "").split())
