"""Renders a report from its snapshot alone: the same numbers in every language and format."""

from functools import cache
from typing import Literal, TypeAlias

from reporting import canonical
from reporting.facts import Language, ReportFacts
from reporting.rendering import html, pdf
from reporting.rendering.composition import compose
from reporting.rendering.document import Document

Format: TypeAlias = Literal["pdf", "html"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
FORMATS: tuple[Format, ...] = ("pdf", "html")
MEDIA_TYPES: dict[Format, str] = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@cache
def made_with() -> str:
    """What a rendition was made with: the templates' number and the typesetter's."""
    from importlib.metadata import version  # noqa: PLC0415 - a renderer that starts for one file needs it never

    return f"3, typst {version('typst')}"


def render(facts: ReportFacts, previous: ReportFacts | None, *, lang: Language, form: Format) -> bytes:
    """One rendition; pure, so that it may be repeated by anyone at any time."""
    return draw(compose(facts, previous, lang), facts, form)


def draw(document: Document, facts: ReportFacts, form: Format) -> bytes:
    """The composed document in one format."""
    if form == "pdf":
        return pdf.render(document, compiled_at=facts.cut.compiled_at.replace(microsecond=0))
    return html.render(document).content


def bundle(snapshot: str, previous: str | None) -> bytes:
    """What a rendering process reads: a snapshot's JSON, and that of the one that it is compared with."""
    return f'{{"previous":{previous or "null"},"snapshot":{snapshot}}}'.encode()


def unbundle(data: canonical.Json) -> tuple[ReportFacts, ReportFacts | None]:
    """A bundle, or a bare snapshot that has no previous report."""
    if not isinstance(data, dict):
        raise canonical.Malformed("$: an object is expected")
    if "snapshot" not in data:
        return ReportFacts.from_json(data), None
    previous = data.get("previous")
    return ReportFacts.from_json(data["snapshot"]), ReportFacts.from_json(previous) if previous else None
