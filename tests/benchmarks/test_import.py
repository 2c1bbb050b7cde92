"""What an import costs: a register of a thousand rows, and one of five thousand; the ratio alone can fail."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from tests.portfolio.importing.conftest import COMMON, register, text

pytestmark = pytest.mark.bench
ESPOO = Path(__file__).parents[2] / "config" / "demo" / "espoo.json"
INDICATOR = {
    "code": "I1", "name": text("Päästöt"), "unit": text("t"), "kind": "reach", "direction": "down",
    "interval_months": 1,
}  # fmt: skip
FIGURES = {
    "baseline_value": "100", "baseline_on": "2017-07-01", "baseline_source": "Laskelma", "target_value": "60",
    "target_on": "2021-06-30",
}  # fmt: skip


def grown(rows: int) -> dict[str, Any]:
    """A register of so many rows in the shares of a real one: people, decisions, indicators, values, projects."""
    data, tenth = register(), rows // 10
    data["people"] += [COMMON | {"key": f"p{n}", "name": f"Henkilö {n}"} for n in range(tenth)]
    data["decisions"] += [_decision(n) for n in range(tenth // 2)]
    data["benefit_targets"] += [_target(n) for n in range(tenth // 6)]
    data["measurements"] = [_measurement(n, tenth // 6) for n in range(3 * tenth)]
    data["projects"] += [_project(n) for n in range(tenth)]
    data["milestones"] += [_milestone(n, tenth) for n in range(2 * tenth)]
    data["fundings"] = [_funding(n) for n in range(tenth)]
    return data


def _decision(n: int) -> dict[str, Any]:
    point = {"key": f"d{n}.1", "number": 1, "kind": "note", "text": text("Merkitään tiedoksi")}
    return COMMON | {
        "key": f"d{n}", "body": "board", "title": text(f"Asia {n}"), "outcome": "made", "section": n + 1,
        "decided_on": "2018-03-05", "case_number": "425/00.01.02/2018", "points": [point],
    }  # fmt: skip


def _target(n: int) -> dict[str, Any]:
    plan = {"key": f"k{n}.ip", "indicator": f"k{n}.i", **FIGURES}
    version = {"key": f"k{n}.v1", "number": 1, "state": "draft", "title": text(f"Tavoite {n}"), "plans": [plan]}
    return COMMON | {
        "key": f"k{n}", "programme": "p", "code": f"HT{n}", "order": n + 2, "state": "draft", "goals": ["g"],
        "versions": [version], "indicators": [INDICATOR | {"key": f"k{n}.i"}],
    }  # fmt: skip


def _measurement(n: int, indicators: int) -> dict[str, Any]:
    day = date(2017, 8, 1) + timedelta(days=30 * (n // indicators))
    return COMMON | {
        "key": f"m{n}", "indicator": f"k{n % indicators}.i", "measured_on": day.isoformat(), "value": "90",
        "evidence": "Laskelma",
    }  # fmt: skip


def _project(n: int) -> dict[str, Any]:
    return COMMON | {
        "key": f"x{n}", "programme": "p", "code": f"Q{n}", "kind": "project", "name": text(f"Hanke {n}"),
        "summary": text("Lyhyesti"), "state": "running", "starts_on": "2018-01-01", "ends_on": "2020-12-31",
        "delivery": "own_work", "targets": [{"target": "h1"}],
        "moves": [{"key": f"x{n}.1", "state": "running", "effective_on": "2018-01-01"}],
    }  # fmt: skip


def _milestone(n: int, projects: int) -> dict[str, Any]:
    return COMMON | {
        "key": f"e{n}", "project": f"x{n % projects}", "order": n // projects + 1, "name": text(f"Etappi {n}"),
        "planned_on": "2019-01-01",
    }  # fmt: skip


def _funding(n: int) -> dict[str, Any]:
    return COMMON | {
        "key": f"f{n}", "programme": "p", "project": f"x{n}", "year": 2019, "source": "own_work", "budget": "1000",
    }  # fmt: skip


def rows_of(data: Any) -> int:
    """The keyed records of a file, at any depth."""
    if isinstance(data, list):
        return sum(map(rows_of, data))
    return ("key" in data) + sum(map(rows_of, data.values())) if isinstance(data, dict) else 0


def bare_insert() -> float:
    """Seconds for one row with its history, without a command: what no import that writes row by row can do without."""
    begun, count = time.perf_counter(), 400
    with history.change(by=history.Job("bench")), connection.cursor() as cursor:
        for number in range(count):
            cursor.execute(
                "INSERT INTO portfolio_person (name, title_fi, title_sv, title_en, email, phone, council_group, unit, "
                "active, provenance) VALUES (%s, '', '', '', '', '', '', '', true, 'recorded')",
                [f"Vertailu {number}"],
            )
    return (time.perf_counter() - begun) / count


def backend_work() -> float:
    """Seconds of processor that the database has spent on our connection; none where it runs elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13] if stat.exists() else (0, 0)
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of the block; Django's own list of them ends at nine thousand."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def work_for(rows: int, folder: Path) -> float:
    """Checking and taking in a file of at least so many rows, from the command to the commit: seconds of processor.

    Of the program and of the database's process for it, where that is to be seen.
    """
    data, path = grown(rows), folder / f"{rows}.json"
    assert rows <= rows_of(data) < 1.2 * rows
    path.write_text(json.dumps(data))
    alone = bare_insert()
    head, served, begun, worked = history.head().seq, backend_work(), time.perf_counter(), time.process_time()
    with counted() as asked:
        call_command("import_portfolio", str(path), verbosity=0)
    taken, work = time.perf_counter() - begun, time.process_time() - worked
    served = backend_work() - served
    assert history.head().seq == head + 1
    each, against = len(asked) / rows_of(data), taken / rows_of(data) / ((alone + bare_insert()) / 2)
    print(
        f"\nimport of {rows_of(data)} rows: {taken:.1f} s, {work:.1f} + {served:.1f} s of processor here and "
        f"in the database; a row {each:.2f} statements and {against:.1f}× the time of a bare insert with history"
    )
    assert each < 3 and against < 8
    _again(path)
    return work + served


def _again(path: Path) -> None:
    """The second time each kind is one question, and nothing changes."""
    head = history.head()
    with CaptureQueriesContext(connection) as asked:
        call_command("import_portfolio", str(path), verbosity=0)
    assert history.head() == head and len(asked) < 50


@pytest.mark.parametrize("what", ["refused by name", "sound"])
@pytest.mark.django_db
def test_twice_the_rows_are_twice_the_statements_whether_they_are_taken_or_refused(tmp_path: Path, what: str) -> None:
    """A refused file is tried again record by record: each record at its own price, however many there are."""
    asked = []
    for rows in (300, 600):
        data = grown(rows)
        data["people"] += [COMMON | {"key": f"n{n}", "name": f"Nimi {n}"} for n in range(rows)]
        data["partners"].append(
            data["partners"][0] | {"key": "twin"}
            if what == "refused by name"
            else data["partners"][0] | {"key": "one", "name": "Toinen"}
        )
        path = tmp_path / f"{rows}.json"
        path.write_text(json.dumps(data))
        with counted() as statements, suppress(CommandError):
            call_command("import_portfolio", str(path), "--dry-run", verbosity=0, stderr=io.StringIO())
        asked.append(len(statements))
    print(f"\n{what}: {asked[0]} and {asked[1]} statements")
    assert asked[1] <= 2.2 * asked[0]


SPENT: dict[int, float] = {}


@pytest.mark.parametrize("rows", [1000, 5000])
def test_five_times_the_rows_cost_about_five_times_the_work(own_database: str, tmp_path: Path, rows: int) -> None:
    """The wish is ten seconds for five thousand rows; what can fail is the growth."""
    SPENT[rows] = work_for(rows, tmp_path)
    if small := SPENT.get(rows // 5):
        print(f"{SPENT[rows] / small:.1f}× the work for 5× the rows")
        assert SPENT[rows] < 8 * small


def spent() -> float:
    """Seconds of processor so far, here and in the database's process for us."""
    return time.process_time() + backend_work()


def test_the_demonstrations_city_keeps_others_waiting_for_a_small_part_of_its_import(own_database: str) -> None:
    """The file of an older release can be held against this one: copy this module there and run both in turn."""
    held: list[float] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if "history_begin(" in str(sql) or "history_close(" in str(sql):
            held.append(spent())
        return done

    begun, beginning = spent(), time.perf_counter()
    with connection.execute_wrapper(note):
        call_command("import_portfolio", str(ESPOO), verbosity=0)
    work, lasted = spent() - begun, time.perf_counter() - beginning
    kept = held[-1] - held[0]
    print(f"\nthe city: {work:.2f} s of processor in {lasted:.1f} s, {kept:.2f} s of it while nobody else can save")
    assert len(held) == 2 and kept < work / 3
