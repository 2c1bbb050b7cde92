"""The status dates of one schedule are frozen one after the other, each compared with the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from portfolio import clock
from reporting import canonical, machine, queries
from reporting.models import Report, Snapshot, Work
from reporting.snapshot import take
from tests.ground.waiting import until
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.ticking import Ticking, ticking

DATES = [date(2024, 3, 30), date(2024, 3, 31), date(2024, 6, 30), date(2024, 10, 26), date(2024, 10, 27)]


@pytest.fixture
def machine_at_work(own_database: str, as_owner: psycopg.Connection[Any]) -> Iterator[Ticking]:
    with ticking(own_database, as_owner) as parts:
        yield parts


def scheduled(*days: date, **given: Any) -> Any:
    """A schedule whose cut-offs are all still to come, the earliest status date's first."""
    programme = factories.indicator().target.programme
    benefits.measured(programme.benefit_targets.get().indicators.get(), value="90", on=factories.NEW_YEAR)
    dates = [{"status_date": on, "cut_off_at": clock.now() + timedelta(days=n + 1)} for n, on in enumerate(days)]
    return factories.schedule(programme, dates=dates, **given)


def leased() -> int:
    return Work.objects.filter(kind="freeze", leased_until__isnull=False, done_at=None).count()


def assert_each_follows_the_one_before(of: Any) -> None:
    kept = list(Snapshot.objects.filter(report__schedule=of).order_by("report__status_date"))
    said = [queries.facts_of(snapshot) for snapshot in kept]
    assert (said[0].previous_sha256, said[0].earlier) == ("", ())
    for (before, snapshot), facts in zip(pairwise(kept), said[1:], strict=True):
        assert facts.previous_sha256 == before.sha256, f"{facts.document.status_date} is compared with another"
        assert facts.document.period_starts_on == before.report.status_date + timedelta(days=1)
        earlier = [one.report.status_date for one in kept if one.report.status_date < facts.document.status_date]
        assert [one.status_date for one in facts.earlier] == earlier
        assert snapshot.report.period_starts_on == facts.document.period_starts_on
    for snapshot in kept:
        again = take(machine.order_of(queries.as_ordered(snapshot.report_id)))
        assert canonical.dumps(again).decode() == snapshot.payload, "the same history gives the same bytes"


def test_two_workers_freeze_the_dates_of_a_schedule_in_order_and_another_schedule_meanwhile(machine_at_work):
    """400 days late, two processes are stopped while they take facts, and a third is idle: it takes no next date."""
    parts, of = machine_at_work, scheduled(*DATES)
    other = factories.schedule(of.programmes.get().programme, dates=[
        {"status_date": DATES[0], "cut_off_at": clock.now() + timedelta(days=1)}
    ])  # fmt: skip
    parts.owner.execute("UPDATE portfolio_installation SET shift = shift + interval '400 days'")
    with parts.gate("LOCK TABLE projects_pilot IN ACCESS EXCLUSIVE MODE"):
        parts.worker()
        parts.worker(processes=2)
        parts.beat()
        until(lambda: Report.objects.count() == len(DATES) + 1 and leased() >= 2, within=90)
        asked = parts.ticks("freeze_due_reports")
        until(lambda: parts.ticks("freeze_due_reports") >= asked + 3, within=30)
        held = Report.objects.filter(work__kind="freeze", work__leased_until__isnull=False)
        assert sorted(held.values_list("schedule", "status_date")) == [(of.pk, DATES[0]), (other.pk, DATES[0])]
    until(lambda: Snapshot.objects.count() == len(DATES) + 1, within=90)
    assert_each_follows_the_one_before(of)
    assert set(Work.objects.filter(kind="freeze").values_list("epoch", "strikes")) == {(1, 0)}
