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

    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    SINGLE_DATES = "single_dates"


MONTHS = {
    Rhythm.QUARTERLY: (3, 6, 9, 12),
    Rhythm.HALF_YEARLY: (6, 12),
    Rhythm.YEARLY: (12,),
    Rhythm.SINGLE_DATES: (),
}


@dataclass(frozen=True)
class Timing:
    """One status date and the instant by which its facts must be known; `named` where people gave the day itself."""

    status_date: date
    cut_off_at: datetime
    named: bool = False

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
    named = {entry.status_date: entry.cut_off_at for entry in timetable.entries}
    for day in sorted({*_rhythmic(timetable), *named}):
        yield Timing(day, named.get(day) or _cut_off(day, timetable, zone), day in named)


def _rhythmic(timetable: Timetable) -> Iterator[date]:
    for year in range(timetable.starts_on.year, timetable.ends_on.year + 1):
        for month in MONTHS[timetable.rhythm]:
            day = _last_of_month(year, month)
            if timetable.starts_on <= day <= timetable.ends_on:
                yield day


def period(timetable: Timetable, day: date) -> tuple[date, date]:
    """The days after which the report of a status date is called: its quarter, half-year or year.

    A day outside the rhythm gives its year its name when it is the only one of that year, else it is called by itself.
    """
    months = MONTHS[timetable.rhythm]
    if day.month in months and day.day == _last_of_month(day.year, day.month).day:
        return date(day.year, day.month - 12 // len(months) + 1, 1), day
    of_the_year = {
        d for d in (*_rhythmic(timetable), *(e.status_date for e in timetable.entries)) if d.year == day.year
    }
    return (day, day) if of_the_year - {day} else (date(day.year, 1, 1), date(day.year, 12, 31))


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _cut_off(day: date, timetable: Timetable, zone: ZoneInfo) -> datetime:
    """The schedule's time of day after the days of grace; never before the status date has ended (INV-91)."""
    last = datetime.combine(day + timedelta(days=timetable.grace_days), timetable.cut_off_time, zone).astimezone(UTC)
    return max(last, midnight(day + timedelta(days=1), zone))


def due(timetable: Timetable, zone: ZoneInfo, *, now: datetime, done: Iterable[date]) -> list[Timing]:
    """The timings that are to be opened: their status date has ended, and nobody has opened them yet."""
    opened = set(done)
    return [t for t in timings(timetable, zone) if t.status_date not in opened and t.opens_at(zone) <= now]


@dataclass(frozen=True)
class InTheRecord:
    """Since when a schedule stands in the record, and the first of the programmes that it reports on."""

    schedule: datetime
    programmes: datetime | None

    def reaches(self, timing: Timing) -> bool:
        """Whether anything was known by a cut-off: a rhythm owes no report for a time before somebody set it."""
        if self.programmes is None or timing.cut_off_at < self.programmes:
            return False
        return timing.named or timing.cut_off_at >= self.schedule


def missed(timing: Timing, *, now: datetime) -> bool:
    """Whether a report is opened only after its cut-off: caught up once, visibly (INV-104)."""
    return now >= timing.cut_off_at


def next_timing(timetable: Timetable, zone: ZoneInfo, *, now: datetime) -> Timing | None:
    """The first timing whose cut-off is still ahead: a status date to come, or one whose facts are being collected."""
    return next((t for t in timings(timetable, zone) if t.cut_off_at > now), None)


def period_start(previous: date | None, term_starts_on: date, status_date: date) -> date:
    """The day after the previous status date; for the first report of a term, the term's first day."""
    start = previous + timedelta(days=1) if previous else term_starts_on
    return min(start, status_date)
