"""How steering groups, their seats, tenures and chairships are taken in."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio.importing.desk import IMPORT, Desk, Given, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from portfolio.refusals import Refused
from portfolio.steering import commands as steering
from portfolio.steering.models import Chairship, Seat, SteeringGroup, Tenure


def take_groups(desk: Desk) -> None:
    """Steering groups with their decided seats, and who held them."""
    for placed in desk.document.of("steering_groups"):
        row = placed.record
        given = {name: row[name] for name in ("elected_seats", "official_seats", "deputies", "legal_nature")}
        decided = {
            (s["kind"], s["number"]): desk.key(s["key"]) for s in row.get("seats", ()) if s["kind"] != "attending"
        }
        programme, sized_by = desk.get("programmes", row["programme"]), desk.get("decisions", row.get("sized_by"))
        group = desk.take(
            placed,
            SteeringGroup,
            partial(
                steering.size_group,
                programme,
                sized_by=sized_by,
                seat_keys=decided,
                provenance=placed.provenance,
                **given,
                by=IMPORT,
            ),
            content=given,
        )
        if group is not None:
            _take_seats(desk, placed, group)
    _take_tenures(desk)
    _take_chairships(desk)


def _take_seats(desk: Desk, of_group: Placed, group: Any) -> None:
    for placed in desk.document.inside(of_group, "seats"):
        row = placed.record
        if row["kind"] != "attending":
            decided = group.seats.filter(kind=row["kind"], number=row["number"])
            desk.child("seats", placed.key, desk.there(Seat, placed.key) or decided.first())
            continue
        given = {"number": row["number"], **desk.texts(placed, "label")}
        starts_on = group.seats.order_by("starts_on").values_list("starts_on", flat=True).first()
        desk.take(
            placed,
            Seat,
            partial(
                steering.open_attending_seat,
                group,
                starts_on=starts_on,
                provenance=placed.provenance,
                **given,
                by=IMPORT,
            ),
            content=given,
        )


def _take_tenures(desk: Desk) -> None:
    unheld: set[str] = set()  # seats of which a member was refused: what is wrong with a deputy there isn't known
    for placed in sorted(desk.document.of("tenures"), key=lambda found: found.record["starts_on"]):
        row = placed.record
        seat, person = desk.get("seats", row["seat"]), desk.get("people", row["person"])
        if row["capacity"] == "deputy" and row["seat"] in unheld:
            continue
        tenure = _take_tenure(desk, placed, seat, person)
        if tenure is None and row["capacity"] == "member":
            unheld.add(row["seat"])
        if tenure is not None and "ends_on" in row and tenure.ends_on is None:
            ended = {"ends_on": day(row["ends_on"]), "ending": row.get("ending", "other")}
            ended_by = desk.get("decisions", row.get("ended_by"))
            desk.attempt(
                placed,
                partial(steering.end_tenure, tenure, **ended, ended_by=ended_by, by=IMPORT),
            )


def _take_tenure(desk: Desk, placed: Placed, seat: Any, person: Any) -> Any:
    given = {"starts_on": day(placed.record["starts_on"])}
    appointed_by = desk.get("decisions", placed.record.get("appointed_by"))
    told = given | {"appointed_by": appointed_by, "provenance": placed.provenance}
    appoint = partial(_appoint, seat, person, placed.record["capacity"], told)
    return desk.take(placed, Tenure, appoint, content=given)


def _appoint(seat: Any, person: Any, capacity: str, told: Given) -> Any:
    if capacity == "deputy":
        members = seat.tenures.filter(capacity="member", starts_on__lte=told["starts_on"])
        if (member := members.order_by("-starts_on").first()) is None:
            raise Refused("deputy.member_missing", field="seat")
        return steering.appoint_deputy(member, person=person, **told, by=IMPORT)
    return steering.appoint_member(seat.group, kind=seat.kind, seat=seat, person=person, **told, by=IMPORT)


def _take_chairships(desk: Desk) -> None:
    for placed in desk.document.of("chairships"):
        row = placed.record
        group, person = desk.get("steering_groups", row["group"]), desk.get("people", row["person"])
        given = {"office": row["office"], "starts_on": day(row["starts_on"])}
        named_by = desk.get("decisions", row.get("named_by"))
        chairship = desk.take(
            placed,
            Chairship,
            partial(
                steering.name_chair,
                group,
                person=person,
                named_by=named_by,
                provenance=placed.provenance,
                **given,
                by=IMPORT,
            ),
            content=given,
        )
        if chairship is not None and "ends_on" in row and chairship.ends_on is None:
            ends_on = day(row["ends_on"])
            assert ends_on is not None
            desk.attempt(placed, partial(steering.end_chairship, chairship, ends_on=ends_on, by=IMPORT))


register(15, take_groups)
