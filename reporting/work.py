"""Claims on work: leases in rows, fenced by an epoch, so that a dead or late worker harms nothing."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from portfolio import clock
from reporting.models import Work

LEASE = timedelta(seconds=60)
STRIKES_IN_ALL, EQUAL_STRIKES = 5, 3
PAUSES = [timedelta(seconds=seconds) for seconds in (0, 5, 15, 60, 300)]


class Fenced(Exception):
    """The claim ran out and another has taken over: this late result is dropped."""


@dataclass(frozen=True)
class Claim:
    """A lease on one piece of work."""

    work_id: int
    epoch: int


def waiting(kind: str) -> QuerySet[Work]:
    """Work that nobody holds: not done, not parked, its pause over, its lease, if any, run out."""
    now = clock.real_now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    rested = Q(next_at__isnull=True) | Q(next_at__lte=now)
    return Work.objects.filter(free, rested, kind=kind, done_at__isnull=True, parked=False)


def claim(work_id: int) -> Claim | None:
    """Take a piece of work, or None when somebody else has it or it is done."""
    work = Work.objects.filter(pk=work_id).values_list("kind", flat=True).first()
    if work is None:
        return None
    taken = waiting(work).filter(pk=work_id)
    until = clock.real_now() + LEASE
    if not taken.update(epoch=F("epoch") + 1, leased_until=until, owner=f"{socket.gethostname()}:{os.getpid()}"[:80]):
        return None
    return Claim(work_id, Work.objects.values_list("epoch", flat=True).get(pk=work_id))


def heartbeat(held: Claim) -> bool:
    """Hold on for another lease; False when it was taken over."""
    mine = Work.objects.filter(pk=held.work_id, epoch=held.epoch, done_at__isnull=True)
    return bool(mine.update(leased_until=clock.real_now() + LEASE))


def finish(held: Claim) -> None:
    """Say in the transaction of the result that the work is done; a late ghost is fenced and writes nothing."""
    mine = Work.objects.filter(pk=held.work_id, epoch=held.epoch, done_at__isnull=True)
    if not mine.update(done_at=clock.real_now(), leased_until=None, last_error=""):
        raise Fenced(held)


def strike(held: Claim, error: str) -> None:
    """Count a failure: rest longer each time; the same error three times, or five in all, parks the work."""
    with transaction.atomic():
        work = Work.objects.select_for_update().filter(pk=held.work_id, epoch=held.epoch, done_at__isnull=True).first()
        if work is None:
            return
        work.strikes += 1
        equal = _equal_in_a_row(work.last_error, error)
        work.last_error = f"{equal}× {error}"[:4000]
        work.parked = work.strikes >= STRIKES_IN_ALL or equal >= EQUAL_STRIKES
        work.leased_until, work.next_at = None, _rest(work.strikes)
        work.save()


def _rest(strikes: int) -> datetime:
    return clock.real_now() + PAUSES[min(strikes, len(PAUSES) - 1)]


def _equal_in_a_row(before: str, error: str) -> int:
    count, _, told = before.partition("× ")
    same = hashlib.sha256(told.encode()).digest() == hashlib.sha256(error[: len(told) or 1].encode()).digest()
    return int(count) + 1 if count.isdigit() and same else 1


@contextmanager
def held(work_id: int) -> Iterator[Claim | None]:
    """Do a piece of work under a claim; a failure becomes a strike on its row, and is told to the log by the caller."""
    mine = claim(work_id)
    try:
        yield mine
    except Fenced:
        return
    except Exception as error:
        if mine is not None:
            strike(mine, f"{type(error).__name__}: {error}")
        raise
