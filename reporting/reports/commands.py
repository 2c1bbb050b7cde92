"""Writing about reports: schedules, and a report's way from open to noted."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db.models import F

from portfolio import clock, history
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.history import Job
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Lack, Refused, require
from reporting.reports import document, queries, turns
from reporting.reports.lifecycle import FINAL, PROPOSED_FROM, require_move
from reporting.reports.models import Publication, Report
from reporting.schedule import timetable
from reporting.schedule.commands import require_a_likely_cut_off
from reporting.schedule.models import ReportSchedule, ScheduledDate
from reporting.schedule.queries import timetable_of
from reporting.schedule.timetable import period_start
from reporting.snapshot.queries import newest_snapshot
from reporting.work import leases
from reporting.work.models import Work

logger = logging.getLogger(__name__)
State = Report.State


def correct_cut_off(
    schedule: ReportSchedule,
    *,
    status_date: date,
    cut_off_at: datetime | None,
    because: str,
    by: Person | Job,
    seen: int | None = None,
) -> ScheduledDate:
    """Set right the cut-off of a status date of which nothing is frozen yet; None: as the schedule's days of grace say.

    A report that collects already goes by it at once, and one that was given up begins anew (INV-91, INV-104).
    """
    with history.change(by=by, because=because, required=True):
        permissions.require(by, "schedule_reports")
        current = history.lock(ReportSchedule, schedule.pk, seen=seen)
        if status_date not in {timing.status_date for timing in _timings(current)}:
            raise Refused("schedule.no_date", field="status_date")
        reports = list(current.reports.filter(status_date=status_date))
        if any(report.state != State.OPEN or newest_snapshot(report) for report in reports):
            raise Refused("schedule.date_frozen", field="status_date")
        require_a_likely_cut_off(status_date, cut_off_at)
        named = ScheduledDate.objects.filter(schedule=current, status_date=status_date).first()
        named = named or ScheduledDate(schedule=current, status_date=status_date, provenance=current.provenance)
        named.cut_off_at = cut_off_at
        named.checked_save()
        [at] = [timing.cut_off_at for timing in _timings(current) if timing.status_date == status_date]
        for report in reports:
            _collect_until(report, at)
        return named


def _timings(schedule: ReportSchedule) -> list[timetable.Timing]:
    """The status dates of a schedule as they stand in its rows at this moment."""
    return list(timetable.timings(timetable_of(ReportSchedule.objects.get(pk=schedule.pk)), clock.zone()))


def _collect_until(report: Report, at: datetime) -> None:
    report.cut_off_at, report.caught_up = at, report.opened_at > at
    report.checked_save()
    Work.objects.filter(report=report, kind=Work.Kind.FREEZE).update(
        epoch=F("epoch") + 1, leased_until=None, **leases.AFRESH
    )


def open_due_reports(*, now: datetime) -> list[Report]:
    """Open every report whose status date has ended; a missed one is caught up once, visibly (INV-104)."""
    tried = (_open_once(schedule, timing) for schedule, timing in queries.due_timings(now=now))
    opened = [report for report in tried if report is not None]
    if late := [report for report in opened if report.caught_up]:
        logger.warning("%s missed reports are caught up: %s", len(late), ", ".join(f"{r.status_date}" for r in late))
    return opened


def _open_once(schedule: ReportSchedule, timing: timetable.Timing) -> Report | None:
    """Open one report; what stands in the way of it, or another worker that was quicker, stops no other report."""
    if not queries.alive_on(schedule, timing.status_date).exists():
        return None
    try:
        return open_report(schedule, status_date=timing.status_date, cut_off_at=timing.cut_off_at, by=leases.MACHINE)
    except Refused as refused:
        if refused.code != "report.duplicate":
            logger.warning("the report of %s is not opened: %s", timing.status_date, refused)
        return None


def open_report(
    schedule: ReportSchedule, *, status_date: date, by: Person | Job, cut_off_at: datetime | None = None
) -> Report:
    """Open the report of a status date that has ended, of programmes that were alive then (INV-90, INV-91, INV-94)."""
    with history.change(by=by):
        permissions.require(by, "open_report")
        now = clock.now()
        if now <= clock.end_of_day(status_date):
            raise Refused("report.too_early", field="status_date")
        if not queries.alive_on(schedule, status_date).exists():
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


def retake_report(report: Report, *, because: str, by: Person | Job, seen: int | None = None) -> Report:
    """Take a draft's facts again, as known now, with the reason; the first snapshot stays."""
    with history.change(by=by, because=because, required=True):
        permissions.require(by, "retake_report")
        current = history.lock(Report, report.pk, seen=seen)
        require_move(current, State.OPEN)
        current.state, current.cut_off_at = State.OPEN, clock.now()
        current.checked_save()
        Work.objects.filter(report=current, kind=Work.Kind.RENDER, done_at__isnull=True).delete()
        Work.objects.filter(report=current, kind=Work.Kind.FREEZE).update(
            done_at=None, epoch=F("epoch") + 1, leased_until=None, **leases.AFRESH
        )
        return current


def name_annex(
    report: Report, *, by: Person | Job, case_number: str = "", annex_number: int | None = None, seen: int | None = None
) -> Report:
    """Give the report its case number and annex number, printed from the next retake on."""
    with history.change(by=by):
        permissions.require(by, "confirm_report")
        current = history.lock(Report, report.pk, seen=seen)
        current.case_number, current.annex_number = case_number, annex_number
        return current.checked_save()


def confirm_report(report: Report, *, by: Person, seen: int | None = None) -> Report:
    """Confirm a draft that is rendered in every language: from here on it is frozen by its checksum (INV-97).

    The order is status date ≤ compiled ≤ confirmed (INV-92), and those of a schedule come one after the other (INV-93).
    All that is missing is named at once.
    """
    snapshot = newest_snapshot(report)
    told, rests = queries.told(snapshot), turns.rests_on(snapshot)  # large: not to be read while others wait to save
    with history.change(by=by):
        permissions.require(by, "confirm_report")
        current = history.lock(Report, report.pk, seen=seen)
        require_move(current, State.CONFIRMED)
        if snapshot != newest_snapshot(current):
            raise Refused("edit.stale")
        before = [each.lack for each in turns.in_the_way(current, snapshot, rests)]
        require([*queries.lacks_of_a_draft(current, snapshot, told), *before])
        assert snapshot is not None
        current.state, current.confirmed_by, current.confirmed_at = State.CONFIRMED, by, clock.now()
        current.confirmed_sha256 = snapshot.sha256
        return current.checked_save()


def record_proposal(report: Report, *, decision: Decision, by: Person | Job, seen: int | None = None) -> Report:
    """Record with which decision the board brought the confirmed report to the council (INV-92)."""
    with history.change(by=by):
        permissions.require(by, "note_report")
        current = history.lock(Report, report.pk, seen=seen)
        if current.state not in PROPOSED_FROM:
            require_move(current, State.SENT)
        require([*governance.lacks(decision, "report.propose"), *_out_of_order(current, decision)])
        current.proposed_by = decision
        return current.checked_save()


def send_report(report: Report, *, by: Person, seen: int | None = None) -> Report:
    """Send a confirmed report: its files are listed with their checksums and never change (INV-97)."""
    with history.change(by=by):
        permissions.require(by, "send_report")
        current = history.lock(Report, report.pk, seen=seen)
        require_move(current, State.SENT)
        at = clock.now()
        current.state, current.sent_at = State.SENT, at
        manifest = queries.manifest(current)
        sent = current.checked_save()
        Publication(report=sent, sent_by=by, sent_at=at, manifest=manifest, provenance=sent.provenance).checked_save()
        return sent


def note_report(report: Report, *, decision: Decision, by: Person | Job, seen: int | None = None) -> Report:
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


def supersede_report(report: Report, *, because: str, by: Person | Job, seen: int | None = None) -> Report:
    """Open the next edition of a confirmed report, with the reason; the old one stays readable (INV-97)."""
    with history.change(by=by, because=because, required=True):
        permissions.require(by, "retake_report")
        current = history.lock(Report, report.pk, seen=seen)
        if current.state not in FINAL:
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


def unpark(report: Report, *, by: Person, because: str, seen: int | None = None) -> Report:
    """Let the machine try again what it had given up, once the cause is mended; the history says who and why (INV-110).

    The work itself is operational and says the same until it is done.
    """
    with history.change(by=by, because=because, required=True):
        permissions.require(by, document.LETS_ON)
        current = history.lock(Report, report.pk, seen=seen)
        if not leases.let_on(Work.objects.filter(report=current), by=by, because=because):
            raise Refused("report.not_parked")
        current.let_on_at = clock.now()
        return current.checked_save()
