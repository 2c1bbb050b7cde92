"""Writing about reports: schedules, and a report's way from open to noted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from portfolio import clock, history, permissions
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.history import Job
from portfolio.history.changes import Actor
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import Lack, Refused, require
from portfolio.strategy.models import CouncilTerm
from reporting import queries, timetable
from reporting.lifecycle import require_move
from reporting.models import (
    Publication,
    Report,
    ReportSchedule,
    ScheduledDate,
    ScheduledProgramme,
    Work,
)
from reporting.snapshot import period_start

MACHINE = Job("report")
State = Report.State


def schedule_reports(
    council_term: CouncilTerm,
    *,
    by: Actor,
    programmes: Iterable[Programme] = (),
    dates: Iterable[dict[str, Any]] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    **given: Any,
) -> ReportSchedule:
    """Say when the council is reported to in a term: twice a year, yearly, or on single dates (INV-104)."""
    with history.change(by=by):
        permissions.require(by, "schedule_reports")
        schedule = ReportSchedule(
            council_term=council_term,
            starts_on=starts_on or council_term.starts_on,
            ends_on=ends_on or council_term.ends_on,
            **given,
        ).checked_save()
        for programme in programmes:
            ScheduledProgramme(schedule=schedule, programme=programme, provenance=schedule.provenance).checked_save()
        for entry in dates:
            schedule_date(schedule, by=by, **entry)
        return schedule


def schedule_date(
    schedule: ReportSchedule,
    *,
    status_date: date,
    by: Actor,
    cut_off_at: datetime | None = None,
    key: str | None = None,
    seen: int | None = None,
) -> ScheduledDate:
    """Name a status date and its cut-off, which comes after the status date has ended (INV-91)."""
    with history.change(by=by):
        permissions.require(by, "schedule_reports")
        history.lock(ReportSchedule, schedule.pk, seen=seen)
        if cut_off_at is not None and cut_off_at <= clock.end_of_day(status_date):
            raise Refused("report.too_early", field="cut_off_at")
        return ScheduledDate(
            schedule=schedule,
            status_date=status_date,
            cut_off_at=cut_off_at,
            key=key,
            provenance=schedule.provenance,
        ).checked_save()


def open_due_reports(*, now: datetime) -> list[Report]:
    """Open every report whose status date has ended; a missed one is caught up once, visibly (INV-104)."""
    opened = []
    for schedule in ReportSchedule.objects.filter(history_only=False):
        done = Report.objects.filter(schedule=schedule).values_list("status_date", flat=True)
        for timing in timetable.due(queries.timetable_of(schedule), clock.zone(), now=now, done=done):
            opened += [open_report(schedule, status_date=timing.status_date, cut_off_at=timing.cut_off_at, by=MACHINE)]
    return opened


def open_report(
    schedule: ReportSchedule, *, status_date: date, by: Actor, cut_off_at: datetime | None = None
) -> Report:
    """Open the report of a status date that has ended, of programmes that were alive then (INV-90, INV-91, INV-94)."""
    with history.change(by=by):
        permissions.require(by, "open_report")
        now = clock.now()
        if now <= clock.end_of_day(status_date):
            raise Refused("report.too_early", field="status_date")
        if not queries.alive_on(schedule, status_date):
            raise Refused("report.status_date", field="status_date", status_date=status_date)
        before = queries.status_date_before(schedule, status_date)
        cut_off = cut_off_at or now
        report = Report(
            schedule=schedule,
            status_date=status_date,
            period_starts_on=period_start(before, schedule.council_term.starts_on, status_date),
            opened_at=now,
            cut_off_at=cut_off,
            caught_up=cut_off_at is not None and now > cut_off,
            provenance=schedule.provenance,
        ).checked_save()
        Work.objects.create(kind=Work.Kind.FREEZE, report=report)
        return report


def retake_report(report: Report, *, because: str, by: Actor, seen: int | None = None) -> Report:
    """Take a draft's facts again, as known now, with the reason; the first snapshot stays."""
    with history.change(by=by, because=because):
        permissions.require(by, "retake_report")
        current = history.lock(Report, report.pk, seen=seen)
        require_move(current, State.OPEN)
        current.state, current.cut_off_at = State.OPEN, clock.now()
        current.checked_save()
        Work.objects.filter(report=current, done_at__isnull=True).update(parked=True)
        Work.objects.filter(report=current, kind=Work.Kind.FREEZE).update(
            done_at=None, parked=False, strikes=0, next_at=None, leased_until=None
        )
        return current


def name_annex(
    report: Report, *, by: Actor, case_number: str = "", annex_number: int | None = None, seen: int | None = None
) -> Report:
    """Give the report its case number and annex number, printed from the next retake on."""
    with history.change(by=by):
        permissions.require(by, "confirm_report")
        current = history.lock(Report, report.pk, seen=seen)
        current.case_number, current.annex_number = case_number, annex_number
        return current.checked_save()


def confirm_report(report: Report, *, by: Person, seen: int | None = None) -> Report:
    """Confirm a draft that is rendered in every language: from here on it is frozen by its checksum (INV-97).

    The order is status date ≤ compiled ≤ confirmed (INV-92). All that is missing is named at once.
    """
    with history.change(by=by):
        permissions.require(by, "confirm_report")
        current = history.lock(Report, report.pk, seen=seen)
        require_move(current, State.CONFIRMED)
        snapshot = queries.newest_snapshot(current)
        require(queries.lacks_of_a_draft(current, snapshot))
        assert snapshot is not None
        current.state, current.confirmed_by, current.confirmed_at = State.CONFIRMED, by, clock.now()
        current.confirmed_sha256 = snapshot.sha256
        return current.checked_save()


def record_proposal(report: Report, *, decision: Decision, by: Actor, seen: int | None = None) -> Report:
    """Record with which decision the board brought the report to the council (INV-92)."""
    with history.change(by=by):
        permissions.require(by, "note_report")
        current = history.lock(Report, report.pk, seen=seen)
        require(_out_of_order(current, decision))
        current.proposed_by = decision
        return current.checked_save()


def send_report(report: Report, *, by: Person, seen: int | None = None) -> Report:
    """Send a confirmed report: its files are listed with their checksums and never change (INV-97)."""
    with history.change(by=by):
        permissions.require(by, "send_report")
        current = history.lock(Report, report.pk, seen=seen)
        require_move(current, State.SENT)
        current.state, current.sent_at = State.SENT, clock.now()
        Publication(
            report=current,
            sent_by=by,
            sent_at=current.sent_at,
            manifest=queries.manifest(current),
            provenance=current.provenance,
        ).checked_save()
        return current.checked_save()


def note_report(report: Report, *, decision: Decision, by: Actor, seen: int | None = None) -> Report:
    """Record that the council noted the report, with the council's decision of kind note (INV-92, INV-101)."""
    with history.change(by=by):
        permissions.require(by, "note_report")
        current = history.lock(Report, report.pk, seen=seen)
        require_move(current, State.NOTED)
        require([*governance.lacks(decision, "report.note"), *_out_of_order(current, decision)])
        current.state, current.noted_by = State.NOTED, decision
        return current.checked_save()


def _out_of_order(report: Report, decision: Decision) -> list[Lack]:
    """The board comes after the confirmation, the council after the board (INV-92)."""
    board = report.proposed_by.decided_on if report.proposed_by and report.proposed_by_id != decision.pk else None
    confirmed = report.confirmed_at.astimezone(clock.zone()).date() if report.confirmed_at else None
    earliest = max((day for day in (report.status_date, confirmed, board) if day), default=report.status_date)
    if decision.decided_on is not None and decision.decided_on < earliest:
        return [Lack("report.order", field="decision", earliest=earliest)]
    return []


def supersede_report(report: Report, *, because: str, by: Actor, seen: int | None = None) -> Report:
    """Open the next edition of a confirmed report, with the reason; the old one stays readable (INV-97)."""
    with history.change(by=by, because=because):
        permissions.require(by, "retake_report")
        current = history.lock(Report, report.pk, seen=seen)
        if current.state not in (State.CONFIRMED, State.SENT, State.NOTED):
            require_move(current, State.SENT)
        if Report.objects.filter(supersedes=current).exists():
            raise Refused("report.superseded")
        corrected = Report(
            schedule=current.schedule,
            status_date=current.status_date,
            edition=current.edition + 1,
            period_starts_on=current.period_starts_on,
            opened_at=clock.now(),
            cut_off_at=clock.now(),
            supersedes=current,
            supersedes_because=because,
            case_number=current.case_number,
            provenance=current.provenance,
        ).checked_save()
        Work.objects.create(kind=Work.Kind.FREEZE, report=corrected)
        return corrected


def unpark(report: Report, *, by: Actor, because: str, seen: int | None = None) -> Report:
    """Let the machine try again what it had given up, after the cause is mended."""
    with history.change(by=by, because=because):
        permissions.require(by, "retake_report")
        current = history.lock(Report, report.pk, seen=seen)
        Work.objects.filter(Q(report=current), done_at__isnull=True).update(parked=False, strikes=0, next_at=None)
        return current
