"""Opening a change set, and fetching a record to change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import OperationalError, connection, models, transaction

from portfolio import asking, refusals, typed
from portfolio.history import stuck
from portfolio.history.models import Tracked
from portfolio.history.opened import Actor, OpenChange, Signature, identity, open_change, remember
from portfolio.refusals import Refused

Kind = TypeVar("Kind", bound=Tracked)


@dataclass(frozen=True)
class Job:
    """The machine acting under its own name."""

    name: str

    def signature(self) -> Signature:
        return Signature(job=self.name)


class MixedActors(Exception):
    """A command of one actor was called inside a command of another: an error of the program."""


request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def asked_as(name: str) -> Iterator[None]:
    """What is changed in the block was asked for by something of this name, such as a file; at most 60 characters."""
    token = request_id.set(name[:60])
    try:
        yield
    finally:
        request_id.reset(token)


@contextmanager
def change(
    *,
    by: Actor,
    because: str = "",
    required: bool | str = False,
    on_behalf_of: models.Model | None = None,
    whole: bool = False,
) -> Iterator[OpenChange]:
    """Open the change set of one command; a command called inside joins it, under the outer command's reason.

    The triggers stamp every row with it and refuse a write while none is open. One change set is open in the whole
    database at a time (decision 1), so nothing slow belongs inside. One that changes nothing leaves no trace.
    `required` says that it needs a reason of its own, also inside another, and by which code it is refused without:
    last, for whoever may not do it at all is told that. What is opened as a `whole` ends with the first refusal inside,
    caught or not; so it needs no savepoint to go back to.

    Raises Refused `busy.retry` when another change set stays open for too long, and `history.reason`.
    """
    if outer := open_change():
        if not outer.is_by(by):
            raise MixedActors(f"{by} inside a change set of {outer.actor}")
        with transaction.atomic(savepoint=not outer.whole):
            yield outer
            _require(because, required)
        return
    with transaction.atomic(), asking.afresh():
        opened = _open(by, _written(because), on_behalf_of, whole)
        remember(opened)
        try:
            yield opened
            _require(because, required)
            _execute("SELECT history_close()")
        finally:
            remember(None)


def _require(because: str, required: bool | str) -> None:
    if required:
        require_reason(because, required if isinstance(required, str) else "history.reason")


def require_reason(because: str, code: str = "history.reason", **params: Any) -> None:
    """A change that has to say why, says it (INV-110)."""
    if not typed.cleaned(because):
        raise Refused(code, field="because", **params)


def _written(because: str) -> str:
    """A reason as it is kept."""
    reason = typed.cleaned(because)
    if lost := typed.refused(reason):
        raise Refused("text.unreadable", field="because", characters=lost)
    return reason


def _open(by: Actor, because: str, on_behalf_of: models.Model | None, whole: bool) -> OpenChange:
    signature = by.signature()
    kind = "job" if signature.job else "command"
    behalf = on_behalf_of.pk if on_behalf_of else None
    try:
        seq = _execute(
            "SELECT history_open(%s, %s, %s, %s, %s, %s, %s)",
            [kind, signature.person_id, signature.role, signature.job, behalf, because, request_id.get()],
        )
    except OperationalError as error:
        if busy := refusals.from_database(error):
            stuck.end_who_fell_silent()
            raise busy from error
        raise
    return OpenChange(seq, by, identity(signature), whole)


def _execute(sql: str, params: list[Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        value: int = cursor.fetchone()[0]
    return value


def lock(model: type[Kind], pk: int, *, seen: int | None = None) -> Kind:
    """The record as it is now; refuses a caller who saw an older version (INV-116).

    One change set runs at a time, so no row lock is needed. Asked in plain SQL, at half of the price: the ORM words the
    same question anew each time, and a command asks it for each record that it touches. Raises DoesNotExist.
    """
    record = next(iter(model._default_manager.raw(f'SELECT * FROM "{model._meta.db_table}" WHERE id = %s', [pk])), None)
    if record is None:
        raise model.DoesNotExist(f"{model._meta.label} {pk} does not exist.")
    if seen is not None and seen != record.version:
        raise _stale(record, seen)
    return record


def _stale(record: Tracked, seen: int) -> Refused:
    """Both versions for the second editor: who saved in between and when, and what differs, field by field."""
    past = type(record).history.model.objects.filter(id=record.pk)
    newest, before = past.latest(), past.filter(version=seen).order_by("history_seq").last()
    names = [field.attname for field in record._meta.concrete_fields if field.attname != "version"] if before else []
    pairs = {name: [getattr(before, name), getattr(newest, name)] for name in names}
    return Refused(
        "edit.stale",
        seen=seen,
        current=record.version,
        changed_by=newest.history_user_id,
        changed_at=newest.history_date,
        changed={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
    )
