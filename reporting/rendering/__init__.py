"""Renders a report from its snapshot alone: the same numbers in every language and format."""

from importlib.metadata import version
from typing import Literal, TypeAlias

from reporting import canonical
from reporting.facts import Language, ReportFacts
from reporting.rendering import html, pdf
from reporting.rendering.composition import compose

Format: TypeAlias = Literal["pdf", "html"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
FORMATS: tuple[Format, ...] = ("pdf", "html")
VERSION = f"1, typst {version('typst')}"
MEDIA_TYPES: dict[Format, str] = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


def render(facts: ReportFacts, previous: ReportFacts | None, *, lang: Language, form: Format) -> bytes:
    """One rendition; pure, so that it may be repeated by anyone at any time."""
    document = compose(facts, previous, lang)
    if form == "pdf":
        return pdf.render(document, compiled_at=facts.cut.compiled_at.replace(microsecond=0))
    return html.render(document).content


def bundle(facts: ReportFacts, previous: ReportFacts | None) -> bytes:
    """What a rendering process reads: the snapshot and the one that it is compared with."""
    return canonical.dumps({"previous": previous, "snapshot": facts})


def unbundle(data: canonical.Json) -> tuple[ReportFacts, ReportFacts | None]:
    """A bundle, or a bare snapshot that has no previous report."""
    if not isinstance(data, dict):
        raise canonical.Malformed("$: an object is expected")
    if "snapshot" not in data:
        return ReportFacts.from_json(data), None
    previous = data.get("previous")
    return ReportFacts.from_json(data["snapshot"]), ReportFacts.from_json(previous) if previous else None
