"""What pages cost: statements at two sizes, and seconds; only counts can fail."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.people.models import Account, Person, Role
from portfolio.programmes.models import Programme
from reporting.models import Report, Work
from reporting.reports import machine
from tests import story
from tests.benchmarks.test_report import _more, portfolio
from tests.reporting import factories

pytestmark = pytest.mark.bench
ESPOO = Path(__file__).parents[2] / "config" / "demo" / "espoo.json"
MOST = 20
TIMES = 5


def browser(person: Person) -> Client:
    account = Account.objects.create(person=person, username=f"{person.name}-{person.pk}")
    found = Client()
    found.force_login(account)
    return found


def pages(programme: Programme) -> dict[str, str]:
    """The pages by name; the past is the one before the last change."""
    before = f"?as_of=seq:{history.head().seq - 1}"
    report = Report.objects.order_by("pk").last()
    reports = {"one report": f"/reports/{report.pk}/"} if report else {}
    return {
        "sign-in": "/sign-in/",
        "programmes": "/programmes/",
        "programmes as of": f"/programmes/{before}",
        "one programme": f"/programmes/{programme.pk}/",
        "one programme as of": f"/programmes/{programme.pk}/{before}",
        "its history": f"/programmes/{programme.pk}/history/",
        "reports": "/reports/",
    } | reports


@dataclass(frozen=True)
class Cost:
    """What a page costs: statements, and the least of seconds and of processor seconds, the database's included."""

    statements: int
    seconds: float
    worked: float


def worked() -> float:
    """Processor seconds of this process and of the database's process that answers it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def cost(client: Client, path: str) -> Cost:
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    statements, taken = len(asked), []
    before = worked()
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(path)
        taken.append(time.perf_counter() - begun)
    return Cost(statements, min(taken), (worked() - before) / TIMES)


def told(title: str, programme: Programme, reader: Client) -> dict[str, int]:
    """Print the costs; give back the statements. The page for signing in is asked by nobody."""
    print(f"\n{title}")
    found = {}
    for name, path in pages(programme).items():
        of = cost(Client() if name == "sign-in" else reader, path)
        print(f"  {name:20} {of.statements:3} statements {of.seconds:6.2f} s, {of.worked:5.2f} s of processor")
        found[name] = of.statements
    return found


def frozen() -> None:
    """A report whose facts are those known now."""
    term = Programme.objects.first().council_term
    machine.freeze(Work.objects.get(report=factories.opened(factories.schedule(council_term=term))).pk)


def test_pages_of_the_city(own_database: str) -> None:
    """The portfolio that comes with the program, for the director and for a manager of one programme."""
    call_command("import_portfolio", str(ESPOO), verbosity=0)
    frozen()
    programme = Programme.objects.get(key="espoo:2017-2021.kestava-espoo")
    ana, chen = story.person("Ana", Role.DIRECTOR), story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    for who in (ana, chen):
        assert max(told(f"Espoo, for {who.name}", programme, browser(who)).values()) <= MOST


def test_pages_ask_as_often_at_four_times_the_size(own_database: str) -> None:
    portfolio(projects=100, indicators=100, values=24)
    frozen()
    reader, first = browser(story.person("Ana", Role.DIRECTOR)), Programme.objects.order_by("pk").first()
    few = told("100 projects, 100 indicators × 24 values, in 4 programmes", first, reader)
    _more()
    last = Programme.objects.order_by("pk").last()
    many = told("400 projects, 400 indicators × 24 values, in 8 programmes", last, reader)
    assert few == many and max(many.values()) <= MOST
