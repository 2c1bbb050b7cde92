"""Where the records that are being written come from: an import or a play says so once, for all it lets be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Origin:
    """Provenance for every new record, the keys of the next new records of a kind, and the records that have a key."""

    provenance: str
    keys: dict[str, list[str]]
    made: list[Any] = field(default_factory=list)

    def key_for(self, label: str) -> str | None:
        """The next key of this kind of record, once."""
        waiting = self.keys.get(label)
        return waiting.pop(0) if waiting else None


current: ContextVar[Origin | None] = ContextVar("origin", default=None)


@contextmanager
def origin(provenance: str, keys: Mapping[str, list[str]] | None = None) -> Iterator[Origin]:
    """While open, new records carry this provenance, and those of the models named the keys given, in order."""
    opened = Origin(provenance, {label: list(names) for label, names in (keys or {}).items()})
    token = current.set(opened)
    try:
        yield opened
    finally:
        current.reset(token)
