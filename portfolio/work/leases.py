"""Claims on work: leases in rows, fenced by an epoch, so that a dead or late worker harms nothing."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from portfolio import refusals
from portfolio.refusals import Refused
from portfolio.work import kinds
from portfolio.work.models import Leased

Row = TypeVar("Row", bound=Leased)
logger = logging.getLogger(__name__)
BUSY_PAUSE, AWAY_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
TIMES = "× "
AFRESH: dict[str, Any] = {"parked": False, "strikes": 0, "next_at": None, "last_error": ""}  # as if never tried
LOST = "the worker was lost while it held this"


class Fenced(Exception):
    """The claim ran out and another has taken over: this late result is dropped."""


class Overtaken(Exception):
    """What the work rests on changed while it was done: it is put back and done once more."""


class Away(Exception):
    """Somebody else's server, which the work needs, is away or busy: no failure of the work."""


@dataclass(frozen=True)
class Claim:
    """A lease on one piece of work, and its row as it was taken."""

    work_id: int
    epoch: int
    row: Any = field(default=None, compare=False)
    taken: float = field(default=0, compare=False)


def waiting(table: type[Row]) -> QuerySet[Row]:
    """Work of a table that nobody holds: not done, not parked, its pause over, its lease, if any, run out.

    The database's clock alone decides: the clocks of workers are never compared.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    rested = Q(next_at__isnull=True) | Q(next_at__lte=Now())
    return table._default_manager.filter(free, rested, done_at__isnull=True, parked=False)


def claim(table: type[Row], work_id: int, *, among: QuerySet[Row] | None = None) -> Claim | None:
    """Take a piece of work, or None when somebody else has it, it is done, or it is not `among` what is to be done.

    A lease that ran out means a worker that died: that counts among the strikes in all, so that work which kills its
    worker is parked and not tried for ever.
    """
    with transaction.atomic():
        free = waiting(table) if among is None else among
        found = free.select_for_update(skip_locked=True, of=("self",)).filter(pk=work_id).order_by().first()
        return _take(found) if found else None


def _take(work: Leased) -> Claim | None:
    patience = kinds.patience_of(work.kind)
    if work.leased_until is not None:
        work.strikes, work.last_error = work.strikes + 1, f"1{TIMES}{LOST}"
        work.parked = work.strikes >= patience.strikes_in_all
    if work.parked:
        work.leased_until = None
        work.save(update_fields=["strikes", "last_error", "parked", "leased_until"])
        _give_up(work)
        return None
    work.epoch, work.owner = work.epoch + 1, f"{socket.gethostname()}:{os.getpid()}"[:80]
    work.leased_until = Now() + patience.lease
    work.save(update_fields=["epoch", "owner", "leased_until", "strikes", "last_error"])
    return Claim(work.pk, work.epoch, work, time.monotonic())


def _give_up(work: Leased) -> None:
    logger.error("%s %s is parked: %s", work.kind, work.pk, work.last_error)
    kinds.give_up(work)


def _mine(held: Claim) -> QuerySet[Any]:
    table: type[Leased] = type(held.row)
    return table._default_manager.filter(pk=held.work_id, epoch=held.epoch, done_at__isnull=True)


def heartbeat(held: Claim, **told: Any) -> bool:
    """Hold on for another lease, and write down what is told with it; False when it was taken over."""
    return bool(_mine(held).update(leased_until=Now() + kinds.patience_of(held.row.kind).lease, **told))


def hold(held: Claim, *, unless_within: float = 0, **told: Any) -> None:
    """Hold on for another lease, and write down what is told with it, unless the claim is younger than so many seconds.

    Raises Fenced when it was taken over.
    """
    if time.monotonic() - held.taken >= unless_within and not heartbeat(held, **told):
        raise Fenced(held)


def hold_all(claims: list[Claim]) -> None:
    """Hold on to claims for another lease. Raises Fenced when all of them were taken over."""
    if not sum([heartbeat(claim) for claim in claims]):  # any() would stop at the first and let the others run out
        raise Fenced(claims)


def finish(held: Claim, **told: Any) -> None:
    """Say in the transaction of the result that the work is done; a late ghost is fenced and writes nothing.

    Raises Fenced.
    """
    if not _mine(held).update(done_at=Now(), leased_until=None, last_error="", **told):
        raise Fenced(held)


def put_back(held: Claim, pause: timedelta = BUSY_PAUSE) -> None:
    """Leave the work to the next tick after a short pause, without a strike: the failure was not the work's."""
    _mine(held).update(leased_until=None, next_at=Now() + pause)


def strike(held: Claim, error: str) -> None:
    """Count a failure: rest longer each time; the same error three times, or five in all, parks the work."""
    error = error[:4000]
    with transaction.atomic():
        work = _mine(held).select_for_update().first()
        if work is None:
            return
        work.strikes += 1
        equal = _equal_in_a_row(work.last_error, error)
        work.last_error = f"{equal}{TIMES}{error}"
        patience = kinds.patience_of(work.kind)
        work.parked = work.strikes >= patience.strikes_in_all or equal >= patience.equal_strikes
        work.leased_until = None
        work.next_at = Now() + patience.pauses[min(work.strikes, len(patience.pauses) - 1)]
        work.save(update_fields=["strikes", "last_error", "parked", "leased_until", "next_at"])
        if work.parked:
            _give_up(work)


def let_on(among: QuerySet[Any], **said: Any) -> int:
    """Let what was given up among these rows be tried again, as if it had not been tried yet; tells how many it was."""
    return among.filter(parked=True, done_at__isnull=True).update(**AFRESH | said)


def let_go_after_a_restore(table: type[Leased]) -> None:
    """Whoever held work when the backup was made is gone: leases are let go without a strike.

    An older backup may not have the table yet.
    """
    if table._meta.db_table in connection.introspection.table_names():
        held = table._default_manager.filter(leased_until__isnull=False)
        held.update(leased_until=None, epoch=F("epoch") + 1)


def _equal_in_a_row(before: str, error: str) -> int:
    count, _, told = before.partition(TIMES)
    return int(count) + 1 if count.isdigit() and told == error else 1


@contextmanager
def held(table: type[Row], work_id: int, *, among: QuerySet[Row] | None = None) -> Iterator[Claim | None]:
    """Do a piece of work under a claim, or find that there is nothing to do."""
    mine = claim(table, work_id, among=among)
    with settled(*([mine] if mine else [])):
        yield mine


@contextmanager
def settled(*claims: Claim) -> Iterator[None]:
    """A failure becomes a strike on what was claimed for it, and is told to the log by the caller.

    That another change set was open for too long, or that a server was away, is no failure of the work.
    """
    try:
        yield
    except Fenced:
        return
    except Overtaken as why:
        logger.warning("work is put back: %s", why)
        for one in claims:
            put_back(one)
    except Exception as error:
        for one in claims:
            _set_aside(one, error)
        raise


def _set_aside(claim: Claim, error: Exception) -> None:
    if isinstance(error, Away):
        put_back(claim, AWAY_PAUSE)
    elif is_nobodys_fault(error):
        put_back(claim)
    else:
        strike(claim, f"{type(error).__name__}: {error}")


def is_nobodys_fault(error: Exception) -> bool:
    """Whether a server was away, or somebody else's change set or our own was open for too long."""
    known = refusals.from_database(error) if isinstance(error, DatabaseError) else error
    return isinstance(error, OperationalError | InterfaceError) or (
        isinstance(known, Refused) and known.code == "busy.retry"
    )
