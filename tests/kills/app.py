"""The Celery application as it is, but impatient: leases and pauses of seconds, and no kill is held against the work.

With STUCK=1 the worker's own loop stands still soon. With UNFENCED=1 the fence is taken away: an end is written
whatever the epoch, and nothing is looked at before a file is saved: the negative control of what counts doubles.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import django
from celery import signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from portfolio.work import kinds, leases  # noqa: E402
from reporting.documents import renderer  # noqa: E402
from reporting.models import Rendition, Work  # noqa: E402
from workers.celery import app  # noqa: E402, F401

MOMENT = timedelta(seconds=0.2)

IMPATIENT = kinds.Patience(timedelta(seconds=int(os.environ["LEASE_SECONDS"])), 10_000, 10_000, (MOMENT,))

kinds.patience_of = lambda kind: IMPATIENT
leases.put_back.__defaults__ = (MOMENT,)
renderer.HEARTBEAT_SECONDS = 1


if os.environ.get("STUCK"):

    @signals.worker_ready.connect
    def stand_still(sender: Any, **_: Any) -> None:
        sender.timer.call_after(3, time.sleep, (600,))


if os.environ.get("UNFENCED"):
    leases._mine = lambda held: Work.objects.filter(pk=held.work_id)

    def saved_unseen(row: Rendition) -> Rendition:
        row.save()
        return row

    Rendition.checked_save = saved_unseen  # type: ignore[assignment, method-assign]
