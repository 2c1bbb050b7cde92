"""What hangs on our tables in the database and is not ours, and which of our constraints has gone: both work unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models

from portfolio.history import triggers

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
  ) AS seen WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%(tables)s) ORDER BY 1"""
# Constraints, also those that hold for rows to come alone; and unique indexes: one with a condition is no constraint.
RULES = """
  SELECT relname, conname, contype::text, confrelid::regclass::text, ARRAY(
         SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey))
    FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
   WHERE confdeltype IN ('a', ' ') AND connamespace = 'public'::regnamespace
  UNION ALL
  SELECT t.relname, i.relname, CASE WHEN indpred IS NULL AND indexprs IS NULL THEN 'u' ELSE 'i' END, '-', ARRAY(
         SELECT attname::text FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY (indkey::smallint[]))
    FROM pg_index JOIN pg_class t ON t.oid = indrelid JOIN pg_class i ON i.oid = indexrelid
   WHERE indisunique AND indisvalid AND t.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT relname, '', 'n', '-', ARRAY[attname::text] FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
   WHERE attnotnull AND attnum > 0 AND relkind = 'r' AND relnamespace = 'public'::regnamespace"""


class Rule(NamedTuple):
    """As the catalogue has it: c(heck), u(nique), i(ndex, unique too), f(oreign key), x (exclusion), n(ot null)."""

    name: str
    kind: str
    to: str
    columns: frozenset[str]


def faults(connection: Any) -> list[str]:
    """What is too much on a table of ours, or has gone from it, in words."""
    with connection.cursor() as cursor:
        there = triggers.layout(cursor)
        kept = [model for model in apps.get_models(include_auto_created=True) if _is_there(there, model)]
        ours = [f"{trigger.table} {trigger.name}" for needed in triggers.wanted(there) for trigger in needed.triggers]
        ours.append("portfolio_changeset seal_at_commit")
        cursor.execute(FOREIGN, {"ours": ours, "tables": [model._meta.db_table for model in kept]})
        found = [what for (what,) in cursor.fetchall()]
        cursor.execute(RULES)
        rules: dict[str, set[Rule]] = {}
        for table, name, kind, to, columns in cursor.fetchall():
            rules.setdefault(table, set()).add(Rule(name, kind, to, frozenset(columns)))
    for model in kept:
        table = model._meta.db_table
        found += [f"{table} lacks {what}" for what in _gone(model, rules.get(table, set()))]
    return found


def _is_there(there: triggers.Layout, model: type[models.Model]) -> bool:
    """Whether a model has a table of its own, and the table its columns: what is missing is named by `lacking`."""
    if model._meta.proxy or not model._meta.managed:
        return False
    fields = {field.column for field in model._meta.concrete_fields}
    return fields <= there.get(model._meta.db_table, {}).keys()


def _gone(model: type[models.Model], rules: set[Rule]) -> Iterator[str]:
    for constraint in model._meta.constraints:
        if not any(rule.name == constraint.name and _as_meant(model, constraint, rule) for rule in rules):
            yield f"the constraint {constraint.name}"
    keys = {(rule.kind, rule.to, rule.columns) for rule in rules}
    for field in model._meta.concrete_fields:
        of = frozenset([field.column])
        if field.unique and ("u", "-", of) not in keys:
            yield f"the uniqueness of {field.column}"
        if not field.null and ("n", "-", of) not in keys:
            yield f"the need of {field.column}"
        if isinstance(field, models.ForeignKey) and field.db_constraint:  # type: ignore[attr-defined]
            to = field.related_model._meta.db_table
            if ("f", to, of) not in keys:
                yield f"the key of {field.column} to {to}"


def _as_meant(model: type[models.Model], constraint: models.BaseConstraint, rule: Rule) -> bool:
    """Whether a rule of this name is of this kind and reads these columns."""
    if isinstance(constraint, models.CheckConstraint):
        return rule.kind == "c" and rule.columns == _read_by(model, constraint.name)
    if isinstance(constraint, models.UniqueConstraint):
        fields = {model._meta.get_field(name).column for name in constraint.fields}  # type: ignore[union-attr]
        plain = constraint.fields and not constraint.condition and not constraint.expressions
        return rule.kind == "u" and rule.columns == fields if plain else rule.kind in "ui"
    return rule.kind == "x"


@cache
def _read_by(model: type[models.Model], name: str) -> set[Any]:
    (check,) = (each for each in model._meta.constraints if each.name == name)
    text = check._get_check_sql(model, connection.schema_editor())  # type: ignore[attr-defined]
    return {field.column for field in model._meta.concrete_fields} & set(re.findall(r'"(\w+)"', text))
