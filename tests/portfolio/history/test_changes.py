"""Change sets: who may be inside whom, what a rolled back block leaves, one order for all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from portfolio import clock, history
from portfolio.history import Job
from portfolio.history.changes import MixedActors
from portfolio.history.models import ChangeEntry, ChangeSet, Head
from portfolio.ledger.verification import verify
from portfolio.people.models import Person
from portfolio.refusals import Refused

PROJECT = Path(__file__).resolve().parents[3]
TRIAL = Job("trial")


def person(name: str) -> Person:
    return Person.objects.create(name=name)


def as_runtime(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=database, options="-c lock_timeout=5s")


def opened_by_hand(runtime: psycopg.Connection[Any], name: str) -> int:
    row = runtime.execute("SELECT history_open('job', NULL, '', 'by hand', NULL, '', '')").fetchone()
    runtime.execute(
        "INSERT INTO portfolio_person (name, title_fi, title_sv, title_en, email, phone, council_group, "
        "unit, active, provenance) VALUES (%s, '', '', '', '', '', '', '', true, 'recorded')",
        [name],
    )
    assert row
    return int(row[0])


@pytest.mark.django_db
def test_a_command_inside_a_command_joins_its_change_set() -> None:
    with history.change(by=TRIAL, because="outer") as outer:
        person("Ana")
        with history.change(by=Job("trial"), because="inner") as inner:
            person("Bo")
    assert inner.seq == outer.seq
    assert set(Person.history.filter(history_seq=outer.seq).values_list("history_change_reason", flat=True)) == {
        "outer"
    }


@pytest.mark.django_db
def test_a_command_of_another_inside_is_an_error_of_the_program() -> None:
    with history.change(by=TRIAL):
        ana = person("Ana")
    with history.change(by=TRIAL), pytest.raises(MixedActors), history.change(by=ana):
        person("Bo")
    with pytest.raises(MixedActors), history.change(by=ana), history.change(by=TRIAL):
        person("Bo")
    with history.change(by=ana), history.change(by=Person.objects.get(pk=ana.pk)):
        person("Chen")
    assert set(Person.objects.values_list("name", flat=True)) == {"Ana", "Chen"}


@pytest.mark.django_db
def test_a_block_rolled_back_inside_leaves_no_rows() -> None:
    with history.change(by=TRIAL) as opened:
        person("Ana")
        with pytest.raises(ValueError, match="no"), history.change(by=TRIAL):
            person("Bo")
            raise ValueError("no")
        person("Chen")
    assert set(Person.history.filter(history_seq=opened.seq).values_list("name", flat=True)) == {"Ana", "Chen"}
    assert verify().sound


@pytest.mark.django_db
def test_a_released_savepoint_keeps_its_rows() -> None:
    with history.change(by=TRIAL) as opened:
        with transaction.atomic():
            person("Ana")
        person("Bo")
    assert ChangeEntry.objects.filter(seq=opened.seq).count() == 2


@pytest.mark.django_db
def test_a_command_that_fails_takes_its_number_back() -> None:
    head = history.head()
    with pytest.raises(ValueError, match="no"), history.change(by=TRIAL):
        person("Ana")
        raise ValueError("no")
    assert history.head() == head
    with history.change(by=TRIAL) as opened:
        person("Bo")
    assert opened.seq == head.seq + 1


@pytest.mark.django_db
def test_after_its_block_a_change_set_takes_no_more_rows() -> None:
    """A transaction-local setting would survive the released savepoint; the block clears it."""
    with history.change(by=TRIAL):
        person("Ana")
    with pytest.raises(DatabaseError, match="history.no_change_set"), transaction.atomic():
        person("Bo")


@pytest.mark.django_db
def test_closing_with_nothing_open_moves_nothing() -> None:
    with history.change(by=TRIAL):
        person("Ana")
    head = history.head()
    with connection.cursor() as cursor:
        cursor.execute("SELECT history_close()")
        cursor.execute("SELECT history_close()")
    assert history.head() == head and Head.objects.get(pk=1).seq == head.seq


@pytest.mark.django_db
def test_inside_a_command_the_head_is_the_change_set_before() -> None:
    with history.change(by=TRIAL):
        person("Ana")
    head = history.head()
    with history.change(by=TRIAL) as opened:
        person("Bo")
        assert history.head() == head
        assert history.rows(Person, history.head().seq).count() == 1
    assert history.head().seq == opened.seq


@pytest.mark.parametrize("stated", ["1", "999999", "abc", "-1", " ", "99999999999999999999999"])
@pytest.mark.django_db
def test_a_number_of_ones_own_choice_opens_nothing(stated: str) -> None:
    with history.change(by=TRIAL):
        person("Ana")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('salkku.change', %s, true)", [stated])
    if stated == "1" and history.head().seq == 1:
        return  # it is this very transaction's own, which it may go on with
    with pytest.raises(DatabaseError, match="history.no_change_set"), transaction.atomic():
        person("Bo")


@pytest.mark.django_db
def test_an_earlier_change_set_of_the_same_transaction_opens_nothing() -> None:
    with history.change(by=TRIAL) as earlier:
        person("Ana")
    with history.change(by=TRIAL), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('salkku.change', %s, true)", [str(earlier.seq)])
        with pytest.raises(DatabaseError, match="history.no_change_set"), transaction.atomic():
            person("Bo")


def test_two_change_sets_at_once_in_one_transaction_are_refused(own_database: str) -> None:
    with as_runtime(own_database) as runtime:
        opened_by_hand(runtime, "Ana")
        runtime.execute("SELECT set_config('salkku.change', '', true)")
        with pytest.raises(psycopg.errors.UniqueViolation), runtime.transaction():
            opened_by_hand(runtime, "Bo")
    assert [someone.name for someone in Person.objects.all()] == ["Ana"] and verify().sound


@pytest.mark.parametrize("writes", [True, False])
def test_one_sealed_too_early_and_left_open_holds_up_nobody(own_database: str, writes: bool) -> None:
    with as_runtime(own_database) as runtime:
        runtime.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if writes:
            opened_by_hand(runtime, "Ana")
        else:
            runtime.execute("SELECT history_open('job', NULL, '', 'by hand', NULL, '', '')")
    assert history.head().seq == int(writes) and verify().sound
    with history.change(by=TRIAL):
        person("Bo")
    assert history.head().seq == int(writes) + 1 and verify().sound


def test_a_number_of_a_committed_change_set_opens_nothing(own_database: str) -> None:
    with history.change(by=TRIAL) as opened:
        person("Ana")
    with as_runtime(own_database) as runtime:
        runtime.execute("SELECT set_config('salkku.change', %s, false)", [str(opened.seq)])
        with pytest.raises(psycopg.DatabaseError, match="history.no_change_set"):
            runtime.execute("UPDATE portfolio_person SET name = 'Forged'")
    assert Person.objects.get().name == "Ana" and verify().sound


def test_a_caller_who_forgets_to_close_is_closed_by_the_commit(own_database: str) -> None:
    with as_runtime(own_database) as runtime:
        number = opened_by_hand(runtime, "Ana")
    change = ChangeSet.objects.get()
    assert (change.seq, len(change.sha256 or "")) == (number, 64)
    assert history.head().sha256 == change.sha256 and verify().sound


def test_only_the_owner_migrates(own_database: str) -> None:
    with as_runtime(own_database) as runtime, pytest.raises(psycopg.DatabaseError, match="history.no_change_set"):
        runtime.execute("SELECT history_open('migration', NULL, '', 'migrate', NULL, '', '')")


def test_two_commands_at_once_run_one_after_the_other(own_database: str) -> None:
    race(own_database, writers=2, times=5)


@pytest.mark.proof
def test_eight_writers_leave_one_order_without_a_gap(own_database: str) -> None:
    race(own_database, writers=8, times=60)


def race(database: str, *, writers: int, times: int) -> None:
    """Threads race for the head; numbers have no gap, and rise with the time of the commit."""
    failed: list[BaseException] = []
    start = threading.Barrier(writers)

    def write(number: int) -> None:
        try:
            start.wait()
            for turn in range(times):
                with history.change(by=TRIAL, because=f"{number}.{turn}"):
                    person(f"{number}.{turn}")
        except BaseException as error:  # noqa: BLE001  (told to the test)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    changes = list(ChangeSet.objects.order_by("seq"))
    assert [change.seq for change in changes] == list(range(1, writers * times + 1))
    assert [change.recorded_at for change in changes] == sorted(change.recorded_at for change in changes)
    assert verify().sound


def test_whoever_waits_too_long_for_the_head_is_told_to_try_again(own_database: str) -> None:
    connection.settings_dict["OPTIONS"] = before = dict(connection.settings_dict["OPTIONS"])
    connection.settings_dict["OPTIONS"] = before | {"options": "-c lock_timeout=300ms -c timezone=UTC"}
    connection.close()
    try:
        with as_runtime(own_database) as runtime:
            opened_by_hand(runtime, "Slow")
            with pytest.raises(Refused) as refused, history.change(by=TRIAL):
                person("Ana")
            assert (refused.value.code, refused.value.status) == ("busy.retry", 503)
        with history.change(by=TRIAL):
            person("Bo")
    finally:
        connection.settings_dict["OPTIONS"] = before
        connection.close()
    assert {row.name for row in Person.objects.all()} == {"Slow", "Bo"}


KILLED = """
import os, sys, django
django.setup()
from django.db import connection
from portfolio import history
from portfolio.people.models import Person
with history.change(by=history.Job("doomed")):
    Person.objects.create(name="Doomed")
    assert Person.history.filter(name="Doomed").exists()
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.mark.proof
@pytest.mark.parametrize("turn", [0, 1, 2])
def test_killed_between_write_and_commit_leaves_neither(own_database: str, turn: int) -> None:
    environment = os.environ | {
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/salkku?", f"/{own_database}?"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    assert own_database in environment["DATABASE_URL"]
    doomed = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert doomed.stdout and doomed.stdout.readline() == b"written\n"
    doomed.send_signal(signal.SIGKILL)
    assert doomed.wait() == -signal.SIGKILL
    with history.change(by=TRIAL) as opened:  # waits until the server has noticed
        person("Ana")
    assert opened.seq == 1
    assert [row.name for row in (*Person.objects.all(), *Person.history.all())] == ["Ana", "Ana"]


def test_the_answer_about_an_instant_never_changes(own_database: str) -> None:
    """The slow one writes before an instant and commits after it; whoever asks meanwhile waits for it."""
    with history.change(by=TRIAL):
        ana = person("Ana")
    answers: list[int] = []
    with as_runtime(own_database) as slow:
        number = opened_by_hand(slow, "Slow")
        slow.execute("UPDATE portfolio_person SET name = 'Late' WHERE id = %s", [ana.pk])
        moment = history_now()
        asking = threading.Thread(target=lambda: answers.append(ask(moment)))
        asking.start()
        wait_until_somebody_waits(own_database)
        assert not answers
        slow.commit()
        asking.join()
    assert answers == [number] and history.seq_at(moment) == number
    assert history.row(Person, ana.pk, number).name == "Late"
    assert history.row(Person, ana.pk, number - 1).name == "Ana"


def test_whoever_asked_holds_up_nobody(own_database: str) -> None:
    """Two who ask inside a transaction and then both write must not wait for each other."""
    with history.change(by=TRIAL):
        person("Ana")
    with as_runtime(own_database) as one, as_runtime(own_database) as other:
        for each in (one, other):
            each.execute("SELECT history_seq_at(city_now() - interval '1 microsecond')")
        opened_by_hand(one, "One")
        one.commit()
        opened_by_hand(other, "Other")
        other.commit()
    assert Person.objects.count() == 3 and verify().sound


@pytest.mark.proof
def test_answers_never_change_while_eight_write(own_database: str) -> None:
    """Two hundred instants are asked about while eight write; asked again at the end, each has the same answer."""
    asked: dict[Any, tuple[int, int]] = {}
    enough = threading.Event()

    def ask_on() -> None:
        while len(asked) < 200:
            moment = history_now()
            number = history.seq_at(moment)
            asked[moment] = (number, history.rows(Person, number).count())

    def write_on() -> None:
        while not enough.is_set():
            with history.change(by=TRIAL):
                person("Ana")

    together(enough, [ask_on] * 2, [write_on] * 8)
    assert len(asked) >= 200 and len({number for number, _ in asked.values()}) > 50
    for moment, (number, count) in asked.items():
        assert history.seq_at(moment) == number
        assert history.rows(Person, number).count() == count == number


def together(enough: threading.Event, first: list[Any], others: list[Any]) -> None:
    """Each in a thread and with a connection of its own; the others go on until the first are done."""
    failed: list[BaseException] = []

    def run(what: Any) -> None:
        try:
            what()
        except BaseException as error:  # noqa: BLE001  (told to the test)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[what]) for what in (*first, *others)]
    for thread in threads:
        thread.start()
    for thread in threads[: len(first)]:
        thread.join()
    enough.set()
    for thread in threads:
        thread.join()
    assert not failed


def history_now() -> datetime:
    return clock.now() - timedelta(microseconds=1)


def ask(moment: Any) -> int:
    try:
        return history.seq_at(moment)
    finally:
        connection.close()


def wait_until_somebody_waits(database: str) -> None:
    deadline = time.monotonic() + 10
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        while time.monotonic() < deadline:
            waiting = owner.execute(
                "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database OR l.database IS NULL "
                "WHERE NOT l.granted"
            ).fetchone()
            if waiting:
                return
    raise AssertionError("nobody waits")
