"""What hangs on our tables and is not ours, and what of ours has gone from them or reads otherwise: it works unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.db import DatabaseError, models

from portfolio.ledger import definitions, triggers
from portfolio.ledger.definitions import Meant, Thing
from portfolio.ledger.erasure import names_in

FOREIGN = """
  SELECT c.relname || ' ' || what FROM pg_class c, LATERAL (
    SELECT 'is no plain table' AS what WHERE relkind <> 'r' OR relpersistence <> 'p'
    UNION ALL SELECT 'inherits, or is inherited from' WHERE EXISTS (
      SELECT FROM pg_inherits WHERE c.oid IN (inhrelid, inhparent))
    UNION ALL SELECT 'has row-level security' WHERE relrowsecurity OR relforcerowsecurity
    UNION ALL SELECT 'has the policy ' || polname FROM pg_policy WHERE polrelid = c.oid
    UNION ALL SELECT 'has the rule ' || rulename FROM pg_rewrite WHERE ev_class = c.oid
    UNION ALL SELECT 'has foreign keys that are switched off' WHERE EXISTS (
      SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgisinternal AND tgenabled NOT IN ('O', 'A'))
    UNION ALL SELECT 'has the trigger ' || tgname FROM pg_trigger
               WHERE tgrelid = c.oid AND NOT tgisinternal AND NOT relname || ' ' || tgname = ANY (%(ours)s)
    UNION ALL SELECT 'is referred to by ' || conrelid::regclass FROM pg_constraint
               WHERE confrelid = c.oid AND contype = 'f' AND NOT conrelid::regclass::text = ANY (%(known)s)
  ) AS seen WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%(tables)s) ORDER BY 1"""
# A column that a field of before has left in the past is listed by a shape.
LEFT = "SELECT relation, columns FROM portfolio_historyshape"
# What a migration laid out and no model says: the portfolio doesn't know projects, the database does.
BESIDE = {
    "portfolio_roleassignment": [
        Meant(
            "key",
            "role_on_a_known_project",
            ("FOREIGN KEY (project_id) REFERENCES projects_project(id) DEFERRABLE INITIALLY DEFERRED",),
            named=True,
        )
    ]
}
# An index of plain columns makes reading quicker and refuses nothing: a city may add its own.
QUICKER = re.compile(r"USING \w+ \([\w, ]+\)")
BLIND = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)


def faults(connection: Any) -> list[str]:
    """What is too much on a table of ours, or has gone from it, in words."""
    with connection.cursor() as cursor:
        there = triggers.layout(cursor)
        kept = [model for model in apps.get_models(include_auto_created=True) if _is_there(there, model)]
        ours = [f"{trigger.table} {trigger.name}" for needed in triggers.wanted(there) for trigger in needed.triggers]
        ours.append("portfolio_changeset seal_at_commit")
        tables, known = (
            [each._meta.db_table for each in some] for some in (kept, apps.get_models(include_auto_created=True))
        )
        cursor.execute(FOREIGN, {"ours": ours, "tables": tables, "known": known})
        found = [what for (what,) in cursor.fetchall()]
        is_there = definitions.there(cursor)
        left = _left(cursor, there)
    try:
        # What Django draws up between two models of its own is none of ours, and its migrations are not its models.
        for model, meant in definitions.meant(connection, [each for each in kept if not each._meta.auto_created]):
            table = model._meta.db_table
            found += [f"{table} {what}" for what in _otherwise(table, meant, is_there[table], left)]
    except DatabaseError as error:
        if not isinstance(error.__cause__, BLIND):
            raise
        found.append("The role may make no temporary tables, so that nothing could be compared")
    return found


def _is_there(there: triggers.Layout, model: type[models.Model]) -> bool:
    """Whether a model has a table of its own, and the table its columns: what is missing is named by `lacking`."""
    if model._meta.proxy or not model._meta.managed:
        return False
    fields = {field.column for field in model._meta.concrete_fields}
    return fields <= there.get(model._meta.db_table, {}).keys()


def _left(cursor: Any, there: triggers.Layout) -> set[tuple[str, str]]:
    if not {"relation", "columns"} <= there.get("portfolio_historyshape", {}).keys():
        return set()
    cursor.execute("SELECT has_table_privilege('portfolio_historyshape', 'SELECT')")
    if cursor.fetchone() != (True,):
        return set()  # the verifier names that
    cursor.execute(LEFT)
    return {(f"{table}_history", name) for table, columns in cursor.fetchall() for name in names_in(columns)}


def _otherwise(table: str, meant: list[Meant], found: list[Thing], left: set[tuple[str, str]]) -> Iterator[str]:
    """What is lacking, what is otherwise and what is too much, each in the words of PostgreSQL."""
    rest = list(found)
    for each in sorted([*meant, *BESIDE.get(table, [])], key=lambda wanted: not wanted.named):
        if met := next(filter(each.is_met_by, rest), None):
            rest.remove(met)
        elif other := next((one for one in rest if one[:2] == each[:2] and each.named), None):
            rest.remove(other)
            yield f"has the {each.kind} {each.name} as {other.text}, not as {each.texts[0]}"
        else:
            yield f"lacks the {each.kind} {each.name}: {each.texts[0]}"
    for thing in rest:
        left_over = thing.kind == "column" and (table, thing.name) in left
        if not left_over and not (thing.kind == "index" and QUICKER.fullmatch(thing.text)):
            yield f"has the {thing.kind} {thing.name}: {thing.text}"
