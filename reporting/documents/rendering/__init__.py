"""Renders a report from what was frozen alone: the same numbers in every language and format."""

from functools import cache

from portfolio.languages import LANGUAGES
from reporting.documents.rendering.composition import compose
from reporting.documents.rendering.frozen import Frozen, bundle, unbundle

__all__ = [
    "LANGUAGES",
    "Frozen",
    "bundle",
    "compose",
    "made_with",
    "unbundle",
]


@cache
def made_with() -> str:
    """What a rendition was made with: the templates' number and the typesetter's."""
    from importlib.metadata import version  # noqa: PLC0415 - a renderer that starts for one file needs it never

    return f"5, typst {version('typst')}"
