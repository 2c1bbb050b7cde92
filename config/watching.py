"""The watch: looks once a minute and tells of each trouble once, and once when it is over, without broker or worker.

What has been told to whom stands in a file of the data folder, so that neither a restart nor a database that is away
makes it tell anything twice.
"""

from __future__ import annotations

import fcntl
import json
import shlex
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import IO, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config import apart, condition
from config.condition import Condition

STATE, LOCK = "watch.json", "watch.lock"
ANSWERED_WITHIN = 45.0  # seconds: a database that has stopped without closing its connections never answers
TOLD_WITHIN = 20.0  # seconds for all of it: a name looked up, every letter and every header
GLANCE = 0.1  # between two looks whether to leave
LONGEST_REASON = 300
TRIAL = "trial"

Row = dict[str, Any]


@dataclass(frozen=True)
class News:
    """What one channel has not been told yet, as sentences by their trouble's key, and what stands unchanged."""

    new: dict[str, str]
    over: dict[str, str]
    still: dict[str, str]


class Looker:
    """Looks in a thread, so that whoever does not answer can be told of."""

    def __init__(self, leave: Event | None = None) -> None:
        self._leave = leave or Event()
        self._thread: threading.Thread | None = None
        self._found: list[Condition] = []
        self._at = "database"

    def look(self, within: float = ANSWERED_WITHIN) -> Condition:
        """The condition, or what does not answer, by its name; a look that is still waiting is not doubled."""
        if self._thread is None or not self._thread.is_alive():
            self._found, self._at = [], "database"
            self._thread = threading.Thread(target=self._look, daemon=True)
            self._thread.start()
        until = time.monotonic() + within
        while self._thread.is_alive() and not self._leave.is_set() and time.monotonic() < until:
            self._thread.join(GLANCE)
        return self._found[0] if self._found else condition.unanswered(self._at, f"no answer within {within:.0f} s")

    def _look(self) -> None:
        try:
            self._found.append(condition.look(self._move_on, web=settings.WEB_ADDRESS))
        except Exception as error:  # a look that fails is no silence
            self._found.append(condition.unanswered("all", condition.named(error)))
        finally:
            connections.close_all()

    def _move_on(self, what: str) -> None:
        self._at = what


@dataclass
class Watch:
    """Tells by its channels what begins and what ends; a channel that fails is told at the next look."""

    folder: Path
    patience: int  # so many looks in a row must find a trouble before it is told of
    channels: dict[str, Callable[[News], None]]
    leave: Event = field(default_factory=Event)  # once it is set nobody is told any more: who starts next tells it
    _rows: dict[str, Row] = field(default_factory=dict)
    _kept: bool = True

    def take_note(self, found: Condition) -> None:
        """Compare with what was told, remember, and tell what is not; a channel's failure is its own."""
        with _alone(self.folder, self.leave):
            if self.leave.is_set():
                return
            rows = self._read()
            _sight(rows, found)
            standing = {trouble.key for trouble in found.troubles}
            lasting = {key for key in standing if rows[key]["looks"] >= self.patience}
            over = {key for key in set(rows) - standing if _code(key) not in found.unasked}
            self._write(rows)  # before anything is told: whatever a channel does, it was seen
            for name, tell in self.channels.items():
                if self._tell(name, tell, rows, lasting, over):
                    self._write(rows)  # at once: a watch that is killed now tells the others at its next start
            if ended := {key for key in over if not rows[key]["told"]}:
                for key in ended:
                    del rows[key]
                self._write(rows)

    def _tell(
        self, name: str, tell: Callable[[News], None], rows: dict[str, Row], lasting: set[str], over: set[str]
    ) -> bool:
        def of(keys: set[str], sentence: str = "said") -> dict[str, str]:
            return {key: rows[key][sentence] for key in sorted(keys)}

        told = {key for key, row in rows.items() if name in row["told"]}
        news = News(of(lasting - told), of(over & told, "over"), of(told - over))
        if not (news.new or news.over):
            return False
        if reason := _failure(tell, news):
            _say(f"{name} failed and is tried again: {reason}")
            return False
        for key in news.new:
            rows[key]["told"].append(name)
        for key in news.over:
            rows[key]["told"].remove(name)
        return True

    def _read(self) -> dict[str, Row]:
        if self._kept:
            with suppress(OSError):
                self._rows = _remembered((self.folder / STATE).read_bytes())
        return self._rows

    def _write(self, rows: dict[str, Row]) -> None:
        """On a disk that is full it is remembered until it can be written again."""
        draft = self.folder / f"{STATE}.new"
        self._rows = rows
        try:
            draft.write_text(json.dumps(rows))
            draft.replace(self.folder / STATE)
            self._kept = True
        except OSError as error:
            _say(f"what was told can't be kept: {error}")
            self._kept = False


def _code(key: str) -> str:
    return key.partition(" ")[0]


def _sight(rows: dict[str, Row], found: Condition) -> None:
    """Each trouble has a row of its own from the first look that finds it."""
    for trouble in found.troubles:
        row = rows.setdefault(trouble.key, {"since": datetime.now(UTC).isoformat(), "told": []})
        row |= {"said": str(trouble), "over": trouble.over, "looks": row.get("looks", 0) + 1}


def _remembered(kept: bytes) -> dict[str, Row]:
    """The rows of a file that may be another version's, or spoilt: what can't be read is begun anew, and told anew."""
    try:
        read = json.loads(kept)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        _say(f"{STATE} can't be read and is begun anew")
        return {}
    rows = {key: row for key, row in read.items() if _sound(key, row)}
    if lost := sorted(set(read) - set(rows)):
        _say(f"{STATE} can't be read and is begun anew at: {', '.join(lost)}")
    return rows


def _sound(key: str, row: Any) -> bool:
    """A row as this version writes it, of a trouble that it knows."""
    if _code(key) not in condition.ALL or not isinstance(row, dict):
        return False
    told = row.get("told")
    texts = (row.get("said"), row.get("over"), *(told if isinstance(told, list) else [None]))
    return isinstance(row.get("looks"), int) and all(isinstance(text, str) for text in texts)


class _alone:  # noqa: N801 (read as a word of the sentence)
    """One watch at a time over a folder; where no lock can be made, none."""

    def __init__(self, folder: Path, leave: Event) -> None:
        self.folder, self.leave = folder, leave

    def __enter__(self) -> None:
        self._stream: IO[str] | None = None
        with suppress(OSError):
            self._stream = open(self.folder / LOCK, "a")
            while not self._locked() and not self.leave.is_set():
                self.leave.wait(GLANCE)

    def _locked(self) -> bool:
        assert self._stream
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(self, *_: object) -> None:
        if self._stream:
            self._stream.close()


def channels(leave: Event | None = None) -> dict[str, Callable[[News], None]]:
    """The log always; letters where ALARM_TO and MAIL_URL are set; what ALARM_HOOK names.

    Whoever is behind a letter or a hook may be as slow as he likes: it is broken off in time, and when we are to leave.
    """
    found: dict[str, Callable[[News], None]] = {"log": _log}
    if settings.ALARM_TO and settings.MAIL_URL:
        found["letter"] = _in_time(_letter, leave or Event())
    if settings.ALARM_HOOK:
        found["hook"] = _in_time(_hook, leave or Event())
    return found


def _in_time(tell: Callable[[News], None], leave: Event) -> Callable[[News], None]:
    return lambda news: apart.do(partial(tell, news), within=TOLD_WITHIN, leave=leave)


def _log(news: News) -> None:
    for mark, sentences in (("TROUBLE", news.new), ("over", news.over)):
        for key, said in sentences.items():
            print(f"watch: {mark} {key}: {said}", flush=True)


def _say(line: str) -> None:
    """To the log too, which may itself be what fails."""
    with suppress(OSError, ValueError):
        print(f"watch: {line}", flush=True)


def _letter(news: News) -> None:
    """Straight to the mail server, in the city's first language."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = [
            (pgettext("troubles", "New:"), news.new),
            (_("Over:"), news.over),
            (_("Still in the way:"), news.still),
        ]
        told = [
            f"{title}\n" + "\n".join(f"– {said}" for said in said_of.values()) for title, said_of in parts if said_of
        ]
        by_itself = _("The watch of Salkku wrote this by itself: once when a trouble begins, and once when it is over.")
        EmailMessage(
            subject=_subject(news),
            body="\n\n".join([*told, settings.SITE_ADDRESS, by_itself]) + "\n",
            to=settings.ALARM_TO,
            headers={"Auto-Submitted": "auto-generated"},
        ).send()


def _subject(news: News) -> str:
    if TRIAL in news.new:
        return _("Salkku: a trial of the alarm")
    if news.new:
        return _("Salkku: {count} in the way of the service").format(count=len(news.new) + len(news.still))
    if news.still:
        return _("Salkku: a trouble is over, others remain ({count})").format(count=len(news.still))
    return _("Salkku: the service works again")


def try_out(tell: Callable[[News], None]) -> str:
    """Tell something by a channel; why it could not be told, or nothing."""
    with translation.override(settings.LANGUAGE_CODE):
        said = _("This is a trial: the alarm arrives, and nothing is wrong.")
    return _failure(tell, News({TRIAL: said}, {}, {}))


def _failure(tell: Callable[[News], None], news: News) -> str:
    """Why a channel could not be told, or nothing: what is behind it is anybody's, and so is how it fails."""
    try:
        tell(news)
    except Exception as error:
        return " ".join(str(error).split())[:LONGEST_REASON] or type(error).__name__
    return ""


def _hook(news: News) -> None:
    """The same as JSON: sent to an address, or given to a command."""
    body = {"site": settings.SITE_ADDRESS, "new": news.new, "over": news.over, "still": news.still}
    told = json.dumps(body).encode()
    if settings.ALARM_HOOK.startswith(("http://", "https://")):
        asked = urllib.request.Request(settings.ALARM_HOOK, told, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=TOLD_WITHIN):
            return
    command = shlex.split(settings.ALARM_HOOK)
    subprocess.run(command, input=told, check=True, stdout=subprocess.DEVNULL)
