"""Whatever stands in the file, the answer is a list of faults with their places, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest

from portfolio import history
from portfolio.decisions.models import Continuation, Decision
from portfolio.people.models import Person
from portfolio.steering.models import SteeringGroup, Tenure
from tests.portfolio.importing.conftest import COMMON, decision

pytestmark = pytest.mark.django_db


def with_deputies(data: Any) -> Any:
    """Chen sits, and has a personal deputy."""
    data["steering_groups"][0]["deputies"] = "personal"
    data["people"].append(COMMON | {"key": "ilta", "name": "Ilta Esimerkki"})
    held = COMMON | {"seat": "sg.e1", "starts_on": "2017-10-16"}
    data["tenures"] = [
        held | {"key": "member", "person": "chen", "capacity": "member"},
        held | {"key": "deputy", "person": "ilta", "capacity": "deputy"},
    ]
    return data


def test_the_deputy_of_a_member_who_is_refused_hides_nothing_and_breaks_nothing(run, older):
    """The member's name is longer than the column: that is told, with the limit."""
    with_deputies(older)["people"][0]["name"] = "C" * 121
    done = run(older)
    assert (done.status, done.codes) == (1, ["field.too_long"])
    assert done.lines[0].startswith("/people/0/name (chen):") and "at most 120" in done.lines[0]


def test_the_deputy_of_a_member_whom_only_the_database_refuses(run, older):
    """The member took the seat before it was there; of the deputy nothing is known."""
    with_deputies(older)["tenures"][0]["starts_on"] = "2017-01-01"
    done = run(older)
    assert (done.status, done.codes) == (1, ["seat.not_open"]), done.lines
    assert done.lines[0].startswith("/tenures/0/starts_on (member): 2017-01-01")


def test_a_deputy_of_nobody_is_refused(run, older):
    with_deputies(older)["tenures"].pop(0)
    assert run(older).codes == ["deputy.member_missing"]
    assert not Tenure.objects.exists()


@pytest.mark.parametrize(
    "value", [1.0, 1e400, True, 10**30, -1, "1", None, [], {}, float("nan")], ids=lambda value: repr(value)[:12]
)
def test_a_number_that_is_none(run, older, value):
    older["decisions"][0]["section"] = value
    done = run(older)
    assert done.status == 1 and done.lines[0].startswith("/decisions/0/section (set):"), done.lines
    assert not Decision.objects.exists()


@pytest.mark.parametrize("key", ["p\n", "p\u0660", "P", "", "p" * 121, "ä"])
def test_a_key_that_only_looks_like_one(run, older, key):
    older["partners"][0]["key"] = key
    done = run(older)
    assert (done.status, done.codes) == (1, ["import.schema"])


@pytest.mark.parametrize("day", ["2018-02-30", "2018-13-01", "٢٠١٨-01-01", "2018-1-1", "0000-01-01", "20180101", ""])
def test_a_day_that_no_calendar_has(run, older, day):
    older["milestones"][0]["planned_on"] = day
    done = run(older)
    assert (done.status, done.codes) == (1, ["import.schema"])


@pytest.mark.parametrize("instant", ["2018-13-01T12:00+02:00", "2018-01-01T25:00Z", "2018-01-01T12:00"])
def test_an_instant_that_no_clock_shows(run, older, instant):
    older["schedules"][0]["entries"][0]["cut_at"] = instant
    assert run(older).codes == ["import.schema"]


def test_what_stands_too_deep_is_no_register(run, older):
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    older["note"] = deep
    done = run(older)
    assert done.status == 1 and "import.json" in done.told


def test_ten_thousand_names_in_one_object_are_read_as_fast_as_they_are_many(run, older):
    done = run(older | {f"name{n}": n for n in range(10_000)})
    assert (done.status, done.codes) == (1, ["import.schema"])


def test_decisions_continue_each_other_in_any_order_of_days_and_rows(run, older):
    """The one continued stands later in the file, and a chain may be longer than a program's patience."""
    row = decision("later", "board", "note", "2019-01-01", 1)
    chain = [row | {"key": f"c{n}", "section": n + 1, "continues": [f"c{n + 1}"]} for n in range(1_200)]
    points = [{"key": f"c{n}.1", "number": 1, "kind": "note", "text": {"fi": "x"}} for n in range(1_201)]
    chain.append(row | {"key": "c1200", "section": 1_201})
    older["decisions"] += [each | {"points": [point]} for each, point in zip(chain, points, strict=True)]
    assert run(older).status == 0
    assert Continuation.objects.count() == 1_200


def test_someone_who_is_not_there_asks_for_nothing(run, older):
    head = history.head()
    done = run(older, "--on-behalf-of", "999999")
    assert done.status == 1 and "999999" in done.told and history.head() == head
    assert not Person.objects.exists() and not SteeringGroup.objects.exists()
