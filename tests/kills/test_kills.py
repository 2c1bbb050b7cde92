"""Whatever is killed, however often: every report once, every file once, with the right bytes; and who would notice."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Count

from portfolio.history.models import ChangeEntry
from portfolio.ledger.verification import verify
from reporting.documents import renderer
from reporting.models import Blob, Findings, Rendition, Report, ReportSchedule, ScheduledDate, Snapshot, Work
from reporting.reports import document
from tests import cities
from tests.ground.conftest import no_addresses  # noqa: F401
from tests.ground.waiting import until
from tests.kills.killing import CELERY, LEASE_SECONDS, Installation, installed
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.test_in_order import assert_each_follows_the_one_before
from tests.reporting.ticking import renderers_of, ticking, workers_of
from workers import hearing

# Most at those that hold the work and come back cheaply; each kind often enough to meet it at many points.
KILLS = {
    "pool child": 330, "renderer": 45, "language process": 45, "database backend": 50, "postmaster": 8, "broker": 8,
    "keeper": 4, "worker": 6, "beat": 6, "web child": 8,
}  # fmt: skip
FLUSHES = 15
BREATHE_EVERY = 30  # kills
SCHEDULES = 6
SAMPLE = 12
SEED = int(os.environ.get("SEED") or 7)


def doubles() -> list[tuple[Any, ...]]:
    """What stands there twice: a report of a status date, facts of a report, a file of its facts."""
    kinds = (
        (Report, ("schedule", "status_date")),
        (Snapshot, ("report",)),
        (Findings, ("snapshot",)),
        (Rendition, ("snapshot", "language", "format")),
    )
    found = [
        (model.__name__, *row)
        for model, names in kinds
        for row in model._base_manager.values_list(*names).annotate(times=Count("pk")).filter(times__gt=1)
    ]
    return found


def a_small_city(here: Installation) -> None:
    programme = factories.indicator().target.programme
    benefits.measured(programme.benefit_targets.get().indicators.get(), value="90", on=factories.NEW_YEAR)
    here.schedules = [factories.schedule(programme) for _ in range(SCHEDULES)]


@pytest.mark.proof
def test_five_hundred_kills_at_every_kind_of_process_lose_and_double_nothing(
    tmp_path, no_addresses, django_db_blocker, live_in, capsys  # noqa: F811
):  # fmt: skip
    random.seed(SEED)
    plan = list(Counter(KILLS).elements()) + ["flush"] * FLUSHES
    random.shuffle(plan)
    live_in(cities.FINNISH_ONLY, case_number=None)  # two files a report, so that there are many reports
    with django_db_blocker.unblock(), installed(tmp_path, IDENTITY_FILE=str(settings.IDENTITY_FILE)) as here:
        a_small_city(here)
        begun = time.monotonic()
        for number, kind in enumerate(plan, 1):
            here.flush() if kind == "flush" else here.kill(kind)
            if number % BREATHE_EVERY == 0:
                here.breathe()
        here.until_done()
        assert here.kills == KILLS and here.hits.total() >= 500
        assert_everything_once()
        with capsys.disabled():
            print(f"\n{told(here, time.monotonic() - begun)}")
        assert_nobody_is_left(here)


def told(here: Installation, seconds: float) -> str:
    kinds = ", ".join(f"{kind} {count}" for kind, count in here.hits.items())
    return (
        f"kills while work was held: {here.hits.total()} ({kinds}), and {FLUSHES} FLUSHALL, in {seconds:.0f} s; "
        f"reports {Report.objects.count()}, files {Rendition.objects.count()}, lost 0, doubled 0, wrong 0; "
        f"taken over {sum(Work.objects.values_list('strikes', flat=True))} times; seed {SEED}"
    )


def assert_everything_once() -> None:
    """Every named date has its report, all of it complete, in order, by its checksums and unchanged in the chain."""
    assert doubles() == []
    reports = Report.objects.count()
    assert reports == ScheduledDate.objects.count() == Snapshot.objects.count() == Findings.objects.count()
    assert Rendition.objects.count() == 2 * reports
    assert set(Rendition.objects.values_list("language", "format")) == {("fi", "html"), ("fi", "pdf")}
    assert not Work.objects.filter(done_at=None).exists() and not Work.objects.filter(parked=True).exists()
    assert ChangeEntry.objects.filter(relation="reporting_rendition", op="+").count() == 2 * reports
    for blob in Blob.objects.iterator(chunk_size=20):
        assert hashlib.sha256(bytes(blob.content)).hexdigest() == blob.sha256
    for schedule in ReportSchedule.objects.all():
        assert_each_follows_the_one_before(schedule)
    for snapshot in random.sample(list(Snapshot.objects.all()), SAMPLE // 2):
        again = renderer.run(document.source(snapshot), ["fi.pdf", "fi.html"])
        kept = {f"fi.{f.format}": f.blob.sha256 for f in snapshot.renditions.select_related("blob")}
        assert {name: made.sha256 for name, made in again.items()} == kept
    assert verify().sound


def assert_nobody_is_left(here: Installation) -> None:
    """A renderer ends with whoever it renders for: with the last of ours gone, none is left."""
    here.end()
    until(lambda: not renderers_about(here.folder), within=15)


def renderers_about(folder: Path) -> list[str]:
    """Renderers that were given our folder for what passes."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if b"reporting.documents.rendering" in (path / "cmdline").read_bytes():
                found += [path.name] if f"TMPDIR={folder}".encode() in (path / "environ").read_bytes() else []
        except OSError:
            continue
    return found


@pytest.mark.proof
def test_a_worker_that_hears_nothing_though_rings_wait_ends_itself(own_database, as_owner, monkeypatch):
    """Seen when its children are killed at the wrong moment: it looks alive, and no report is made."""
    monkeypatch.setattr("tests.reporting.ticking.CELERY", CELERY)
    monkeypatch.setenv("LEASE_SECONDS", str(LEASE_SECONDS))
    monkeypatch.setenv("STUCK", "1")
    with ticking(own_database, as_owner) as parts:
        worker = parts.worker()
        parts.beat()
        assert until(lambda: worker.poll() is not None, within=120)
        assert worker.returncode == hearing.DEAF and "hears nothing" in parts.log()


def came_to_an_end(log: Path) -> bool:
    """Whether the worker of that log has said so of a rendering."""
    return any("workers.tasks.render_report[" in line and " succeeded" in line for line in log.read_text().split("\n"))


@pytest.mark.proof
@pytest.mark.parametrize("fenced", [True, False])
def test_a_ghost_that_comes_back_after_its_lease_writes_nothing_and_without_the_fence_is_counted(
    own_database, as_owner, fenced, monkeypatch
):
    """The negative control: epoch, UNIQUE and the look before saving taken away, the same count sees doubles."""
    monkeypatch.setattr("tests.reporting.ticking.CELERY", CELERY)
    monkeypatch.setenv("LEASE_SECONDS", str(LEASE_SECONDS))
    if not fenced:
        monkeypatch.setenv("UNFENCED", "1")
        as_owner.execute("ALTER TABLE reporting_rendition DROP CONSTRAINT rendered_once")
    report = factories.frozen(factories.schedule(factories.indicator().target.programme))
    with ticking(own_database, as_owner) as parts:
        first = parts.worker()
        parts.beat()
        until(lambda: renderers_of(first), within=90)
        ghosts = workers_of(first)
        for pid in ghosts:
            os.kill(pid, signal.SIGSTOP)
        assert Work.objects.filter(report=report, leased_until__isnull=False, done_at=None).exists(), "it holds work"
        time.sleep(LEASE_SECONDS + 1)
        parts.worker()
        parts.until_made()
        assert doubles() == []
        for pid in ghosts:
            os.kill(pid, signal.SIGCONT)
        until(lambda: came_to_an_end(parts.folder / "worker-0.log"), within=60)
    assert bool(doubles()) is not fenced
    assert Rendition.objects.count() == 6 if fenced else Rendition.objects.count() > 6
