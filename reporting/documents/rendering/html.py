"""The report as one HTML file that needs nothing else: no script, one style block named by its hash."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from reporting.compilation.findings import BEST_FIRST
from reporting.documents.rendering import document as d
from reporting.documents.rendering import inlines, tables
from reporting.documents.rendering.charts.drawing import mark

HERE = Path(__file__).parent
STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
FACES = (
    ("Source Sans 3", 400),
    ("Source Sans 3", 600),
    ("Source Sans 3", 700),
    ("Source Serif 4", 400),
    ("Source Serif 4", 600),
)


@dataclass(frozen=True)
class Page:
    """The file, and the hash of its style block as a content security policy names it."""

    content: bytes
    style_sha256: str


def render(document: d.Document) -> Page:
    style = _style(document.brand, document.brand_strong)
    body = inlines.numbered("".join(_body(document)))
    head = (
        f'<!doctype html>\n<html lang="{document.lang}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(document.title)}</title>\n"
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="author" content="{escape(document.author)}">\n'
        f'<meta name="keywords" content="{escape(", ".join(document.keywords))}">\n<style>'
    )
    content = f"{head}{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n".encode()
    return Page(content, style_sha256(content))


def style_sha256(content: bytes) -> str:
    """Of the one style block, in the form of a CSP source."""
    blocks = STYLE.findall(content)
    if len(blocks) != 1:
        raise ValueError("a rendition has exactly one style block")
    return base64.b64encode(hashlib.sha256(blocks[0]).digest()).decode()


def policy(content: bytes) -> str:
    """The content security policy under which the file is served."""
    return (
        f"default-src 'none'; style-src 'sha256-{style_sha256(content)}'; font-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _style(brand: str, brand_strong: str) -> str:
    faces = "".join(_face(family, weight) for family, weight in FACES)
    css = (HERE / "templates" / "report.css").read_text("utf-8")
    try:
        return Template(css).substitute(faces=faces, brand=brand, brand_strong=brand_strong)
    except (KeyError, ValueError) as error:
        raise ValueError(f"report.css: {error}") from error


def _face(family: str, weight: int) -> str:
    name = f"{family.lower().replace(' ', '-')}-latin-{weight}-normal.woff2"
    data = base64.b64encode((HERE / "fonts" / name).read_bytes()).decode()
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: swap; '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
    )


def _body(document: d.Document) -> Iterator[str]:
    yield f'<a class="skip" href="#main">{escape(document.skip)}</a>\n{_sprite()}\n'
    yield from (_cover(block) for block in document.blocks if isinstance(block, d.Cover))
    yield f'<div class="wrap page">\n{_contents(document)}\n<main id="main">\n'
    for n, (chapter, blocks) in enumerate(_chapters(document)):
        lang = f' lang="{chapter.lang}"' if chapter.lang else ""
        heading = f'<h2 id="h-{n}"{lang}>{escape(chapter.title)}</h2>'
        yield f'<section id="{chapter.id}" aria-labelledby="h-{n}">\n{heading}\n'
        yield from (draw(block) for block in blocks)
        yield "</section>\n"
    foot = " · ".join(part for part in (document.author, document.head_right, document.foot) if part)
    yield f'</main>\n</div>\n<footer><div class="wrap">{escape(foot)}</div></footer>\n'


def _chapters(document: d.Document) -> Iterator[tuple[d.Chapter, list[d.Block]]]:
    """The blocks under their chapters; the reading key, before the first one, is a chapter of its own here."""
    current = d.Chapter("key", document.reader)
    blocks: list[d.Block] = []
    for block in document.blocks:
        if isinstance(block, d.Chapter):
            yield current, blocks
            current, blocks = block, []
        elif not isinstance(block, d.Cover | d.Contents | d.Foot):
            blocks.append(block)
    yield current, blocks


def _contents(document: d.Document) -> str:
    links = "".join(
        f'<li><a href="#{chapter.id}"{inlines.lang(chapter.lang)}>{escape(chapter.title)}</a></li>'
        for chapter, _ in _chapters(document)
    )
    label = escape(document.contents)
    return f'<nav aria-label="{label}"><p>{label}</p><ol>{links}</ol></nav>'


def _sprite() -> str:
    """Every mark once; the places where it stands only refer to it."""
    symbols = "".join(
        f'<symbol id="m-{kind}" viewBox="0 0 10 10">{mark(kind, 5, 5, 4.2)}</symbol>' for kind in BEST_FIRST
    )
    return f'<svg class="sprite" aria-hidden="true">{symbols}</svg>'


def _cover(block: d.Cover) -> str:
    facts = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in block.facts)
    draft = f'<p class="draft">{escape(block.draft)}</p>' if block.draft else ""
    note = f'<p class="made-up">{escape(block.note)}</p>' if block.note else ""
    return (
        f'<header class="cover"><div class="wrap"><div class="top"><strong>{escape(block.city)}</strong>'
        f"<span>{escape(block.term)}</span></div>"
        f'<h1>{escape(block.title)} <span class="date">{escape(block.date)}</span></h1>'
        f'<dl class="facts">{facts}</dl>{draft}{note}</div>'
        f'<div class="field">{inlines.svg(block.svg, block.alt)}</div></header>\n'
    )


def _section(block: d.Section) -> str:
    return f"<h3{inlines.lang(block.lang)}>{escape(block.title)}</h3>\n"


def _opening(block: d.Opening) -> str:
    lede = f'<p class="lede">{inlines.runs(block.lede)}</p>'
    if not block.facts:
        note = f'<p class="note">{inlines.runs(block.note)}</p>' if block.note else ""
        return f'<div class="opening bare">{lede}{note}</div>\n'
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{inlines.runs(value)}</dd>" for label, value in block.facts)
    return f'<div class="opening">{lede}<dl class="refs">{rows}</dl></div>\n'


def _paragraph(block: d.Paragraph) -> str:
    cls = ' class="note"' if block.small else ""
    return f"<p{cls}>{inlines.runs(block.runs)}</p>\n" if block.runs else ""


def _multiples(block: d.Multiples) -> str:
    return f'<div class="multiples">{"".join(_multiple(item) for item in block.items)}</div>\n'


def _multiple(item: d.Multiple) -> str:
    words = f". {inlines.runs(item.words)}" if item.words else ""
    picture = inlines.svg(item.picture.svg, item.picture.alt, "chart") if item.picture else ""
    title = f"<h4{inlines.lang(item.lang)}>{escape(item.title)}</h4>"
    return (
        f'<div class="multiple">{title}<p class="note">{inlines.runs(item.sub)}</p>'
        f"{picture}<p>{inlines.inline(item.status)}{words}</p></div>"
    )


def _items(block: d.Items) -> str:
    if not block.items:
        return f'<p class="muted">{escape(block.empty)}</p>\n'
    items = "".join(f"<li><b>{inlines.runs(item.title)}</b>{inlines.runs(item.runs)}</li>" for item in block.items)
    return f'<ol class="points">{items}</ol>\n'


def _equation(block: d.Equation) -> str:
    terms = [
        f'<div><span>{escape(n)}</span> <small class="note">{escape(what)}</small></div>' for n, what in block.terms
    ]
    signs = [f'<span class="sign">{escape(sign)}</span>' for sign in block.signs]
    parts = [part for pair in zip(terms, [*signs, ""], strict=True) for part in pair]
    return f'<div class="equation">{"".join(parts)}</div>\n'


def _facts(block: d.Facts) -> str:
    rows = "".join(f"<div><dt>{escape(label)}</dt><dd>{inlines.runs(value)}</dd></div>" for label, value in block.rows)
    return f'<dl class="facts">{rows}</dl>\n'


def _drawing(block: d.Drawing) -> str:
    return f'<figure class="drawing" tabindex="0">{inlines.svg(block.picture.svg, block.picture.alt)}</figure>\n'


def _decision(block: d.Decision) -> str:
    return f'<div class="decision"><h3>{escape(block.label)}</h3><p class="lede">{inlines.runs(block.runs)}</p></div>\n'


def _railed(block: d.Railed) -> str:
    label = escape(block.label)
    head = f"<h3>{label}</h3>"
    inner = "".join(draw(one) for one in block.blocks)
    return f'<div class="railed{" ruled" if block.heading else ""}">{head}<div>{inner}</div></div>\n'


def _pair(block: d.Pair) -> str:
    left, right = ("".join(draw(one) for one in side) for side in (block.left, block.right))
    return f'<div class="pair split-{block.split}"><div>{left}</div><div>{right}</div></div>\n'


DRAW: dict[type, Callable[..., str]] = {
    d.Section: _section,
    d.Opening: _opening,
    d.Paragraph: _paragraph,
    d.Table: tables.table,
    d.Multiples: _multiples,
    d.Items: _items,
    d.Equation: _equation,
    d.Facts: _facts,
    d.Drawing: _drawing,
    d.Decision: _decision,
    d.Railed: _railed,
    d.Pair: _pair,
}


def draw(block: d.Block) -> str:
    return DRAW[type(block)](block)
