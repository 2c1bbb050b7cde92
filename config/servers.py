"""Where PostgreSQL and the broker are: the city's own by DATABASE_URL and REDIS_URL, or ours, started when used.

    with Servers():
        ...  # DATABASE_URL, OWNER_DATABASE_URL and REDIS_URL are in the environment, for children too

Whoever comes second on the same data folder shares the servers of the first; the last to leave stops them.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from config import environment, made
from config.keeper import KEPT_BY_ANOTHER, LOCK, LOG, STATE, USERS, hold, relock
from config.offspring import BrokenStart

PROJECT = Path(__file__).resolve().parent.parent
ADDRESSES = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
SAID_EVERY = 30.0  # seconds between two words that we still wait
STOP_WITHIN = 60.0
MEND_EVERY = 1.0
KIND = "installation"


def data_dir() -> Path:
    """Everything we keep stands here."""
    return Path(os.environ.get("DATA_DIR") or PROJECT / "var").absolute()


def given(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def secret(name: str) -> str:
    """A setting given as it is, or as the name of a file that holds it."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as reason:
            raise BrokenStart(f"{name}_FILE names {path}, which can't be read: {reason}") from reason
    return os.environ[name]


def on_servers_of_the_city() -> bool:
    """True when both addresses are given; one alone would mix two installations."""
    both = [given("DATABASE_URL"), given("REDIS_URL")]
    if any(both) and not all(both):
        raise BrokenStart("Set both DATABASE_URL and REDIS_URL, or neither: then both servers are started here.")
    return all(both)


@contextmanager
def usable(data: Path) -> Iterator[None]:
    """What hinders us in the data folder, as a sentence for the person at the keyboard."""
    try:
        yield
    except PermissionError as reason:
        raise BrokenStart(f"{data} belongs to another user; set DATA_DIR to a folder of yours.") from reason
    except OSError as reason:
        where = reason.filename or data
        raise BrokenStart(
            f"{data} can't be used ({where}: {reason.strerror}); set DATA_DIR to a folder that can be written in."
        ) from reason


def kept_kind(data: Path) -> str | None:
    """What the folder was first said to be: live, demo or test."""
    record = data / KIND
    return (record.read_text().strip() or None) if record.is_file() else None


def _known_kind(asked: str) -> str:
    try:
        return environment.kind(asked)
    except ValueError as reason:
        raise BrokenStart(f"SALKKU_INSTALLATION can't be used: {reason}.") from reason


class Servers:
    """Both servers, for as long as this object is started; nothing is started where addresses are given."""

    def __init__(self, data: Path | None = None, *, durable: bool = True, passing: bool = False, mending: bool = True):
        """Not `durable`: quick, for tests. `passing`: the data folder goes with the last user.

        `mending`: a thread looks after the keeper; not where someone calls `mend` every now and then.
        """
        self.data, self.durable, self.passing, self.mending = data or data_dir(), durable, passing, mending
        self.users: IO[str] | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self._before: dict[str, str | None] = {}
        self._leaving = threading.Event()
        self._mender: threading.Thread | None = None

    def __enter__(self) -> Servers:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Servers:
        if on_servers_of_the_city():
            return self
        with usable(self.data):
            self.data.mkdir(parents=True, exist_ok=True)
            self.users = hold(self.data / USERS, fcntl.LOCK_SH)  # waits for a keeper that is leaving
            try:
                state = self._state() or self._start_keeper()
                self._set({name: state[name] for name in ADDRESSES} | self._own_settings())
            except BaseException:
                self._leave()
                raise
        if self.mending:
            self._mender = threading.Thread(target=self._mend_until_left, daemon=True)
            self._mender.start()
        return self

    def mend(self) -> None:
        """A keeper that was killed is followed by another, at the same addresses; one look, and no fault of ours."""
        try:
            if self.users and not self._state():
                self._start_keeper()
        except (BrokenStart, OSError) as reason:
            if not self._leaving.is_set():
                print(f"{reason} It is tried again.", file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Leave; the last one out waits until the servers are down."""
        self._leaving.set()
        if self._mender:
            self._mender.join()
        for name, value in self._before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        self._before = {}
        self._leave()
        self._leaving.clear()

    def _mend_until_left(self) -> None:
        while not self._leaving.wait(MEND_EVERY):
            self.mend()

    @property
    def held(self) -> tuple[int, ...]:
        """What a child is passed so that the servers wait for it, even when we are killed."""
        return (self.users.fileno(),) if self.users else ()

    def _state(self) -> dict[str, Any] | None:
        """What the keeper announced, if it is alive to keep it."""
        if self._keeper_is_gone():
            return None
        try:
            state: dict[str, Any] = json.loads((self.data / STATE).read_text())
        except FileNotFoundError:
            return None
        return state

    def _start_keeper(self) -> dict[str, Any]:
        """However long they take; what takes long is said."""
        said_at = time.monotonic()
        self._keeper = self._spawn_keeper()
        while not self._leaving.is_set():
            if state := self._state():
                self._keep_or_end_ours(state["pid"])
                state["said"] and print(state["said"], file=sys.stderr, flush=True)
                return state
            if self._keeper.poll() == KEPT_BY_ANOTHER:
                time.sleep(0.2)
                self._keeper = self._spawn_keeper()
            elif self._keeper.returncode is not None:
                break
            if time.monotonic() > said_at + SAID_EVERY:
                said_at = time.monotonic()
                print(f"The servers are not up yet, still waiting; see {self.data / LOG}.", file=sys.stderr, flush=True)
            time.sleep(0.02)
        raise BrokenStart(f"The servers did not start. {self._last_words()}")

    def _keep_or_end_ours(self, serving: int) -> None:
        """Where another's keeper was quicker, ours must not live to follow it."""
        if self._keeper and self._keeper.pid != serving:
            self._keeper.terminate()
            self._keeper.wait()
            self._keeper = None

    def _spawn_keeper(self) -> subprocess.Popen[bytes]:
        kind = [word for word, on in (("--fast", not self.durable), ("--passing", self.passing)) if on]
        command = [sys.executable, "-m", "config.keeper", str(self.data), *kind]
        (self.data / LOG).mkdir(exist_ok=True)
        with open(self.data / LOG / "keeper.log", "ab", buffering=0) as log:
            return subprocess.Popen(
                command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _last_words(self) -> str:
        lines = (self.data / LOG / "keeper.log").read_text(errors="replace").split("\n")
        return "\n".join(lines[-6:]).strip()

    def _own_settings(self) -> dict[str, str]:
        """What the city would have to set, and we can set ourselves."""
        settings = {"DATA_DIR": str(self.data)}
        if not given("SECRET_KEY"):
            made.once(self.data / "secret_key", secrets.token_urlsafe(50))
            settings["SECRET_KEY_FILE"] = str(self.data / "secret_key")
        if kind := self._kind():
            settings["SALKKU_INSTALLATION"] = kind
        if "SECURE_COOKIES" not in os.environ:
            settings["SECURE_COOKIES"] = "0"  # the site is at 127.0.0.1, without TLS
        return settings

    def _kind(self) -> str | None:
        """Live or demo: whoever first says so says it for good, and later commands need not repeat it."""
        kept, asked = kept_kind(self.data), os.environ.get("SALKKU_INSTALLATION")
        if asked and not kept:
            kept = made.once(self.data / KIND, _known_kind(asked))
        if asked and asked != kept:
            raise BrokenStart(
                f"{self.data} holds a {kept} installation; set DATA_DIR to another folder for a {asked} one."
            )
        return kept

    def _set(self, settings: dict[str, str]) -> None:
        self._before = {name: os.environ.get(name) for name in settings}
        os.environ.update(settings)

    def _leave(self) -> None:
        if self.users is None:
            return
        if relock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB):
            self._dismiss_keeper()
        elif not relock(self.users, fcntl.LOCK_SH | fcntl.LOCK_NB):  # the keeper is leaving already
            self._wait_for_keeper()
        self.users.close()
        self.users = None

    def _dismiss_keeper(self) -> None:
        if state := self._state():
            os.kill(state["pid"], signal.SIGTERM)
        self._wait_for_keeper()

    def _wait_for_keeper(self) -> None:
        deadline = time.monotonic() + STOP_WITHIN
        while not self._keeper_is_gone() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._keeper:
            with suppress(subprocess.TimeoutExpired):
                self._keeper.wait(STOP_WITHIN)

    def _keeper_is_gone(self) -> bool:
        try:
            unkept = hold(self.data / LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:  # with the folder, as passing servers do
            return True
        if unkept:
            unkept.close()
        return unkept is not None
