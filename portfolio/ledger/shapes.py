"""The lists of columns that releases have hashed, computed from the migrations, whatever the database says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.state import ModelState, ProjectState

from portfolio.ledger import triggers

Columns: TypeAlias = tuple[str, ...]  # by their names, in order
# What a verification reads of any row of the past, and of one that is written once.
OF_THE_PAST = {
    "id", "shape", "row_sha256", "history_id", "history_seq", "history_type", "history_date", "history_user_id",
    "history_change_reason",
}  # fmt: skip
WRITTEN_ONCE = {"id", "shape", "row_sha256", "seq"}


class Used(NamedTuple):
    """A list of columns, and the first and the last change set with a row that was hashed by it."""

    shape: str
    columns: Columns
    first: int
    last: int


@cache
def made() -> dict[str, list[Columns]]:
    """By table, in their order: its hashed columns each time that a migration brought the triggers to them."""
    found: dict[str, list[Columns]] = {}
    past: dict[str, set[str]] = {}  # what a table of the past has had, for it only grows
    loader, state = MigrationLoader(None), ProjectState()
    for app, name in _in_order(loader):
        for operation in loader.disk_migrations[app, name].operations:
            if isinstance(operation, RunPython | RunSQL):
                _note(found, past, state, app)
            operation.state_forwards(app, state)
        _note(found, past, state, app)
    return found


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    plans = (loader.graph.forwards_plan(leaf) for leaf in sorted(loader.graph.leaf_nodes()))
    return list(dict.fromkeys(node for plan in plans for node in plan))


def _note(found: dict[str, list[Columns]], past: dict[str, set[str]], state: ProjectState, app: str) -> None:
    tables = {_table(model): _columns(model) for (label, _), model in state.models.items() if label == app}
    for table, columns in tables.items():
        past.setdefault(table, set()).update(columns)
    for table, columns in tables.items():
        kept = columns & past.get(f"{table}_history", columns - set(triggers.OWN_COLUMNS))
        if (told := tuple(sorted(kept))) not in found.get(table, [])[-1:]:
            found.setdefault(table, []).append(told)


def _table(model: ModelState) -> str:
    return str(model.options.get("db_table") or f"{model.app_label}_{model.name_lower}")


def _columns(model: ModelState) -> set[str]:
    return {field.db_column or (f"{name}_id" if field.remote_field else name) for name, field in model.fields.items()}


def known(there: triggers.Layout, table: str) -> list[Columns]:
    """The lists that a table has had, in their order; what it has now, and no release made, is the newest."""
    past = f"{table}_history" if f"{table}_history" in there else None
    today = tuple(triggers.kept_columns(there, table, past=past))
    told = made().get(table, [])
    return told if today in told or not today else [*told, today]


def gone_back(used: list[Used], among: list[Columns]) -> Iterator[tuple[Used, int]]:
    """The lists under which rows came after a row of a newer list, and the change set of that row."""
    first = {columns: among.index(columns) for columns in among}
    last = {columns: place for place, columns in enumerate(among)}
    told = [one for one in used if one.columns in last]
    for old in told:
        newer = [new.first for new in told if last[old.columns] < first[new.columns]]
        if newer and min(newer) < old.last:
            yield old, min(newer)


def empty(cursor: Any, there: triggers.Layout, tables: Iterable[str]) -> set[str]:
    """Those that are whole and hold no row, nor does their past."""
    bare = []
    for table in tables:
        past = f"{table}_history"
        read = {table: {"id"}, past: OF_THE_PAST} if past in there else {table: WRITTEN_ONCE}
        if all(columns <= there.get(rows, {}).keys() for rows, columns in read.items()):
            none = " AND ".join(f"NOT EXISTS (SELECT FROM {rows})" for rows in read)
            bare.append(f"SELECT '{table}' WHERE {none}")
    cursor.execute(" UNION ALL ".join(bare) or "SELECT WHERE false")
    return {table for (table,) in cursor.fetchall()}
