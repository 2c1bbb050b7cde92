"""A worker that hears no bell, though some wait, ends itself; whoever keeps the service starts another.

A pool whose child was killed at the wrong moment can lose count of what it has to do and take nothing more. From
outside such a worker looks alive, and until somebody ends it no report is made.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterable
from typing import Any

from celery import Celery, signals
from celery.worker import state
from django.conf import settings
from kombu.transport import redis

logger = logging.getLogger(__name__)
PAUSE, LOOKS = 5.0, 6  # seconds between two looks; how many in a row must find rings that wait and none that was heard
DEAF = 70  # how such a worker ends
hands = 1
heard_at = turned_at = time.monotonic()


class Attentive(redis.Channel):
    """A channel that reads its subscription only where there is something to read.

    When children are killed, the loop may be woken for a line on which nothing came, since its number was a dead
    child's. A subscription is read without a time limit: whoever read it then would wait for ever.
    """

    def _receive(self) -> Any:
        line = self.subclient.connection
        if line is not None and not line.can_read(timeout=0):
            return False
        return super()._receive()


redis.Transport.Channel = Attentive


@signals.task_received.connect
def heard(**_: Any) -> None:
    """Any bell will do."""
    global heard_at
    heard_at = time.monotonic()


def turned() -> None:
    """The worker's own loop goes round, whatever its hands do."""
    global turned_at
    turned_at = time.monotonic()


@signals.worker_ready.connect
def listen(sender: Any, **_: Any) -> None:
    """Look from a thread of its own, since what is deaf may also be stuck."""
    global hands  # noqa: PLW0603 - known when the pool stands
    hands = sender.pool.num_processes
    heard()
    turned()
    sender.timer.call_repeatedly(1, turned)
    threading.Thread(target=_look, args=(sender.app,), daemon=True).start()


def _look(app: Celery) -> None:
    in_a_row = 0
    while in_a_row < LOOKS:
        time.sleep(PAUSE)
        in_a_row = in_a_row + 1 if not_heard() and waiting(app) else 0
    logger.critical("This worker hears nothing though rings wait: it ends, and another is to be started.")
    os._exit(DEAF)


def not_heard() -> bool:
    """Whether the loop stands still, or no bell came since the last look though a hand is free."""
    now = time.monotonic()
    try:
        return now - turned_at > PAUSE or now - heard_at > silence(state.active_requests, hands=hands)
    except RuntimeError:  # one more was taken in hand while they were counted
        return False


def silence(active: Iterable[Any], *, hands: int) -> float:
    """Seconds without a bell that say nothing: while all hands are full, until one of them must be free again."""
    limits = [request.time_limits[0] or settings.CELERY_TASK_TIME_LIMIT for request in active]
    return min(limits) if len(limits) >= hands else PAUSE


def waiting(app: Celery) -> bool:
    """Whether as many rings wait as there are kinds of them; not where the broker is away."""
    try:
        with app.connection_for_read() as broker:
            return int(broker.default_channel.client.llen(settings.TICKS)) >= len(settings.CELERY_BEAT_SCHEDULE)
    except Exception:  # whatever it is, it is no deafness of ours
        return False
