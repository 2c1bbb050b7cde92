"""What stands in the way of the service, asked by `/healthz/deep` and by the watch: the same questions, one answer."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _
from kombu.connection import Connection

from config import apart, backups
from portfolio import city
from portfolio.history import stuck
from portfolio.refusals import Refused
from portfolio.schema import half_restored, missing_migrations
from reporting.reports import condition

ALIVE_WITHIN = timedelta(minutes=3)
DONE_WITHIN = timedelta(minutes=15)
BACKED_UP_WITHIN = timedelta(hours=26)  # a nightly backup, and two hours for it
WEB_WITHIN, WEB_ASKED = 5, 3  # seconds; and so many times, since of several processes one may hang
LEAST_FREE = 1024 * 1024 * 1024

SENTENCES = {
    "database": _("The database does not answer: {why}"),
    "restoring": _("A restore into the database was not finished; nothing of it was checked. Run restore again."),
    "migrations": _("The database lacks migrations of this version: {what}"),
    "identity": _("The city’s identity can’t be read: {why}"),
    "writing": _("Nothing can be written to the database: {why}"),
    "chain": _("Change set {seq} of the history was never sealed."),
    "broker": _("The broker (Redis) does not answer: {why}"),
    "worker": _("No worker has given a sign of life since {since}."),
    "beat": _("The timetable (beat) has given no sign of life since {since}."),
    "late": _("Work has waited since {since} and nobody does it: {count} tasks."),
    "parked": _("The system has given up {count} tasks of {what}; the report’s page says why."),
    "errand": _("The system has given up {count} errands ({what}); manage.py errands says why."),
    "missed": _("Not frozen in time: {what}"),
    "disk": _("The disk of {folder} is almost full: {free} MB are free."),
    "backup": _("The newest backup in {folder} is of {since}."),
    "backup_failed": _("The last backup failed: {why}"),
    "web": _("The web does not answer at {address}: {why}"),
    "look": _("This could not be looked at: {what} ({why})"),
}
HELD = _("Another save has not ended since {since} (connection PID {pid}); nobody else can save meanwhile.")
NEVER = {  # in their place where it never was
    "worker": _("No worker has given a sign of life yet."),
    "beat": _("The timetable (beat) has given no sign of life yet."),
    "backup": _("There is no backup in {folder} yet."),
}
OVER = {
    "database": _("The database answers again."),
    "restoring": _("The restore into the database is finished."),
    "migrations": _("The database has all tables of this version again."),
    "identity": _("The city’s identity can be read again."),
    "writing": _("The database can be written to again."),
    "chain": _("The history is sealed again."),
    "broker": _("The broker (Redis) answers again."),
    "worker": _("The worker works again."),
    "beat": _("The timetable (beat) works again."),
    "late": _("No work waits too long any more."),
    "parked": _("No task is given up any more: {what}"),
    "errand": _("No errand is given up any more: {what}"),
    "missed": _("No longer overdue: {what}"),
    "disk": _("The disk of {folder} has room again."),
    "backup": _("The backup is fresh again."),
    "backup_failed": _("The backup succeeds again."),
    "web": _("The web answers again."),
    "look": _("This can be looked at again: {what}"),
}
# Of these there may be several at once.
ABOUT = {"parked": "what", "errand": "what", "missed": "what", "disk": "folder", "look": "what"}
FIRST = ("database", "restoring", "migrations", "identity")  # while one of these stands, nothing after it is asked
ALL = frozenset(SENTENCES)
OF_ROWS = ALL - {"broker", "disk", "backup", "backup_failed", "web", "look"}


@dataclass(frozen=True)
class Trouble:
    """Something that stands in the way; the sentence is for whoever looks after the installation."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The code, and what it is about where several may stand at once: each begins and ends on its own."""
        return f"{self.code} {self.params[ABOUT[self.code]]}" if self.code in ABOUT else self.code

    @property
    def over(self) -> str:
        return str(OVER[self.code]).format(**self.params)

    def __str__(self) -> str:
        never = self.params.get("since", "") is None
        told = HELD if "pid" in self.params else (NEVER if never else SENTENCES)[self.code]
        return str(told).format(**self.params)


@dataclass(frozen=True)
class Condition:
    """All troubles of one moment, and the figures they were read from."""

    troubles: tuple[Trouble, ...]
    figures: dict[str, Any]
    unasked: frozenset[str] = frozenset()  # what could not be asked stays what it was

    def as_json(self) -> dict[str, Any]:
        told = [{"code": trouble.code, "said": str(trouble)} for trouble in self.troubles]
        return {"ok": not self.troubles, "troubles": told, **self.figures}


def look(at: Callable[[str], None] = lambda what: None, *, web: str = "") -> Condition:
    """Ask everything, and say `at` what; the `web` by whoever is not it. What does not answer is no error."""
    figures: dict[str, Any] = {"looked_at": _iso(_now())}
    questions: list[tuple[str, Iterator[Trouble], AbstractSet[str]]] = [
        ("database", _of_the_database(figures), OF_ROWS),
        ("broker", _of_the_broker(), {"broker"}),
        ("disk", _of_the_disk(figures), {"disk"}),
        ("backups", _of_the_backups(figures), {"backup", "backup_failed"}),
        ("web", _of_the_web(web) if web else iter(()), {"web"}),
    ]
    troubles: list[Trouble] = []
    unasked: set[str] = set()
    for what, answers, codes in questions:
        at(what)
        asked = _ask(what, answers, codes)
        troubles += asked.troubles
        unasked |= asked.unasked
    return Condition(tuple(troubles), figures, frozenset(unasked))


def _ask(what: str, answers: Iterable[Trouble], codes: AbstractSet[str]) -> Condition:
    """One question; where the question itself fails, that is told, and what it asks for stays what it was."""
    found: list[Trouble] = []
    try:
        for trouble in answers:
            found.append(trouble)  # noqa: PERF402 (what came before the fault is told too)
    except Exception as error:  # whatever it is, the other questions are asked
        failed = Trouble("look", {"what": what, "why": named(error)})
        return Condition((*found, failed), {}, frozenset(codes - {trouble.code for trouble in found}))
    return Condition(tuple(found), {}, _unasked({trouble.code for trouble in found}))


def unanswered(what: str, why: str) -> Condition:
    """A look of which nothing else is known than what it was at."""
    if what == "database":
        return Condition((Trouble("database", {"why": why}),), {}, ALL - {"database"})
    return Condition((Trouble("look", {"what": what, "why": why}),), {}, ALL)


def _unasked(found: set[str]) -> frozenset[str]:
    """What is not asked of a database that does not answer, or of tables and a city that are not there."""
    for number, code in enumerate(FIRST, 1):
        if code in found:
            return OF_ROWS - set(FIRST[:number])
    return frozenset()


def unready() -> list[Trouble]:
    """What a web process needs before it is given requests: its database, its tables, its city."""
    try:
        lacking = list(_of_the_tables())
    except (DatabaseError, InterfaceError) as error:
        return [_away(error)]
    return [*lacking, *_of_the_city()]


def _now() -> datetime:
    return datetime.now(UTC)


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _minute(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


def named(error: Exception) -> str:
    return f"{type(error).__name__}: {_line(error)}"


def _away(error: Exception) -> Trouble:
    return Trouble("database", {"why": _line(error)})


def _of_the_database(figures: dict[str, Any]) -> Iterator[Trouble]:
    try:
        if lacking := list(_of_the_tables()):
            yield from lacking
            return
        yield from _of_the_city()
        told = condition.machine()
    except (DatabaseError, InterfaceError) as error:
        yield _away(error)
        return
    except city.FaultyIdentity:
        return  # said by the identity
    figures |= _figures(told)
    yield from _of_the_machine(told)
    yield from _of_writing()


def _of_the_tables() -> Iterator[Trouble]:
    """All tables of this version, and whole: the half of a restore may have them all."""
    if half_restored():
        yield Trouble("restoring")
    elif lacking := missing_migrations():
        yield Trouble("migrations", {"what": ", ".join(lacking[:5])})


def _of_the_city() -> Iterator[Trouble]:
    try:
        city.identity()
    except city.FaultyIdentity as faulty:
        yield Trouble("identity", {"why": _line(faulty)})


def _figures(told: condition.Machine) -> dict[str, Any]:
    missed = [asdict(each) | {"cut_off_at": _iso(each.cut_off_at)} for each in told.missed]
    return {
        "worker": _iso(told.alive.get("worker")),
        "beat": _iso(told.alive.get("beat")),
        "oldest_due": _iso(told.oldest_due),
        "waiting": told.waiting,
        "parked": sum(told.parked.values()) + sum(told.errands.values()),
        "missed_schedules": len(missed),
        "missed": missed,
        "head": {"seq": told.seq, "sha256": told.sha256, "recorded_at": _iso(told.recorded_at)},
    }


def _of_the_machine(told: condition.Machine) -> Iterator[Trouble]:
    beat, worker = (told.alive.get(part) for part in ("beat", "worker"))
    silent = beat is None or _now() - beat > ALIVE_WITHIN
    asked = (
        beat if beat and silent else _now()
    )  # a worker is heard when beat rings: it is not to blame for what came later
    if worker is None or asked - worker > ALIVE_WITHIN:
        yield Trouble("worker", {"since": _minute(worker)})
    if silent:
        yield Trouble("beat", {"since": _minute(beat)})
    if told.oldest_due and told.now - told.oldest_due > DONE_WITHIN:
        yield Trouble("late", {"since": _minute(told.oldest_due), "count": told.due})
    for what, count in told.parked.items():
        yield Trouble("parked", {"what": what, "count": count})
    for what, count in told.errands.items():
        yield Trouble("errand", {"what": what, "count": count})
    for each in told.missed:
        yield Trouble("missed", {"what": f"{each.schedule} {each.status_date}"})
    if not told.sealed:
        yield Trouble("chain", {"seq": told.seq})


def _of_writing() -> Iterator[Trouble]:
    """Whether a change set can be opened, and a row be written; a stuck one or a full disk lets nobody write."""
    try:
        condition.try_to_write()
    except (Refused, DatabaseError, InterfaceError) as error:
        yield Trouble("writing", _held_by(error) or {"why": _line(error)})


def _held_by(error: Exception) -> dict[str, Any]:
    """Who has been saving for long, where it is that."""
    with suppress(DatabaseError, InterfaceError):
        if isinstance(error, Refused) and (writer := stuck.writer()):
            return {"since": _minute(writer.since), "pid": writer.pid}
    return {}


def _of_the_broker() -> Iterator[Trouble]:
    quick = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {"socket_timeout": 3, "retry_on_timeout": False}
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=quick) as broker:
            broker.channel().client.ping()
    except Exception as error:  # whatever library is behind the address
        yield Trouble("broker", {"why": _line(error)})


def _of_the_web(address: str) -> Iterator[Trouble]:
    """Whether it answers, be it that it lacks a database: that is asked for here too, and told by its own name."""
    for _turn in range(WEB_ASKED):
        try:
            apart.do(partial(_ask_the_web, address), within=WEB_WITHIN, leave=Event())
        except apart.Undone as error:  # whatever is behind the address, and however slow
            yield Trouble("web", {"address": address, "why": _line(error)})
            return


def _ask_the_web(address: str) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    asked = urllib.request.Request(f"{address.rstrip('/')}/readyz", headers=_known_host())
    try:
        direct.open(asked, timeout=WEB_WITHIN).close()
    except urllib.error.HTTPError as answer:
        answer.close()


def _known_host() -> dict[str, str]:
    named = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    return {"Host": named[0]} if named else {}


def _of_the_disk(figures: dict[str, Any]) -> Iterator[Trouble]:
    figures["disk"] = {}
    for folder in [settings.DATA_DIR, *([settings.BACKUP_FOLDER] if settings.BACKUP_FOLDER else [])]:
        if (free := _free(folder)) is None:
            continue
        figures["disk"][str(folder)] = free
        if free < LEAST_FREE:
            yield Trouble("disk", {"folder": str(folder), "free": free // 1024 // 1024})


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _of_the_backups(figures: dict[str, Any]) -> Iterator[Trouble]:
    """Asked where BACKUP_FOLDER says that this installation backs itself up."""
    if not (folder := settings.BACKUP_FOLDER):
        return
    kept = backups.kept(folder)
    newest = max((one.made_at for one in kept if one.made_at <= _now()), default=None)  # a clock may have been ahead
    figures["backup"] = {"newest": _iso(newest), "kept": len(kept)}
    if newest is None or _now() - newest > BACKED_UP_WITHIN:
        yield Trouble("backup", {"folder": str(folder), "since": _minute(newest)})
    if why := backups.why_failed(folder):
        yield Trouble("backup_failed", {"why": why})
