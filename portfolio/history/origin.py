"""Where the records that are being written come from: an import or a play says so once, for all it lets be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

Kept = dict[tuple[type, int], Any]


@dataclass
class Origin:
    """Provenance for every new record, and the key of the next new record of a kind.

    `whole` says that the first refusal ends everything: then nothing needs a savepoint to go back to, and a record
    that was fetched to be changed is kept here, until one is changed.
    """

    provenance: str
    keys: dict[str, list[str]]
    whole: Kept | None = None

    def key_for(self, label: str) -> str | None:
        """The next key of this kind of record, once."""
        waiting = self.keys.get(label)
        return waiting.pop(0) if waiting else None


current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def all_or_nothing() -> bool:
    """Whether the first refusal ends everything that is being written."""
    return kept() is not None


def kept() -> Kept | None:
    """What has been fetched since the last change of a row, while all or nothing is written; else None."""
    known = current.get()
    return known.whole if known is not None else None


@contextmanager
def origin(
    provenance: str, keys: Mapping[str, list[str]] | None = None, *, whole: Kept | None = None
) -> Iterator[None]:
    """While open, new records carry this provenance, and those of the models named the keys given, in order."""
    token = current.set(Origin(provenance, {label: list(names) for label, names in (keys or {}).items()}, whole))
    try:
        yield
    finally:
        current.reset(token)
