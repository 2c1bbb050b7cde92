"""Where the records that are being written come from: an import or a play says so once, for all it lets be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Origin:
    """Provenance for every new record, and the key of the next new record of a kind."""

    provenance: str
    keys: dict[str, list[str]]

    def key_for(self, label: str) -> str | None:
        """The next key of this kind of record, once."""
        waiting = self.keys.get(label)
        return waiting.pop(0) if waiting else None


current: ContextVar[Origin | None] = ContextVar("origin", default=None)


@contextmanager
def origin(provenance: str, keys: Mapping[str, list[str]] | None = None) -> Iterator[None]:
    """While open, new records carry this provenance, and those of the models named the keys given, in order."""
    token = current.set(Origin(provenance, {label: list(names) for label, names in (keys or {}).items()}))
    try:
        yield
    finally:
        current.reset(token)
