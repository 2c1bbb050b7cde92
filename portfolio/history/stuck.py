"""Who keeps all others from saving, and how a change set ends whose program has stopped reading its answer.

PostgreSQL's limits don't reach such a session: it waits to write, and hears of nothing but its end.
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
UNREAD_FOR = 30.0  # seconds since its question; one that reads is seldom met while the server waits for it
LOOKS_APART = 1.0

# Whoever has the head, and waits for nobody else's lock.
WRITING = """
SELECT s.pid, s.xact_start FROM pg_stat_activity s JOIN pg_locks l USING (pid)
WHERE l.relation = 'portfolio_head'::regclass AND l.granted AND l.mode <> 'AccessShareLock'
AND s.datname = current_database() AND s.wait_event_type IS DISTINCT FROM 'Lock' AND s.pid <> pg_backend_pid()
ORDER BY s.xact_start LIMIT 1
"""
# Of one's own role: what the owner does takes its time, and is nothing that this role could end.
UNREAD = """
SELECT s.pid, s.query_start FROM pg_stat_activity s
WHERE s.state = 'active' AND s.wait_event = 'ClientWrite' AND s.usename = current_user
AND s.datname = current_database() AND clock_timestamp() - s.query_start > make_interval(secs => %s)
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


def end_who_reads_no_more() -> None:
    """End sessions that were met twice while they kept a change set open for an answer that nobody reads.

    Asked by whoever has waited in vain, over a connection of its own: this one's transaction has failed.
    """
    try:
        with _beside() as cursor:
            if not (met := _unread(cursor)):
                return
            time.sleep(LOOKS_APART)
            for pid, since in met & _unread(cursor):
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
                logger.error("session %s is ended: it kept all others from saving since %s, read by nobody", pid, since)
    except (DatabaseError, InterfaceError):
        logger.exception("sessions that nobody reads could not be asked for")


@contextmanager
def _beside() -> Iterator[Any]:
    """A connection of the same kind, outside of this thread's transaction."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def _unread(cursor: Any) -> set[tuple[int, datetime]]:
    cursor.execute(UNREAD, [UNREAD_FOR])
    return set(cursor.fetchall())
