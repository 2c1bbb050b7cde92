"""What the database refuses: rewriting the past, switching triggers off, more rights than are needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connection

from portfolio import history
from portfolio.history import Job
from portfolio.ledger import checks, grants, triggers
from portfolio.people.models import Person
from tests.portfolio.history import records

PROJECT = Path(__file__).resolve().parents[3]
TRIAL = Job("trial")
Session = psycopg.Connection[Any]
LEDGER = sorted(apps.get_model(label)._meta.db_table for label in settings.LEDGER_TABLES)
KEPT = (
    [f"{model._meta.db_table}_history" for model in records.every_tracked()]
    + [model._meta.db_table for model in records.every_insert_only()]
    + LEDGER
)


@pytest.fixture
def ana(own_database: str) -> Person:
    with history.change(by=TRIAL, because="setup"):
        return Person.objects.create(name="Ana")


@pytest.fixture
def runtime(own_database: str) -> Iterator[Session]:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=own_database, autocommit=True) as session:
        yield session


def complaints() -> set[str]:
    faults = run_checks(tags=[Tags.database], databases=["default"])
    return {str(fault.msg) for fault in faults if str(fault.id).startswith("history.")}


def test_a_write_without_a_change_set_is_refused_to_any_program(ana: Person, runtime: Session) -> None:
    for sql in ("UPDATE portfolio_person SET name = 'Mallory'", "DELETE FROM portfolio_person"):
        with pytest.raises(psycopg.DatabaseError, match="history.no_change_set") as refused:
            runtime.execute(sql)
        assert refused.value.sqlstate == "SK001"
        assert "Write through a command" in str(refused.value.diag.message_hint)


def test_psql_opens_as_the_runtime_role_and_is_refused(ana: Person, own_database: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/salkku?", f"/{own_database}?"),
        "PGDATABASE": own_database,
    }
    statement = "SELECT current_user; UPDATE portfolio_person SET name = 'Mallory'"
    command = [sys.executable, "-m", "config", "psql", "-X", "-A", "-t", "-c", "SELECT current_user", "-c", statement]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120)
    assert settings.RUNTIME_ROLE in done.stdout
    assert done.returncode != 0 and "history.no_change_set" in done.stderr


def test_nothing_that_is_kept_yields_to_the_runtime_role(own_database: str, runtime: Session) -> None:
    for table in KEPT:
        column = columns(runtime, table)[1]
        for sql in (f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                runtime.execute(sql)
    for model in records.every_tracked():
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute(f"INSERT INTO {model._meta.db_table}_history DEFAULT VALUES")


def test_the_owner_too_is_refused_by_triggers(ana: Person, as_owner: Session) -> None:
    for model in records.every_insert_only():
        with history.change(by=TRIAL):
            records.made(model)
    past = Person.history.get(name="Ana")
    filled = [table for table in KEPT if as_owner.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()]
    assert {"portfolio_person_history", "portfolio_changeset", "portfolio_changeentry", "portfolio_head"} <= set(filled)
    for table in filled:
        with pytest.raises(psycopg.DatabaseError, match="history.append_only"):
            as_owner.execute(f"DELETE FROM {table}")
        with pytest.raises(psycopg.DatabaseError, match="history.append_only|cannot truncate"):
            as_owner.execute(f"TRUNCATE {table}")
        with pytest.raises(psycopg.DatabaseError, match="history.append_only"):
            as_owner.execute(f"TRUNCATE {table} CASCADE")
    for sql in (
        "UPDATE portfolio_person_history SET name = 'Mallory'",
        "UPDATE portfolio_person_history SET history_seq = 7",
        "UPDATE portfolio_changeset SET reason = 'another'",
        "UPDATE portfolio_changeentry SET op = '-'",
        "UPDATE portfolio_head SET sha256 = ''",
        "UPDATE portfolio_installation SET kind = 'demo'",
        "UPDATE portfolio_installation SET shift = shift - interval '1 day'",
        "TRUNCATE portfolio_person CASCADE",
    ):
        with pytest.raises(psycopg.DatabaseError, match="history.append_only"):
            as_owner.execute(sql)
    assert Person.history.get(name="Ana").row_sha256 == past.row_sha256


def test_the_runtime_role_cannot_switch_anything_off(ana: Person, runtime: Session) -> None:
    for sql in (
        "ALTER TABLE portfolio_person DISABLE TRIGGER ALL",
        "ALTER TABLE portfolio_person DISABLE TRIGGER history_write",
        "DROP TRIGGER history_write ON portfolio_person",
        "CREATE TRIGGER another BEFORE INSERT ON portfolio_person FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()",
        "SET session_replication_role = replica",
        "ALTER TABLE portfolio_person ADD COLUMN more text",
        "CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE public.portfolio_own (id int)",
        "SET ROLE salkku_owner",
        "SELECT history_redact('portfolio_person', 1, '{name}', '')",
        "SELECT history_seal_now(1)",
        "SELECT setval('portfolio_changeentry_id_seq', 1)",
        "COPY portfolio_person_history FROM PROGRAM 'true'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute(sql)


def test_trigger_functions_cannot_be_hung_on_a_table_of_ones_own(ana: Person, runtime: Session) -> None:
    """Else a row inserted into the copy would be written to the history with the owner's rights."""
    runtime.execute("CREATE TEMP TABLE mine (LIKE portfolio_person)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        runtime.execute(
            "CREATE TRIGGER forge AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION history_write_portfolio_person()"
        )


def test_a_table_of_ones_own_does_not_stand_before_the_ledgers(ana: Person, runtime: Session) -> None:
    runtime.execute("CREATE TEMP TABLE portfolio_changeset AS SELECT * FROM public.portfolio_changeset")
    runtime.execute(
        "UPDATE pg_temp.portfolio_changeset SET xid = history_now.xid, sha256 = NULL FROM "
        "(SELECT pg_current_xact_id()::text AS xid) history_now"
    )
    runtime.execute("SELECT set_config('salkku.change', '1', false)")
    with pytest.raises(psycopg.DatabaseError, match="history.no_change_set"):
        runtime.execute("UPDATE portfolio_person SET name = 'Mallory'")


def test_playing_a_replica_does_not_silence_the_triggers(ana: Person, own_database: str) -> None:
    superuser = os.environ["OWNER_DATABASE_URL"].replace("salkku_owner@", "postgres@")
    with psycopg.connect(superuser, dbname=own_database, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.DatabaseError, match="history.no_change_set"):
            session.execute("UPDATE portfolio_person SET name = 'Mallory'")


def test_the_runtime_role_has_the_rights_that_are_listed_and_no_others(owner: Any) -> None:
    assert grants.excess(owner) == []
    assert complaints() == set()
    owner.execute("GRANT UPDATE (name) ON portfolio_person_history TO salkku")
    owner.execute("REVOKE DELETE ON portfolio_person FROM salkku")
    owner.execute("GRANT EXECUTE ON FUNCTION history_seal_now TO salkku")
    assert complaints() == {
        "The runtime role may UPDATE portfolio_person_history.",
        "The runtime role may not DELETE portfolio_person.",
        "The runtime role may call history_seal_now.",
    }


@pytest.mark.parametrize(
    ("spoiling", "table"),
    [
        ("DROP TRIGGER history_write ON portfolio_person", "portfolio_person"),
        ("DROP TRIGGER history_before ON portfolio_person", "portfolio_person"),
        ("DROP TRIGGER history_keep ON portfolio_person_history", "portfolio_person"),
        ("DROP TRIGGER history_keep_all ON portfolio_phasemove", "portfolio_phasemove"),
        ("ALTER TABLE portfolio_person DISABLE TRIGGER history_write", "portfolio_person"),
        ("ALTER TABLE portfolio_person ENABLE REPLICA TRIGGER history_write", "portfolio_person"),
        ("ALTER TABLE portfolio_person ENABLE TRIGGER history_write", "portfolio_person"),
        ("DROP TRIGGER seal_at_commit ON portfolio_changeset", "portfolio_changeset"),
        ("ALTER TABLE portfolio_head DISABLE TRIGGER ALL", "portfolio_changeset"),
        ("ALTER TABLE portfolio_person ADD COLUMN nickname text; ALTER TABLE portfolio_person_history "
         "ADD COLUMN nickname text", "portfolio_person"),
        ("ALTER TABLE portfolio_person_history DROP COLUMN phone", "portfolio_person"),
        ("ALTER FUNCTION history_write_portfolio_person() SECURITY INVOKER", "portfolio_person"),
        ("ALTER FUNCTION history_write_portfolio_person() RESET ALL", "portfolio_person"),
        ("CREATE OR REPLACE TRIGGER history_write AFTER INSERT ON portfolio_person FOR EACH ROW "
         "EXECUTE FUNCTION history_write_portfolio_person()", "portfolio_person"),
        ("CREATE OR REPLACE TRIGGER history_write AFTER INSERT ON portfolio_person FOR EACH ROW "
         "WHEN (false) EXECUTE FUNCTION history_write_portfolio_person()", "portfolio_person"),
        ("CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
         "portfolio_changeset"),
    ],
)  # fmt: skip
def test_a_missing_or_stale_trigger_fails_the_check_and_migrate_mends_it(owner: Any, spoiling: str, table: str) -> None:
    assert complaints() == set()
    owner.execute(spoiling)
    assert f"History triggers of {table} are missing or stale." in complaints()
    if "DROP COLUMN" not in spoiling:
        triggers.install(connection)  # what `migrate` does at its end
        beside = {f"{table} has the column nickname: text."} if "nickname" in spoiling else set()
        assert complaints() == beside, "the column itself no migration made"


def test_every_model_is_of_a_known_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.every_model_has_a_kind() == []
    monkeypatch.setattr(settings, "OPERATIONAL_TABLES", {})
    assert {fault.id for fault in checks.every_model_has_a_kind()} == {"history.E001"}


def test_every_operational_table_says_why() -> None:
    assert all(reason for reason in settings.OPERATIONAL_TABLES.values())


def columns(session: Session, table: str) -> list[str]:
    rows = session.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table]
    )
    return [name for (name,) in rows.fetchall()]
