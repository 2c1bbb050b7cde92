"""Ticks ask one query and ring doorbells; a doorbell does one piece of work. The next tick is the retry."""

from celery import shared_task
from celery.utils.log import get_task_logger
from django.conf import settings
from django.db import close_old_connections

from portfolio import clock
from reporting import commands, machine
from reporting.models import Heartbeat

logger = get_task_logger(__name__)
EXPIRES = settings.TICK_SECONDS * 0.9


def _alive(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.real_now()})


@shared_task(expires=EXPIRES)
def open_due_reports() -> int:
    """Open the reports whose status date has ended."""
    close_old_connections()
    _alive("worker")
    return len(commands.open_due_reports(now=clock.now()))


@shared_task(expires=EXPIRES)
def freeze_due_reports() -> int:
    """Ring for every report whose cut-off has passed."""
    due = machine.to_freeze()
    for work_id in due:
        freeze_report.delay(work_id)
    return len(due)


@shared_task(expires=EXPIRES)
def render_due_reports() -> int:
    """Ring for every file that waits to be rendered."""
    due = machine.to_render()
    for work_id in due:
        render_report.delay(work_id)
    return len(due)


@shared_task
def freeze_report(work_id: int) -> None:
    """Freeze, compile, and ring for the files at once."""
    machine.freeze(work_id)
    render_due_reports.delay()


@shared_task
def render_report(work_id: int) -> None:
    """Render one file."""
    machine.render(work_id)
