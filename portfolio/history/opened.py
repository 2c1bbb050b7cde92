"""The change set that is open here, and whoever signs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import connection


class Actor(Protocol):
    """Whoever signs a change set: a person or a job."""

    def signature(self) -> Signature: ...

    def holds(self, held: list[list[Any]], *, on: date) -> None:
        """Be told the roles that are held on a day, as the database has found them when the change was opened."""


@dataclass(frozen=True)
class Signature:
    """How an actor signs: a person by id, to which the database adds the roles of the moment, a job by its name
    (INV-111).
    """

    person_id: int | None = None
    job: str = ""


@dataclass(frozen=True)
class OpenChange:
    """The change set that this connection's transaction has open."""

    seq: int
    actor: Actor
    by: Signature
    whole: bool = False  # the first refusal ends it, so that nothing inside keeps a savepoint

    def is_by(self, other: Actor) -> bool:
        """Whether another command is of the same actor, in whatever role."""
        return other.signature() == self.by


def open_change() -> OpenChange | None:
    """The change set that is open on this thread's connection: a change set is its transaction's, not its context's."""
    return getattr(connection, "open_change", None)


def remember(opened: OpenChange | None) -> None:
    """From now on this change set is open here, or none is."""
    setattr(connection, "open_change", opened)  # noqa: B010  (the connection is a proxy without such an attribute)
