"""Where a fault lies: so that an error of the typesetter names the template's line, the record and its field."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import Any

QUOTED = re.compile(r'text `"(.+?)"`')  # how the typesetter names what it can't set
WHERE = re.compile(r"┌─ (\S+):(\d+):\d+")  # and how it says in which line of a template
MOST = 3
NAMES = ("key", "code", "number")


def told(error: BaseException, facts: Any) -> str:
    """An error with the template's line and the places of what it quotes: `programmes p:7, projects x:31, name.fi`."""
    said = f"{type(error).__name__}: {error}{_in_template(error)}"
    quoted = QUOTED.search(said)
    found = list(holding(facts, quoted[1])) if quoted else []
    return f"{said}, in {'; '.join(found[:MOST])}" if found else said


def _in_template(error: BaseException) -> str:
    found = WHERE.search(getattr(error, "diagnostic", ""))
    return f" ({PurePath(found[1]).name}, line {found[2]})" if found else ""


def holding(part: Any, words: str, place: tuple[str, ...] = ()) -> Iterator[str]:
    """The places in facts, in their order, whose text holds some words."""
    if isinstance(part, str) and words in part:
        yield ", ".join(place)
    elif isinstance(part, tuple):
        for number, each in enumerate(part):
            yield from holding(each, words, (*place[:-1], f"{place[-1]} {_called(each, number)}"))
    elif is_dataclass(part):
        for each in fields(part):
            yield from holding(getattr(part, each.name), words, (*place, each.name))


def _called(part: Any, number: int) -> str:
    return str(next((name for each in NAMES if (name := getattr(part, each, ""))), number + 1))
