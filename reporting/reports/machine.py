"""What the machine does for a report when it is rung, and may be rung twice for: freeze and compile it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from portfolio import clock, history
from portfolio.long_text import Utf8, sent_apart
from reporting.compilation import compile_report, printed
from reporting.documents import kinds, renderer
from reporting.facts import EarlierFacts, Language, ReportFacts, canonical
from reporting.reports import queries, turns
from reporting.reports.lifecycle import require_move
from reporting.reports.models import Report
from reporting.schedule import timetable
from reporting.schedule.queries import timetable_of
from reporting.schedule.timetable import period_start
from reporting.snapshot.models import Findings, Snapshot
from reporting.snapshot.queries import facts_of, found_of, newest_snapshot
from reporting.snapshot.taking import Order, take
from reporting.snapshot.world import text
from reporting.work import leases
from reporting.work.models import Work


def _past_cut_off() -> QuerySet[Work]:
    """Reports that collect no more: open, and past their cut-off."""
    return leases.waiting().filter(
        kind=Work.Kind.FREEZE, report__state=Report.State.OPEN, report__cut_off_at__lte=queries.CityNow()
    )


def _due() -> QuerySet[Work]:
    """Of those, the next of each schedule."""
    return turns.in_turn(_past_cut_off())


def to_freeze() -> list[int]:
    """Work of reports whose cut-off has passed and whose turn it is; the log says of the others for whom they wait."""
    turns.tell_of_waiting(_past_cut_off())
    return list(_due().values_list("pk", flat=True))


def freeze(work_id: int) -> None:
    """Keep what was known at the cut-off, and what follows from it (INV-93, INV-94).

    A bell that rings too early, or for a report that is frozen already, changes nothing.
    """
    with leases.held(work_id, among=_due()) as claim:
        if claim is None:
            return
        report = queries.as_ordered(claim.row.report_id)
        before = turns.before(report)
        turns.require(report, before)
        _keep_snapshot(claim, report, before, _said(claim, order_of(report)))


@dataclass(frozen=True)
class Said:
    """What is kept of a freeze, as it is written: the facts themselves take several times as much room."""

    cut_seq: int
    schema: int
    period_starts_on: date
    languages: tuple[Language, ...]
    facts: Utf8
    findings: str


def _said(claim: leases.Claim, order: Order) -> Said:
    facts = take(order)
    leases.hold(claim, unless_within=renderer.HEARTBEAT_SECONDS)
    findings = canonical.dumps(compile_report(facts, order.previous, order.said)).decode()
    payload = Utf8(canonical.dumps(facts))
    told = facts.cut.seq, facts.schema, facts.document.period_starts_on, facts.city.languages
    return Said(*told, payload, findings)


def order_of(report: Any) -> Order:
    """A report `queries.as_ordered`, and what was said before it, in plain values."""
    before = list(queries.said_before(report).select_related("report", "findings"))
    since = queries.status_date_before(report.schedule, report.status_date)
    cut = history.seq_at(report.cut_off_at)
    return Order(
        status_date=report.status_date,
        period_starts_on=period_start(since, report.schedule.council_term.starts_on, report.status_date),
        cut_off_at=report.cut_off_at,
        compiled_at=max(report.opened_at, report.cut_off_at).replace(microsecond=0),
        cut=cut,
        edition=report.edition,
        term_id=report.schedule.council_term_id,
        programme_ids=frozenset(report.chosen),
        named_after=timetable.period(timetable_of(report.schedule, cut=cut), report.status_date),
        schedule=text(report.schedule, "name"),
        case_number=report.case_number,
        annex_number=report.annex_number,
        supersedes_because=report.supersedes_because,
        caught_up_on=_caught_up_on(report),
        corrected=_corrected(report),
        previous=facts_of(before[-1]) if before else None,
        said=found_of(before[-1]) if before else None,
        earlier=tuple(_printed(snapshot) for snapshot in before),
        largest=report.largest,
    )


def _caught_up_on(report: Any) -> date | None:
    """The later day on which a missed report was opened; one opened on the day of its cut-off says what it would have.

    What was known at the cut-off is told either way: only the day of its making is another.
    """
    opened, due = (at.astimezone(clock.zone()).date() for at in (report.opened_at, report.cut_off_at))
    return opened if report.caught_up and opened > due else None


def _corrected(report: Any) -> ReportFacts | None:
    """What the edition said that this one replaces."""
    kept = newest_snapshot(report.supersedes) if report.supersedes_id else None
    return facts_of(kept) if kept else None


def _printed(snapshot: Snapshot) -> EarlierFacts:
    """The standings that an earlier report printed, as they were kept then: rules may have been mended since."""
    report = queries.report_of(snapshot)
    return printed(found_of(snapshot), status_date=report.status_date, edition=report.edition)


def _keep_snapshot(claim: leases.Claim, report: Any, before: turns.Before, said: Said) -> None:
    with history.change(by=leases.MACHINE):
        leases.finish(claim)
        current = history.lock(Report, report.pk)
        require_move(current, Report.State.FROZEN)
        turns.require(current, before)
        snapshot = Snapshot(
            report=current,
            number=report.taken + 1,
            because=queries.reason_of_retake(current) if report.taken else "",
            cut_seq=said.cut_seq,
            schema=said.schema,
            payload=said.facts,
            sha256=hashlib.sha256(said.facts).hexdigest(),
        )
        with sent_apart():
            snapshot.checked_save()
        digest = hashlib.sha256(said.findings.encode()).hexdigest()
        Findings.objects.bulk_create([Findings(snapshot=snapshot, payload=said.findings, sha256=digest)])
        turns.tell_how_late(current)
        current.state, current.period_starts_on = Report.State.FROZEN, said.period_starts_on
        current.checked_save()
        kinds.order_files(snapshot, said.languages)
