"""What history costs: writing with it and without, reading the past, verifying; ratios alone can fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from portfolio import history
from portfolio.history import Job
from portfolio.history.verification import verify
from portfolio.people.models import Person

pytestmark = pytest.mark.bench
TRIAL = Job("bench")
PEOPLE = 400


def seconds(work: Callable[[], Any], *, times: int = 5) -> float:
    """The best of several."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def people(names: list[str]) -> None:
    with history.change(by=TRIAL):
        Person.objects.bulk_create([Person(name=name) for name in names])


def rename_all(times: int) -> None:
    with connection.cursor() as cursor:
        for turn in range(times):
            with history.change(by=TRIAL):
                cursor.execute("UPDATE portfolio_person SET name = 'Person ' || id || %s", [f" {turn}"])


def test_writing_with_history_and_without(owner: Any) -> None:
    """Row by row as commands save; the copy has the same columns and no triggers."""
    owner.execute("CREATE TABLE portfolio_person_bare (LIKE portfolio_person INCLUDING ALL)")

    def write(table: str) -> None:
        with history.change(by=TRIAL):
            for number in range(PEOPLE):
                owner.execute(
                    f"INSERT INTO {table} (name, title_fi, title_sv, title_en, email, phone, council_group, unit, "
                    "active, provenance) VALUES (%s, '', '', '', '', '', '', '', true, 'recorded')",
                    [f"Person {number}"],
                )

    bare = seconds(lambda: write("portfolio_person_bare"))
    kept = seconds(lambda: write("portfolio_person"))
    print(f"\ninsert: {1e6 * bare / PEOPLE:.0f} µs bare, {1e6 * kept / PEOPLE:.0f} µs with history, {kept / bare:.1f}×")
    assert kept / bare < 12


def test_one_command(own_database: str) -> None:
    def command() -> None:
        with history.change(by=TRIAL):
            Person(name="Ana").checked_save()

    command()
    taken = seconds(command, times=50)
    print(f"\none command with its commit: {1000 * taken:.1f} ms")


def test_the_past_costs_little_more_than_the_present_and_does_not_grow_with_history(owner: Any) -> None:
    people([f"Person {number}" for number in range(PEOPLE)])
    rename_all(10)
    cut = history.head().seq

    def present() -> list[Any]:
        return list(Person.objects.order_by("id").values())

    def past() -> list[Any]:
        return list(history.rows(Person, cut).values())

    owner.execute("ANALYZE portfolio_person, portfolio_person_history, portfolio_changeentry")
    first = seconds(past) / seconds(present)
    rename_all(90)
    owner.execute("ANALYZE portfolio_person, portfolio_person_history, portfolio_changeentry")
    second = seconds(past) / seconds(present)
    print(f"\nlist of {PEOPLE} as of a cut: {first:.1f}× the present at 10 states each, {second:.1f}× at 100")
    assert len(past()) == PEOPLE
    assert first < 15 and second < 3 * max(first, 2)


def test_verifying(owner: Any) -> None:
    people([f"Person {number}" for number in range(PEOPLE)])
    rename_all(125)
    rows = verify().rows
    taken = seconds(verify, times=2)
    print(f"\nverified {rows} rows in {taken:.2f} s: {rows / taken:.0f} rows a second")
    assert rows >= PEOPLE * 126 and verify().sound
