"""Who may sign a change set, and that one without a change leaves no number, whoever opens it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from portfolio import history
from portfolio.history import Job
from portfolio.history.models import ChangeSet
from portfolio.ledger.verification import verify
from portfolio.people.models import Person

TRIAL = Job("trial")
Session = psycopg.Connection[Any]
OPEN = "SELECT history_open(%s, %s, '', %s, %s, 'by hand', 'req-1')"
AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"


@pytest.fixture
def ana(own_database: str) -> Person:
    with history.change(by=TRIAL, because="setup"):
        return Person.objects.create(name="Ana")


@pytest.fixture
def runtime(own_database: str) -> Iterator[Session]:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=own_database) as session:
        yield session


def rename(session: Session, name: str) -> None:
    session.execute("UPDATE portfolio_person SET name = %s", [name])


@pytest.mark.parametrize(
    ("kind", "actor", "job", "behalf"),
    [
        ("command", 4711, "", None),
        ("command", None, "", None),
        ("command", None, "trial", None),
        ("command", "ana", "trial", None),
        ("command", "ana", "", 4711),
        ("job", None, "trial", 4711),
        ("job", None, "", None),
        ("job", "ana", "trial", None),
        ("job", None, "migrate portfolio.0099_other", None),
        ("job", None, " migrate portfolio.0099_other", None),
        ("job", None, "\u00a0Migrate portfolio.0099_other", None),
        ("job", None, "\t", None),
        ("migration", None, "migrate portfolio.0099_other", None),
        ("xyz", None, "trial", None),
        (None, None, "trial", None),
    ],
)
def test_nobody_signs_who_is_not_there(
    ana: Person, runtime: Session, kind: str, actor: Any, job: str, behalf: int | None
) -> None:
    with pytest.raises(psycopg.DatabaseError, match="history.no_change_set") as refused:
        runtime.execute(OPEN, [kind, ana.pk if actor == "ana" else actor, job, behalf])
    assert refused.value.sqlstate == "SK001" and refused.value.diag.message_hint


def test_a_change_set_without_a_change_leaves_no_number_however_it_ends(ana: Person, runtime: Session) -> None:
    for ending in (
        (),
        ("SELECT history_close()",),
        (AT_ONCE,),
        (AT_ONCE, "SELECT history_close()"),
        (AT_ONCE, AT_ONCE),
    ):
        runtime.execute(OPEN, ["job", None, "by hand", None])
        for sql in ending:
            runtime.execute(sql)
        runtime.commit()
        assert list(ChangeSet.objects.values_list("seq", flat=True)) == [1] and history.head().seq == 1
    runtime.execute(OPEN, ["command", ana.pk, "", ana.pk])
    rename(runtime, "Ana Aalto")
    runtime.commit()
    assert (history.head().seq, verify().sound) == (2, True)


def test_who_and_why_wait_for_the_first_row(ana: Person, runtime: Session) -> None:
    """Constraints may be asked for before anything is written, as a migration does."""
    runtime.execute(OPEN, ["command", ana.pk, "", ana.pk])
    runtime.execute(AT_ONCE)
    runtime.execute(AT_ONCE)
    rename(runtime, "Ana Aalto")
    runtime.execute(AT_ONCE)
    rename(runtime, "Ana Berg")
    runtime.commit()
    change = ChangeSet.objects.get(seq=2)
    assert (change.kind, change.actor_id, change.on_behalf_of_id) == ("command", ana.pk, ana.pk)
    assert (change.reason, change.request_id) == ("by hand", "req-1")
    assert [row.name for row in Person.history.order_by("history_id")] == ["Ana", "Ana Aalto", "Ana Berg"]
    assert verify().sound and history.head().seq == 2


def test_what_was_closed_does_not_wait(ana: Person, runtime: Session) -> None:
    runtime.execute(OPEN, ["job", None, "by hand", None])
    runtime.execute(AT_ONCE)
    runtime.execute("SELECT history_close()")
    with pytest.raises(psycopg.DatabaseError, match="history.no_change_set"):
        rename(runtime, "Mallory")
    runtime.rollback()
    runtime.execute(OPEN, ["job", None, "by hand", None])
    runtime.execute(AT_ONCE)
    runtime.commit()
    with pytest.raises(psycopg.DatabaseError, match="history.no_change_set"):
        rename(runtime, "Mallory")  # a transaction later
