"""What the runtime role may do: read all, write what is its own, never rewrite the past (decision 10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings

from portfolio.history.models import InsertOnly, Tracked

# The functions that a program calls. The rest serve triggers; who could hang them on a table of their own could forge.
CALLABLE = {"history_open", "history_close", "history_seq_at", "history_digest", "history_line", "history_seal"}
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def expected(tables: set[str]) -> set[tuple[str, str]]:
    """Table and privilege of everything that the runtime role may do."""
    rights = {(table, "SELECT") for table in tables}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in tables:
            continue
        if issubclass(model, Tracked) or model._meta.label in settings.OPERATIONAL_TABLES:
            rights |= {(table, "INSERT"), (table, "UPDATE"), (table, "DELETE")}
        elif issubclass(model, InsertOnly):
            rights.add((table, "INSERT"))
    return rights


def grant(cursor: Any) -> None:
    """Give the runtime role what it needs and take what it doesn't; nothing to do where it owns the tables itself."""
    role = settings.RUNTIME_ROLE
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
    if cursor.fetchone():
        for statement in _statements(cursor, role):
            cursor.execute(statement)


def _statements(cursor: Any, role: str) -> Iterator[str]:
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, "{role}"'
    yield f'REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, "{role}"'
    yield f'REVOKE CREATE ON SCHEMA public FROM PUBLIC, "{role}"'
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    for table, privilege in sorted(expected(_tables(cursor))):
        yield f'GRANT {privilege} ON "{table}" TO "{role}"'
    for name, signature in _functions(cursor):
        yield f'REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC, "{role}"'
        if name in CALLABLE:
            yield f'GRANT EXECUTE ON FUNCTION {signature} TO "{role}"'


def excess(cursor: Any) -> list[str]:
    """Where the rights of the runtime role differ from what is expected, in words."""
    role = settings.RUNTIME_ROLE
    tables = _tables(cursor)
    cursor.execute(
        "SELECT c.relname, p FROM pg_class c, unnest(%s::text[]) AS p WHERE c.relnamespace = 'public'::regnamespace "
        "AND c.relkind IN ('r', 'p', 'v', 'm') AND CASE WHEN p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') "
        "THEN has_any_column_privilege(%s, c.oid, p) ELSE has_table_privilege(%s, c.oid, p) END",
        [list(PRIVILEGES), role, role],
    )
    found = set(cursor.fetchall())
    faults = [f"may {right} {table}" for table, right in sorted(found - expected(tables))]
    faults += [f"may not {right} {table}" for table, right in sorted(expected(tables) - found)]
    cursor.execute("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() != (False,):
        faults.append("has the rights of an administrator")
    callable_here = {name for name, signature in _functions(cursor) if _may_call(cursor, role, signature)}
    return faults + [f"may call {name}" for name in sorted(callable_here - CALLABLE)]


def _may_call(cursor: Any, role: str, signature: str) -> bool:
    cursor.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", [role, signature])
    return bool(cursor.fetchone()[0])


def _tables(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
    )
    return {name for (name,) in cursor.fetchall()}


def _functions(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT proname, oid::regprocedure::text FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'history%' ORDER BY 1"
    )
    return list(cursor.fetchall())
