"""What a move is told is what its command takes: read from the signature, added to where the door says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from inspect import Parameter, signature
from typing import Any

import pytest

from portfolio.api import says
from portfolio.api.inputs import UNSAID, Input, input_of
from portfolio.api.moves import Move
from portfolio.languages import LANGUAGES
from portfolio.people.models import Person
from projects.progress.models import Milestone
from tests import routes, story
from tests.portfolio.programmes import factories as programmes


def told() -> Iterator[tuple[Move, type[Input], list[Parameter]]]:
    """The moves that are told something, with what their commands take of it."""
    for route in routes.api():
        for action in getattr(route.view, "actions", {}).values():
            move = getattr(route.view.cls, "way", lambda _action: None)(action)
            if move and move.given:
                taken = [*signature(move.command).parameters.values()][not move.is_creation :]
                yield move, move.given, [each for each in taken if each.name not in UNSAID]


def test_each_command_is_asked_for_what_it_needs_and_told_nothing_that_it_does_not_take() -> None:
    moves = list(told())
    assert len(moves) > 130
    for move, given, taken in moves:
        said = set(given().fields)
        needed = {each.name for each in taken if each.default is each.empty and each.kind is not each.VAR_KEYWORD}
        others = {f"{each.name[:-3]}_{code}" for each in taken if each.name[-3:] == "_fi" for code in LANGUAGES}
        free = any(each.kind is each.VAR_KEYWORD for each in taken)
        assert needed <= said, f"{move.room.__name__}.{move.name} leaves out {needed - said}"
        assert free or said <= {each.name for each in taken} | others, f"{move.room.__name__}.{move.name}"


def reach(milestone: Milestone, *, reached_on: date, because: str = "", by: Any, seen: int | None = None) -> Milestone:
    return milestone


def assign(milestone: Milestone, *, owner: Person | None, by: Any) -> Milestone:
    return milestone


def asked(name: Any, command: Any = reach) -> Input:
    made = input_of(name, command, Milestone, __name__, whole=False)
    assert made is not None
    return made()


def test_what_has_no_default_is_needed_and_a_record_that_may_be_none_may_be_null() -> None:
    reached, because = asked("ReachInput").fields.values()
    assert (reached.required, reached.allow_null) == (True, False), "though the column may be empty"
    assert (because.required, because.allow_blank) == (False, True)
    (owner,) = asked("AssignInput", assign).fields.values()
    assert (owner.required, owner.allow_null, owner.default, owner.model) == (False, True, None, Person)


def test_a_column_is_added_in_its_own_form_and_a_field_is_left_out() -> None:
    fields = asked(says("NameInput", "name", because=None)).fields
    assert [*fields] == ["reached_on", "name_fi", "name_sv", "name_en"]
    assert fields["name_fi"].max_length == Milestone._meta.get_field("name_fi").max_length


def test_one_name_is_one_input() -> None:
    first, again = (input_of("OneInput", reach, Milestone, __name__, whole=False) for _ in range(2))
    assert first is again
    with pytest.raises(TypeError, match="two inputs OneInput"):
        input_of("OneInput", assign, Milestone, __name__, whole=False)


@pytest.mark.django_db
def test_an_edit_that_lacks_what_its_command_needs_is_refused(api: Any, setup_people: story.People) -> None:
    """An edit may leave out what it does not change, but not what there would be nothing to do without."""
    plan = programmes.submitted_plan(programmes.programme())
    client = api(setup_people["ana"])
    answer = client.patch(f"plan-versions/{plan.pk}/", {}, seen=plan.version)
    assert answer.status_code == 400
    assert [(each["code"], each["field"]) for each in answer.json()["errors"]] == [("field.required", "sections")]
