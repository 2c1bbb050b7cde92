"""How a kind of document is printed: how what was frozen is read from a bundle, and composed in a language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from reporting.documents.rendering import composition, frozen
from reporting.documents.rendering.document import Document
from reporting.facts import Language, canonical


class Frozen(Protocol):
    """What a document is printed from: a dataclass of facts, whose places an error of the typesetter names."""

    kind: ClassVar[str]

    @property
    def facts(self) -> Any:
        """What was known."""


@dataclass(frozen=True)
class Printing:
    """A kind of document as the renderer knows it; `read` raises Malformed."""

    read: Callable[[canonical.Json], Frozen]
    compose: Callable[[Any, Language], Document]
    compiled_at: Callable[[Any], datetime]


def _report(data: canonical.Json) -> frozen.Frozen:
    found = frozen.unbundle(data)
    _ = found.facts.sha256  # counted once here, and found by the process of each language
    return found


# A renderer knows no database: what else there is to a kind stands in `documents/kinds.py`.
PRINTINGS: dict[str, Printing] = {
    frozen.Frozen.kind: Printing(
        read=_report, compose=composition.compose, compiled_at=lambda kept: kept.facts.cut.compiled_at
    )
}


def read(data: canonical.Json) -> Frozen:
    """What was bundled, of whatever kind it says it is; a report's bundle says nothing, for it was there first.

    Raises Malformed, also of a kind that nobody declared.
    """
    kind = data.get("kind", frozen.Frozen.kind) if isinstance(data, dict) else frozen.Frozen.kind
    if not isinstance(kind, str) or kind not in PRINTINGS:
        raise canonical.Malformed(f"$.kind: {kind} is no kind of document")
    return PRINTINGS[kind].read(data)


def compose(kept: Frozen, lang: Language) -> Document:
    """The document in one language, as its kind composes it."""
    return PRINTINGS[kept.kind].compose(kept, lang)


def compiled_at(kept: Frozen) -> datetime:
    """When it was made, which its files tell."""
    return PRINTINGS[kept.kind].compiled_at(kept)
