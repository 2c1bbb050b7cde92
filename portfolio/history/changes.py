"""Opening a change set, and fetching a record to change it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, models, transaction

from portfolio import asking, clock, refusals, typed
from portfolio.history import stuck
from portfolio.history.models import Tracked
from portfolio.history.opened import Actor, OpenChange, Read, Signature, open_change, remember
from portfolio.refusals import Refused

Kind = TypeVar("Kind", bound=Tracked)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Job:
    """The machine acting under its own name."""

    name: str

    def signature(self) -> Signature:
        return Signature(job=self.name)

    def holds(self, held: list[list[Any]], *, on: date) -> None:
        """A job has no roles: what it may do stands by its name."""


class MixedActors(Exception):
    """A command of one actor was called inside a command of another: an error of the program."""


request_id: ContextVar[str] = ContextVar("request_id", default="")
_quick: ContextVar[bool] = ContextVar("quick", default=False)


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
        opened = _open(by, _written(because), on_behalf_of, whole or _quick.get())
        remember(opened)
        try:
            yield opened
            _require(because, required)
            with connection.cursor() as cursor:
                cursor.execute("SELECT history_close()")
        finally:
            remember(None)


def at_once(act: Callable[[], Answer]) -> Answer:
    """What a command answers, its changes opened as wholes: hardly any is refused by the database in the end.

    One that is, is asked again with savepoints, for only then can all that is wrong be told. So what is asked has to be
    the same twice, and nothing of it may stay that a change does not take back.
    """
    token = _quick.set(True)
    try:
        return act()
    except (Refused, IntegrityError) as refused:
        if not isinstance(refused, IntegrityError) and not isinstance(refused.__cause__, IntegrityError):
            raise
    finally:
        _quick.reset(token)
    return act()


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
    behalf = on_behalf_of.pk if on_behalf_of else None
    signed = [signature.person_id, signature.job, behalf, because, request_id.get(), settings.TIME_ZONE]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq, day, held::text FROM history_begin(%s, %s, %s, %s, %s, %s)", signed)
            seq, day, held = cursor.fetchone()
    except OperationalError as error:
        if busy := refusals.from_database(error):
            stuck.end_who_fell_silent()
            raise busy from error
        raise
    clock.remember(day)
    by.holds(json.loads(held or "[]"), on=day)
    return OpenChange(seq, by, signature, whole)


def lock(model: type[Kind], pk: int, *, seen: int | None = None) -> Kind:
    """The record as it is now; refuses a caller who saw an older version (INV-116).

    One change set runs at a time, so no row lock is needed. Asked in plain SQL, at half of the price: the ORM words the
    same question anew each time, and a command asks it for each record that it touches. Raises DoesNotExist.
    """
    opened = open_change()
    record = _fetched(model, pk) if opened is None or opened.read is None else _known(opened.read, model, pk)
    if seen is not None and seen != record.version:
        raise _stale(record, seen)
    return record


def _fetched(model: type[Kind], pk: int) -> Kind:
    record = next(iter(model._default_manager.raw(f'SELECT * FROM "{model._meta.db_table}" WHERE id = %s', [pk])), None)
    if record is None:
        raise model.DoesNotExist(f"{model._meta.label} {pk} does not exist.")
    return record


def _known(read: Read, model: type[Kind], pk: int) -> Kind:
    """The record and what it belongs to, step by step, each fetched once until it is saved."""
    record: Kind | None = read.find(model, pk)
    if record is None:
        record = _fetched(model, pk)
        read.keep(record)
    if column := model.belongs_to:
        above: Any = model._meta.get_field(column).related_model
        if (whole := getattr(record, f"{column}_id")) is not None and issubclass(above, Tracked):
            setattr(record, column, _known(read, above, whole))
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
