"""The largest city in one programme: four thousand projects and a hundred thousand values, frozen by one worker."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reporting.models import Snapshot, Work
from reporting.snapshot.batches import BATCH
from tests.benchmarks.test_report import portfolio
from tests.reporting import factories
from tests.reporting.ticking import address_of

PROJECTS = 4000
MOST_MEGABYTES = 400  # a worker's process is replaced beyond it
MOST_STATEMENTS = 20  # and as many more for each further batch

# A freeze in a process of its own, so that its memory is its own.
ALONE = """
import django; django.setup()
import json, pathlib, sys
from django.db import connection
from reporting.reports import machine
def most():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
asked = []
def count(execute, sql, params, many, context):
    asked.append(sql)
    return execute(sql, params, many, context)
before = most()
with connection.execute_wrapper(count):
    machine.freeze(int(sys.argv[1]))
print(json.dumps([before, most(), len(asked)]))
"""


@pytest.mark.proof
def test_a_freeze_of_four_thousand_projects_in_one_programme(own_database: str) -> None:
    report = factories.opened(portfolio(projects=PROJECTS, indicators=PROJECTS, values=24, programmes=1))
    command = [sys.executable, "-c", ALONE, str(Work.objects.get(report=report).pk)]
    before, most, statements = json.loads(subprocess.check_output(command, env=address_of(own_database), text=True))
    payload = Snapshot.objects.get().payload
    print(f"\n{len(payload) / 1e6:.0f} MB of facts: {before:.0f} MB → {most:.0f} MB, {statements} statements")
    (programme,) = json.loads(payload)["programmes"]
    assert len(programme["projects"]) == len(programme["targets"]) == PROJECTS
    assert sum(len(one["indicators"][0]["measurements"]) for one in programme["targets"]) == PROJECTS * 24
    assert most <= MOST_MEGABYTES
    assert statements <= MOST_STATEMENTS * PROJECTS / BATCH
