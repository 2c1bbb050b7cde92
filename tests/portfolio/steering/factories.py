"""Steering groups with their holders for stories, entered as the setup would."""

from datetime import date
from typing import Any

from portfolio import history
from portfolio.decisions.models import Decision
from portfolio.history.origin import origin
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.steering import commands
from portfolio.steering.models import Chairship, SteeringGroup, Tenure
from tests import story
from tests.portfolio.decisions import factories as decided

APPOINTED = date(2021, 8, 30)


def group(programme: Programme, seats: int = 2, deputies: str = "personal", **given: Any) -> SteeringGroup:
    """A steering group sized by the council on 7.6.2021."""
    sized_by = decided.decision("council", "set")
    with origin(given.pop("provenance", "recorded")):
        return commands.size_group(
            programme, elected_seats=seats, official_seats=seats, deputies=deputies, sized_by=sized_by,
            by=story.SETUP, **given,
        )  # fmt: skip


def someone(name: str) -> Person:
    """A person without roles."""
    with history.change(by=story.SETUP, whole=True):
        return Person(name=name, title_fi="Esimerkki").checked_save()


def election(**given: Any) -> Decision:
    """The council's decision of 30.8.2021 to elect members and chairs."""
    return decided.decision("council", "elect", **({"decided_on": APPOINTED} | given))


def naming(**given: Any) -> Decision:
    """The city manager's decision to name officials."""
    return decided.decision("manager", "elect", **({"decided_on": APPOINTED} | given))


def appointment(kind: str) -> Decision | None:
    return {"elected": election, "official": naming}.get(kind, lambda: None)()


def member(group: SteeringGroup, kind: str, who: Person | str, **given: Any) -> Tenure:
    """Someone appointed on 30.8.2021 by the right body."""
    person = someone(who) if isinstance(who, str) else who
    given = {"starts_on": APPOINTED, "appointed_by": appointment(kind)} | given
    with origin(given.pop("provenance", "recorded")):
        return commands.appoint_member(group, kind=kind, person=person, by=story.SETUP, **given)


def deputy(of: Tenure, who: Person | str, **given: Any) -> Tenure:
    """The personal deputy of a member, appointed on 30.8.2021."""
    person = someone(who) if isinstance(who, str) else who
    given = {"starts_on": APPOINTED, "appointed_by": appointment(of.seat.kind)} | given
    return commands.appoint_deputy(of, person=person, by=story.SETUP, **given)


def chair(group: SteeringGroup, person: Person, office: str = "chair", **given: Any) -> Chairship:
    """The chair or vice chair whom the council named on 30.8.2021."""
    given = {"starts_on": APPOINTED, "named_by": election()} | given
    return commands.name_chair(group, person=person, office=office, by=story.SETUP, **given)
