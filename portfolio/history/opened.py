"""The change set that is open here, and whoever signs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.db import connection


class Actor(Protocol):
    """Whoever signs a change set: a person or a job."""

    def signature(self) -> Signature: ...


@dataclass(frozen=True)
class Signature:
    """How an actor signs: a person by id and role of the moment, a job by its name (INV-111)."""

    person_id: int | None = None
    role: str = ""
    job: str = ""


def identity(signature: Signature) -> tuple[int | None, str]:
    """Who it is, in whatever role."""
    return signature.person_id, signature.job


@dataclass(frozen=True)
class OpenChange:
    """The change set that this connection's transaction has open."""

    seq: int
    actor: Actor
    by: tuple[int | None, str]
    whole: bool = False  # the first refusal ends it, so that nothing inside keeps a savepoint

    def is_by(self, other: Actor) -> bool:
        """Whether another command is of the same actor; asks for no roles when it plainly is."""
        return other is self.actor or other == self.actor or identity(other.signature()) == self.by


def open_change() -> OpenChange | None:
    """The change set that is open on this thread's connection: a change set is its transaction's, not its context's."""
    return getattr(connection, "open_change", None)


def remember(opened: OpenChange | None) -> None:
    """From now on this change set is open here, or none is."""
    setattr(connection, "open_change", opened)  # noqa: B010  (the connection is a proxy without such an attribute)
