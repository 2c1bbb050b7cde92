"""Many records of one change set written together: what is saved waits, and goes to the database kind by kind.

The rows of a table are written in the order in which they were saved, except that new ones go ahead of changes. Its
triggers judge each state of a row as if it was written by itself. A constraint may refuse a new row for which a change
saved earlier would have made room; so whoever writes together tries what was refused once more, record by record.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

if TYPE_CHECKING:
    from portfolio.history.models import Record

Kind = type[models.Model]
State = dict[str, Any]
AT_ONCE = 500  # rows of a kind that wait, and numbers that are fetched ahead: at most
READ = re.compile(r'\b(?:FROM|JOIN) (?:"(\w+)")?')  # a table, or nothing where something else is read

_open: ContextVar[Together | None] = ContextVar("together", default=None)


@contextmanager
def together(seq: int) -> Iterator[None]:
    """Inside change set `seq`: let records wait to be written, until someone asks for their kind or the block ends.

    All or nothing: the first refusal ends the whole, so there is no savepoint to go back to. As long as the block lasts
    a row is one object: what one command has saved, the next one finds without asking the database.
    """
    whole = Together(seq)
    token = _open.set(whole)
    try:
        with connection.execute_wrapper(whole.ahead_of):
            yield
            whole.write()
    finally:
        _open.reset(token)


def current() -> Together | None:
    """What is being written together, if anything is."""
    return _open.get()


class Together:
    """The records of one block: those known by their rows, and the rows that wait."""

    def __init__(self, seq: int) -> None:
        self._seq = seq
        self._known: dict[tuple[Kind, int], Record] = {}
        self._states: dict[tuple[Kind, int], State] = {}
        self._waiting: dict[Kind, Waiting] = {}
        self._numbers: dict[Kind, Iterator[int]] = {}
        self._at_once: dict[Kind, int] = {}
        self._busy = False

    def find(self, kind: Kind, pk: int) -> Any | None:
        """The object of a row, if it is known."""
        return self._known.get((kind, pk))

    def meet(self, record: Record) -> Any:
        """The object of the row that was fetched: the one that is known already, else this."""
        place = type(record), record.pk
        if place not in self._known:
            self._known[place], self._states[place] = record, _state(record)
        return self._known[place]

    def save(self, record: Record) -> bool:
        """Let a new record wait, or what has changed of a known one; False for one that must be saved by itself."""
        if record._state.adding and record.pk is None:
            record.pk = self._number(type(record))
            record._state.adding, record._state.db = False, connection.alias
            self._wait(record, _state(record), new=True)
        elif self._known.get((type(record), record.pk)) is record:
            before = self._states[type(record), record.pk]
            changes = {name: value for name, value in _state(record).items() if before.get(name) != value}
            if changes:
                self._forget_parts(record, before)
                self._wait(record, {"id": record.pk, **changes}, new=False)
        else:
            return False
        return True

    def _wait(self, record: Record, row: State, *, new: bool) -> None:
        kind = type(record)
        waiting = self._waiting.setdefault(kind, Waiting(kind))
        (waiting.new if new else waiting.changed).append(row)
        record.stamp(self._seq, new=new)
        self._known[kind, record.pk], self._states[kind, record.pk] = record, _state(record)
        self._forget_parts(record, self._states[kind, record.pk])
        if len(waiting.new) >= AT_ONCE or len(waiting.changed) >= AT_ONCE:
            self.write({kind._meta.db_table})

    def _forget_parts(self, record: Record, state: State) -> None:
        """The records that this one is a part of no longer know all their parts of its kind."""
        for name, whole, parts in _wholes(type(record)):
            if (known := self._known.get((whole, state[name]))) is not None:
                known.__dict__.get("_prefetched_objects_cache", {}).pop(parts, None)

    def _number(self, kind: Kind) -> int:
        """The next primary key of a kind, from the database's own sequence; few are fetched where few are needed."""
        number = next(self._numbers.get(kind, iter(())), None)
        if number is None:
            self._at_once[kind] = count = min(2 * self._at_once.get(kind, 2), AT_ONCE)
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            self._numbers[kind] = iter([number for (number,) in self._ask(sql, [kind._meta.db_table, count])])
            number = next(self._numbers[kind])
        return number

    def _ask(self, sql: str, params: list[Any]) -> list[Any]:
        self._busy = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchall() if cursor.description else []
        finally:
            self._busy = False

    def write(self, tables: set[str] | None = None) -> None:
        """Write what waits, or what waits for these tables."""
        for kind in [kind for kind in self._waiting if tables is None or kind._meta.db_table in tables]:
            for sql, rows in self._waiting.pop(kind).statements():
                self._ask(sql, [json.dumps(rows, default=_as_text)])

    def ahead_of(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Before a statement of somebody else's: write what it may read, and after a write of theirs know nothing."""
        if not self._busy:
            asks = str(sql).startswith("SELECT ")
            read = set(READ.findall(str(sql))) if asks else set()
            self.write(read if read and read <= _tables() else None)
            if not asks:
                self._forget()
        return execute(sql, params, many, context)

    def _forget(self) -> None:
        for record in self._known.values():
            record.__dict__.pop("_prefetched_objects_cache", None)
        self._known.clear()
        self._states.clear()


class Waiting:
    """The rows of a table that wait: new ones whole, of changed ones the columns that have changed."""

    def __init__(self, kind: Kind) -> None:
        self.table = kind._meta.db_table
        self.columns = {field.attname: str(field.column) for field in kind._meta.concrete_fields}
        self.new: list[State] = []
        self.changed: list[State] = []

    def statements(self) -> Iterator[tuple[str, list[State]]]:
        """Each statement with its rows; a row that changes twice does so in two statements."""
        for names, rows in _alike(self.new):
            columns = ", ".join(f'"{self.columns[name]}"' for name in names)
            yield f'INSERT INTO "{self.table}" ({columns}) SELECT {columns} FROM {self._given()}', self._named(rows)
        for names, rows in _turns(self.changed):
            columns = ", ".join(f'"{self.columns[name]}" = given."{self.columns[name]}"' for name in names[1:])
            where = f'"{self.table}"."id" = given."id"'
            yield f'UPDATE "{self.table}" SET {columns} FROM {self._given()} WHERE {where}', self._named(rows)

    def _given(self) -> str:
        return f'jsonb_populate_recordset(NULL::"{self.table}", %s::jsonb) AS given'

    def _named(self, rows: list[State]) -> list[State]:
        return [{self.columns[name]: value for name, value in row.items()} for row in rows]


def _turns(rows: list[State]) -> Iterator[tuple[tuple[str, ...], list[State]]]:
    """The first changes of all rows, then the second of those that have one, and so on."""
    turns: dict[int, list[State]] = {}
    passed: Counter[int] = Counter()
    for row in rows:
        turns.setdefault(passed[row["id"]], []).append(row)
        passed[row["id"]] += 1
    for turn in turns.values():
        yield from _alike(turn)


def _alike(rows: list[State]) -> Iterator[tuple[tuple[str, ...], list[State]]]:
    """The rows by the columns that they name."""
    groups: dict[tuple[str, ...], list[State]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    yield from groups.items()


def _state(record: Record) -> State:
    """What is to stand in the row's columns, but for those that the database fills by itself."""
    values = record.__dict__
    state: State = {}
    for name in _names(type(record)):
        value = values[name]
        if not isinstance(value, DatabaseDefault):
            state[name] = copy.deepcopy(value) if isinstance(value, dict | list) else value
    return state


@cache
def _names(kind: Kind) -> tuple[str, ...]:
    return tuple(field.attname for field in kind._meta.concrete_fields)


@cache
def _wholes(kind: Kind) -> tuple[tuple[str, Kind, str], ...]:
    """What records of a kind point to: the column, the kind there, and how they are kept there as its parts."""
    links: list[Any] = [field for field in kind._meta.concrete_fields if field.is_relation]
    return tuple((link.attname, link.related_model, link.remote_field.cache_name) for link in links)


@cache
def _tables() -> frozenset[str]:
    """The tables of records; what is read from any other may be what the triggers wrote of them."""
    return frozenset(kind._meta.db_table for kind in apps.get_models() if hasattr(kind, "checked_save"))


def _as_text(value: Any) -> str:
    """As PostgreSQL reads it: days, instants and figures in their usual form, bytes by their hexadecimal digits."""
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | bytearray | memoryview) else str(value)
