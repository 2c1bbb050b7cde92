"""Where the records that are being written come from: an import or a play says so once, for all it lets be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeAlias

# Of a kind the keys of the next new records in their order, or what tells the key of each from the record itself.
Keys: TypeAlias = Sequence[str] | Callable[[Any], str | None]


@dataclass
class Origin:
    """Provenance for every new record, the keys of the new records of a kind, and the records that have a key."""

    provenance: str
    keys: dict[str, list[str] | Callable[[Any], str | None]]
    made: list[Any] = field(default_factory=list)

    def key_for(self, record: Any) -> str | None:
        """The key of a new record: the next one of its kind, once, or its own."""
        waiting = self.keys.get(record._meta.label)
        if callable(waiting):
            return waiting(record)
        return waiting.pop(0) if waiting else None


current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def provenance() -> str:
    """Where new records come from here; what no import and no play makes is recorded."""
    opened = current.get()
    return opened.provenance if opened else "recorded"


@contextmanager
def origin(provenance: str, keys: Mapping[str, Keys] | None = None) -> Iterator[Origin]:
    """While open, new records carry this provenance, and those of the models named the keys given."""
    opened = Origin(provenance, {label: told if callable(told) else list(told) for label, told in (keys or {}).items()})
    token = current.set(opened)
    try:
        yield opened
    finally:
        current.reset(token)
