"""Whose turn it is: the status dates of one schedule are frozen one at a time, in their order (INV-93).

A report is compared with the one before it, so that one must have been kept, and is confirmed after it, while all that
it says of those before is still so. Schedules never wait for each other.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, QuerySet

from portfolio import clock
from portfolio.refusals import Lack
from reporting.reports import lifecycle, queries
from reporting.reports.models import Report
from reporting.snapshot.models import Snapshot
from reporting.snapshot.queries import newest_snapshot, payload_of
from reporting.work import leases
from reporting.work.models import Work

logger = logging.getLogger(__name__)
Before: TypeAlias = tuple[int, ...]  # the snapshots that were said before, by id, the oldest first


Rests: TypeAlias = frozenset[tuple[str, int]]  # the earlier reports that a snapshot tells of, by day and edition


@dataclass(frozen=True)
class InTheWay:
    """An earlier status date for which a draft can't be confirmed, and by which refusal; without a report, unopened."""

    code: str
    status_date: date
    report: Report | None = None

    @property
    def lack(self) -> Lack:
        return Lack(self.code, status_date=self.status_date, report_id=self.report.pk if self.report else None)


@dataclass(frozen=True)
class Waits:
    """For which status date a report waits: the earliest that is not frozen; without a report, if it is not opened."""

    status_date: date
    report: Report | None = None
    parked: bool = False


def _collecting(schedule: Any, day: Any) -> QuerySet[Report]:
    """Reports of earlier status dates whose facts are yet to be taken, or taken again.

    A correction is none: until it is confirmed, the city stands by the edition before it.
    """
    return Report.objects.filter(
        schedule=schedule, status_date__lt=day, state=Report.State.OPEN, supersedes__isnull=True
    )


def in_turn(found: QuerySet[Work]) -> QuerySet[Work]:
    """Work on reports that wait for no earlier status date of their schedule, whatever holds that one up."""
    return found.exclude(held_back("report__"))


def held_back(report: str = "") -> Exists:
    """That an earlier status date still collects, for whoever comes to a report by this path."""
    return Exists(_collecting(OuterRef(f"{report}schedule"), OuterRef(f"{report}status_date")))


def tell_of_waiting(due: QuerySet[Work]) -> None:
    """Say in the log which reports that are due wait for which; of each and its cause once in the life of a process."""
    for task in due.difference(in_turn(due)):
        report = queries.report_of(task)
        if waits := waits_for(report):
            _log(report.pk, report.status_date, waits.status_date, waits.parked)


@cache
def _log(report: int, on: date, waits_for: date, parked: bool) -> None:
    why = "is given up: somebody has to let it on" if parked else "is not frozen yet"
    logger.warning("report %s of %s waits: the one of %s before it %s", report, on, waits_for, why)


def before(report: Report) -> Before:
    """What a report is compared with, as of this very moment."""
    return tuple(queries.said_before(report).values_list("pk", flat=True))


def require(report: Report, known: Before) -> None:
    """It is still this report's turn, and before it stands what was read; asked again under the head's lock.

    Raises leases.Overtaken.
    """
    if (waits := waits_for(report)) or before(report) != known:
        raise leases.Overtaken(f"the status date before {report.status_date} changed: {waits or known}")


def rests_on(snapshot: Snapshot | None) -> Rests:
    """Of which earlier reports a snapshot tells, read back from what was kept."""
    told = json.loads(payload_of(snapshot))["earlier"] if snapshot else []
    return frozenset((each["status_date"], each["edition"]) for each in told)


def in_the_way(report: Report, snapshot: Snapshot | None, rests: Rests) -> list[InTheWay]:
    """Why a draft can't be confirmed yet: an earlier report that isn't, or that is no longer what the draft says of it.

    A correction is said only once it is confirmed; until then nobody waits for it.
    """
    found = [InTheWay("report.earlier_unconfirmed", on, earlier) for on, earlier in _unconfirmed(report)]
    for said in queries.said_before(report).select_related("report"):
        of = queries.report_of(said)
        on, edition = of.status_date, of.edition
        if snapshot and (said.seq > snapshot.seq or (on.isoformat(), edition) not in rests):
            found.append(InTheWay("report.previous_retaken", on, of))
    return found


def _unconfirmed(report: Report) -> list[tuple[date, Report | None]]:
    """The earlier status dates whose first edition is not confirmed, and the first that nobody has opened yet."""
    first = Report.objects.filter(schedule=report.schedule_id, status_date__lt=report.status_date, edition=1)
    found: list[tuple[date, Report | None]] = [
        (each.status_date, each) for each in first.exclude(state__in=lifecycle.FINAL).order_by("status_date")
    ]
    unopened = queries.unopened_before(report, now=clock.now())
    return found + ([(unopened.status_date, None)] if unopened else [])


def before_a_draft(report: Report) -> list[InTheWay]:
    """The same of a report as it stands; of one that collects or is confirmed there is nothing to say."""
    if report.state not in (Report.State.FROZEN, Report.State.DRAFT):
        return []
    snapshot = newest_snapshot(report)
    return in_the_way(report, snapshot, rests_on(snapshot))


def waits_for(report: Report) -> Waits | None:
    """The earlier status date, collecting or not even opened, for which a report that is open has to wait."""
    earlier = _collecting(report.schedule_id, report.status_date).order_by("status_date").first()
    if earlier is not None:
        parked = Work.objects.filter(report=earlier, kind=Work.Kind.FREEZE, done_at__isnull=True, parked=True)
        return Waits(earlier.status_date, earlier, parked.exists())
    unopened = queries.unopened_before(report, now=clock.now())
    return Waits(unopened.status_date) if unopened else None


def waiting(report: Report) -> Waits | None:
    """For whom a report waits whose cut-off has passed; nobody while it still collects."""
    if report.state != Report.State.OPEN or report.cut_off_at > clock.now():
        return None
    return waits_for(report)


def held_up(report: Report) -> list[date]:
    """The later status dates whose cut-off has passed and which wait until this one is frozen."""
    if report.state != Report.State.OPEN or report.supersedes_id:
        return []
    later = Report.objects.filter(schedule=report.schedule_id, status_date__gt=report.status_date)
    due = later.filter(state=Report.State.OPEN, cut_off_at__lte=queries.CityNow())
    return list(due.order_by("status_date").values_list("status_date", flat=True).distinct())


def tell_how_late(report: Report) -> None:
    """Say in the log, when a report is frozen, that it was missed, and how many later ones waited for it."""
    late, later = clock.now() - report.cut_off_at, len(held_up(report))
    if report.caught_up or later:
        told = (report.pk, report.status_date, str(late).partition(".")[0], later)
        logger.warning("report %s of %s is frozen %s after its cut-off; later ones that waited: %s", *told)
