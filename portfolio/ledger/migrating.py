"""Migrations under a change set of their own; tables of the past only grow (decision 9)."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.migrations import executor as executors
from django.db.migrations import operations
from django.db.migrations.operations.base import Operation
from django.db.models import GeneratedField

from portfolio.ledger import triggers

# Types whose values read the same in a wider one, so that hashes of old rows stay true.
WIDER = {
    "smallint": {"integer", "bigint"},
    "integer": {"bigint"},
    "varchar": {"varchar", "text"},
    "text": {"text"},
}


class PastRewritten(Exception):
    """A migration wants what a table of the past can't do."""


class OnlyGrows(Operation):
    """An operation on a table of the past: dropping keeps the column, renaming adds one beside it."""

    def __init__(self, wished: Any) -> None:
        self.wished = wished

    def state_forwards(self, app_label: str, state: Any) -> None:
        self.wished.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        wished, forwards = self.wished, (app_label, schema_editor, from_state, to_state)
        if isinstance(wished, operations.RemoveField | operations.DeleteModel):
            return
        if isinstance(wished, operations.RenameModel | operations.AlterModelTable):
            raise PastRewritten(f"{wished.describe()}: keep the table's name with Meta.db_table.")
        if isinstance(wished, operations.RenameField):
            self._add_beside(*forwards)
            return
        if isinstance(wished, operations.AddField) and self._already_there(app_label, schema_editor, to_state):
            return
        if isinstance(wished, operations.AlterField):
            self._require_wider(*forwards)
        wished.database_forwards(*forwards)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """What the past has gained it keeps; going back leaves the column where it is."""

    def describe(self) -> str:
        return f"{self.wished.describe()} (the table only grows)"

    def _add_beside(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """The new column beside the old one, filled for the rows of before, whose hashes cover the old."""
        wished = self.wished
        old = from_state.apps.get_model(app_label, wished.model_name)._meta.get_field(wished.old_name)
        model = to_state.apps.get_model(app_label, wished.model_name)
        new = model._meta.get_field(wished.new_name)
        if old.column == new.column:
            return
        schema_editor.add_field(model, new)
        schema_editor.execute(f'UPDATE "{model._meta.db_table}" SET "{new.column}" = "{old.column}"')

    def _require_wider(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        models = [state.apps.get_model(app_label, self.wished.model_name) for state in (from_state, to_state)]
        old, new = (model._meta.get_field(self.wished.name).db_type(schema_editor.connection) for model in models)
        kind, to = old.split("(")[0], new.split("(")[0]
        if old != new and (to not in WIDER.get(kind, set()) or (kind == to and _length(new) < _length(old))):
            raise PastRewritten(f"{self.wished.describe()}: from {old} to {new}; add a field of the new type instead.")

    def _already_there(self, app_label: str, schema_editor: Any, to_state: Any) -> bool:
        """A column that the table kept when the field went; it may come back as what it was."""
        model = to_state.apps.get_model(app_label, self.wished.model_name)
        field = model._meta.get_field(self.wished.name)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT format_type(atttypid, atttypmod) = format_type(to_regtype(%s), %s) OR format_type(atttypid, "
                "atttypmod) = replace(%s, 'varchar', 'character varying') FROM pg_attribute "
                "WHERE attrelid = to_regclass(%s) AND attname = %s AND NOT attisdropped",
                [
                    field.db_type(schema_editor.connection),
                    None,
                    field.db_type(schema_editor.connection),
                    model._meta.db_table,
                    field.column,
                ],
            )
            found = cursor.fetchone()
        if found and not found[0]:
            raise PastRewritten(f"{self.wished.describe()}: the past has a column of this name and another type.")
        return bool(found)


def _length(kind: str) -> int:
    return int(kind.partition("(")[2].rstrip(")") or 10**9)


class RefreshTriggers(Operation):
    """Bring the triggers to the columns of the moment, before a step that writes rows."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing about the models."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in schema_editor.deferred_sql:
            schema_editor.execute(statement, None)
        schema_editor.deferred_sql.clear()
        triggers.install(schema_editor.connection)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "Bring the history triggers to the columns"


class Together(Operation):
    """Steps of a kind that don't see each other: the models are drawn up once after all of them, not after each."""

    def __init__(self, steps: list[Any]) -> None:
        self.steps = steps

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # or every step would draw up anew whatever is related to its model
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for step in reversed(self.steps):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(step.describe() for step in self.steps)


def together(steps: Iterable[Any]) -> Iterator[Any]:
    """Models that are created in a row as one step, and so with columns, rules and options; all else one by one."""
    for kind, some in groupby(steps, key=_kind):
        same = list(some)
        yield from [Together(same)] if kind and len(same) > 1 else same


def _kind(step: Any) -> str:
    wished = getattr(step, "wished", step)
    if isinstance(wished, operations.CreateModel):
        return "models"
    if isinstance(wished, operations.AddField):
        to = getattr(wished.field, "to_fields", [None])  # a column that another one in the row may have to precede
        return "" if to != [None] or isinstance(wished.field, GeneratedField) else "columns"
    if isinstance(wished, operations.AlterModelOptions):
        return "options"
    if isinstance(wished, operations.RemoveConstraint):
        return "rules that go"
    return "rules" if isinstance(wished, operations.AddIndex | operations.AddConstraint) else ""


def adapted(wished: Iterable[Any]) -> Iterator[Any]:
    """A migration's steps, so that the past only grows and every written row finds its triggers."""
    for operation in wished:
        named = [getattr(operation, attribute, "") for attribute in ("model_name", "name", "old_name")]
        past = next((str(name) for name in named if name), "").lower().startswith("historical")
        if isinstance(operation, operations.RunPython | operations.RunSQL):
            yield RefreshTriggers()
        creates = isinstance(operation, operations.CreateModel)
        yield OnlyGrows(operation) if past and not creates else operation


class HistoryExecutor(executors.MigrationExecutor):
    """Applies a migration inside a change set, then brings the triggers to the new columns."""

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        step = copy.copy(migration)
        step.operations = list(together(adapted(migration.operations)))
        with self._signed(migration):
            state = super().apply_migration(state, step, fake, fake_initial)
            triggers.install(self.connection)
        return state

    def unapply_migration(self, state: Any, migration: Any, fake: bool = False) -> Any:
        step = copy.copy(migration)
        step.operations = list(together(adapted(migration.operations)))
        with self._signed(migration, back="back "):
            state = super().unapply_migration(state, step, fake)
            triggers.install(self.connection)
        return state

    @contextmanager
    def _signed(self, migration: Any, back: str = "") -> Iterator[None]:
        """A change set of kind migration; one that can't run in a transaction writes no rows and needs none."""
        if not migration.atomic:
            yield
            return
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT to_regproc('history_open') IS NOT NULL AND to_regclass('portfolio_head') IS NOT NULL"
            )
            if started := cursor.fetchone()[0]:
                name = f"migrate {back}{migration}"[:60]
                cursor.execute("SELECT history_open('migration', NULL, '', %s, NULL, '', '')", [name])
                # A table with pending trigger events can't be altered; the first row written opens it again.
                cursor.execute("SET CONSTRAINTS seal_at_commit IMMEDIATE")
            yield
            if started:
                cursor.execute("SELECT history_close()")
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
