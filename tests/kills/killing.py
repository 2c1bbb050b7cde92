"""An installation of its own under real Celery, a city that always has reports due, and kill -9 of each process."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import redis
from django.db import InterfaceError, OperationalError, connection

from config import environment
from config.embedded.servers import PROJECT, Servers
from portfolio import clock
from portfolio.refusals import Refused
from reporting.models import ReportSchedule, Work
from reporting.schedule.commands import schedule_date
from tests.ground.waiting import until
from tests.reporting.factories import NEW_YEAR
from tests.reporting.ticking import children
from tests.story import SETUP

Answer = TypeVar("Answer")
CELERY = [sys.executable, "-m", "celery", "-A", "tests.kills.app"]
GRANIAN = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--respawn-failed-workers"]
LEASE_SECONDS = 5
ALWAYS_DUE = 6  # pieces of work that wait, at least
HELD = "SELECT owner FROM reporting_work WHERE leased_until > now() AND done_at IS NULL"
WORK = "SELECT kind, owner, leased_until - now(), next_at - now(), last_error FROM reporting_work WHERE done_at IS NULL"
DRAFTS = "SELECT count(*) FROM reporting_report WHERE state = 'draft'"
LEFT = """SELECT (SELECT count(*) FROM reporting_scheduleddate)
               - (SELECT count(*) FROM reporting_report WHERE state = 'draft')"""
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename = 'salkku' AND pid <> %s"


def patiently(do: Callable[[], Answer], within: float = 120) -> Answer:
    """Through restarts of the database, as a person would press again; what was done meanwhile is no fault."""
    deadline = time.monotonic() + within
    while True:
        try:
            return do()
        except (OperationalError, InterfaceError, psycopg.OperationalError, Refused) as why:
            if (isinstance(why, Refused) and why.code != "busy.retry") or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.1)


def ask(question: str, *given: Any) -> list[tuple[Any, ...]]:
    """As the owner, over a connection of its own."""

    def asked() -> list[tuple[Any, ...]]:
        with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True, connect_timeout=5) as owner:
            answer = owner.execute(question, given)  # type: ignore[call-overload]
            return answer.fetchall() if answer.description else []  # type: ignore[no-any-return]

    return patiently(asked)


@dataclass
class Installation:
    """Servers, worker, beat and web over a folder; who stands up again after a kill, and what was hit by it."""

    folder: Path
    environment: dict[str, str]
    servers: Servers
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    schedules: list[ReportSchedule] = field(default_factory=list)
    rounds: int = 0

    def stand_up(self) -> None:
        """As the service does it: whoever ended is followed by another."""
        for name, command in self._commands().items():
            if name not in self.parts or self.parts[name].poll() is not None:
                self.started += 1
                with (self.folder / f"{name}-{self.started}.log").open("wb") as log:
                    self.parts[name] = subprocess.Popen(
                        command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log,
                        start_new_session=True, pass_fds=self.servers.held,
                    )  # fmt: skip

    def _commands(self) -> dict[str, list[str]]:
        beat = str(self.folder / f"beat-{self.started}")
        worker = ["--concurrency=3", "--without-gossip", "--without-mingle", "-n", f"w{self.started}"]
        return {
            "worker": [*CELERY, "worker", *worker, "--loglevel=WARNING"],
            "beat": [*CELERY, "beat", "--schedule", beat, "--pidfile=", "--loglevel=WARNING"],
            "web": [*GRANIAN, "--uds", str(self.folder / "web.sock"), "config.wsgi:application"],
        }

    def keep_busy(self) -> None:
        """Name further status dates, due at once, when little is left to do."""
        [(left,)] = ask(LEFT)
        if left >= ALWAYS_DUE:
            return
        self.rounds += 1
        on = NEW_YEAR + timedelta(days=self.rounds)
        for schedule in self.schedules:
            patiently(lambda schedule=schedule: self._name(schedule, on))  # type: ignore[misc]

    def _name(self, schedule: ReportSchedule, on: Any) -> None:
        try:
            schedule_date(schedule, status_date=on, cut_off_at=clock.now(), by=SETUP)
        except Refused as told:
            if told.code != "schedule.duplicate":  # it was kept, and only the answer was lost
                raise

    def holders(self) -> list[int]:
        """The processes that hold work by a lease that runs."""
        return [pid for (owner,) in ask(HELD) if alive(pid := int(owner.rpartition(":")[2]))]

    def kill(self, kind: str) -> None:
        """kill -9 of one process of a kind, as soon as there is one and work is held."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            self.stand_up()
            self.keep_busy()
            holders = self.holders()
            found = VICTIMS[kind](self, holders) if holders else []
            if found and _struck(random.choice(found)):
                self.kills[kind] += 1
                self.hits[kind] += 1
                return
            time.sleep(0.05)
        raise AssertionError(f"nothing of the kind {kind} was found to kill: {ask(WORK)}\n{self.log()}")

    def breathe(self) -> None:
        """Nobody is killed until one more report is complete, so that kills meet many."""
        [(before,)] = ask(DRAFTS)

        def one_more() -> bool:
            self.stand_up()
            self.keep_busy()
            return bool(ask(DRAFTS) > [(before,)])

        until(one_more, within=120)

    def flush(self) -> None:
        with contextlib.suppress(redis.RedisError):
            self._broker().flushall()

    def _broker(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=os.environ["REDIS_URL"].removeprefix("redis+socket://").split("?")[0])

    def renderers(self, holders: list[int]) -> list[int]:
        held = (pid for holder in holders for pid in children(holder))
        return [pid for pid in held if b"reporting.documents.rendering" in _words(pid)]

    def backends(self) -> list[int]:
        return [pid for (pid,) in ask(BACKENDS, connection.connection.info.backend_pid if connection.connection else 0)]

    def broker_pid(self) -> list[int]:
        with contextlib.suppress(redis.RedisError):
            return [int(self._broker().info("server")["process_id"])]  # type: ignore[index]
        return []

    def postmaster(self) -> list[int]:
        return [int(path.read_text().split()[0]) for path in (self.folder / "var").rglob("postmaster.pid")]

    def keeper(self) -> list[int]:
        with contextlib.suppress(OSError):
            return [int(json.loads((self.folder / "var" / "servers.json").read_text())["pid"])]
        return []

    def until_done(self, within: float = 300) -> None:
        """Nobody is killed any more: what is named is opened, and what is opened is made."""

        def done() -> bool:
            self.stand_up()
            named = ask("SELECT count(*) FROM reporting_scheduleddate") == ask("SELECT count(*) FROM reporting_report")
            return named and ask("SELECT count(*) FROM reporting_report WHERE state <> 'draft'") == [(0,)]

        try:
            until(done, within=within)
        except AssertionError:
            undone = patiently(lambda: list(Work.objects.filter(done_at=None).values()))
            raise AssertionError(f"{undone}\n{self.log()}") from None

    def log(self) -> str:
        return "\n".join(f"{path.name}: {path.read_text()[-3000:]}" for path in sorted(self.folder.glob("*.log"))[-6:])

    def end(self) -> None:
        for part in self.parts.values():
            for pid in [part.pid, *children(part.pid)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            part.wait()


VICTIMS: dict[str, Callable[[Installation, list[int]], list[int]]] = {
    "pool child": lambda here, holders: holders,
    "renderer": lambda here, holders: here.renderers(holders),
    "language process": lambda here, holders: [p for main in here.renderers(holders) for p in children(main)],
    "database backend": lambda here, holders: here.backends(),
    "postmaster": lambda here, holders: here.postmaster(),
    "broker": lambda here, holders: here.broker_pid(),
    "keeper": lambda here, holders: here.keeper(),
    "worker": lambda here, holders: [here.parts["worker"].pid],
    "beat": lambda here, holders: [here.parts["beat"].pid],
    "web child": lambda here, holders: children(here.parts["web"].pid),
}


def alive(pid: int) -> bool:
    return b"celery" in _words(pid)


def _words(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _struck(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def installed(folder: Path, **environ: str) -> Iterator[Installation]:
    """Servers over the folder, migrated; this process's own connection leads there until it is left."""
    servers = Servers(folder / "var", durable=False)
    kept = dict(connection.settings_dict)
    with servers:
        given = os.environ | environ | {
            "TICK_SECONDS": "1", "LEASE_SECONDS": str(LEASE_SECONDS), "SALKKU_INSTALLATION": "test",
            "TMPDIR": str(folder),
        }  # fmt: skip
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=PROJECT, env=given, check=True)
        connection.close()
        connection.settings_dict |= environment.database(os.environ["DATABASE_URL"])
        here = Installation(folder, given | {"PYTHONPATH": str(PROJECT)}, servers)
        try:
            yield here
        finally:
            here.end()
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(kept)
