"""Reading schedules: their status dates, programmes and names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, Q, QuerySet
from django.utils.text import slugify

from portfolio import clock, history
from portfolio.programmes.models import Programme
from portfolio.texts import first
from reporting.schedule import timetable
from reporting.schedule.models import ReportSchedule, ScheduledDate, ScheduledProgramme
from reporting.schedule.timetable import Entry, Rhythm, Timetable, Timing


def timetable_of(schedule: ReportSchedule, *, cut: int | None = None) -> Timetable:
    """The schedule as the pure timetable reads it, with its dates of today or those that were named by a cut."""
    named = schedule.dates.all() if cut is None else history.rows(ScheduledDate, cut).filter(schedule_id=schedule.pk)
    return Timetable(
        rhythm=Rhythm(schedule.rhythm),
        starts_on=schedule.starts_on,
        ends_on=schedule.ends_on,
        grace_days=schedule.grace_days,
        cut_off_time=schedule.cut_off_time,
        entries=tuple(Entry(entry.status_date, entry.cut_off_at) for entry in named),
    )


# Written out, for it is asked with every list of programmes and Django would put it together anew each time.
TIMES = """
    SELECT rhythm, starts_on, ends_on, grace_days, cut_off_time,
        ARRAY(SELECT ROW_TO_JSON(d) FROM (SELECT status_date, cut_off_at FROM reporting_scheduleddate
              WHERE schedule_id = s.id) d),
        ARRAY(SELECT programme_id FROM reporting_scheduledprogramme WHERE schedule_id = s.id),
        ARRAY(SELECT id FROM portfolio_programme WHERE council_term_id = s.council_term_id)
    FROM reporting_reportschedule s WHERE NOT history_only
"""


def schedules() -> Iterator[tuple[Timetable, list[int]]]:
    """The times of each schedule that opens reports, with the ids of the programmes it covers: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TIMES)
        for rhythm, starts_on, ends_on, grace_days, cut_off_time, dates, named, in_term in cursor.fetchall():
            entries = tuple(_entry(each) for each in dates)
            yield Timetable(Rhythm(rhythm), starts_on, ends_on, grace_days, cut_off_time, entries), named or in_term


def _entry(told: dict[str, str]) -> Entry:
    """A named date, as JSON has it."""
    at = told["cut_off_at"]
    return Entry(date.fromisoformat(told["status_date"]), datetime.fromisoformat(at) if at else None)


def next_timing(schedule: ReportSchedule) -> Timing | None:
    """The next status date of a schedule."""
    return timetable.next_timing(timetable_of(schedule), clock.zone(), now=clock.now())


def programmes_of(schedule: ReportSchedule) -> QuerySet[Programme]:
    """The programmes that a schedule names, else all of its term."""
    named = ScheduledProgramme.objects.filter(schedule=schedule).values("programme_id")
    of_the_term = Q(council_term_id=schedule.council_term_id) & ~Exists(named)
    return Programme.objects.filter(Q(pk__in=named) | of_the_term)


def slug_of(schedule: ReportSchedule) -> str:
    """A schedule's name for the name of a file; one that has none of our letters goes by its number."""
    return slugify(first(schedule, "name"))[:60].strip("-") or f"schedule-{schedule.pk}"
