"""Each model says how reports and pages come to its rows; what a report says of some alone forgets none."""

from __future__ import annotations

from typing import Any

from portfolio import belonging
from portfolio.history import Step
from reporting.pages.moment import SUMMED
from reporting.snapshot import kinds

# A day on which something came to be so; a model with one of these is told as late, or does not say what happened.
HAPPENED = {"effective_on", "decided_on", "reached_on", "starts_on", "ends_on", "measured_on", "year"}
NOT_LATE = {
    "Measurement": "tells of itself when it was recorded",
    "PilotMove": "a pilot is told as it stands",
    "Chairship": "a chair is told with the members, among whom the person is",
    "Project": "its days are plans; its moves say what happened",
    "ProjectPartner": "a partner is told with the time of taking part",
    "Seat": "who sits there, and since when, is told by the tenures",
    "CouncilTerm": "the years of a council are known before they begin",
}
# Seen by fewer than what they belong to, and yet not asked of.
UNASKED = {
    "Plan": "nothing is told of a plan but its versions, which are asked of",
    "ProjectTarget": "who sees one of its ends is told who serves what",
}


def test_what_happened_on_a_day_of_its_own_is_told_when_late() -> None:
    happened = {
        kind.__name__ for kind in kinds.MODELS if HAPPENED & {field.name for field in kind._meta.concrete_fields}
    }
    assert {kind.__name__ for kind in kinds.MODELS if issubclass(kind, Step)} <= happened
    late = {kind.__name__ for kind in kinds.LATE}
    assert (happened - late, late - happened) == (set(NOT_LATE), set())


def test_what_fewer_may_see_than_what_it_belongs_to_is_asked_of() -> None:
    narrower = {kind.__name__ for kind in kinds.OWN if narrow(kind)}
    guarded = {kind.__name__ for kind in kinds.GUARDED}
    assert narrower - guarded == set(UNASKED)
    assert set(kinds.GUARDED) <= set(kinds.MODELS) and set(SUMMED) <= set(kinds.GUARDED)


def narrow(kind: Any) -> bool:
    return bool(kind.visibility != belonging.owner(kind).visibility)


def test_what_is_told_of_a_programme_comes_after_what_it_belongs_to() -> None:
    places = {kind: place for place, kind in enumerate(kinds.MODELS)}
    assert all(places[belonging.owner(kind)] < places[kind] for kind in kinds.OWN)  # type: ignore[index]
