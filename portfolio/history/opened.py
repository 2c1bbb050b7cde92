"""The change set that is open here, and whoever signs it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connection, models


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
class Read:
    """Records that a trial has fetched, by kind and id, until it saves or deletes them: nobody else writes in it.

    What is kept are the values of the columns. Whoever asks gets a record of their own, and may change it.
    """

    values: dict[tuple[type[models.Model], int], list[Any]] = field(default_factory=dict)

    def keep(self, record: models.Model) -> None:
        """Remember what a record says that was fetched just now."""
        fields = record._meta.concrete_fields
        self.values[type(record), record.pk] = [_own(getattr(record, each.attname)) for each in fields]

    def find(self, kind: type[models.Model], pk: int) -> Any:
        """The record as it was fetched, or None."""
        if (values := self.values.get((kind, pk))) is None:
            return None
        names = [each.attname for each in kind._meta.concrete_fields]
        return kind.from_db(DEFAULT_DB_ALIAS, names, [_own(value) for value in values])

    def forget(self, record: models.Model) -> None:
        """It is no longer what it was."""
        self.values.pop((type(record), record.pk), None)


def _own(value: Any) -> Any:
    return deepcopy(value) if isinstance(value, dict | list) else value


@dataclass(frozen=True)
class OpenChange:
    """The change set that this connection's transaction has open."""

    seq: int
    actor: Actor
    by: Signature
    whole: bool = False  # the first refusal ends it, so that nothing inside keeps a savepoint
    read: Read | None = None  # what a trial need not fetch again

    def is_by(self, other: Actor) -> bool:
        """Whether another command is of the same actor, in whatever role."""
        return other.signature() == self.by


def open_change() -> OpenChange | None:
    """The change set that is open on this thread's connection: a change set is its transaction's, not its context's."""
    return getattr(connection, "open_change", None)


def remember(opened: OpenChange | None) -> None:
    """From now on this change set is open here, or none is."""
    setattr(connection, "open_change", opened)  # noqa: B010  (the connection is a proxy without such an attribute)
