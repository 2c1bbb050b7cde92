"""What history costs: writing with it and without, reading the past, verifying; ratios alone can fail."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import connection, transaction

from portfolio import asking, history
from portfolio.history import Job
from portfolio.history.opened import Signature
from portfolio.ledger.verification import verify
from portfolio.people.models import Person, Role
from tests import story

pytestmark = pytest.mark.bench
TRIAL = Job("bench")
PEOPLE = 400
WARMING = 10


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


@contextmanager
def only_a_transaction(**_: Any) -> Iterator[None]:
    """What a command opens beside its change set; rights are asked anew inside, as there."""
    with transaction.atomic(), asking.afresh():
        yield


@contextmanager
def without_history(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same table without triggers stands before the real one, and a command opens a transaction and no more."""
    with monkeypatch.context() as patched, connection.cursor() as cursor:
        cursor.execute("SET search_path = bare, public")
        patched.setattr(history, "change", only_a_transaction)
        yield
        cursor.execute("SET search_path = public")


@pytest.fixture
def bare(own_database: str, as_owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Turns on the same write without history, on a copy of the table with all its indexes and rows."""

    def prepare() -> None:
        as_owner.execute(
            "CREATE SCHEMA bare; GRANT USAGE ON SCHEMA bare TO PUBLIC;"
            "CREATE TABLE bare.portfolio_person (LIKE public.portfolio_person INCLUDING ALL);"
            "GRANT ALL ON bare.portfolio_person TO PUBLIC;"
            "INSERT INTO bare.portfolio_person OVERRIDING SYSTEM VALUE SELECT * FROM public.portfolio_person;"
            "SELECT setval(pg_get_serial_sequence('bare.portfolio_person', 'id'), 1000000)"
        )

    return prepare, lambda: without_history(monkeypatch)


class Cost(NamedTuple):
    """What a write takes of the clock, and of the processor here and in the database's process."""

    seconds: float
    worked: float


def worked() -> float:
    connection.ensure_connection()
    busy = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() + int(busy) / 1e9


def cost(write: Callable[[], Any]) -> Cost:
    begun, before = time.perf_counter(), worked()
    write()
    return Cost(time.perf_counter() - begun, worked() - before)


def compared(write: Callable[[], Any], without: Callable[[], Any], *, turns: int) -> tuple[Cost, Cost]:
    """A write with history and without: by turns on one connection, the median of each."""
    kept, bare = [], []
    for _ in range(WARMING + turns):
        kept.append(cost(write))
        with without():
            bare.append(cost(write))
    return _medians(kept[WARMING:]), _medians(bare[WARMING:])


def _medians(costs: list[Cost]) -> Cost:
    return Cost(*map(median, zip(*costs, strict=True)))


def told(what: str, kept: Cost, bare: Cost, per: int = 1) -> float:
    """Print both; give back how many times the processor's time it takes."""
    ratio = kept.worked / bare.worked
    clock = f"{1e6 * bare.seconds / per:.0f} µs without history, {1e6 * kept.seconds / per:.0f} with"
    print(f"\n{what}: {clock}: {kept.seconds / bare.seconds:.2f}× by the clock, {ratio:.2f}× of the processor")
    return ratio


def test_a_write_as_a_program_makes_it(bare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request with its sign-in, rights, checks and commit. To sign, the roles are asked once more (INV-111)."""
    uma = story.Client(story.person("Uma", Role.USER_ADMIN))
    prepare, without = bare
    prepare()

    def write() -> None:
        assert uma.post("people/", {"name": "Ana"}).status_code == 201

    assert told("a request that registers a person", *compared(write, without, turns=60)) < 2.2
    monkeypatch.setattr(Person, "signature", lambda self: Signature(person_id=self.pk, role=Role.USER_ADMIN))
    assert told("the same, the roles being known", *compared(write, without, turns=60)) < 1.4


def test_a_row_saved_in_a_transaction_of_its_own(bare: Any) -> None:
    """Django's `save()` with its checks and commit and nothing around it: the change set is opened for one row."""
    prepare, without = bare
    prepare()

    def write() -> None:
        with history.change(by=TRIAL):
            Person(name="Ana").checked_save()

    assert told("one row saved and committed", *compared(write, without, turns=100)) < 3


def test_rows_saved_one_by_one_in_one_transaction(bare: Any) -> None:
    """As an import writes: many records under one change set."""
    prepare, without = bare
    prepare()

    def write() -> None:
        with history.change(by=TRIAL):
            for number in range(50):
                Person(name=f"Person {number}").checked_save()

    assert told("each of fifty rows saved", *compared(write, without, turns=20), per=50) < 2


def test_rows_written_by_one_statement(bare: Any) -> None:
    """As `bulk_create()` and `update()` write, and SQL by hand."""
    prepare, without = bare
    prepare()

    def create() -> None:
        with history.change(by=TRIAL):
            Person.objects.bulk_create([Person(name=f"Person {number}") for number in range(PEOPLE)])

    def change() -> None:
        with history.change(by=TRIAL), connection.cursor() as cursor:
            cursor.execute("UPDATE portfolio_person SET unit = right(random()::text, 9) WHERE id % 4 = 0")

    assert told("a row of bulk_create()", *compared(create, without, turns=10), per=PEOPLE) < 2.3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portfolio_person WHERE id % 4 = 0")
        (rows,) = cursor.fetchone()
    assert told("a row of update()", *compared(change, without, turns=10), per=rows) < 10


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
    """Against one statement that only hashes the same rows as the triggers do and compares nothing else."""
    people([f"Person {number}" for number in range(PEOPLE)])
    rename_all(125)
    owner.execute("ANALYZE portfolio_person, portfolio_person_history, portfolio_changeentry, portfolio_changeset")

    def hash_alone() -> None:
        names = ", ".join(f'p."{field.column}"' for field in Person._meta.concrete_fields)
        owner.execute(
            f"SELECT count(*) FROM portfolio_person_history p WHERE history_digest(p.salt, "
            f"(SELECT to_jsonb(kept) FROM (SELECT {names}) AS kept)) = p.row_sha256"
        )
        assert owner.fetchone()[0] >= PEOPLE * 126

    rows = verify().rows
    owner.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # or others would work whom nobody counts
    alone, taken = _medians([cost(hash_alone) for _ in range(5)]), _medians([cost(verify) for _ in range(5)])
    ratio = taken.worked / alone.worked
    print(
        f"\nverified {rows} rows in {taken.seconds:.2f} s: {rows / taken.seconds:.0f} rows a second by the clock, "
        f"{rows / taken.worked:.0f} of the processor; {ratio:.2f}× their hashes in SQL"
    )
    assert rows >= PEOPLE * 126 and verify().sound
    assert ratio < 2


def test_verifying_needs_no_more_memory_for_more_rows(owner: Any) -> None:
    def peak() -> int:
        tracemalloc.start()
        assert verify().sound
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    people([f"Person {number}" for number in range(PEOPLE)])
    rename_all(10)
    peak()
    few = peak()
    rename_all(40)
    many = peak()
    print(f"\nmemory of verifying: {few / 1e6:.1f} MB for {11 * PEOPLE} rows, {many / 1e6:.1f} MB for {51 * PEOPLE}")
    assert many < 1.5 * few
