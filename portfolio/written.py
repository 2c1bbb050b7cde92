"""The plain forms of days, instants, numbers and truths, for programs; nothing is guessed, no other script is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")
INSTANT = re.compile(rf"{DAY.pattern}[T ]{TIME.pattern}(Z|[+-][0-9]{{2}}:[0-9]{{2}})?")
WHOLE = re.compile(r"-?[0-9]{1,40}")
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
ID = "[1-9][0-9]{0,17}"  # one address for each record: no zeros before it
TRUTHS = {"true": True, "false": False}


def day(text: str) -> date:
    """A day written YYYY-MM-DD; raises ValueError for weeks, days run together and what is no day."""
    if not DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def instant(text: str) -> datetime:
    """A day and a time with or without a zone, written out; raises ValueError."""
    if not INSTANT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def zoned(text: str) -> datetime:
    """An instant with its zone: an hour alone is another one elsewhere; raises ValueError."""
    if (found := instant(text)).tzinfo is None:
        raise ValueError(text)
    return found


def whole(text: str, *, digits: int = 18) -> int | None:
    """A whole number written with plain digits, or None; other scripts' digits and endless ones are none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def number(text: str) -> int:
    """A whole number, which may be below zero; raises ValueError."""
    if not WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def truth(text: str) -> bool:
    """`true` or `false`; raises ValueError."""
    if text not in TRUTHS:
        raise ValueError(text)
    return TRUTHS[text]


def named_twice(pairs: Iterable[tuple[str, object]]) -> list[str]:
    """The names that an object holds more than once."""
    return sorted(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)


class IdConverter:
    """The id of a record in an address: what can't be an id is no address."""

    regex = ID

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: object) -> str:
        return str(value)
