"""How the machine is: signs of life, what it should have done by now, what it gave up; all from rows alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from portfolio import clock, history
from portfolio.history.models import ChangeSet, Head
from portfolio.texts import first
from portfolio.work import errands
from reporting.reports import queries, turns
from reporting.reports.models import Report
from reporting.work import leases
from reporting.work.models import Heartbeat, Work

FROZEN_WITHIN = timedelta(minutes=10)  # of the cut-off; ticks come twice a minute


@dataclass(frozen=True)
class Missed:
    """A status date whose facts should have been frozen long ago."""

    schedule: str
    status_date: date
    cut_off_at: datetime


@dataclass(frozen=True)
class Machine:
    """What the rows say of the machine at one moment."""

    now: datetime
    alive: dict[str, datetime]
    oldest_due: datetime | None
    due: int
    waiting: int
    parked: dict[str, int]  # tasks given up, by report
    errands: dict[str, int]  # errands given up, by kind
    missed: tuple[Missed, ...]
    seq: int
    sha256: str
    recorded_at: datetime
    sealed: bool


def machine() -> Machine:
    """The machine as its rows tell of it."""
    head, now, due = Head.objects.get(pk=1), clock.now(), _due().aggregate(oldest=Min("due"), count=Count("pk"))
    return Machine(
        now=now,
        alive=dict(Heartbeat.objects.values_list("name", "at")),
        oldest_due=due["oldest"],
        due=due["count"],
        waiting=leases.waiting().count(),
        parked=_parked(),
        errands=Counter(errands.given_up().values_list("kind", flat=True)),
        missed=tuple(sorted(missed(now=now), key=lambda each: each.cut_off_at)),
        seq=head.seq,
        sha256=head.sha256,
        recorded_at=head.recorded_at,
        sealed=head.sealed,
    )


def _parked() -> dict[str, int]:
    found = Work.objects.filter(parked=True, done_at__isnull=True).select_related("report__schedule", "snapshot")
    return Counter(_named(task) for task in found)


def _named(task: Work) -> str:
    if task.report is not None:
        return f"{first(task.report.schedule, 'name')} {task.report.status_date}"
    return f"{task.snapshot.kind} {task.snapshot.number}" if task.snapshot else task.kind


def _due() -> QuerySet[Any]:
    """Work that nobody holds and whose turn it is, with `due`: since when it could have been done.

    Letters have no such instant.
    """
    taken = ChangeSet.objects.filter(seq=OuterRef("snapshot__seq")).values("recorded_at")[:1]
    since = Case(
        When(kind=Work.Kind.FREEZE, then=F("report__cut_off_at")),
        When(kind=Work.Kind.RENDER, then=Subquery(taken)),
        output_field=DateTimeField(),
    )
    early = Q(kind=Work.Kind.FREEZE) & ~Q(report__state=Report.State.OPEN, report__cut_off_at__lte=queries.CityNow())
    waits = Greatest(since, Coalesce("leased_until", since), Coalesce("next_at", since))
    of_another = Q(kind=Work.Kind.FREEZE) & turns.held_back("report__")
    return leases.waiting().exclude(kind=Work.Kind.TELL).exclude(early).exclude(of_another).annotate(due=waits)


def missed(*, now: datetime) -> Iterator[Missed]:
    """Status dates that were not frozen in time: not opened at all, or open still (INV-104).

    Of each schedule the one whose turn it is: what waits for it is not late by itself.
    """
    late = now - FROZEN_WITHIN
    turn: dict[int, Missed] = {}
    for schedule, each in sorted(_to_be_frozen(late), key=lambda found: found[1].status_date):
        turn.setdefault(schedule, each)
    yield from (each for each in turn.values() if each.cut_off_at <= late)
    corrections = _open().filter(supersedes__isnull=False, cut_off_at__lte=late).exclude(turns.held_back())
    yield from (_missed(report) for report in corrections)


def _to_be_frozen(late: datetime) -> Iterator[tuple[int, Missed]]:
    """By schedule: the status dates without a report, and those whose report still collects."""
    for schedule, timing in queries.due_timings(now=late):
        if queries.alive_on(schedule, timing.status_date).exists():
            yield schedule.pk, Missed(first(schedule, "name"), timing.status_date, timing.cut_off_at)
    for report in _open().filter(supersedes__isnull=True):
        yield report.schedule_id, _missed(report)


def _open() -> QuerySet[Report]:
    return Report.objects.filter(state=Report.State.OPEN).select_related("schedule")


def _missed(report: Report) -> Missed:
    return Missed(first(report.schedule, "name"), report.status_date, report.cut_off_at)


def try_to_write() -> None:
    """Open a change set that leaves no trace, and write one row beside the history: whoever would write could.

    Raises Refused `busy.retry`, DatabaseError.
    """
    with history.change(by=leases.MACHINE):
        alive("writing")


def alive(name: str) -> None:
    """A sign of life of a part of the machine."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.real_now()})
