"""Generates, installs and checks the triggers that write history, from the catalogue and the models."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from portfolio.history.models import InsertOnly, Tracked
from portfolio.ledger import keeping
from portfolio.ledger.grants import grant

Layout: TypeAlias = Mapping[str, dict[str, str]]  # by table, the type of each column by its name

OWN_COLUMNS = ("salt", "row_sha256", "shape")
FUNCTIONS = Path(__file__).with_name("functions.sql")
# A hash is over text, so everything that decides how a value is written as text is pinned.
PINNED = {
    "timezone": "'UTC'",
    "datestyle": "'ISO, YMD'",
    "intervalstyle": "'postgres'",
    "extra_float_digits": "1",
}
AS_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp " + " ".join(f"SET {k} = {v}" for k, v in PINNED.items())
# One plan for a statement of one row and of a million: planned once, and never every old row against every new one.
PLANNED = "SET plan_cache_mode = force_generic_plan SET enable_nestloop = off"
# What a statement wrote, as its trigger sees it, and which rows of an UPDATE were really changed.
FRESH, GONE = "NEW TABLE AS fresh", "OLD TABLE AS gone"
CHANGED = "fresh AS r JOIN gone AS o ON o.id = r.id AND r IS DISTINCT FROM o"
# The open change set, at the price of one look at an index. Unsealed and this transaction's own, it is the newest; what
# is none, or was sealed too early, history_current() refuses or opens again.
OPENED = """
  SELECT * INTO change FROM portfolio_changeset WHERE xid = history_transaction() AND sha256 IS NULL AND seq =
    CASE WHEN current_setting('salkku.change', true) ~ '^[0-9]{1,18}$'
         THEN current_setting('salkku.change', true)::bigint END;"""


class Trigger(NamedTuple):
    """One trigger, worded as PostgreSQL's catalogue words it."""

    table: str
    name: str
    moment: str
    function: str
    each: str = "ROW"
    rows: str = ""

    @property
    def definition(self) -> str:
        seen = f"REFERENCING {self.rows} " if self.rows else ""
        rest = f"{seen}FOR EACH {self.each} EXECUTE FUNCTION {self.function}()"
        return f"CREATE TRIGGER {self.name} {self.moment} ON {self.table} {rest}"

    @property
    def sql(self) -> str:
        """ALWAYS, so that it fires also where a session says it only replays another's writes."""
        created = self.definition.replace("CREATE", "CREATE OR REPLACE", 1)
        return f"{created};\nALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name};\n"


class Wanted(NamedTuple):
    """What a table must have: functions, triggers, and the columns that are hashed."""

    table: str
    columns: list[str]
    functions: str
    triggers: list[Trigger]
    personal: Sequence[str] = ()


SEAL = (
    "CREATE CONSTRAINT TRIGGER seal_at_commit AFTER INSERT OR UPDATE OF sha256 ON portfolio_changeset "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.sha256 IS NULL) EXECUTE FUNCTION history_seal_at_commit()"
)


@cache
def tracked_models() -> list[type[Tracked]]:
    """Every model whose changes a trigger keeps."""
    return [model for model in apps.get_models() if issubclass(model, Tracked) and not model._meta.proxy]


@cache
def insert_only_models() -> list[type[InsertOnly]]:
    """Every model whose rows are written once."""
    return [model for model in apps.get_models() if issubclass(model, InsertOnly) and not model._meta.proxy]


def layout(cursor: Any) -> Layout:
    """The columns of every table as the database has them, in the order of their names."""
    cursor.execute(
        "SELECT relname, array_agg(attname::text), array_agg(format_type(atttypid, NULL)) "
        "FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace "
        "AND relkind NOT IN ('i', 'I', 'S') AND attnum > 0 AND NOT attisdropped GROUP BY 1"
    )
    return {table: dict(sorted(zip(names, kinds, strict=True))) for table, names, kinds in cursor.fetchall()}


def shape_of(table: str, columns: Sequence[str], personal: Sequence[str] = ()) -> str:
    """A short name for the set of columns that a trigger hashes, and of those among them that it hashes apart."""
    told = [table, columns, personal] if personal else [table, columns]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def hashed(row: str, columns: dict[str, str]) -> str:
    """The select list of a row's hash; bytes enter by a hash of their own."""
    return ", ".join(
        f"""encode(sha256({row}."{name}"), 'hex') AS "{name}\"""" if kind == "bytea" else f'{row}."{name}"'
        for name, kind in columns.items()
    )


def kept_columns(there: Layout, table: str, *, past: str | None) -> dict[str, str]:
    """The columns that enter a row's hash; for a tracked table those that its history table has too."""
    columns = there.get(table, {})
    if past:
        kept = there.get(past, {})
        return {name: kind for name, kind in columns.items() if name in kept}
    return {name: kind for name, kind in columns.items() if name not in OWN_COLUMNS}


def personal_columns(there: Layout, model: type[Tracked], columns: dict[str, str]) -> list[str]:
    """The columns that an erasure may reach; none before the migration that lets rows carry commitments."""
    if not model.personal or "commitments" not in there.get(f"{model._meta.db_table}_history", {}):
        return []
    return [name for name in columns if name in model.personal]


def tracked(model: type[Tracked], columns: dict[str, str], personal: list[str]) -> Wanted:
    """Bump the version, keep frozen rows, write history, refuse TRUNCATE."""
    table, names = model._meta.db_table, list(columns)
    functions = f"""
CREATE OR REPLACE FUNCTION history_before_{table}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN{keeping.begun(model)}
    NEW.version := 1;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    NEW.version := OLD.version;
    IF NEW IS NOT DISTINCT FROM OLD THEN RETURN OLD; END IF;
    IF NEW.id <> OLD.id THEN
      RAISE EXCEPTION 'history.identity' USING ERRCODE = 'SK002', TABLE = TG_TABLE_NAME;
    END IF;
    NEW.version := OLD.version + 1;
  END IF;{keeping.frozen(model)}{keeping.following(model)}
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE FUNCTION history_write_{table}() RETURNS trigger LANGUAGE plpgsql
{AS_OWNER} {PLANNED} AS $$
DECLARE
  change portfolio_changeset;
BEGIN{OPENED}
  IF TG_OP = 'INSERT' THEN{_write_sql(table, columns, personal, "+", "fresh AS r")}
  ELSIF TG_OP = 'UPDATE' THEN{_write_sql(table, columns, personal, "~", CHANGED)}
  ELSE{_write_sql(table, columns, personal, "-", "gone AS r")}
  END IF;
  RETURN NULL;
END $$;
"""
    write, each = f"history_write_{table}", "STATEMENT"
    return Wanted(
        table,
        names,
        functions,
        [
            Trigger(table, "history_before", "BEFORE INSERT OR DELETE OR UPDATE", f"history_before_{table}"),
            Trigger(table, "history_write", "AFTER INSERT", write, each, FRESH),
            Trigger(table, "history_write_change", "AFTER UPDATE", write, each, f"{GONE} {FRESH}"),
            Trigger(table, "history_write_end", "AFTER DELETE", write, each, GONE),
            Trigger(table, "history_truncate", "BEFORE TRUNCATE", "history_refuse", each),
            *kept_for_good(f"{table}_history", "history_guard"),
        ],
        personal,
    )


def _write_sql(table: str, columns: dict[str, str], personal: list[str], op: str, rows: str) -> str:
    """All rows of one statement into the past and the ledger; without any, no change set need be open."""
    listed = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f'r."{name}"' for name in columns)
    state = f"(SELECT to_jsonb(kept) FROM (SELECT {hashed('r', columns)}) AS kept)"
    covered, made, kept = state, "", ("", "")
    if personal:
        covered = f"history_covered({state}, r.history_commitments)"
        made = f", history_commitments({state}, '{{{','.join(personal)}}}') AS history_commitments"
        kept = (", commitments", ", r.history_commitments")
    return f"""
    IF change.seq IS NULL AND EXISTS (SELECT 1 FROM {rows}) THEN change := history_current(); END IF;
    WITH past AS (
      INSERT INTO {table}_history ({listed}, history_date, history_type, history_change_reason, history_user_id,
        history_seq, salt, row_sha256, shape{kept[0]})
      SELECT {values}, change.recorded_at, '{op}', change.reason, change.actor_id, change.seq, r.history_salt,
        history_digest(r.history_salt, {covered}),
        '{shape_of(table, list(columns), personal)}'{kept[1]}
        FROM (SELECT r.*, gen_random_uuid() AS history_salt{made} FROM {rows} OFFSET 0) AS r
      RETURNING id, history_id, row_sha256)
    INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
    SELECT change.seq, '{table}', id, '{op}', history_id, row_sha256 FROM past;"""


def written_once(model: type[InsertOnly], columns: dict[str, str]) -> Wanted:
    """Number and hash the row, enter it in the ledger, refuse everything else."""
    table, names = model._meta.db_table, list(columns)
    functions = f"""
CREATE OR REPLACE FUNCTION history_before_{table}() RETURNS trigger LANGUAGE plpgsql
{AS_OWNER} AS $$
DECLARE
  change portfolio_changeset;
BEGIN{OPENED}
  IF change.seq IS NULL THEN change := history_current(); END IF;{keeping.in_time(model)}
  NEW.seq := change.seq;
  NEW.salt := gen_random_uuid();
  NEW.shape := '{shape_of(table, names)}';
  SELECT history_digest(NEW.salt, to_jsonb(kept)) INTO NEW.row_sha256 FROM (SELECT {hashed("NEW", columns)}) AS kept;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION history_write_{table}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO portfolio_changeentry (seq, relation, object_id, op, row_sha256)
  SELECT seq, '{table}', id, '+', row_sha256 FROM fresh;
  RETURN NULL;
END $$;
"""
    return Wanted(
        table,
        names,
        functions,
        [
            Trigger(table, "history_before", "BEFORE INSERT", f"history_before_{table}"),
            Trigger(table, "history_write", "AFTER INSERT", f"history_write_{table}", "STATEMENT", FRESH),
            *kept_for_good(table, "history_refuse"),
        ],
    )


def kept_for_good(table: str, function: str) -> list[Trigger]:
    """No row is rewritten or taken away, one by one or all together."""
    return [
        Trigger(table, "history_keep", "BEFORE DELETE OR UPDATE", function),
        Trigger(table, "history_keep_all", "BEFORE TRUNCATE", "history_refuse", "STATEMENT"),
    ]


def ledger() -> Wanted:
    """The functions, and what protects the ledger's own tables."""
    guards = {
        "portfolio_changeset": "history_guard_changeset",
        "portfolio_head": "history_guard_head",
        "portfolio_installation": "history_guard_installation",
        "portfolio_changeentry": "history_refuse",
        "portfolio_historyshape": "history_refuse",
        "portfolio_redaction": "history_refuse",
    }
    kept = [trigger for table, guard in guards.items() for trigger in kept_for_good(table, guard)]
    return Wanted("portfolio_changeset", [], FUNCTIONS.read_text(), kept)


def wanted(there: Layout) -> Iterator[Wanted]:
    """What every table that exists in the database must have."""
    yield ledger()
    for model in tracked_models():
        table = model._meta.db_table
        if columns := kept_columns(there, table, past=f"{table}_history"):
            yield tracked(model, columns, personal_columns(there, model, columns))
    for once in insert_only_models():
        if columns := kept_columns(there, once._meta.db_table, past=None):
            yield written_once(once, columns)


class Catalogue:
    """The functions and triggers that the database has."""

    def __init__(self, cursor: Any) -> None:
        cursor.execute(
            "SELECT proname, prosrc, prosecdef, coalesce(array_to_string(proconfig, ','), '') FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND (proname LIKE 'history%' OR proname = 'city_now')"
        )
        self.functions = {name: (source, definer, config) for name, source, definer, config in cursor.fetchall()}
        cursor.execute(
            "SELECT replace(pg_get_triggerdef(t.oid, true), 'public.', '') FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::regnamespace "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A'"
        )
        self.triggers = {definition for (definition,) in cursor.fetchall()}

    def has(self, needed: Wanted) -> bool:
        """Whether everything is there, switched on, and as this release words it."""
        written = re.findall(r"CREATE OR REPLACE FUNCTION (\w+)\((.*?)AS \$\$(.*?)\$\$;", needed.functions, re.DOTALL)
        for name, head, body in written:
            source, definer, config = self.functions.get(name, ("", False, ""))
            if (
                source != body
                or definer != ("SECURITY DEFINER" in head)
                or ("search_path" in head) != ("search_path" in config)
            ):
                return False
        return all(trigger.definition in self.triggers for trigger in needed.triggers)


def install(connection: Any) -> None:
    """Bring functions, triggers, shapes and grants to what models and catalogue say; only as the owner.

    What is as it should be is not touched, and the rest changes at once: whoever writes meanwhile meets the one state
    or the other.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        there = layout(cursor)
        if "portfolio_redaction" not in there:
            return
        catalogue = Catalogue(cursor)
        if unsealed := SEAL not in catalogue.triggers or not catalogue.has(ledger()):
            cursor.execute("DROP TRIGGER IF EXISTS seal_at_commit ON portfolio_changeset")
        needs = list(wanted(there))
        for needed in needs:
            if not catalogue.has(needed):
                cursor.execute(needed.functions + "".join(trigger.sql for trigger in needed.triggers))
        _keep_shapes(cursor, [needed for needed in needs if needed.columns])
        if unsealed:
            cursor.execute(f"{SEAL}; ALTER TABLE portfolio_changeset ENABLE ALWAYS TRIGGER seal_at_commit")
        _begin(cursor)
        grant(cursor)


def _keep_shapes(cursor: Any, needs: list[Wanted]) -> None:
    cursor.execute("SELECT digest FROM portfolio_historyshape")
    known = {digest for (digest,) in cursor.fetchall()}
    for needed in needs:
        if (digest := shape_of(needed.table, needed.columns, needed.personal)) not in known:
            more = {"personal": json.dumps(needed.personal)} if needed.personal else {}
            row = {"digest": digest, "relation": needed.table, "columns": json.dumps(needed.columns)} | more
            cursor.execute(
                f"INSERT INTO portfolio_historyshape ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
                list(row.values()),
            )


def _begin(cursor: Any) -> None:
    """The first rows: an empty chain from before all time, and what this installation is."""
    cursor.execute(
        "INSERT INTO portfolio_head (id, seq, sha256, recorded_at, sealed) "
        "VALUES (1, 0, repeat('0', 64), to_timestamp(0), true) ON CONFLICT DO NOTHING"
    )
    cursor.execute(
        "INSERT INTO portfolio_installation (id, kind, shift) VALUES (1, %s, interval '0') ON CONFLICT DO NOTHING",
        [settings.INSTALLATION],
    )


def lacking(connection: Any) -> list[str]:
    """Tables that are missing, or whose triggers are missing, switched off or made for other columns or rules."""
    with connection.cursor() as cursor:
        catalogue, there = Catalogue(cursor), layout(cursor)
        faults = {needed.table for needed in wanted(there) if not catalogue.has(needed)}
        if SEAL not in catalogue.triggers:
            faults.add("portfolio_changeset")
        for model in (*tracked_models(), *insert_only_models()):
            if not _columns_agree(there, model):
                faults.add(model._meta.db_table)
    return sorted(faults)


def _columns_agree(there: Layout, model: type[models.Model]) -> bool:
    """Whether table and history table have a column for each field of the model."""
    fields = {field.column for field in model._meta.concrete_fields}
    tables = [model._meta.db_table]
    tables += [f"{model._meta.db_table}_history"] if issubclass(model, Tracked) else []
    return all(fields <= there.get(table, {}).keys() for table in tables)
