"""What waits for somebody: each room names its kinds of waiting, and whoever sees all of them asks by one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet

from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.texts import Words


@dataclass(frozen=True)
class Waits:
    """A kind of waiting: rows that a right lets somebody act on, by which day, and the move that ends it.

    `rows` asks as of a day, in one statement; `due` is the day by which a row should be dealt with, if there is one,
    and `since` the day from which it has waited, which makes nothing late;
    `whose` narrows to the rows of one person, where a right alone does not tell; `of` is what the right is asked for,
    where that is not the row.
    """

    kind: str
    words: Words
    verb: str
    move: str
    rows: Callable[[date], QuerySet[Any]]
    due: Callable[[Any], date | None] = lambda row: None
    since: Callable[[Any], date | None] = lambda row: None
    whose: Callable[[Any, Person], bool] = lambda row, by: True
    of: Callable[[Any], Model] | None = None


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for somebody."""

    kind: Waits
    row: Any
    due: date | None
    since: date | None = None

    def late(self, on: date) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < on


def waiting_for(by: Person, on: date, kinds: Iterable[Waits]) -> list[Waiting]:
    """What waits for somebody on a day: one statement for each kind, at any size.

    What is to be done by a day comes first, the longest overdue of it before the rest.
    """
    found = [each for kind in kinds for each in _of_kind(kind, by, on)]
    return sorted(found, key=lambda each: (each.due is None, each.due or each.since or on))


def _of_kind(kind: Waits, by: Person, on: date) -> Iterator[Waiting]:
    rows: QuerySet[Any, Model] = permissions.visible(kind.rows(on), by)
    if kind.of is None:
        rows = permissions.reached(rows, by, kind.verb)
    for row in rows:
        allowed = kind.of is None or permissions.may(by, kind.verb, kind.of(row))
        if allowed and kind.whose(row, by):
            yield Waiting(kind, row, kind.due(row), kind.since(row))
