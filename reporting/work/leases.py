"""Claims on the work of reports: the leases of all work, over its own rows."""

from __future__ import annotations

from functools import partial

from django.db.models import QuerySet
from django.db.models.functions import Now

from portfolio import clock
from portfolio.history import Job
from portfolio.people.models import Person
from portfolio.work import leases
from portfolio.work.leases import (
    AFRESH,
    LOST,
    TIMES,
    Away,
    Claim,
    Fenced,
    Overtaken,
    finish,
    heartbeat,
    hold,
    hold_all,
    is_nobodys_fault,
    put_back,
    settled,
    strike,
)
from portfolio.work.models import Errand
from reporting.work.models import Heartbeat, Work

__all__ = [
    "AFRESH", "LOST", "MACHINE", "TIMES", "Away", "Claim", "Fenced", "Overtaken", "begin_after_a_restore", "claim",
    "finish", "heartbeat", "held", "hold", "hold_all", "is_nobodys_fault", "let_on", "put_back", "settled", "strike",
    "waiting",
]  # fmt: skip

MACHINE = Job("report")  # as whom the machine writes what it has made

waiting = partial(leases.waiting, Work)
claim = partial(leases.claim, Work)
held = partial(leases.held, Work)


def let_on(among: QuerySet[Work], *, by: Person, because: str) -> bool:
    """Let what was given up among these rows be tried again; they say who let it on and why. False if nothing was."""
    said = {"last_error": f"person {by.pk}: {because}", "let_on_at": clock.now()}
    return leases.let_on(among, **said) > 0


def begin_after_a_restore() -> int:
    """Nobody works any more, and a letter that waited when the backup was made may have been sent since.

    So such letters count as sent: none goes out twice. Says how many they are.
    """
    Heartbeat.objects.all().delete()
    leases.let_go_after_a_restore(Work)
    leases.let_go_after_a_restore(Errand)
    return Work.objects.filter(kind=Work.Kind.TELL, done_at__isnull=True).update(done_at=Now(), parked=False)
