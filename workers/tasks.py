"""Ticks ask one query and ring doorbells; a doorbell does one piece of work. The next tick is the retry.

Every ring runs out, for the worker that finds it late; while nobody listens, beat rings no further (`bellringer`).
"""

from typing import Any

from celery import shared_task
from django.conf import settings

from portfolio import clock
from portfolio.work import errands, kinds
from portfolio.work.kinds import KindOfWork
from reporting.reports import commands, condition

EXPIRES = settings.TICK_SECONDS * 0.9
BELL_EXPIRES = 60  # as long as a lease: a bell that waits behind other work need not be rung again


@shared_task(expires=EXPIRES)
def open_due_reports() -> int:
    """Open the reports whose status date has ended."""
    condition.alive("worker")
    return len(commands.open_due_reports(now=clock.now()))


@shared_task(expires=EXPIRES)
def freeze_due_reports() -> int:
    """Ring for every report whose cut-off has passed."""
    return _ring(kinds.KINDS["freeze"], freeze_report)


@shared_task(expires=EXPIRES)
def render_due_reports() -> int:
    """Ring for every file that waits to be rendered."""
    return _ring(kinds.KINDS["render"], render_report)


@shared_task(expires=EXPIRES)
def tell_of_parked_work() -> int:
    """Write to those who can let given-up work on, and ring for every letter that waits to be sent."""
    return _ring(kinds.KINDS["tell"], send_letter)


@shared_task(expires=EXPIRES)
def ring_errands() -> int:
    """Ring for every errand that waits, of whatever kind."""
    return sum(_ring(kind, do_errand) for kind in kinds.KINDS.values() if kind.errand)


def _ring(kind: KindOfWork, bell: Any) -> int:
    """Ring for what is due, by the limits of its kind."""
    due = kind.due()
    for work_id in due:
        bell.apply_async((work_id,), **kind.patience.limits)
    return len(due)


@shared_task(expires=BELL_EXPIRES)
def freeze_report(work_id: int) -> None:
    """Freeze, compile, and ring at once for the files and for the next status date that waited for this one."""
    kinds.KINDS["freeze"].carry_out(work_id)
    render_due_reports.delay()
    freeze_due_reports.delay()


@shared_task(expires=BELL_EXPIRES)
def render_report(work_id: int) -> None:
    """Render one file."""
    kinds.KINDS["render"].carry_out(work_id)


@shared_task(expires=BELL_EXPIRES)
def send_letter(work_id: int) -> None:
    """Send one letter."""
    kinds.KINDS["tell"].carry_out(work_id)


@shared_task(expires=BELL_EXPIRES)
def do_errand(errand_id: int) -> None:
    """Carry one errand out."""
    errands.carry_out(errand_id)
