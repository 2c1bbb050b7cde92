"""Who keeps all others from saving, and how a change set ends whose program has fallen silent over a command.

PostgreSQL's limits don't reach a session that waits for its program in the middle of one: to read the rest of the
answer, or to send the rest of the command (`COPY … FROM STDIN`, a pipeline without its end). Nor do they reach one that
has taken its limits away. It hears of nothing but its end.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

logger = logging.getLogger(__name__)
SILENT_FOR = 30.0  # seconds since its command; one that reads or sends is seldom met while the server waits for it
LOOKS_APART = 1.0

# Whoever has the head, and waits for nobody else's lock.
WRITING = """
SELECT s.pid, s.xact_start FROM pg_stat_activity s JOIN pg_locks l USING (pid)
WHERE l.relation = 'portfolio_head'::regclass AND l.granted AND l.mode <> 'AccessShareLock'
AND s.datname = current_database() AND s.wait_event_type IS DISTINCT FROM 'Lock' AND s.pid <> pg_backend_pid()
ORDER BY s.xact_start LIMIT 1
"""
# Of one's own role: what the owner does takes its time, and is nothing that this role could end.
SILENT = """
SELECT s.pid, s.state_change FROM pg_stat_activity s
WHERE s.wait_event IN ('ClientRead', 'ClientWrite') AND s.usename = current_user
AND s.datname = current_database() AND clock_timestamp() - s.state_change > make_interval(secs => %s)
AND s.pid IN (SELECT pid FROM pg_locks WHERE relation = 'portfolio_head'::regclass AND mode <> 'AccessShareLock')
"""


@dataclass(frozen=True)
class Writer:
    """A session that has a change set open, and since when."""

    pid: int
    since: datetime


def writer() -> Writer | None:
    """Who saves at this moment; nobody when that has just ended."""
    with connection.cursor() as cursor:
        cursor.execute(WRITING)
        found = cursor.fetchone()
    return Writer(*found) if found and found[1] else None


def end_who_fell_silent() -> None:
    """End sessions that were met twice while they kept a change set open and waited for their program.

    Asked by whoever has waited in vain, over a connection of its own: this one's transaction has failed.
    """
    try:
        with _beside() as cursor:
            if not (met := _silent(cursor)):
                return
            time.sleep(LOOKS_APART)
            for pid, since in met & _silent(cursor):
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
                logger.error(
                    "session %s is ended: all others waited to save for its program, silent since %s", pid, since
                )
    except (DatabaseError, InterfaceError):
        logger.exception("sessions that have fallen silent could not be asked for")


@contextmanager
def _beside() -> Iterator[Any]:
    """A connection of the same kind, outside of this thread's transaction."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def _silent(cursor: Any) -> set[tuple[int, datetime]]:
    cursor.execute(SILENT, [SILENT_FOR])
    return set(cursor.fetchall())
