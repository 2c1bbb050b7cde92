"""A `migrate` that has nothing to do changes nothing and is felt by nobody."""

from __future__ import annotations

import os
import subprocess
import threading
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config.embedded.postgres import wheel_home
from portfolio.ledger import grants, triggers
from portfolio.schema import missing_migrations

Session = psycopg.Connection[Any]
# Every row of the catalogue that `migrate` could touch, with the transaction that last wrote it.
CATALOGUE = """
  SELECT 'trigger', t.oid::bigint, t.xmin::text FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
   WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'function', oid, xmin::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'relation', oid, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'column', attrelid, max(a.xmin::text) FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
   WHERE relnamespace = 'public'::regnamespace GROUP BY 1, 2
  UNION ALL SELECT 'schema', oid, xmin::text FROM pg_namespace WHERE nspname = 'public'
  UNION ALL SELECT 'setting', setdatabase, xmin::text FROM pg_db_role_setting
  UNION ALL SELECT 'shape', 0, string_agg(xmin::text, ',' ORDER BY digest) FROM portfolio_historyshape
  UNION ALL SELECT 'head', id, xmin::text FROM portfolio_head
  UNION ALL SELECT 'migration', id, xmin::text FROM django_migrations"""
OPEN = "SELECT history_open('job', NULL, '', 'by hand', NULL, '', '')"
WRITE = (
    "INSERT INTO portfolio_person (name, title_fi, title_sv, title_en, email, phone, council_group, unit, active, "
    "provenance) VALUES ('Ana', '', '', '', '', '', '', '', true, 'recorded')"
)


def as_runtime(database: str, **more: Any) -> Session:
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=database, options="-c lock_timeout=5s", **more)


def write_until(done: threading.Event, database: str, written: list[int], failed: list[Exception]) -> None:
    with as_runtime(database) as session:
        while not done.is_set():
            try:
                with session.transaction():
                    session.execute(OPEN)
                    session.execute(WRITE)
                    session.execute("SELECT history_close()")
                written.append(1)
            except psycopg.Error as error:
                failed.append(error)


def test_bringing_everything_to_what_it_is_touches_nothing(owner: Any) -> None:
    triggers.install(connection)
    owner.execute(CATALOGUE)
    before = sorted(owner.fetchall())
    triggers.install(connection)
    owner.execute(CATALOGUE)
    assert sorted(owner.fetchall()) == before and len(before) > 1000


@pytest.mark.proof
def test_a_second_migrate_touches_nothing_and_no_writer_feels_it(own_database: str, as_owner: Session) -> None:
    call_command("migrate", verbosity=0)
    before = sorted(as_owner.execute(CATALOGUE).fetchall())
    done, written, failed = threading.Event(), [], []  # type: ignore[var-annotated]
    writer = threading.Thread(target=write_until, args=(done, own_database, written, failed))
    writer.start()
    try:
        for _ in range(5):
            call_command("migrate", verbosity=0)
    finally:
        done.set()
        writer.join()
    assert failed == [] and len(written) > 20
    after = sorted(as_owner.execute(CATALOGUE).fetchall())
    assert [row for row in after if row[0] != "head"] == [row for row in before if row[0] != "head"]


def test_what_differs_is_mended_and_nothing_else(owner: Any) -> None:
    before = rights(owner)
    for spoiling in (
        "REVOKE DELETE ON portfolio_person FROM salkku",
        "GRANT UPDATE ON portfolio_changeset TO salkku",
        "GRANT UPDATE (name) ON portfolio_person_history TO salkku",
        "GRANT SELECT ON portfolio_head TO PUBLIC",
        "GRANT UPDATE ON SEQUENCE portfolio_person_id_seq TO salkku",
        "REVOKE SELECT ON SEQUENCE portfolio_person_id_seq FROM salkku",
        "GRANT CREATE ON SCHEMA public TO PUBLIC",
        "GRANT EXECUTE ON FUNCTION history_seal_now TO PUBLIC",
        "REVOKE EXECUTE ON FUNCTION history_close FROM salkku",
    ):
        owner.execute(spoiling)
    assert rights(owner) != before
    triggers.install(connection)
    assert rights(owner) == before and grants.excess(owner) == []


def rights(owner: Any) -> list[Any]:
    owner.execute(grants.FOUND, {"role": settings.RUNTIME_ROLE})
    return sorted(owner.fetchall())


def test_either_role_can_take_a_backup(own_database: str) -> None:
    home = wheel_home()
    if home is None:
        pytest.skip("without PostgreSQL's own programs")
    for role in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        address = psycopg.conninfo.make_conninfo(os.environ[role], dbname=own_database)
        done = subprocess.run([home / "bin/pg_dump", "-n", "public", "-d", address], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "CREATE TABLE public.portfolio_person_history" in done.stdout


def test_what_is_missing_is_named_and_asking_changes_nothing(owner: Any) -> None:
    assert missing_migrations() == []
    call_command("migrate", check_unapplied=True)  # says nothing
    owner.execute("DELETE FROM django_migrations WHERE name = '0009_texts_in_the_citys_first_language'")
    said = StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("migrate", check_unapplied=True, stdout=said)
    assert status.value.code == 1 and "portfolio.0009_texts_in_the_citys_first_language" in said.getvalue().split()
