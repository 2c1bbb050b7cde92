"""The steering group of a programme on a day: its seats, and who holds them."""

from __future__ import annotations

from django.db.models import Model

from portfolio import history
from portfolio.decisions.models import Body, Decision, DecisionPoint
from portfolio.history.tables import Only
from portfolio.people.models import Person
from portfolio.steering.models import Chairship, Seat, SteeringGroup, Tenure
from reporting.facts import GroupFacts
from reporting.pages.programmes.head import Read
from reporting.snapshot import groups, narrow


def group(found: Read) -> GroupFacts | None:
    """The group as it stood on the day shown; None before the council had sized it."""
    at = found.shown.known_at
    own = history.known(SteeringGroup, at).filter(programme_id=found.row.id)
    people = history.known(Tenure, at).filter(group_id__in=own.values("id")).values_list("person_id", flat=True)
    sized = own.values_list("sized_by_id", flat=True)
    decided = [pk for pk in sized if pk]
    only: dict[type[Model], Only] = {
        SteeringGroup: Only("programme_id", [found.row.id]),
        Seat: Only("group_id", SteeringGroup),
        Tenure: Only("group_id", SteeringGroup),
        Chairship: Only("group_id", SteeringGroup),
        Person: Only("id", list(people)),
        Decision: Only("id", decided),
        DecisionPoint: Only("decision_id", decided),
    }
    world = narrow.named(found.shown.cut, found.shown.on, only, Body)
    return groups.group(world, found.row)
