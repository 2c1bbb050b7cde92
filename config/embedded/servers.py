"""Where PostgreSQL and the broker are: the city's own by DATABASE_URL and REDIS_URL, or ours, started when used.

    with Servers():
        ...  # DATABASE_URL, OWNER_DATABASE_URL and REDIS_URL are in the environment, for children too

Whoever comes second on the same data folder shares the servers of the first; the last to leave stops them.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from config import environment, made
from config.embedded.keeper import GLANCE, KEPT_BY_ANOTHER, LOCK, LOG, LONGEST_PAUSE, STATE, USERS, hold, relock
from config.embedded.postgres import FOLDER
from config.made import BrokenStart, usable

PROJECT = Path(__file__).resolve().parents[2]
ADDRESSES = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
SAID_EVERY = 30.0  # seconds between two words that we still wait
STOP_WITHIN = 60.0
SLOW = 3.0  # seconds of stopping after which it is said
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


def kept_kind(data: Path) -> str | None:
    """What the folder was first said to be: live, demo or test."""
    record = data / KIND
    return made.told(record) or None


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
        self._keeper: subprocess.Popen[bytes] | None = None  # the one we have called, whether it serves yet or not
        self._serving = self._said_from = 0
        self._pause = self._not_before = 0.0
        self._complained: tuple[str, float] = ("", 0.0)
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
            self._say_where_it_begins()
            self.users = hold(self.data / USERS, fcntl.LOCK_SH)  # waits for a keeper that is leaving
            try:
                state = self._wait_for_state()
                self._set({name: state[name] for name in ADDRESSES} | self._own_settings())
            except BaseException:
                self._leave()
                raise
        if self.mending:
            self._mender = threading.Thread(target=self._mend_until_left, daemon=True)
            self._mender.start()
        return self

    def _say_where_it_begins(self) -> None:
        """A command of a live installation that was given no settings must not pass for one that works on it."""
        if not self.passing and not (self.data / FOLDER).exists():
            print(f"DATABASE_URL is not set: an empty database begins in {self.data}.", file=sys.stderr, flush=True)

    def mend(self) -> bool:
        """A keeper that was killed is followed by another, at the same addresses; one look, and no fault of ours.

        Whether somebody keeps them: whoever looks after others too does not wait here until it is so.
        """
        try:
            with usable(self.data):
                return not self.users or bool(self._look())
        except BrokenStart as reason:
            if not self._leaving.is_set():
                self._complain(f"{reason} It is tried again.")
        return False

    def _complain(self, said: str) -> None:
        before, at = self._complained
        if said != before or time.monotonic() > at + SAID_EVERY:
            self._complained = (said, time.monotonic())
            print(said, file=sys.stderr, flush=True)

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
        """What the keeper announced, if it is alive to keep it; what it did not write it will soon write again."""
        if self._keeper_is_gone():
            return None
        try:
            state = json.loads((self.data / STATE).read_text())
        except (OSError, ValueError, RecursionError):
            return None
        return state if isinstance(state, dict) and {"pid", "said", *ADDRESSES} <= state.keys() else None

    def _wait_for_state(self) -> dict[str, Any]:
        """However long they take; what takes long is said."""
        said_at = time.monotonic()
        while not (state := self._look()):
            if time.monotonic() > said_at + SAID_EVERY:
                said_at = time.monotonic()
                print(f"The servers are not up yet, still waiting; see {self.data / LOG}.", file=sys.stderr, flush=True)
            time.sleep(0.02)
        return state

    def _look(self) -> dict[str, Any] | None:
        """What is announced by now; where nobody keeps the servers, a keeper is called, and the next look finds it."""
        if state := self._state():
            if state["pid"] != self._serving:
                self._served_by(state)
            return state
        if (self.data / STATE).is_dir():  # the keeper can't announce them over it, however long we wait
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self.data / STATE))
        if self._keeper and self._keeper.poll() not in (None, KEPT_BY_ANOTHER):
            self._lost_keeper()
        called = self._keeper is not None and self._keeper.poll() is None
        if self._keeper_is_gone() and not called and time.monotonic() >= self._not_before:
            self._keeper = self._spawn_keeper()
        return None

    def _served_by(self, state: dict[str, Any]) -> None:
        """Where another's keeper was quicker, ours must not live to follow it."""
        self._serving, self._pause = state["pid"], 0.0
        if self._keeper and self._keeper.pid != self._serving:
            self._keeper.terminate()
            self._keeper.wait()
            self._keeper = None
        if state["said"]:
            print(state["said"], file=sys.stderr, flush=True)

    def _lost_keeper(self) -> None:
        """One that had served is followed at once; of one that did not get so far it is said why."""
        assert self._keeper is not None
        lost, self._keeper = self._keeper, None
        if lost.pid == self._serving:
            return
        self._pause = min(2 * self._pause + GLANCE, LONGEST_PAUSE)
        self._not_before = time.monotonic() + self._pause
        why = self._last_words() or f"Their keeper ended with status {lost.returncode}."
        raise BrokenStart(f"The servers did not start. {why}")

    def _command(self) -> list[str]:
        kind = [word for word, on in (("--fast", not self.durable), ("--passing", self.passing)) if on]
        return [sys.executable, "-m", "config.embedded.keeper", str(self.data), *kind]

    def _spawn_keeper(self) -> subprocess.Popen[bytes]:
        (self.data / LOG).mkdir(exist_ok=True)
        with open(self.data / LOG / "keeper.log", "ab", buffering=0) as log:
            self._said_from = log.tell()
            return subprocess.Popen(
                self._command(), cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _last_words(self) -> str:
        said = (self.data / LOG / "keeper.log").read_bytes()[self._said_from :].decode(errors="replace")
        return "\n".join(said.split("\n")[-6:]).strip()

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
        assert self.users is not None
        if state := self._state():
            os.kill(state["pid"], signal.SIGTERM)
        elif self._keeper and self._keeper.poll() is None:
            self._keeper.terminate()
        else:
            relock(self.users, fcntl.LOCK_UN)  # it is another's and starts yet: it leaves when it finds itself alone
        self._wait_for_keeper()

    def _wait_for_keeper(self) -> None:
        deadline, said = time.monotonic() + STOP_WITHIN, False
        while not self._keeper_is_gone() and time.monotonic() < deadline:
            if not said and time.monotonic() > deadline - STOP_WITHIN + SLOW:
                said = True
                print("The servers are stopping; this may take half a minute.", file=sys.stderr, flush=True)
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
