"""The process that keeps our own PostgreSQL and Valkey over one data folder for as long as anyone uses them.

Two files in the folder say who is there. `servers.lock` is held by the keeper while it lives; `servers.users` is
held, shared, by every process that uses the servers. The kernel lets go of both however a process ends, so a user
killed by SIGKILL is a user gone, and the keeper leaves when it gets `servers.users` for itself.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO

from config.embedded.postgres import OWNER, RUNTIME, Postgres
from config.embedded.valkey import Valkey
from config.made import BrokenStart, usable

LOCK, USERS, STATE, LOG = "servers.lock", "servers.users", "servers.json", "log"
GLANCE = 0.2  # seconds between two looks at users and servers
LONGEST_PAUSE = 10.0  # before a server that will not start again is tried anew
KEPT_BY_ANOTHER = 75


def hold(path: Path, how: int) -> IO[str] | None:
    """The opened file with the lock on it, or None where another holds it."""
    stream = open(path, "a")
    if relock(stream, how):
        return stream
    stream.close()
    return None


def relock(stream: IO[str], how: int) -> bool:
    try:
        fcntl.flock(stream, how)
    except BlockingIOError:
        return False
    return True


class Keeper:
    """Starts the servers, says where they are, mends one that died, and stops them after their last user."""

    def __init__(self, data: Path, *, durable: bool, passing: bool):
        self.data, self.passing = data, passing
        self.place = _private_place(data)
        self.postgres = Postgres(data, self.place, data / LOG, durable=durable)
        self.valkey = Valkey(data, self.place, data / LOG, durable=durable)
        self.postgres.look = self.valkey.look = self._leave_if_unused
        self._pause = self._not_before = 0.0

    def keep(self) -> None:
        try:
            self.postgres.start()
            self.valkey.start()
            self._announce()
            self._watch()
        finally:
            with suppress(OSError):
                (self.data / STATE).unlink(missing_ok=True)
            self.valkey.stop()
            self.postgres.stop()
            shutil.rmtree(self.place, ignore_errors=True)
            if self.passing:
                shutil.rmtree(self.data.rename(f"{self.data}-gone"), ignore_errors=True)

    def _announce(self) -> None:
        """Said once and, where somebody has taken the file away or written in it, again."""
        state = {
            "pid": os.getpid(),
            "DATABASE_URL": self.postgres.address(RUNTIME),
            "OWNER_DATABASE_URL": self.postgres.address(OWNER),
            "REDIS_URL": self.valkey.address(),
            "said": self.valkey.said,
        }
        if self._announced() == json.dumps(state):
            return
        draft = self.data / f"{STATE}.new"
        draft.write_text(json.dumps(state))
        draft.replace(self.data / STATE)

    def _announced(self) -> str | None:
        try:
            return (self.data / STATE).read_text()
        except (OSError, UnicodeDecodeError):
            return None

    def _watch(self) -> None:
        while True:
            self._leave_if_unused()
            with suppress(OSError):  # a disk that is full, as a rule: the servers go on
                self._announce()
            for server in (self.postgres, self.valkey):
                if server.process is None or server.process.poll() is not None:
                    self._start_again(server)
            time.sleep(GLANCE)

    def _leave_if_unused(self) -> None:
        """Also while a server starts: one that never will is not waited for when nobody does any more."""
        if last := hold(self.data / USERS, fcntl.LOCK_EX | fcntl.LOCK_NB):
            self._closed = last  # held to the end, so that a newcomer waits until the servers are down
            raise SystemExit(0)

    def _start_again(self, server: Postgres | Valkey) -> None:
        """One that dies while it starts is tried again, later and later: its users wait, and we with them."""
        if time.monotonic() < self._not_before:
            return
        try:
            with usable(self.data):
                server.start()
            self._pause = 0.0
        except BrokenStart as reason:
            self._pause = min(2 * self._pause + GLANCE, LONGEST_PAUSE)
            print(f"{reason} It is tried again in {self._pause:.1f} s.", flush=True)
        self._not_before = time.monotonic() + self._pause


def _private_place(data: Path) -> Path:
    """A short folder of ours for the sockets (their paths may have 107 letters), the same at every start."""
    base = Path("/tmp") if os.path.isdir("/tmp") else Path(tempfile.gettempdir())
    place = base / f"salkku-{os.geteuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:10]}"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        ours = place.lstat().st_uid == os.geteuid() and not place.is_symlink()
    except OSError:
        ours = False
    if not ours:  # someone else sits on the name
        place = Path(tempfile.mkdtemp(prefix="salkku-", dir=base))
    place.chmod(0o711 if os.geteuid() == 0 else 0o700)  # as root, PostgreSQL's own user passes through
    return place


def _leave(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="config.embedded.keeper", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fast", action="store_true", help="for tests: nothing need survive a power cut")
    parser.add_argument("--passing", action="store_true", help="the data folder goes with its last user")
    options = parser.parse_args(arguments)
    try:
        with usable(options.data):
            lock = hold(options.data / LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if lock is None:
                return KEPT_BY_ANOTHER
            signal.signal(signal.SIGTERM, _leave)
            (options.data / STATE).unlink(missing_ok=True)  # of a keeper that was killed
            Keeper(options.data, durable=not options.fast, passing=options.passing).keep()
    except BrokenStart as reason:
        print(reason, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
