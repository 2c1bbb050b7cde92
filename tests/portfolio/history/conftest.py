"""The owner's seat: Django's connection as the owner, in a transaction that is rolled back; and a tampering hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from portfolio import history
from portfolio.history import Job
from portfolio.people.models import Person
from portfolio.programmes.models import PhaseMove
from tests.portfolio.history import records

TRIAL = Job("trial")


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A cursor of the owner, who may do what the program may not."""
    with django_db_blocker.unblock():
        runtime = connection.settings_dict.copy()
        connection.close()
        connection.settings_dict |= settings.OWNER_DATABASE | {"NAME": runtime["NAME"]}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                yield cursor
                transaction.set_rollback(True)
        finally:
            connection.close()
            connection.settings_dict |= runtime


@pytest.fixture
def told(owner: Any) -> None:
    """Ten changes: five people made, Person 2 renamed three times, one phase move, Person 5 deleted."""
    for number in range(1, 6):
        with history.change(by=TRIAL, because="made"):
            Person.objects.create(name=f"Person {number}")
    for number in range(3):
        with history.change(by=TRIAL, because="renamed"):
            Person.objects.filter(name__startswith="Person 2").update(name=f"Person 2 {number}")
    with history.change(by=TRIAL, because="moved"):
        records.made(PhaseMove)
    with history.change(by=TRIAL, because="gone"):
        Person.objects.filter(name="Person 5").delete()


@pytest.fixture
def tamper(told: None, owner: Any) -> Callable[[str], None]:
    """Write as the owner with every trigger off, as whoever has the machine could."""

    def write(sql: str) -> None:
        connection.check_constraints()  # a table that waits for the commit can't be altered
        owner.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname LIKE 'history%%' OR t.tgname = 'seal_at_commit'",
            [],
        )
        touched = [table for (table,) in owner.fetchall() if table in sql]
        off = "".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in touched)
        owner.execute(off)
        owner.execute(sql)
        connection.check_constraints()
        owner.execute(off.replace("DISABLE", "ENABLE"))

    return write
