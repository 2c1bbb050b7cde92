"""Renders a report from what was frozen alone: the same numbers in every language and format."""

from functools import cache
from typing import Literal, TypeAlias

from portfolio.languages import LANGUAGES
from reporting.documents.rendering import html, pdf
from reporting.documents.rendering.composition import compose
from reporting.documents.rendering.document import Document
from reporting.documents.rendering.frozen import Frozen, bundle, unbundle
from reporting.facts import Language, ReportFacts

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "MEDIA_TYPES",
    "Format",
    "Frozen",
    "bundle",
    "compose",
    "draw",
    "made_with",
    "render",
    "unbundle",
]

Format: TypeAlias = Literal["pdf", "html"]
FORMATS: tuple[Format, ...] = ("pdf", "html")
MEDIA_TYPES: dict[Format, str] = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@cache
def made_with() -> str:
    """What a rendition was made with: the templates' number and the typesetter's."""
    from importlib.metadata import version  # noqa: PLC0415 - a renderer that starts for one file needs it never

    return f"5, typst {version('typst')}"


def render(frozen: Frozen, *, lang: Language, form: Format) -> bytes:
    """One rendition; pure, so that it may be repeated by anyone at any time."""
    return draw(compose(frozen, lang), frozen.facts, form)


def draw(document: Document, facts: ReportFacts, form: Format) -> bytes:
    """The composed document in one format."""
    if form == "pdf":
        return pdf.render(document, compiled_at=facts.cut.compiled_at.replace(microsecond=0))
    return html.render(document).content
