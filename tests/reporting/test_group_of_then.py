"""A steering group stands in a report as it was on the status date, whatever was decided on it later."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

from portfolio.people.models import Person
from portfolio.steering import commands
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.steering import factories as steering
from tests.reporting import factories


def test_a_group_that_is_resized_after_the_status_date_is_told_as_it_was(
    ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A council that resizes between status date and cut-off; the next report tells the new size."""
    monkeypatch.setattr(decided, "_sections", count(500))  # two factories number their decisions from one
    programme = factories.indicator().target.programme
    group = steering.group(programme)
    steering.member(group, "elected", "Eeva")
    larger = decided.decision("council", "set", decided_on=date(2023, 2, 6))
    resized = {"elected_seats": 3, "official_seats": 3, "sized_by": larger, "starts_on": date(2023, 2, 6)}
    commands.resize_group(group, by=story.SETUP, **resized)
    of = factories.schedule(programme)
    told = {}
    for on in (factories.NEW_YEAR, factories.NEXT_YEAR):
        (facts,) = factories.facts(factories.frozen(of, on)).programmes
        assert facts.group is not None and facts.group.sized_by is not None
        held = [seat.member.person.name for seat in facts.group.seats if seat.member]
        told[on] = (facts.group.elected_seats, len(facts.group.seats), facts.group.sized_by.decided_on, held)
    assert told[factories.NEW_YEAR] == (2, 4, date(2021, 6, 7), ["Eeva"])
    assert told[factories.NEXT_YEAR] == (3, 6, date(2023, 2, 6), ["Eeva"])
