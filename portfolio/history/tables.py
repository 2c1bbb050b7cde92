"""The state of many tables at one cut in one statement, for those who read a whole portfolio at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Protocol, TypeVar, cast

from django.db import connection, models

from portfolio.history.models import InsertOnly
from portfolio.history.steps import Step

MACHINERY = ("salt", "commitments", "row_sha256", "shape")  # of the ledger, which no reader of the past asks for
Kind = TypeVar("Kind", bound=models.Model)
Row = TypeVar("Row")


class Rows(dict[type[models.Model], list[Any]]):
    """Of each model its rows. To the type checker a row is a record of the model; it has the columns, nothing else.

    What a record does and what it is related to it has not: the row that `programme` means stands in the same answer,
    by `programme_id`.
    """

    def __getitem__(self, kind: type[Kind]) -> list[Kind]:
        return super().__getitem__(kind)


class Stamp(Protocol):
    """What a row of the past knows of its writing: the change set, its instant, the reason, the row it stands in."""

    history_seq: int
    history_date: datetime | None
    history_change_reason: str | None
    entry_id: int


def stamp(row: models.Model) -> Stamp:
    """How a row of the past came to be as it is; only a step of a life has `entry_id`."""
    return cast(Stamp, row)


@dataclass(frozen=True)
class Only:
    """Of a table the rows whose column has one of these values, or leads to a row of another table of the answer.

    Of several columns it is enough that one has.
    """

    column: str | tuple[str, ...]
    values: Collection[Any] | type[models.Model]


def tables(
    cut: int,
    *kinds: type[models.Model],
    only: Mapping[type[models.Model], Only] | None = None,
    live: Collection[type[models.Model]] = (),
) -> Rows:
    """For each model its rows as they were after change set `cut`, in the order of their ids: one statement in all.

    A row has the model's own column names and Python types, and `history_seq`, the change set that made that state. A
    step of a life keeps the id of its first entry when it is corrected; `entry_id` is that of the row it stands in.
    `only` narrows a model by its columns of then; a model that another one leads to is named before it. Those that are
    `live` are read as they are, which costs less where nothing of the past is asked; how their rows came to be they do
    not know.
    """
    parts = _Parts(kinds, only or {}, live)
    found = Rows((kind, []) for kind in kinds)
    readers = [_reader(kind) for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(f"{parts.sql()} ORDER BY 1, 2", {"cut": cut, **parts.values()})
        for number, _, state in cursor:  # one by one: a list of them all would lie beside the rows
            found[kinds[number]].append(readers[number](state))
    return found


def any_row(cut: int, *kinds: type[models.Model], only: Mapping[type[models.Model], Only]) -> bool:
    """Whether there is any row, as they were after change set `cut`; read as by `tables`, none of them fetched."""
    parts = _Parts(kinds, only)
    with connection.cursor() as cursor:
        cursor.execute(f"{parts.named()} SELECT {parts.any()}", {"cut": cut, **parts.values()})
        return bool(cursor.fetchone()[0])


class _Parts:
    """The statement, a named part for each table."""

    def __init__(
        self,
        kinds: Sequence[type[models.Model]],
        only: Mapping[type[models.Model], Only],
        live: Collection[type[models.Model]] = (),
    ) -> None:
        self.kinds, self.only, self.live = kinds, only, live
        self.names = {kind: f"part{number}" for number, kind in enumerate(kinds)}

    def values(self) -> dict[str, list[Any]]:
        lists = ((kind, only.values) for kind, only in self.only.items() if not isinstance(only.values, type))
        return {self.names[kind]: list(values) for kind, values in lists}

    def sql(self) -> str:
        chosen = (f"SELECT {number}, id, state FROM {name}" for number, name in enumerate(self.names.values()))
        return f"{self.named()} {' UNION ALL '.join(chosen)}"

    def named(self) -> str:
        return "WITH " + ", ".join(f"{name} AS ({self._part(kind)})" for kind, name in self.names.items())

    def any(self) -> str:
        return " OR ".join(f"EXISTS (SELECT FROM {name})" for name in self.names.values())

    def _part(self, kind: type[models.Model]) -> str:
        """Its rows at the cut; those of a narrowed table are sought in the history, for they may have moved."""
        table = kind._meta.db_table
        if issubclass(kind, InsertOnly):
            where = self._where(kind, "own")
            if issubclass(kind, Step):
                return (
                    "SELECT DISTINCT ON (coalesce(corrects_id, id)) coalesce(corrects_id, id) AS id, "
                    f"row_to_json(own)::text AS state FROM {table} AS own WHERE seq <= %(cut)s{where} "
                    "ORDER BY coalesce(corrects_id, own.id), own.id DESC"
                )
            return f"SELECT id, row_to_json(own)::text AS state FROM {table} AS own WHERE seq <= %(cut)s{where}"
        if kind in self.live:
            return (
                f"SELECT id, row_to_json(own)::text AS state FROM {table} AS own WHERE true{self._where(kind, 'own')}"
            )
        # An id, then its newest state by the index (id, history_seq): a DISTINCT ON would sort the whole history.
        gone = f"SELECT object_id FROM portfolio_changeentry WHERE relation = '{table}' AND op = '-'"
        known = f"SELECT id FROM {table} UNION {gone}"
        if where := self._where(kind, "known"):
            known = f"SELECT DISTINCT id FROM {table}_history AS known WHERE history_seq <= %(cut)s{where}"
        # Asked again of that state: a row that was once among the narrowed ones may have left them by the cut.
        return (
            f"SELECT past.id, row_to_json(past)::text AS state FROM ({known}) AS known "
            f"CROSS JOIN LATERAL (SELECT * FROM {table}_history WHERE id = known.id AND history_seq <= %(cut)s "
            "ORDER BY history_seq DESC, history_id DESC LIMIT 1) AS past "
            f"WHERE past.history_type <> '-'{self._where(kind, 'past')}"
        )

    def _where(self, kind: type[models.Model], of: str) -> str:
        only = self.only.get(kind)
        if only is None:
            return ""
        among = f"= ANY(%({self.names[kind]})s)"
        if isinstance(only.values, type):
            among = f"IN (SELECT id FROM {self.names[only.values]})"
        columns = (only.column,) if isinstance(only.column, str) else only.column
        return f" AND ({' OR '.join(f'{of}.{column} {among}' for column in columns)})"


def _reader(kind: type[models.Model]) -> Callable[[str], SimpleNamespace]:
    """Text of a row → the row in Python's types, by the fields of the model."""
    parsed: list[tuple[str, Callable[[Any], Any]]] = [
        (field.attname, field.to_python)
        for field in kind._meta.concrete_fields
        if isinstance(field, models.DateField | models.DecimalField | models.TimeField)
    ]
    is_step = issubclass(kind, Step)
    stamped, decode = models.DateTimeField(), json.JSONDecoder(parse_float=Decimal).decode

    def read(state: str) -> SimpleNamespace:
        values: dict[str, Any] = decode(state)
        for name in MACHINERY:
            values.pop(name, None)
        for name, convert in parsed:
            values[name] = convert(values[name])
        if is_step:
            values["entry_id"], values["id"] = values["id"], values["corrects_id"] or values["id"]
        values["history_seq"] = values.get("history_seq") or values.get("seq", 0)
        values["history_date"] = stamped.to_python(values.get("history_date"))
        return SimpleNamespace(**values)

    return read


def index(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """Rows grouped by one column, or by several as a tuple."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        values = tuple(getattr(row, column) for column in columns)
        groups.setdefault(values[0] if len(values) == 1 else values, []).append(row)
    return groups
