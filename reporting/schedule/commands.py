"""Writing schedules: when the council is reported to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from portfolio import city, clock, history
from portfolio.history import Job
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from portfolio.strategy.models import CouncilTerm
from reporting.schedule import queries
from reporting.schedule.models import ReportSchedule, ScheduledDate, ScheduledProgramme

MOST_GRACE = timedelta(days=365)  # from the end of a status date to its cut-off


LATE_GRACE = timedelta(days=31)  # from today, for a status date that is longer past


def schedule_reports(
    council_term: CouncilTerm,
    *,
    by: Person | Job,
    programmes: Iterable[Programme] = (),
    dates: Iterable[dict[str, Any]] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    **given: Any,
) -> ReportSchedule:
    """Say when the council is reported to in a term: twice a year, yearly, or on single dates (INV-104)."""
    with history.change(by=by):
        permissions.require(by, "schedule_reports")
        first, last = starts_on or council_term.starts_on, ends_on or council_term.ends_on
        if first < council_term.starts_on or last > council_term.ends_on:
            raise Refused("schedule.range", field="starts_on" if first < council_term.starts_on else "ends_on")
        if given.get("grace_days", 0) > MOST_GRACE.days:
            raise Refused("schedule.late", field="grace_days", most=MOST_GRACE.days, late=LATE_GRACE.days)
        _require_a_name_of_its_own(council_term, given)
        schedule = ReportSchedule(council_term=council_term, starts_on=first, ends_on=last, **given).checked_save()
        for programme in programmes:
            ScheduledProgramme(schedule=schedule, programme=programme, provenance=schedule.provenance).checked_save()
        for entry in dates:
            schedule_date(schedule, by=by, **entry)
        return schedule


def _require_a_name_of_its_own(council_term: CouncilTerm, given: dict[str, Any]) -> None:
    """Reports and their files are told apart by the schedule's name (INV-94)."""
    named = queries.slug_of(ReportSchedule(**{name: given[name] for name in given if name.startswith("name_")}))
    others = ReportSchedule.objects.filter(council_term=council_term)
    if named in {queries.slug_of(other) for other in others}:
        raise Refused("schedule.named", field=f"name_{city.identity().first}")


def schedule_date(
    schedule: ReportSchedule,
    *,
    status_date: date,
    by: Person | Job,
    cut_off_at: datetime | None = None,
    seen: int | None = None,
    **name: str,
) -> ScheduledDate:
    """Name a status date of the schedule's time, and its cut-off, which comes after that day has ended (INV-91)."""
    with history.change(by=by):
        permissions.require(by, "schedule_reports")
        current = history.lock(ReportSchedule, schedule.pk, seen=seen)
        if not current.starts_on <= status_date <= current.ends_on:
            raise Refused("schedule.range", field="status_date")
        require_a_likely_cut_off(status_date, cut_off_at)
        return ScheduledDate(
            schedule=schedule,
            status_date=status_date,
            cut_off_at=cut_off_at,
            provenance=schedule.provenance,
            **name,
        ).checked_save()


def require_a_likely_cut_off(status_date: date, cut_off_at: datetime | None) -> None:
    """After the status date (INV-91) and not long after it: a slip of the pen would hold up all later reports."""
    if cut_off_at is None:
        return
    if cut_off_at <= (ended := clock.end_of_day(status_date)):
        raise Refused("report.too_early", field="cut_off_at")
    if cut_off_at > max(ended + MOST_GRACE, clock.now() + LATE_GRACE):
        raise Refused("schedule.late", field="cut_off_at", most=MOST_GRACE.days, late=LATE_GRACE.days)
