"""Claims on the work of reports: the leases of all work, over its own rows."""

from __future__ import annotations

from functools import partial

from django.db.models.functions import Now

from portfolio.work import leases
from portfolio.work.leases import (
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
    "LOST", "TIMES", "Away", "Claim", "Fenced", "Overtaken", "begin_after_a_restore", "claim", "finish", "heartbeat",
    "held", "hold", "hold_all", "is_nobodys_fault", "put_back", "settled", "strike", "waiting",
]  # fmt: skip

waiting = partial(leases.waiting, Work)
claim = partial(leases.claim, Work)
held = partial(leases.held, Work)


def begin_after_a_restore() -> int:
    """Nobody works any more, and a letter that waited when the backup was made may have been sent since.

    So such letters count as sent: none goes out twice. Says how many they are.
    """
    Heartbeat.objects.all().delete()
    leases.let_go_after_a_restore(Work)
    leases.let_go_after_a_restore(Errand)
    return Work.objects.filter(kind=Work.Kind.TELL, done_at__isnull=True).update(done_at=Now(), parked=False)
