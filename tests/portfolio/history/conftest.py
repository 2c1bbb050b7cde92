"""The owner's seat: Django's connection as the owner, in a transaction that is rolled back; and a tampering hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

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
        with seat() as owners:
            yield from seated(owners)


@contextmanager
def seat() -> Iterator[Any]:
    """A connection of the owner beside the program's, to the same database."""
    owners = connections.create_connection("default")
    owners.settings_dict = (
        connection.settings_dict | settings.OWNER_DATABASE | {"NAME": connection.settings_dict["NAME"]}
    )
    try:
        yield owners
    finally:
        owners.close()


@contextmanager
def in_the_seat(owners: Any) -> Iterator[None]:
    """What is done with Django's connection is done by the owner."""
    program, connections["default"] = connections["default"], owners
    try:
        yield
    finally:
        connections["default"] = program


def seated(owners: Any) -> Iterator[Any]:
    """The owner's cursor; nothing that is done stays."""
    with in_the_seat(owners), transaction.atomic(), connection.cursor() as cursor:
        yield cursor
        transaction.set_rollback(True)


@pytest.fixture
def told(owner: Any) -> None:
    """What `tell` tells, in the test's own transaction."""
    tell()


def tell() -> None:
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
