"""What a report costs: statements at two sizes, seconds, and megabytes; only counts and ratios can fail."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, TargetVersion
from portfolio.programmes.models import Programme
from projects.money.models import Funding
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project, ProjectMove, ProjectTarget
from reporting.documents import commands as documents
from reporting.models import Report, ReportSchedule, Work
from reporting.reports import document, machine
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.ticking import address_of
from tests.story import SETUP

pytestmark = pytest.mark.bench
END = date(2022, 12, 31)
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def portfolio(*, projects: int, indicators: int, values: int, programmes: int = 4) -> ReportSchedule:
    """So many projects, indicators and values, spread over the programmes; under one change set."""
    made = [benefits.programme(f"ohjelma-{number}") for number in range(programmes)]
    proposal, approval = benefits.board_proposes(), benefits.council_approves()
    with history.change(by=SETUP):
        _benefits(made, indicators, values, proposal, approval)
        _projects(made, projects)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return factories.schedule(*made)


def _benefits(made: list[Programme], indicators: int, values: int, proposal: Any, approval: Any) -> None:
    targets = BenefitTarget.objects.bulk_create(
        BenefitTarget(
            programme=made[n % len(made)], code=f"HT{n}", order=n, state="approved", drafted_on=date(2022, 1, 20),
            proposed_by=proposal, approved_by=approval,
        )
        for n in range(indicators)
    )  # fmt: skip
    versions = TargetVersion.objects.bulk_create(
        TargetVersion(
            target=target, number=1, state="approved", approved_by=approval, approved_on=date(2022, 2, 28),
            title_fi=f"Tavoite {target.code}", title_sv=f"Mål {target.code}", title_en=f"Target {target.code}",
        )
        for target in targets
    )  # fmt: skip
    rows = Indicator.objects.bulk_create(
        Indicator(target=t, code=f"M{t.code}", name_fi="Päästöt", name_sv="Utsläpp", name_en="Emissions",
                  unit_fi="kt", kind="reach", direction="down", interval_months=1)
        for t in targets
    )  # fmt: skip
    IndicatorPlan.objects.bulk_create(
        IndicatorPlan(target_version=version, indicator=row, kind="reach", direction="down", baseline_source="Laskelma",
                      baseline_value=100, baseline_on=date(2020, 12, 1), target_value=60, target_on=date(2024, 12, 31))
        for version, row in zip(versions, rows, strict=True)
    )  # fmt: skip
    for start in range(0, len(rows), 500):  # an open change set that says nothing for long is ended
        Measurement.objects.bulk_create(
            Measurement(
                indicator=row, measured_on=date(2020, 12, 31) + timedelta(days=30 * n), value=Decimal(100 - n),
                evidence="Laskelma",
            )
            for row in rows[start : start + 500] for n in range(values)
        )  # fmt: skip


def _projects(made: list[Programme], count: int) -> None:
    rows = Project.objects.bulk_create(
        Project(
            programme=made[n % len(made)], code=f"P{n}", name_fi=f"Hanke {n}", name_sv=f"Projekt {n}", state="running",
            delivery="own_work", starts_on=date(2022, 3, 1), ends_on=date(2024, 12, 31),
        )
        for n in range(count)
    )  # fmt: skip
    who = benefits.owner()
    targets = {p.pk: list(BenefitTarget.objects.filter(programme=p)) for p in made}
    ProjectMove.objects.bulk_create(ProjectMove(project=p, state="running", effective_on=p.starts_on) for p in rows)
    ProjectTarget.objects.bulk_create(
        ProjectTarget(project=p, target=targets[p.programme_id][n % len(targets[p.programme_id])])
        for n, p in enumerate(rows)
    )
    Milestone.objects.bulk_create(
        Milestone(project=p, order=n, name_fi=f"Etappi {n}", planned_on=day, forecast_on=day)
        for p in rows
        for n, day in enumerate((date(2022, 3, 1), date(2022, 4, 1), date(2022, 5, 1)))
    )
    StatusReport.objects.bulk_create(
        StatusReport(project=p, status_on=factories.NEW_YEAR, standing="green", submitted_on=date(2023, 1, 5))
        for p in rows
    )
    Funding.objects.bulk_create(
        Funding(
            programme_id=p.programme_id, project=p, year=2022, source="own_work", budget=10_000, used=9_000, used_on=END
        )
        for p in rows
    )
    Risk.objects.bulk_create(
        Risk(
            programme_id=p.programme_id,
            project=p,
            title_fi="Viive",
            identified_on=END,
            likelihood=2,
            impact=2,
            owner=who,
        )
        for p in rows[::4]
    )


def measured_freeze(report: Report) -> tuple[float, int]:
    """Seconds and statements of one freeze, from the claim to the files that wait."""
    task = Work.objects.get(report=report, kind="freeze").pk
    with CaptureQueriesContext(connection) as asked:
        begun = time.perf_counter()
        machine.freeze(task)
        taken = time.perf_counter() - begun
    report.refresh_from_db()
    assert report.state == "frozen", Work.objects.get(pk=task).last_error
    return taken, sum(not each["sql"].startswith(BOOKKEEPING) for each in asked.captured_queries)


def megabytes(who: int = resource.RUSAGE_SELF) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


# In a small process of its own: the most that a renderer holds, and the least that one PDF can cost, bare of all else.
BARE = """
import json, multiprocessing, sys, time
from reporting.documents import rendering
from reporting.documents.rendering import pdf, press
frozen = rendering.unbundle(json.load(sys.stdin.buffer))
given = json.dumps(pdf.payload(rendering.compose(frozen, "fi")))
import resource
for _ in press.files(frozen, press.NAMES):
    pass
while multiprocessing.active_children():
    time.sleep(0.01)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
before = spent()
pdf.typeset(given, compiled_at=frozen.facts.cut.compiled_at.replace(microsecond=0))
bare = spent() - before
print(json.dumps([bare, peak]))
"""
AT_MOST_TYPESETTINGS = 8


def processor() -> float:
    """Seconds of processor in this process and in those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


@pytest.mark.django_db
def test_the_whole_report_of_a_city():
    """Freeze, compile, three PDFs and three HTML files, as the worker does them, beside one bare typesetting."""
    report = factories.opened(portfolio(projects=60, indicators=60, values=24))
    used = processor()
    frozen, statements = measured_freeze(report)
    freezing = processor() - used
    begun = time.perf_counter()
    documents.render(Work.objects.filter(report=report, kind="render")[0].pk)
    rendered, all_of_it = time.perf_counter() - begun, processor() - used
    report.refresh_from_db()
    assert report.state == "draft"
    bundle = document.source(report.snapshots.get())
    bare, largest = json.loads(subprocess.check_output([sys.executable, "-c", BARE], input=bundle))
    print(f"\nfreeze and compile {frozen:.2f} s in {statements} statements, six files {rendered:.2f} s")
    print(f"  processor: {freezing:.2f} s to freeze, {all_of_it:.2f} s in all; one bare typesetting {bare:.2f} s")
    print(f"  {megabytes():.0f} MB in this process, {largest:.0f} MB in the largest renderer")
    assert statements <= 20
    assert all_of_it <= AT_MOST_TYPESETTINGS * bare


# A freeze in a process of its own, so that its memory is its own.
ALONE = """
import django; django.setup()
import json, pathlib, sys
from reporting.reports import machine
from reporting.models import Work
def most():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
before = most()
machine.freeze(int(sys.argv[1]))
print(json.dumps([before, most()]))
"""


def test_a_freeze_asks_as_often_at_four_times_the_size(own_database):
    found = []
    for times in (1, 4):
        of = portfolio(projects=100, indicators=100, values=24) if times == 1 else _more()
        seconds, statements = measured_freeze(factories.opened(of))
        found.append(statements)
        print(
            f"\n{100 * times} projects, {100 * times} indicators × 24 values: {seconds:.2f} s, {statements} statements"
        )
    assert found[0] == found[1] <= 20
    _alone(own_database)


def _more() -> ReportSchedule:
    """Three hundred more of each, in programmes of their own; a schedule over all of the term."""
    term = Programme.objects.first().council_term
    made = [benefits.programme(f"toinen-{number}") for number in range(4)]
    with history.change(by=SETUP):
        _benefits(made, 300, 24, benefits.board_proposes(), benefits.council_approves())
        _projects(made, 300)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return factories.schedule(council_term=term)


def _alone(database: str) -> None:
    """What a worker's process needs for the largest."""
    report = factories.opened(factories.schedule(council_term=Programme.objects.first().council_term))
    command = [sys.executable, "-c", ALONE, str(Work.objects.get(report=report).pk)]
    said = subprocess.check_output(command, env=address_of(database), text=True)
    before, after = json.loads(said)
    print(f"\na process that freezes 400 projects, 400 indicators × 24 values: {before:.0f} MB → {after:.0f} MB")
