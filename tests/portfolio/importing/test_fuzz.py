"""Whatever JSON is handed in, the answer is that it was taken or a list of faults with their places."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio import clock, history
from portfolio.importing.checking import Setting, check
from portfolio.importing.document import Document
from portfolio.importing.taking import NothingTaken, take
from tests.portfolio.importing.everything import everything

DAY = re.compile(r"\d{4}-\d\d-\d\d")
WHOLE = everything()
SETTING = ("fi", "sv"), ("fi", "sv", "en"), "Europe/Helsinki"
ODD: list[Any] = [
    None, True, 0, -1, 10**30, 1.5, "", "x", "x" * 500, "ä\u0308\u0000", "\ufeff🌊\u202e", "2018-02-30", "9999-12-31",
    "0001-01-01", "1e400", "-0", "999999999999.999999", [], {}, [[]], {"fi": "x"}, {"fi": ""}, {"key": "x"}, "set",
    {"precision": "unknown", "text": {"fi": "x"}, "not_after": "2018-01-01"}, "2018-12-31", "council", 32767, 3,
]  # fmt: skip


def places(part: Any) -> list[tuple[Any, Any]]:
    """Every container of the file with each of its names or numbers."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [spot for name, each in inner for spot in [(part, name), *places(each)]]


def mutate(data: Any, chance: random.Random) -> None:
    """One change: dropped, doubled, retyped, swapped with what stands elsewhere, or odd."""
    part, name = chance.choice(places(data))
    what = chance.choice(["drop", "double", "odd", "swap", "nest", *["alike"] * 6])
    if what == "drop":
        del part[name]
    elif what == "double" and isinstance(part, list):
        part.append(copy.deepcopy(part[name]))
    elif what == "swap":
        other, at = chance.choice(places(data))
        part[name] = copy.deepcopy(other[at])
    elif what == "alike":
        others = [(other, at) for other, at in places(data) if alike(part, name, other, at)]
        other, at = chance.choice(others or [(part, name)])
        part[name] = copy.deepcopy(other[at])
    elif what == "nest":
        part[name] = [part[name]]
    else:
        part[name] = copy.deepcopy(chance.choice(ODD))


def alike(part: Any, name: Any, other: Any, at: Any) -> bool:
    """Whether a value could stand there by its looks: so that the fault lies deeper than the schema."""
    one, two = part[name], other[at]
    days = all(isinstance(each, str) and DAY.fullmatch(each) for each in (one, two))
    return type(one) is type(two) and (days or (name == at and isinstance(name, str)) or isinstance(one, int))


def answer(data: Any) -> list[Any]:
    """The faults of a file, by the pure check or by the database; none when it was taken in."""
    faults = check(data, Setting(*SETTING, today=clock.today(), zone_end=clock.end_of_day))
    if faults:
        return faults
    try:
        take(Document(data), origin="fuzz", dry_run=True)
    except NothingTaken as nothing:
        return nothing.faults
    return []


@pytest.mark.parametrize(
    ("changes", "amount"),
    [(2, 6), pytest.param(1, 400, marks=pytest.mark.proof), pytest.param(4, 200, marks=pytest.mark.proof)],
)
@pytest.mark.parametrize("known", [False, True], ids=["first", "again"])
@pytest.mark.django_db
def test_every_mutant_is_taken_or_told_what_is_wrong_with_it(changes, amount, known):
    """Into an empty installation, and into one that has taken the whole file before."""
    if known:
        take(Document(copy.deepcopy(WHOLE)), origin="whole")

    @settings(max_examples=amount, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(seed=st.integers(0, 2**32))
    def told(seed: int) -> None:
        data, chance = copy.deepcopy(WHOLE), random.Random(seed)
        for _ in range(changes):
            mutate(data, chance)
        with transaction.atomic():
            head = history.head()
            faults = answer(data)
            assert history.head() == head
        for fault in faults:
            assert fault.place.startswith("/") and "." in fault.code and "\n" not in str(fault), fault

    told()
