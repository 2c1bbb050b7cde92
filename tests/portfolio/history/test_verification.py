"""Whoever alters, adds, takes away or reorders with the triggers off is found out at the exact change set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from portfolio import history
from portfolio.history import Job
from portfolio.history.models import ChangeSet
from portfolio.ledger import canonical
from portfolio.ledger.triggers import hashed
from portfolio.ledger.verification import PrintedHead, verify
from portfolio.people.models import Person
from tests.portfolio.history import records
from tests.portfolio.history.conftest import in_the_seat, seat, seated, tell

TRIAL = Job("trial")
PEOPLE = "portfolio_person_history"


@pytest.fixture(scope="module")
def owners(shared_database: str) -> Iterator[Any]:
    """The owner's connection to a database in which the ten changes have been made."""
    with seat() as owners:
        with in_the_seat(owners):
            tell()
        yield owners


@pytest.fixture
def owner(owners: Any) -> Iterator[Any]:
    yield from seated(owners)


@pytest.fixture
def told(owner: Any) -> None:
    """Told once, for all tests of the module; each takes back what it does."""


def test_what_nobody_touched_is_sound(told: None) -> None:
    verdict = verify()
    assert verdict.sound and (verdict.first, verdict.last) == (1, 10)
    assert verdict.rows >= 10


@pytest.mark.parametrize(
    ("sql", "seq", "table"),
    [
        (f"UPDATE {PEOPLE} SET name = 'Mallory' WHERE history_seq = 7", 7, PEOPLE),
        (f"UPDATE {PEOPLE} SET history_user_id = 7 WHERE history_seq = 3", 3, PEOPLE),
        (f"UPDATE {PEOPLE} SET history_change_reason = 'x' WHERE history_seq = 3", 3, PEOPLE),
        (f"UPDATE {PEOPLE} SET history_date = history_date - interval '1 day' WHERE history_seq = 4", 4, PEOPLE),
        (f"UPDATE {PEOPLE} SET history_seq = 6 WHERE history_seq = 7", 7, PEOPLE),
        (f"UPDATE {PEOPLE} SET history_type = '-' WHERE history_seq = 8", 8, PEOPLE),
        (f"UPDATE {PEOPLE} SET salt = NULL WHERE history_seq = 2", 2, PEOPLE),
        (f"UPDATE {PEOPLE} SET shape = 'another' WHERE history_seq = 2", 2, PEOPLE),
        (f"DELETE FROM {PEOPLE} WHERE history_seq = 3", 3, PEOPLE),
        (f"DELETE FROM {PEOPLE} WHERE history_seq = 8", 8, PEOPLE),
        (f"INSERT INTO {PEOPLE} SELECT (p).* FROM (SELECT jsonb_populate_record(p, jsonb_build_object("
         f"'history_id', 9999)) AS p FROM {PEOPLE} p WHERE history_seq = 4) x", 4, PEOPLE),
        (f"UPDATE {PEOPLE} a SET name = b.name, salt = b.salt, row_sha256 = b.row_sha256 FROM {PEOPLE} b "
         "WHERE (a.history_seq, b.history_seq) IN ((6, 7), (7, 6))", 6, PEOPLE),
        ("UPDATE portfolio_phasemove SET because = 'other'", 9, "portfolio_phasemove"),
        ("DELETE FROM portfolio_phasemove", 9, "portfolio_phasemove"),
        ("UPDATE portfolio_phasemove SET seq = 4", 4, "portfolio_phasemove"),
        ("UPDATE portfolio_changeset SET reason = 'other' WHERE seq = 5", 5, "portfolio_changeset"),
        ("UPDATE portfolio_changeset SET job = 'other' WHERE seq = 5", 5, "portfolio_changeset"),
        ("UPDATE portfolio_changeset SET recorded_at = recorded_at - interval '9 year' WHERE seq = 5", 5, None),
        ("UPDATE portfolio_changeset SET sha256 = repeat('a', 64) WHERE seq = 5", 5, "portfolio_changeset"),
        ("DELETE FROM portfolio_changeset WHERE seq = 5", 5, "portfolio_changeset"),
        ("DELETE FROM portfolio_changeset WHERE seq = 10", 10, "portfolio_changeset"),
        ("DELETE FROM portfolio_changeentry WHERE seq = 4", 4, None),
        ("UPDATE portfolio_changeentry SET op = '~' WHERE seq = 4", 4, None),
        ("UPDATE portfolio_changeentry SET object_id = 4711 WHERE seq = 4", 4, None),
        ("UPDATE portfolio_changeentry SET seq = 3 WHERE seq = 4", 3, None),
        ("UPDATE portfolio_head SET sha256 = repeat('b', 64)", 10, "portfolio_head"),
        ("UPDATE portfolio_head SET seq = 12", 11, "portfolio_changeset"),
        ("UPDATE portfolio_person SET name = 'Mallory' WHERE name LIKE 'Person 2%'", 8, "portfolio_person"),
        ("UPDATE portfolio_historyshape SET columns = columns - 'name' WHERE relation = 'portfolio_person'", 1, None),
        ("INSERT INTO portfolio_redaction (relation, object_id, history_id, columns, because, seq, recorded_at, "
         "row_sha256) VALUES ('portfolio_person', 1, 1, '[]', 'x', 6, now(), '')", 6, "portfolio_redaction"),
    ],
)  # fmt: skip
def test_tampering_is_named_by_its_first_change_set(tamper: Any, sql: str, seq: int, table: str | None) -> None:
    tamper(sql)
    errors = StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("verify_history", stderr=errors, stdout=StringIO())
    *faults, last = [line for line in errors.getvalue().splitlines() if line.startswith(("seq", "BROKEN"))]
    assert status.value.code == 1 and last == f"BROKEN: the first fault is at seq {seq}"
    assert faults[0].startswith(f"seq {seq}  "), faults
    assert table is None or any(fault.startswith(f"seq {seq}  {table}  ") for fault in faults), faults


CUT = f"""
DELETE FROM portfolio_phasemove; DELETE FROM {PEOPLE} WHERE history_seq > 7;
DELETE FROM portfolio_changeentry WHERE seq > 7; DELETE FROM portfolio_changeset WHERE seq > 7;
UPDATE portfolio_head SET seq = 7, sha256 = (SELECT sha256 FROM portfolio_changeset WHERE seq = 7);
"""


def test_a_tail_cut_off_clean_is_found_by_what_was_published(tamper: Any, owner: Any) -> None:
    published = history.head()
    tamper(CUT)
    chain = [fault for fault in verify().faults if fault.table.startswith("portfolio_change")]
    assert chain == []  # the chain alone can't tell
    faults = verify(against=[PrintedHead(published.seq, published.sha256)]).faults
    assert (10, "portfolio_changeset", "was published and is missing") in {fault[:3] for fault in faults}


def test_a_whole_tail_written_anew_is_found_by_what_was_published(tamper: Any) -> None:
    published = history.head()
    tamper("UPDATE portfolio_changeset SET reason = 'other' WHERE seq = 10")
    tamper(
        "SET timezone = 'UTC'; UPDATE portfolio_changeset c SET sha256 = history_seal(c, (SELECT string_agg("
        "history_line(e), ',' ORDER BY e.id) FROM portfolio_changeentry e WHERE e.seq = 10)) WHERE seq = 10;"
        f"UPDATE {PEOPLE} SET history_change_reason = 'other' WHERE history_seq = 10;"
        "UPDATE portfolio_head SET sha256 = (SELECT sha256 FROM portfolio_changeset WHERE seq = 10)"
    )
    assert verify().sound
    with pytest.raises(SystemExit):
        call_command("verify_history", "--against", f"{published.seq}:{published.sha256}", stderr=StringIO())
    assert verify(against=[PrintedHead(*published[:2])]).faults[0].what == "was published with another seal"


def test_from_a_change_set_on_trusts_what_is_before(tamper: Any) -> None:
    tamper(f"UPDATE {PEOPLE} SET name = 'Mallory' WHERE history_seq = 3")
    assert verify().faults[0].seq == 3
    assert verify(start=4).sound


def test_the_command_says_what_it_saw(told: None) -> None:
    said, head = StringIO(), history.head()
    call_command("verify_history", "--against", f"{head.seq}:{head.sha256}", stdout=said)
    assert "change sets 1 to 10" in said.getvalue() and f"sound; head 10:{head.sha256}" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("verify_history", "--against", "10")


def redact(owner: Any, pk: int, *names: str) -> int:
    with history.change(by=Job("erasure"), because="request 12/2024"):
        owner.execute("SELECT history_redact('portfolio_person', %s, %s, 'request 12/2024')", [pk, list(names)])
        return int(owner.fetchone()[0])


def test_a_lawful_erasure_is_redacted_not_broken(told: None, owner: Any) -> None:
    someone = Person.objects.get(name="Person 2 2")
    assert redact(owner, someone.pk, "name", "email") == 5  # four states, and the blanked one of today
    verdict = verify()
    assert verdict.sound and verdict.redacted == 5
    gone = Person.history.filter(id=someone.pk).values_list("name", "email", "commitments__name__salt")
    assert set(gone) == {("", "", None)}
    assert Person.objects.get(pk=someone.pk).name == ""
    assert ChangeSet.objects.get(seq=11).reason == "request 12/2024"
    redact(owner, someone.pk, "phone")
    assert verify().sound


def test_under_cover_of_an_erasure_nothing_else_is_altered(tamper: Any, owner: Any) -> None:
    someone = Person.objects.get(name="Person 2 2")
    redact(owner, someone.pk, "name")
    tamper(f"UPDATE {PEOPLE} SET active = false WHERE history_seq = 6")
    assert verify().faults[0][:3] == (6, PEOPLE, "a row was altered")


def test_an_erasure_nobody_entered_is_found(tamper: Any, owner: Any) -> None:
    tamper(
        f"UPDATE {PEOPLE} SET name = '', salt = NULL WHERE history_seq = 6;"
        "INSERT INTO portfolio_redaction (relation, object_id, history_id, columns, because, seq, recorded_at, "
        "row_sha256) SELECT 'portfolio_person', id, history_id, '[\"name\"]', 'x', 6, now(), "
        f"history_digest(NULL, history_state(to_jsonb(p), shape)) FROM {PEOPLE} p WHERE history_seq = 6"
    )
    assert (6, "portfolio_redaction", "was altered") in {fault[:3] for fault in verify().faults}


@pytest.mark.parametrize("function", ["history_digest(salt uuid, state jsonb)", "history_line", "history_seal"])
def test_a_function_of_the_database_that_lies_hides_nothing(tamper: Any, owner: Any, function: str) -> None:
    arguments = {
        "history_line": "(entry portfolio_changeentry)",
        "history_seal": "(change portfolio_changeset, lines text)",
    }.get(function, "")
    owner.execute(
        f"CREATE OR REPLACE FUNCTION {function}{arguments} RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'a lie' $$"
    )
    assert verify().sound
    tamper(f"UPDATE {PEOPLE} SET name = 'Mallory' WHERE history_seq = 7")
    assert verify().faults[0][:3] == (7, PEOPLE, "a row was altered")


KINDS = {
    "text": st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")),
    "bigint": st.integers(-(2**62), 2**62),
    "boolean": st.booleans(),
    "numeric": st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.just(Decimal("NaN")),
    "date": st.dates(),
    "timestamp with time zone": st.datetimes(timezones=st.just(UTC)),
    "time without time zone": st.times(),
    "uuid": st.uuids(),
    "bytea": st.binary(),
    "double precision": st.floats(allow_infinity=False, allow_nan=False),
    "jsonb": st.dictionaries(st.text('ab"\\é', max_size=3), st.integers() | st.none()).map(Jsonb),
    "text[]": st.lists(st.text('a"\\ ,é\n', max_size=3)),
}


@seed(20261122)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.fixed_dictionaries({kind: st.none() | values for kind, values in KINDS.items()}))
def test_the_verifier_writes_a_row_as_the_trigger_did(db: None, values: dict[str, Any]) -> None:
    columns = {f"{'x' * (number % 3)}{kind[:4]}{number}": kind for number, kind in enumerate(KINDS)}
    chosen = ", ".join(f'%s::{kind} AS "{name}"' for name, kind in columns.items())
    ours = canonical.state("r", columns)
    theirs = f"(SELECT to_jsonb(kept)::text FROM (SELECT {hashed('r', columns)}) AS kept)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {ours}, {theirs} FROM (SELECT {chosen}) AS r",
            [values[kind] for kind in KINDS],
        )
        written, hashed_then = cursor.fetchone()
    assert written == hashed_then


@pytest.mark.django_db
def test_a_row_of_every_table_is_sound() -> None:
    """So whatever type a column has, the verifier writes it as the trigger did."""
    for model in (*records.every_tracked(), *records.every_insert_only()):
        with history.change(by=TRIAL):
            records.made(model)
    verdict = verify()
    assert verdict.sound, verdict.faults
    assert verdict.rows >= len(records.every_tracked()) + len(records.every_insert_only())


def test_verifying_writes_nothing(told: None) -> None:
    before = history.head()
    assert verify().sound and history.head() == before
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("UTC",)
