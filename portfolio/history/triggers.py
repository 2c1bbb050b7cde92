"""Generates, installs and checks the triggers that write history, from the catalogue and the models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from portfolio.history.models import InsertOnly, Tracked

LEDGER = ("portfolio_changeentry", "portfolio_historyshape", "portfolio_redaction")
OWN_COLUMNS = ("salt", "row_sha256", "shape")
FUNCTIONS = Path(__file__).with_name("functions.sql")


def tracked_models() -> list[type[Tracked]]:
    """Every model whose changes a trigger keeps."""
    return [model for model in apps.get_models() if issubclass(model, Tracked)]


def insert_only_models() -> list[type[InsertOnly]]:
    """Every model whose rows are written once."""
    return [model for model in apps.get_models() if issubclass(model, InsertOnly)]


def columns_of(cursor: Any, table: str) -> list[str]:
    """The columns of a table as the database has them, by name."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        [table],
    )
    return sorted(name for (name,) in cursor.fetchall())


def shape_of(table: str, columns: list[str]) -> str:
    """A short name for the set of columns that a trigger hashes."""
    return hashlib.sha256(json.dumps([table, columns]).encode()).hexdigest()[:16]


def tracked_sql(model: type[Tracked], columns: list[str]) -> str:
    """The triggers of one tracked table: bump the version, keep frozen rows, write history, refuse TRUNCATE."""
    table, shape = model._meta.db_table, shape_of(model._meta.db_table, columns)
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f'r."{name}"' for name in columns)
    return f"""
CREATE OR REPLACE FUNCTION history_before_{table}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.version := OLD.version;
  IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  IF NEW.id <> OLD.id THEN
    RAISE EXCEPTION 'history.identity' USING ERRCODE = 'SK002';
  END IF;{_frozen_sql(model)}
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION history_write_{table}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  change portfolio_changeset;
  r {table};
  op text := CASE TG_OP WHEN 'INSERT' THEN '+' WHEN 'UPDATE' THEN '~' ELSE '-' END;
  grain uuid := gen_random_uuid();
  digest text;
  past bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN RETURN NULL; END IF;
  change := history_current();
  IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;
  digest := history_digest(grain, to_jsonb(r));
  INSERT INTO {table}_history ({names}, history_date, history_type, history_change_reason, history_user_id,
    history_seq, salt, row_sha256, shape)
  VALUES ({values}, change.recorded_at, op, change.reason, change.actor_id, change.seq, grain, digest, '{shape}')
  RETURNING history_id INTO past;
  INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
  VALUES (change.seq, '{table}', r.id, op, past, digest);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER history_before BEFORE UPDATE ON {table}
  FOR EACH ROW EXECUTE FUNCTION history_before_{table}();
CREATE OR REPLACE TRIGGER history_write AFTER INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION history_write_{table}();
CREATE OR REPLACE TRIGGER history_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
{_guard_sql(table + "_history", "history_guard")}
"""


def _frozen_sql(model: type[Tracked]) -> str:
    """Refuse a change of a frozen row; the columns of its later life stay open."""
    if not model.frozen_when:
        return ""
    drop = "".join(f" - '{name}'" for name in ("version", *model.frozen_except))
    return f"""
  IF (SELECT {model.frozen_when} FROM (SELECT OLD.*) AS kept) AND (to_jsonb(OLD){drop}) <> (to_jsonb(NEW){drop}) THEN
    RAISE EXCEPTION '{model.frozen_code}' USING ERRCODE = 'SK003', TABLE = TG_TABLE_NAME;
  END IF;"""


def insert_only_sql(model: type[InsertOnly], columns: list[str]) -> str:
    """The triggers of one insert-only table: number and hash the row, enter it in the ledger, refuse the rest."""
    table, shape = model._meta.db_table, shape_of(model._meta.db_table, columns)
    own = "".join(f" - '{name}'" for name in OWN_COLUMNS)
    return f"""
CREATE OR REPLACE FUNCTION history_before_{table}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  NEW.seq := (history_current()).seq;
  NEW.salt := gen_random_uuid();
  NEW.shape := '{shape}';
  NEW.row_sha256 := history_digest(NEW.salt, to_jsonb(NEW){own});
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION history_write_{table}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO portfolio_changeentry (seq, relation, object_id, op, row_sha256)
  VALUES (NEW.seq, '{table}', NEW.id, '+', NEW.row_sha256);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER history_before BEFORE INSERT ON {table}
  FOR EACH ROW EXECUTE FUNCTION history_before_{table}();
CREATE OR REPLACE TRIGGER history_write AFTER INSERT ON {table}
  FOR EACH ROW EXECUTE FUNCTION history_write_{table}();
{_guard_sql(table, "history_refuse")}
"""


def _guard_sql(table: str, function: str) -> str:
    return f"""CREATE OR REPLACE TRIGGER history_keep BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER history_keep_all BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();"""


def hashed_columns(cursor: Any, model: type[models.Model]) -> list[str]:
    """The columns of a table that enter its hash; for a tracked table those that its history table has too."""
    columns = columns_of(cursor, model._meta.db_table)
    if issubclass(model, Tracked):
        past = set(columns_of(cursor, f"{model._meta.db_table}_history"))
        return [name for name in columns if name in past]
    return [name for name in columns if name not in OWN_COLUMNS]


def wanted(cursor: Any) -> Iterator[tuple[type[models.Model], list[str], str]]:
    """Model, hashed columns and trigger SQL of every table that exists in the database."""
    for model in tracked_models():
        if columns := hashed_columns(cursor, model):
            yield model, columns, tracked_sql(model, columns)
    for written_once in insert_only_models():
        if columns := hashed_columns(cursor, written_once):
            yield written_once, columns, insert_only_sql(written_once, columns)


def install(connection: Any) -> None:
    """Bring functions, triggers, shapes and grants to what models and catalogue say; only as the owner."""
    with connection.cursor() as cursor:
        if not columns_of(cursor, "portfolio_redaction"):
            return
        cursor.execute(FUNCTIONS.read_text())
        for table in LEDGER:
            cursor.execute(_guard_sql(table, "history_refuse"))
        for model, columns, sql in wanted(cursor):
            table = model._meta.db_table
            cursor.execute(sql)
            cursor.execute(
                "INSERT INTO portfolio_historyshape (digest, relation, columns) VALUES (%s, %s, %s) "
                "ON CONFLICT DO NOTHING",
                [shape_of(table, columns), table, json.dumps(columns)],
            )
        _begin(cursor)
        grant(cursor)


def _begin(cursor: Any) -> None:
    """The first rows: an empty chain, and what this installation is."""
    cursor.execute(
        "INSERT INTO portfolio_head (id, seq, sha256, recorded_at, sealed) "
        "VALUES (1, 0, repeat('0', 64), clock_timestamp(), true) ON CONFLICT DO NOTHING"
    )
    cursor.execute(
        "INSERT INTO portfolio_installation (id, kind, shift) VALUES (1, %s, interval '0') ON CONFLICT DO NOTHING",
        [settings.INSTALLATION],
    )


def grant(cursor: Any) -> None:
    """What the runtime role may do: read all, write what is its own, never rewrite the past (decision 10)."""
    role = settings.RUNTIME_ROLE
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
    if not cursor.fetchone():
        return
    for statement in grants(cursor, role):
        cursor.execute(statement)


def grants(cursor: Any, role: str) -> Iterator[str]:
    """The grants of the runtime role, one statement at a time."""
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"'
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{role}"'
    yield f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    yield f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO "{role}"'
    yield f'REVOKE EXECUTE ON FUNCTION history_redact(text, bigint, text[], text) FROM PUBLIC, "{role}"'
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if not model._meta.managed or table.endswith("_history") or not columns_of(cursor, table):
            continue
        if issubclass(model, Tracked) or model._meta.label in settings.OPERATIONAL_TABLES:
            yield f'GRANT INSERT, UPDATE, DELETE ON {table} TO "{role}"'
        elif issubclass(model, InsertOnly):
            yield f'GRANT INSERT ON {table} TO "{role}"'


def lacking(connection: Any) -> list[str]:
    """Tables whose triggers are missing, switched off or made for other columns or other rules."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        )
        found = {(table, name): source for table, name, source in cursor.fetchall()}
        faults = []
        for model, columns, sql in wanted(cursor):
            table = model._meta.db_table
            past = f"{table}_history" if issubclass(model, Tracked) else table
            needed = [(table, "history_before"), (table, "history_write"), (past, "history_keep"), (past, "history_keep_all")]
            if issubclass(model, Tracked):
                needed.append((table, "history_truncate"))
                if set(columns) != {field.column for field in model._meta.concrete_fields}:
                    faults.append(table)
            if any(found.get(trigger) is None for trigger in needed) or any(
                found.get((table, name), "") not in sql for name in ("history_before", "history_write")
            ):
                faults.append(table)
        faults += [table for table in LEDGER if (table, "history_keep") not in found]
        return sorted(set(faults))
