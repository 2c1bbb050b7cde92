"""The state of many tables at one cut in one statement, for those who read a whole portfolio at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection, models

from portfolio.history.models import InsertOnly

Row = SimpleNamespace


def tables(cut: int, *kinds: type[models.Model]) -> dict[type[models.Model], list[Row]]:
    """For each model its rows as they were after change set `cut`, in the order of their ids: one statement in all.

    A row has the model's own column names and Python types, and `history_seq`, the change set that made that state.
    """
    sql = " UNION ALL ".join(_select(number, kind) for number, kind in enumerate(kinds))
    found: dict[type[models.Model], list[Row]] = {kind: [] for kind in kinds}
    readers = [_reader(kind) for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY 1, 2", {"cut": cut})
        for number, _, state in cursor.fetchall():
            found[kinds[number]].append(readers[number](state))
    return found


def _select(number: int, kind: type[models.Model]) -> str:
    table = kind._meta.db_table
    if issubclass(kind, InsertOnly):
        return f"SELECT {number}, id, (to_jsonb(own) - 'salt')::text FROM {table} AS own WHERE seq <= %(cut)s"
    return (
        f"SELECT {number}, past.id, (to_jsonb(past) - 'salt')::text FROM (SELECT id FROM {table} "
        f"UNION SELECT object_id FROM portfolio_changeentry WHERE relation = '{table}' AND op = '-') AS known "
        f"CROSS JOIN LATERAL (SELECT * FROM {table}_history WHERE id = known.id AND history_seq <= %(cut)s "
        f"ORDER BY history_seq DESC, history_id DESC LIMIT 1) AS past WHERE past.history_type <> '-'"
    )


def _reader(kind: type[models.Model]) -> Callable[[str], Row]:
    """Text of a row → the row in Python's types, by the fields of the model."""
    parsed: list[tuple[str, Callable[[Any], Any]]] = [
        (field.attname, field.to_python)
        for field in kind._meta.concrete_fields
        if isinstance(field, models.DateField | models.DecimalField | models.TimeField)
    ]
    stamped = models.DateTimeField()

    def read(state: str) -> Row:
        values = json.loads(state, parse_float=Decimal)
        for name, convert in parsed:
            values[name] = convert(values[name])
        values["history_seq"] = values.get("history_seq") or values["seq"]
        values["history_date"] = stamped.to_python(values.get("history_date"))
        return Row(**values)

    return read


def index(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """Rows grouped by one column, or by several as a tuple."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        values = tuple(getattr(row, column) for column in columns)
        groups.setdefault(values[0] if len(values) == 1 else values, []).append(row)
    return groups
