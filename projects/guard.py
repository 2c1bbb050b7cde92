"""By which words what belongs to a project may be described, and on which days."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from portfolio import clock
from portfolio.history.models import Record
from portfolio.refusals import Refused
from portfolio.texts import columns, stems

Described = TypeVar("Described", bound=Model)


def describe(record: Described, words: Mapping[str, Any], *, known: frozenset[str]) -> Described:
    """Set what may be said of a record freely; all else, such as its state, has a command of its own (INV-112)."""
    if strange := set(words) - known:
        raise TypeError(f"{type(record).__name__} is not described by {sorted(strange)}")
    for field, value in words.items():
        setattr(record, field, value)
    return record


def past(day: date | None, field: str) -> date:
    """A day that has come, today if none is given. Raises Refused `day.future`."""
    today = clock.today()
    if day and day > today:
        raise Refused("day.future", field=field, day=day)
    return day or today


def described(model: type[Record]) -> frozenset[str]:
    """What may be said of a record of this kind freely: its texts and what the model names."""
    return worded(*stems(model)) | frozenset(model.described)


def worded(*texts: str) -> frozenset[str]:
    """The columns of texts, and what goes with their translations."""
    return frozenset({*columns(*texts), "texts", "source_language"})
