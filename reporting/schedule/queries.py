"""Reading schedules: their status dates, programmes and names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
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


def schedules() -> Iterator[tuple[Timetable, list[int]]]:
    """The times of each schedule that opens reports, with the ids of the programmes it covers: one statement."""
    own = {"schedule": OuterRef("pk")}
    dates = ScheduledDate.objects.filter(**own).values(told=JSONObject(on="status_date", at="cut_off_at"))
    named = ScheduledProgramme.objects.filter(**own).values("programme_id")
    in_term = Programme.objects.filter(council_term_id=OuterRef("council_term_id")).values("pk")
    arrays = {"entered": dates, "named": named, "in_term": in_term}
    found = ReportSchedule.objects.filter(history_only=False).order_by()
    asked = found.annotate(**{name: ArraySubquery(rows.order_by()) for name, rows in arrays.items()})
    for row in asked.values("rhythm", "starts_on", "ends_on", "grace_days", "cut_off_time", *arrays):
        covered = row.pop("named") or row["in_term"]
        entered = tuple(_entry(each) for each in row.pop("entered"))
        del row["in_term"]
        yield Timetable(**row | {"rhythm": Rhythm(row["rhythm"])}, entries=entered), covered


def _entry(told: dict[str, str]) -> Entry:
    """A named date, as JSON has it."""
    return Entry(date.fromisoformat(told["on"]), datetime.fromisoformat(told["at"]) if told["at"] else None)


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
