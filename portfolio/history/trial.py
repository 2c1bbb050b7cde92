"""A change set that is tried while others go on saving, and what it wrote, to be written again under the lock.

A trial has no number in the chain and keeps nobody waiting for the head. Commands are judged in it as ever, triggers
write the rows of the past as ever, and nothing of it stays: the database refuses its commit. So its rows of the past,
read before all is taken back, say what it would have written, state by state and in order; and as long as the head has
not moved, these states are what the same commands would write now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from portfolio import asking
from portfolio.history.models import InsertOnly, Tracked
from portfolio.history.opened import Actor, OpenChange, Read, remember

Kind: TypeAlias = type[models.Model]
# What the triggers fill in, whatever is given.
BY_TRIGGERS = {"version", "seq", "salt", "row_sha256", "shape"}
# The rows come and go as PostgreSQL writes a row as text, so that each value stays what it was.
GIVEN = '(SELECT unnest(%s::text[])::"{source}" AS row OFFSET 0) AS given'


class State(NamedTuple):
    """What a row became: its table's model, by an insert, a change or a deletion, and the row as text."""

    kind: Kind
    op: str
    pk: int
    row: str


@dataclass(frozen=True)
class Trial:
    """A trial that is open: its number, and the head that it is held against."""

    number: int
    head: int

    def written(self) -> list[State]:
        """What was written so far, in its order."""
        kinds = {kind._meta.db_table: kind for kind in apps.get_models() if issubclass(kind, Tracked | InsertOnly)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT relation FROM portfolio_changeentry WHERE seq = %s", [self.number])
            parts = [_states(kinds[relation]) for (relation,) in cursor.fetchall()]
            if not parts:
                return []
            cursor.execute(f"{' UNION ALL '.join(parts)} ORDER BY 1", {"number": self.number})
            return [State(kinds[relation], op, pk, row) for _, relation, op, pk, row in cursor.fetchall()]


@contextmanager
def trial(*, by: Actor, whole: bool = False) -> Iterator[Trial]:
    """Open a trial of a job's change set; all that is done inside is taken back at the end.

    What it has written keeps its place meanwhile: whoever saves the same row, or another of the same name, waits for
    its end. `whole` as in `history.change`.
    """
    signature = by.signature()
    with transaction.atomic(), asking.afresh():
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, head FROM history_try(%s)", [signature.job])
            tried = Trial(*cursor.fetchone())
        remember(OpenChange(tried.number, by, signature, whole, Read() if whole else None))
        try:
            yield tried
        finally:
            remember(None)
            transaction.set_rollback(True)


def write_again(states: list[State]) -> None:
    """Write in an open change set what a trial wrote, each row by its own number and through all its states in turn.

    Rows of a kind are written together, whatever came between. Where the database finds that one of them had to make
    room for another first, they are written one by one, in the order in which the trial did.
    """
    try:
        with transaction.atomic():
            for together in _rounds(states):
                _write(together)
    except DatabaseError:
        for state in states:
            _write([state])


def _rounds(states: list[State]) -> Iterable[list[State]]:
    """What can be written at once: of one kind, by one way of writing, each row's first state, then each's second, …"""
    turns: Counter[tuple[Kind, int]] = Counter()
    rounds: dict[tuple[int, Kind, str], list[State]] = {}
    for state in states:
        turn = turns[state.kind, state.pk]
        turns[state.kind, state.pk] += 1
        rounds.setdefault((turn, state.kind, state.op), []).append(state)
    return (rounds[each] for each in sorted(rounds, key=itemgetter(0)))


def _write(states: list[State]) -> None:
    kind, op = states[0].kind, states[0].op
    given = [state.pk if op == "-" else state.row for state in states]
    with connection.cursor() as cursor:
        cursor.execute({"+": _insert, "~": _update, "-": _delete}[op](kind), [given])


def _source(kind: Kind) -> str:
    return kind._meta.db_table if issubclass(kind, InsertOnly) else f"{kind._meta.db_table}_history"


def _states(kind: Kind) -> str:
    own = "p.id = e.object_id" if issubclass(kind, InsertOnly) else "p.history_id = e.history_id"
    return (
        f"SELECT e.id, e.relation, e.op, e.object_id, p::text FROM portfolio_changeentry e "
        f"JOIN \"{_source(kind)}\" p ON {own} WHERE e.seq = %(number)s AND e.relation = '{kind._meta.db_table}'"
    )


def _columns(kind: Kind) -> list[str]:
    return [f'"{field.column}"' for field in kind._meta.concrete_fields if field.column not in BY_TRIGGERS]


def _insert(kind: Kind) -> str:
    columns = _columns(kind)
    values = ", ".join(f"(given.row).{column}" for column in columns)
    return f'INSERT INTO "{kind._meta.db_table}" ({", ".join(columns)}) SELECT {values} FROM {_given(kind)}'


def _update(kind: Kind) -> str:
    values = ", ".join(f"{column} = (given.row).{column}" for column in _columns(kind))
    table = kind._meta.db_table
    return f'UPDATE "{table}" SET {values} FROM {_given(kind)} WHERE "{table}".id = (given.row).id'


def _delete(kind: Kind) -> str:
    return f'DELETE FROM "{kind._meta.db_table}" WHERE id = ANY(%s)'


def _given(kind: Kind) -> str:
    return GIVEN.format(source=_source(kind))
