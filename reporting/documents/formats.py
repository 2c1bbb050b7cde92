"""The formats of files, a row each: what it is called and sent as, how it is drawn, shown or downloaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from reporting.documents.rendering import html, kinds
from reporting.documents.rendering.document import Document
from reporting.facts import Language


@dataclass(frozen=True)
class Format:
    """A format of files, drawn of a document and of when it was compiled.

    `style_of` finds the checksum of the one style block of a file that has one.
    Its name is the ending of its files and of their addresses. One that is `inline` is shown, any other is downloaded.
    """

    name: str
    title: str
    media_type: str
    draw: Callable[[Document, datetime], bytes]
    inline: bool = False
    style_of: Callable[[bytes], str] = lambda content: ""


def _pdf(document: Document, compiled_at: datetime) -> bytes:
    from reporting.documents.rendering import pdf  # noqa: PLC0415 - 13 MB that no process needs but the one that draws

    return pdf.render(document, compiled_at=compiled_at.replace(microsecond=0))


def _html(document: Document, compiled_at: datetime) -> bytes:
    return html.render(document).content


FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        Format("pdf", "PDF", "application/pdf", _pdf),
        Format("html", "HTML", "text/html; charset=utf-8", _html, inline=True, style_of=html.style_sha256),
    )
}


def names() -> list[str]:
    """The formats that a file is made in today."""
    return list(FORMATS)


def render(kept: kinds.Frozen, *, lang: Language, form: str) -> bytes:
    """One rendition; pure, so that it may be repeated by anyone at any time."""
    return draw(kinds.compose(kept, lang), kinds.compiled_at(kept), form)


def draw(document: Document, compiled_at: datetime, form: str) -> bytes:
    """The composed document in one format."""
    return FORMATS[form].draw(document, compiled_at)
