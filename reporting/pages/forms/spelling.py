"""How people write days, hours and numbers, turned into the one plain form that inputs take, and back again.

What can't be read is handed on as it was typed, so that the input refuses it and the form shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from portfolio import clock, written

DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
HOUR = re.compile(r"(?:klo |kl\. |kl )?([0-9]{1,2})[.:]([0-9]{2})")
INSTANT = re.compile(rf"({DAY.pattern}|{written.DAY.pattern}),? ({HOUR.pattern})")
BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s\u00a0\u2007\u2009\u202f](?=[0-9]{3})")
MINUS = "\u2212"


def day(text: str) -> str:
    """31.12.2023 and 2023-12-31 are the same day."""
    found = DAY.fullmatch(text.strip())
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text.strip()


def hour(text: str) -> str:
    """16.00, 16:00 and klo 16.00 are the same hour."""
    found = HOUR.fullmatch(text.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else text.strip()


def instant(text: str) -> str:
    """A day and an hour of the city's clock."""
    found = INSTANT.fullmatch(text.strip())
    if found is None:
        return text.strip()
    try:
        on, at = date.fromisoformat(day(found[1])), time.fromisoformat(hour(found[5]))
    except ValueError:
        return text.strip()
    return datetime.combine(on, at, clock.zone()).isoformat()


def number(text: str) -> str:
    """1 234,5 and 1234.5 are the same number; a comma and a point together are none."""
    plain = BETWEEN_DIGITS.sub("", text.strip()).replace(MINUS, "-")
    return plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain


def shown_day(on: date) -> str:
    """As pages in the city's languages write it, and as it may be typed."""
    return on.isoformat() if get_language() == "en" else f"{on.day}.{on.month}.{on.year}"


def shown_instant(at: datetime) -> str:
    """The day and the hour of the city's clock."""
    here = timezone.localtime(at, clock.zone())
    return f"{shown_day(here.date())} {shown_hour(here.time())}"


def shown_hour(at: time) -> str:
    """16.00, in English 16:00."""
    return f"{at:%H:%M}" if get_language() == "en" else f"{at.hour}.{at.minute:02}"


def shown_number(value: Decimal | int) -> str:
    """All its digits and no more, with the comma of the reader's language."""
    plain = f"{Decimal(value).normalize():f}"
    return plain if get_language() == "en" else plain.replace(".", ",")


SHOWN: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (datetime, shown_instant),
    (date, shown_day),
    (time, shown_hour),
    (Decimal | int, shown_number),
)


def shown(value: Any) -> str:
    """A value as a form shows it; nothing known is an empty field."""
    if value is None:
        return ""
    return next((show(value) for kind, show in SHOWN if isinstance(value, kind)), str(value))
