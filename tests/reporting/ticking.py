"""A worker and a beat of a test's own, over its own database and its own broker; and how to kill them at a point."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.db import connection

from config.embedded.servers import PROJECT
from config.embedded.valkey import Valkey
from reporting.models import Report, Work
from tests.ground.waiting import until

CELERY = [sys.executable, "-m", "celery", "-A", "workers.celery"]
PATIENCE = 120.0


def address_of(database: str) -> dict[str, str]:
    """The environment of a process over a database of a test's own."""
    scheme, _, rest = os.environ["DATABASE_URL"].partition("://")
    host, _, named = rest.partition("/")
    _, mark, query = named.partition("?")
    return os.environ | {
        "DATABASE_URL": f"{scheme}://{host}/{database}{mark}{query}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(PROJECT),
    }


@dataclass
class Ticking:
    """The machine at work: `start` and `kill` its parts, `flush`, stop or start its broker."""

    database: str
    folder: Path
    owner: psycopg.Connection[Any]
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.broker = Valkey(self.folder, self.folder, self.folder, durable=False)
        self.broker.start()

    @property
    def environment(self) -> dict[str, str]:
        return address_of(self.database) | {
            "REDIS_URL": self.broker.address(),
            "DATA_DIR": str(self.folder),
            "TICK_SECONDS": "1",
        }

    def worker(self, processes: int = 1) -> subprocess.Popen[bytes]:
        name = f"worker-{len(self.parts)}"
        return self._start(
            name, "worker", f"--concurrency={processes}", "--without-gossip", "--without-mingle", "-n", name
        )

    def beat(self) -> subprocess.Popen[bytes]:
        schedule = self.folder / f"beat-{len(self.parts)}"
        return self._start(f"beat-{len(self.parts)}", "beat", "--schedule", str(schedule), "--pidfile=")

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            part = subprocess.Popen(
                [*CELERY, *words, "--loglevel=INFO"], cwd=PROJECT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.parts.append(part)
        return part

    def kill(self, part: subprocess.Popen[bytes]) -> None:
        """kill -9 of the whole worker; its renderers are left to end by themselves."""
        for pid in [part.pid, *workers_of(part)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        part.wait()

    def flush(self) -> None:
        redis.Redis(unix_socket_path=str(self.broker.socket)).flushall()

    def end(self) -> None:
        for part in self.parts:
            if part.poll() is None:
                self.kill(part)
        self.broker.stop()

    def leases_run_out(self) -> None:
        """As a minute would do it."""
        self.owner.execute(
            "UPDATE reporting_work SET leased_until = now() - interval '1 second' WHERE leased_until IS NOT NULL"
        )
        self.owner.execute("UPDATE reporting_work SET next_at = now() WHERE next_at IS NOT NULL")

    @contextlib.contextmanager
    def gate(self, lock: str) -> Iterator[None]:
        """Nothing passes the lock until the block is left."""
        with self.owner.transaction():
            self.owner.execute(lock)
            yield

    def someone_waits(self) -> bool:
        """Whether a connection of the machine stands before a lock; asked outside the transaction that holds it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'", [self.database]
            )
            return bool(cursor.fetchone()[0])

    def until_made(self, count: int = 1) -> list[Report]:
        """The reports, once worker and beat have made drafts of them."""

        def made() -> list[Report]:
            found = list(Report.objects.filter(state="draft").order_by("status_date", "pk"))
            return found if len(found) >= count else []

        try:
            return until(made, within=PATIENCE)
        except AssertionError:
            raise AssertionError(f"{list(Work.objects.values())}\n{self.log()}") from None

    def ticks(self, name: str) -> int:
        """How often a worker was rung by a tick of that name."""
        told = f"Task workers.tasks.{name}["
        return sum(path.read_text().count(told) for path in self.folder.glob("worker-*.log"))

    def log(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in sorted(self.folder.glob("*.log")))


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def workers_of(part: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a worker keeps for its tasks."""
    return children(part.pid)


def renderers_of(part: subprocess.Popen[bytes]) -> list[int]:
    """Renderers at work for a worker."""
    return [child for worker in workers_of(part) for child in children(worker) if renders(child)]


def renders(pid: int) -> bool:
    """Whether a renderer is at work under this id."""
    try:
        return b"reporting.documents.rendering" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@contextlib.contextmanager
def ticking(database: str, owner: psycopg.Connection[Any]) -> Iterator[Ticking]:
    """The machine's parts for one test; nothing is started yet but its broker."""
    folder = Path(tempfile.mkdtemp(prefix="salkku-ticks-"))
    machine = Ticking(database, folder, owner)
    try:
        yield machine
    finally:
        machine.end()
        shutil.rmtree(folder, ignore_errors=True)
