"""Reports made by a real worker and beat alone, whatever is killed, emptied, stopped or doubled on the way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
import redis
from django.conf import settings

from portfolio import clock
from portfolio.history.models import ChangeEntry
from portfolio.ledger.verification import verify
from portfolio.work.kinds import Patience
from reporting.models import Blob, Findings, Rendition, Report, Snapshot, Work
from tests.ground.waiting import until
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.ticking import Ticking, renderers_of, renders, ticking

KILLS = 3  # a kill counts only if it hit; fewer than Patience.strikes_in_all, which would park the work


@pytest.fixture
def machine(own_database: str, as_owner: psycopg.Connection[Any]) -> Iterator[Ticking]:
    with ticking(own_database, as_owner) as parts:
        yield parts


def scheduled(*days: date, **given: Any) -> Any:
    """A schedule of days long past, of a programme with one target: due and missed."""
    programme = factories.indicator().target.programme
    benefits.measured(programme.benefit_targets.get().indicators.get(), value="90", on=factories.NEW_YEAR)
    return factories.schedule(programme, dates=[{"status_date": d, "cut_off_at": clock.now()} for d in days], **given)


def assert_complete_and_once(report: Report) -> None:
    """One snapshot with its findings, six files, nothing half done, and a sound chain."""
    snapshot = Snapshot.objects.get(report=report)
    Findings.objects.get(snapshot=snapshot)
    files = Rendition.objects.filter(snapshot=snapshot).values_list("language", "format")
    assert sorted(files) == [(a, b) for a in ("en", "fi", "sv") for b in ("html", "pdf")]
    assert not Work.objects.filter(report=report, done_at=None).exists()
    assert Blob.objects.count() == Rendition.objects.count()
    made = ChangeEntry.objects.filter(relation="reporting_rendition", op="+").count()
    assert made == Rendition.objects.count()
    assert verify().sound


@pytest.mark.proof
def test_a_due_report_is_opened_frozen_and_rendered_by_the_ticks_alone_though_the_worker_is_killed(machine):
    """`kill -9` of the worker while a renderer is at work, then FLUSHALL: complete all the same, once."""
    scheduled(factories.NEW_YEAR)
    worker = machine.worker()
    machine.beat()
    renderers = until(lambda: renderers_of(worker), within=90)
    machine.kill(worker)
    until(lambda: not any(map(renders, renderers)), within=5)
    machine.flush()
    assert Report.objects.get().state == "frozen"
    assert Work.objects.filter(leased_until__isnull=False, done_at=None).exists(), "the kill hit"
    machine.leases_run_out()
    machine.worker()
    [report] = machine.until_made()
    assert report.caught_up
    assert_complete_and_once(report)


@pytest.mark.proof
def test_a_broker_that_is_down_over_a_due_instant_makes_a_report_later_and_no_less(machine, own_database):
    """The clock jumps past the cut-off while there is no broker; worker and beat wait, and find it due."""
    machine.worker()
    machine.beat()
    machine.broker.stop()
    scheduled(factories.NEW_YEAR)
    machine.owner.execute("UPDATE portfolio_installation SET shift = shift + interval '400 days'")
    machine.broker.start()
    [report] = machine.until_made()
    assert report.opened_at - clock.now() < timedelta(0) and report.caught_up
    assert_complete_and_once(report)


@pytest.mark.proof
def test_two_workers_and_two_beats_make_one_of_each(machine):
    scheduled(factories.NEW_YEAR)
    for start in (machine.worker, machine.worker, machine.beat, machine.beat):
        start()
    [report] = machine.until_made()
    assert Report.objects.count() == 1
    assert_complete_and_once(report)


@pytest.mark.proof
def test_rings_do_not_pile_up_while_nobody_listens(machine):
    """Beat without a worker, then with one: as many rings wait as there are kinds, and a worker hears the next."""
    (machine.folder / "beat-0").write_bytes(b"\0no schedule at all\n" * 50)  # what a kill may leave is begun anew
    beat = machine.beat()
    broker = redis.Redis(unix_socket_path=str(machine.broker.socket))
    said = machine.folder / "beat-0.log"
    until(lambda: said.read_text().count("is not rung while others wait") > 20, of=[beat], said=said)
    assert {key: broker.llen(key) for key in broker.keys() if broker.type(key) == b"list"} == {
        b"ticks": len(settings.CELERY_BEAT_SCHEDULE)
    }
    machine.worker()
    until(lambda: machine.ticks("open_due_reports") > 1, of=[beat])
    until(lambda: broker.llen("ticks") < 4)


@pytest.mark.proof
def test_a_worker_that_is_told_to_stop_in_the_midst_of_a_rendering_costs_no_strike(machine):
    """As at a new release: it ends what it holds or hands it over, within 90 s; no attempt counts as a failure."""
    report = factories.opened(scheduled())
    factories.freeze(report)
    machine.beat()
    worker = machine.worker()
    until(lambda: renderers_of(worker), within=90)
    worker.terminate()
    worker.wait(timeout=90)
    machine.worker()
    [made] = machine.until_made()
    assert_complete_and_once(made)
    assert set(Work.objects.values_list("strikes", flat=True)) == {0}


Hit = Callable[[Ticking, subprocess.Popen[bytes]], bool]


def at_a_lock(machine: Ticking, worker: subprocess.Popen[bytes]) -> bool:
    return machine.someone_waits()


def rendering(machine: Ticking, worker: subprocess.Popen[bytes]) -> bool:
    return bool(renderers_of(worker))


# The point, what holds the worker there, and how it is seen to be there.
FREEZING = [
    ("before the claim", "LOCK TABLE reporting_work IN ACCESS EXCLUSIVE MODE", at_a_lock),
    ("after the claim", "LOCK TABLE projects_pilot IN ACCESS EXCLUSIVE MODE", at_a_lock),
    ("before it is kept", "LOCK TABLE portfolio_changeset IN SHARE MODE", at_a_lock),
    ("while it is kept", "LOCK TABLE reporting_snapshot IN SHARE MODE", at_a_lock),
]
RENDERING = [
    ("before the claim", "LOCK TABLE reporting_work IN ACCESS EXCLUSIVE MODE", at_a_lock),
    ("after the claim", "LOCK TABLE reporting_snapshot IN ACCESS EXCLUSIVE MODE", at_a_lock),
    ("during the rendering", "SELECT 1", rendering),
    ("before it is kept", "LOCK TABLE portfolio_changeset IN SHARE MODE", at_a_lock),
    ("while it is kept", "LOCK TABLE reporting_rendition IN SHARE MODE", at_a_lock),
]
POINTS = [pytest.param("freeze", *point, id=f"freezing, {point[0]}") for point in FREEZING]
POINTS += [pytest.param("render", *point, id=f"rendering, {point[0]}") for point in RENDERING]


@pytest.mark.proof
@pytest.mark.parametrize(("kind", "point", "lock", "there"), POINTS)
def test_killed_three_times_at_a_point_the_report_is_complete_once(machine, kind, point, lock, there):
    of = scheduled()
    report = factories.opened(of)
    if kind == "render":
        factories.freeze(report)
    machine.beat()
    for _ in range(KILLS):
        with machine.gate(lock):
            worker = machine.worker()
            until(lambda worker=worker: there(machine, worker), within=90)
            machine.kill(worker)
        machine.leases_run_out()
    assert not Rendition.objects.exists() or kind == "render"
    machine.worker()
    [made] = machine.until_made()
    assert_complete_and_once(made)


@pytest.mark.proof
def test_a_lease_runs_out_by_itself(machine):
    """No hand moves the clock here: the next worker waits the minute out."""
    report = factories.opened(scheduled())
    factories.freeze(report)
    machine.beat()
    worker = machine.worker()
    until(lambda: renderers_of(worker), within=90)
    machine.kill(worker)
    machine.worker()
    [made] = machine.until_made()
    assert_complete_and_once(made)
    assert max(Work.objects.values_list("strikes", flat=True)) == 1 and Patience().lease.total_seconds() == 60


@pytest.mark.proof
@pytest.mark.parametrize("turn", range(KILLS))
def test_the_broker_is_emptied_again_and_again(machine, turn):
    scheduled(factories.NEW_YEAR, date(2022, 6, 30))
    machine.worker()
    machine.beat()
    for count in (1, 3, 6):
        until(lambda count=count: Rendition.objects.count() >= count, within=90)
        machine.flush()
    for report in machine.until_made(2):
        snapshot = Snapshot.objects.get(report=report)
        assert Rendition.objects.filter(snapshot=snapshot).count() == 6
    assert verify().sound
