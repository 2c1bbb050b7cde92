"""When reports fall due: pure dates and instants, no database and no clock of its own."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Rhythm(StrEnum):
    """How often the council wants a report; its law is data, not "twice a year" (INV-104)."""

    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    SINGLE_DATES = "single_dates"


MONTHS = {Rhythm.HALF_YEARLY: (6, 12), Rhythm.YEARLY: (12,), Rhythm.SINGLE_DATES: ()}


@dataclass(frozen=True)
class Timing:
    """One status date and the instant by which its facts must be known."""

    status_date: date
    cut_off_at: datetime

    def opens_at(self, zone: ZoneInfo) -> datetime:
        """The first instant after the status date: nothing is compiled before it has ended (INV-91)."""
        return midnight(self.status_date + timedelta(days=1), zone)


@dataclass(frozen=True)
class Entry:
    """A status date that people have named; its cut-off follows the schedule's grace unless it has one of its own."""

    status_date: date
    cut_off_at: datetime | None = None


@dataclass(frozen=True)
class Timetable:
    """A schedule as the machine reads it."""

    rhythm: Rhythm
    starts_on: date
    ends_on: date
    grace_days: int
    cut_off_time: time
    entries: tuple[Entry, ...] = ()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day; never ambiguous where clocks change at night's end."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def timings(timetable: Timetable, zone: ZoneInfo) -> Iterator[Timing]:
    """Every status date of the schedule with its cut-off; an entry's own cut-off replaces what grace would give."""
    named = dict.fromkeys(_rhythmic(timetable)) | {entry.status_date: entry.cut_off_at for entry in timetable.entries}
    for day in sorted(named):
        yield Timing(day, named[day] or _cut_off(day, timetable, zone))


def _rhythmic(timetable: Timetable) -> Iterator[date]:
    for year in range(timetable.starts_on.year, timetable.ends_on.year + 1):
        for month in MONTHS[timetable.rhythm]:
            day = date(year, month, monthrange(year, month)[1])
            if timetable.starts_on <= day <= timetable.ends_on:
                yield day


def _cut_off(day: date, timetable: Timetable, zone: ZoneInfo) -> datetime:
    """The schedule's time of day after the days of grace; never before the status date has ended (INV-91)."""
    last = datetime.combine(day + timedelta(days=timetable.grace_days), timetable.cut_off_time, zone).astimezone(UTC)
    return max(last, midnight(day + timedelta(days=1), zone))


def due(timetable: Timetable, zone: ZoneInfo, *, now: datetime, done: Iterable[date]) -> list[Timing]:
    """The timings that are to be opened: their status date has ended, and nobody has opened them yet."""
    opened = set(done)
    return [t for t in timings(timetable, zone) if t.status_date not in opened and t.opens_at(zone) <= now]


def missed(timing: Timing, *, now: datetime) -> bool:
    """Whether a report is opened only after its cut-off: caught up once, visibly (INV-104)."""
    return now >= timing.cut_off_at


def next_timing(timetable: Timetable, zone: ZoneInfo, *, now: datetime) -> Timing | None:
    """The first timing whose cut-off is still ahead: a status date to come, or one whose facts are being collected."""
    return next((t for t in timings(timetable, zone) if t.cut_off_at > now), None)
