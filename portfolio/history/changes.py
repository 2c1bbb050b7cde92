"""Opening a change set, and fetching a record to change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.db import connection, models, transaction

from portfolio.history.models import Tracked
from portfolio.refusals import Refused


Kind = TypeVar("Kind", bound=Tracked)


class Actor(Protocol):
    """Whoever signs a change set: a person or a job."""

    def signature(self) -> Signature: ...


@dataclass(frozen=True)
class Signature:
    """How an actor signs: a person by id and role of the moment, a job by its name (INV-111)."""

    person_id: int | None = None
    role: str = ""
    job: str = ""


@dataclass(frozen=True)
class Job:
    """The machine acting under its own name."""

    name: str

    def signature(self) -> Signature:
        return Signature(job=self.name)


@dataclass(frozen=True)
class OpenChange:
    """The change set that this transaction has open."""

    seq: int
    by: tuple[int | None, str]


class MixedActors(Exception):
    """A command of one actor was called inside a command of another: an error of the program."""


_open: ContextVar[OpenChange | None] = ContextVar("open_change", default=None)
request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def change(*, by: Actor, because: str = "", on_behalf_of: models.Model | None = None) -> Iterator[OpenChange]:
    """Open the change set of one command; a command called inside joins it.

    The triggers stamp every row with it and refuse a write while none is open. One change set is open in the whole
    database at a time (decision 1), so nothing slow belongs inside. One that changes nothing leaves no trace.
    """
    signature = by.signature()
    identity = (signature.person_id, signature.job)
    with transaction.atomic():
        if outer := _open.get():
            if outer.by != identity:
                raise MixedActors(f"{identity} inside {outer.by}")
            yield outer
            return
        opened = OpenChange(_open_in_database(signature, because, on_behalf_of), identity)
        token = _open.set(opened)
        try:
            yield opened
            _execute("SELECT history_close()")
        finally:
            _open.reset(token)


def _open_in_database(signature: Signature, because: str, on_behalf_of: models.Model | None) -> int:
    kind = "job" if signature.job else "command"
    behalf = on_behalf_of.pk if on_behalf_of else None
    return _execute(
        "SELECT history_open(%s, %s, %s, %s, %s, %s, %s)",
        [kind, signature.person_id, signature.role, signature.job, behalf, because, request_id.get()],
    )


def _execute(sql: str, params: list[object] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        (value,) = cursor.fetchone()
    return value


def lock(model: type[Kind], pk: int, *, seen: int | None = None) -> Kind:
    """The record as it is now; refuses a caller who saw an older version (INV-116).

    One change set runs at a time, so no row lock is needed.
    """
    record = model._default_manager.get(pk=pk)
    if seen is not None and seen != record.version:
        raise Refused("edit.stale", current=record.version, seen=seen)
    return record
