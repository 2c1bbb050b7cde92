"""What the runtime role may do: read all, write what is its own, never rewrite the past (decision 10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings

from portfolio.history.models import InsertOnly, Tracked

# The functions that a program calls. The rest serve triggers; who could hang them on a table of their own could forge.
CALLABLE = {
    "history_begin",
    "history_held",
    "history_open",
    "history_close",
    "history_try",
    "history_seq_at",
    "history_digest",
    "history_line",
    "history_seal",
}
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
# To number rows, and to be read by a dump; never to be set.
SEQUENCE_PRIVILEGES = ("SELECT", "USAGE")
FOUND = """
  WITH given AS (
    SELECT format('%%s %%I', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname) AS on, '' AS columns,
           coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner)) AS acl
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT format('TABLE %%I', relname), format(' (%%I)', attname), attacl FROM pg_attribute
      JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL
    UNION ALL
    SELECT 'FUNCTION ' || oid::regprocedure, '', coalesce(proacl, acldefault('f', proowner)) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'history%%'
    UNION ALL
    SELECT 'SCHEMA public', '', nspacl FROM pg_namespace WHERE nspname = 'public')
  SELECT DISTINCT privilege_type || columns, given.on, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(rolname) END
    FROM given, aclexplode(acl) LEFT JOIN pg_roles r ON r.oid = grantee
   WHERE (rolname = %(role)s OR grantee = 0 AND (given.on, privilege_type) <> ('SCHEMA public', 'USAGE'))"""


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


class Right(NamedTuple):
    """One privilege on one object, to whom, as GRANT and REVOKE word it."""

    what: str
    on: str
    to: str


def grant(cursor: Any) -> None:
    """Give the runtime role what it lacks and take what is too much; nothing to do where it owns the tables itself.

    What is as it should be is not touched: a right that is taken and given again is missing in between.
    """
    role = settings.RUNTIME_ROLE
    cursor.execute("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
    if grantee := cursor.fetchone():
        found, wanted = _found(cursor, role), set(_wanted(cursor, *grantee))
        for right in sorted(found - wanted):
            cursor.execute(f"REVOKE {right.what} ON {right.on} FROM {right.to}")
        for right in sorted(wanted - found):
            cursor.execute(f"GRANT {right.what} ON {right.on} TO {right.to}")
    _end_the_silent(cursor)


def _end_the_silent(cursor: Any) -> None:
    """Whoever stops inside a change set stops all others, so the database ends such a session.

    The role's own setting is an administrator's to make; the owner says it for the whole database. A city's own limit
    stays.
    """
    cursor.execute(
        "SELECT format('ALTER DATABASE %%I SET idle_in_transaction_session_timeout = %%L', datname, %s) "
        "FROM pg_database d WHERE datname = current_database() AND pg_has_role(datdba, 'MEMBER') AND NOT EXISTS "
        "(SELECT 1 FROM pg_db_role_setting WHERE setdatabase = d.oid AND setrole = 0 "
        "AND setconfig::text LIKE '%%idle_in_transaction_session_timeout=%%')",
        [settings.SESSION["idle_in_transaction_session_timeout"]],
    )
    if statement := cursor.fetchone():
        cursor.execute(*statement)


def _wanted(cursor: Any, role: str) -> Iterator[Right]:
    yield Right("USAGE", "SCHEMA public", role)
    for sequence in _sequences(cursor):
        yield from (Right(privilege, f"SEQUENCE {sequence}", role) for privilege in SEQUENCE_PRIVILEGES)
    for table, privilege in expected(_tables(cursor)):
        yield Right(privilege, f"TABLE {table}", role)
    for name, signature in _functions(cursor):
        if name in CALLABLE:
            yield Right("EXECUTE", f"FUNCTION {signature}", role)


def _found(cursor: Any, role: str) -> set[Right]:
    """What the role and everybody were given; that everybody may look into the schema is PostgreSQL's own."""
    cursor.execute(FOUND, {"role": role})
    return {Right(what, on, to) for what, on, to in cursor.fetchall()}


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
    faults += _of_sequences(cursor, role)
    callable_here = {name for name, signature in _functions(cursor) if _may_call(cursor, role, signature)}
    return faults + [f"may call {name}" for name in sorted(callable_here - CALLABLE)]


def _of_sequences(cursor: Any, role: str) -> list[str]:
    cursor.execute(
        "SELECT relname, p, p = ANY(%s) FROM pg_class, unnest('{SELECT,USAGE,UPDATE}'::text[]) AS p "
        "WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' "
        "AND has_sequence_privilege(%s, oid, p) <> (p = ANY(%s)) ORDER BY 1, 2",
        [list(SEQUENCE_PRIVILEGES), role, list(SEQUENCE_PRIVILEGES)],
    )
    return [f"may {'not ' if needed else ''}{right} {name}" for name, right, needed in cursor.fetchall()]


def _may_call(cursor: Any, role: str, signature: str) -> bool:
    cursor.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", [role, signature])
    return bool(cursor.fetchone()[0])


def _tables(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
    )
    return {name for (name,) in cursor.fetchall()}


def _sequences(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'"
    )
    return {name for (name,) in cursor.fetchall()}


def _functions(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT proname, oid::regprocedure::text FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'history%' ORDER BY 1"
    )
    return list(cursor.fetchall())
