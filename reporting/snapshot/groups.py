"""The steering group on the status date: seats, holders, offices, and who came and left in the period (INV-33)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from portfolio.decisions.models import Decision
from portfolio.programmes.models import Programme
from portfolio.steering.models import Chairship, JointEvent, JointEventGroup, Seat, SteeringGroup, Tenure
from reporting.facts import (
    Deputies,
    Ending,
    EventFacts,
    GroupChangeFacts,
    GroupFacts,
    GroupRole,
    LegalNature,
    MemberFacts,
    Office,
    Provenance,
    SeatFacts,
    SeatKind,
)
from reporting.snapshot.decisions import decision, made_by
from reporting.snapshot.world import World, held, one_of, ordered, person, text

KINDS = {"elected": 0, "official": 1, "attending": 2}


def group(world: World, programme: Programme) -> GroupFacts | None:
    """The programme's group as it stood on the status date; None before the council had sized it."""
    rows = world.where(SteeringGroup, programme_id=programme.id)
    row = _as_sized_then(world, rows[0]) if rows else None
    if row is None:
        return None
    seats = [seat for seat in world.where(Seat, group_id=row.id) if held(seat, world.status_date)]
    seats.sort(key=lambda seat: (KINDS[seat.kind], seat.number))
    return GroupFacts(
        elected_seats=row.elected_seats,
        official_seats=row.official_seats,
        deputies=one_of(Deputies, row.deputies),
        legal_nature=one_of(LegalNature, row.legal_nature),
        sized_by=decision(world, row.sized_by_id),
        seats=tuple(_seat(world, row, seat) for seat in seats),
        changes=tuple(sorted(_changes(world, row), key=lambda change: (change.on, change.what, change.person.name))),
    )


def _as_sized_then(world: World, row: SteeringGroup) -> SteeringGroup | None:
    """The group by the newest decision on its size that had been made; a later resizing leaves it as it was."""
    if _sized_by_then(world, row):
        return row
    past = SteeringGroup.history.model.objects.filter(id=row.id, history_seq__lte=world.cut)
    states: Iterable[SteeringGroup] = past.order_by("-history_seq", "-history_id")
    return next((state for state in states if _sized_by_then(world, state)), None)


def _sized_by_then(world: World, row: SteeringGroup) -> bool:
    sized_by = world.get(Decision, row.sized_by_id)
    return sized_by is None or made_by(world, sized_by)


def _seat(world: World, of_group: SteeringGroup, seat: Seat) -> SeatFacts:
    holders = [tenure for tenure in world.where(Tenure, seat_id=seat.id) if held(tenure, world.status_date)]
    by_capacity = {tenure.capacity: tenure for tenure in holders}
    return SeatFacts(
        kind=one_of(SeatKind, seat.kind),
        number=seat.number,
        label=text(seat, "label"),
        member=_member(world, of_group, by_capacity.get("member")),
        deputy=_member(world, of_group, by_capacity.get("deputy")),
    )


def _member(world: World, of_group: SteeringGroup, tenure: Tenure | None) -> MemberFacts | None:
    if tenure is None or (who := person(world, tenure.person_id)) is None:
        return None
    offices = world.where(Chairship, group_id=of_group.id, person_id=tenure.person_id)
    office = next((row.office for row in offices if held(row, world.status_date)), "")
    return MemberFacts(
        person=who,
        since=tenure.starts_on if _exact(tenure) else None,
        office=one_of(Office, office),
        appointed_by=decision(world, tenure.appointed_by_id),
    )


def _changes(world: World, of_group: SteeringGroup) -> Iterator[GroupChangeFacts]:
    """Comings and goings of the period; the first appointments of a new group are no change."""
    for tenure in world.where(Tenure, group_id=of_group.id):
        seat = world.get(Seat, tenure.seat_id)
        assert seat is not None
        kind = one_of(SeatKind, seat.kind)
        role = one_of(GroupRole, "attending" if kind == "attending" else tenure.capacity)
        yield from _change(world, tenure, role, kind, tenure.appointed_by_id, tenure.ending)
    for chairship in world.where(Chairship, group_id=of_group.id):
        yield from _change(world, chairship, one_of(GroupRole, chairship.office), "elected", chairship.named_by_id, "")


def _change(
    world: World, row: Tenure | Chairship, role: GroupRole, kind: SeatKind, by: int | None, ending: str
) -> Iterator[GroupChangeFacts]:
    who = person(world, row.person_id)
    assert who is not None
    if _exact(row) and _in_period(world, row.starts_on):
        yield GroupChangeFacts(
            on=row.starts_on,
            person=who,
            what="came",
            role=role,
            kind=kind,
            decision=decision(world, by),
        )
    if row.ends_on is not None and _in_period(world, row.ends_on):
        yield GroupChangeFacts(
            on=row.ends_on,
            person=who,
            what="left",
            role=role,
            kind=kind,
            ending=one_of(Ending, ending),
            decision=decision(world, row.ended_by_id),
        )


def _exact(row: Tenure | Chairship) -> bool:
    """Whether its first day is known; a row of the time before the question was asked has it."""
    return row.starts_precision in (None, "day")


def _in_period(world: World, day: date) -> bool:
    return world.period_starts_on <= day <= world.status_date


def events(world: World, programme: Programme) -> tuple[EventFacts, ...]:
    """Joint events of the period in which the programme's group took part."""
    groups = {row.id for row in world.where(SteeringGroup, programme_id=programme.id)}
    found = []
    for event in ordered(world.rows[JointEvent], "held_on"):
        with_us = {link.group_id for link in world.where(JointEventGroup, event_id=event.id)}
        if _in_period(world, event.held_on) and groups & with_us:
            found.append(
                EventFacts(
                    title=text(event, "title"), held_on=event.held_on, provenance=one_of(Provenance, event.provenance)
                )
            )
    return tuple(found)
