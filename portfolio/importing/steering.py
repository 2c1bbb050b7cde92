"""How steering groups, their seats, tenures, chairships, checks and joint events are taken in."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio.history.origin import Keys
from portfolio.importing.desk import IMPORT, Desk, Given, day, precision
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from portfolio.refusals import Refused
from portfolio.steering import commands as steering
from portfolio.steering.models import Chairship, JointEvent, QuotaCheck, Seat, SteeringGroup, Tenure

SEATS = ("elected_seats", "official_seats")


def take_groups(desk: Desk) -> None:
    """Steering groups with the seats first decided; then, day by day, what was decided later and who came and left."""
    known = {placed.key for placed in desk.document.of("steering_groups") if desk.there(SteeringGroup, placed.key)}
    for placed in desk.document.of("steering_groups"):
        if (group := _take_group(desk, placed)) is not None:
            _take_seats(desk, placed, group)
    resizings = [placed for placed in desk.document.of("resizings") if placed.parent and placed.parent.key not in known]
    unheld: set[str] = set()  # seats of which a member was refused: what is wrong with a deputy there isn't known
    for placed in sorted([*resizings, *desk.document.of("tenures")], key=_turn):
        if placed.kind == "resizings":
            _resize(desk, placed)
        elif placed.record["capacity"] != "deputy" or placed.record["seat"] not in unheld:
            if _take_tenure(desk, placed) is None:
                unheld.add(placed.record["seat"])
    for placed in desk.document.of("chairships"):
        _take_chairship(desk, placed)


def _turn(placed: Placed) -> tuple[Any, bool, bool]:
    """By the day; on the same day seats before members, and members before their deputies."""
    row = placed.record
    return day(row["starts_on"]), placed.kind != "resizings", row.get("capacity") == "deputy"


def _take_group(desk: Desk, placed: Placed) -> Any:
    row = placed.record
    given = {name: row[name] for name in (*SEATS, "deputies", "legal_nature")}
    programme, sized_by = desk.get("programmes", row["programme"]), desk.get("decisions", row.get("sized_by"))
    command = partial(
        steering.size_group,
        programme,
        sized_by=sized_by,
        **given,
        by=IMPORT,
    )
    resizings = desk.document.inside(placed, "resizings")
    content = dict(given)
    for resizing in resizings:
        content |= {name: resizing.record[name] for name in given if name in resizing.record}
    edit = partial(_resize_again, desk, resizings[-1]) if resizings else None
    return desk.take(placed, SteeringGroup, command, content=content, edit=edit, keys=_seat_keys(desk, placed))


def _resize_again(desk: Desk, placed: Placed, group: Any, other: Given) -> Any:
    """The group is there from an earlier import, and the file tells a later decision on its seats."""
    if "legal_nature" in other:
        desk.freeze(placed, other)
        return group
    return _resizing(desk, placed, group)()


def _seat_keys(desk: Desk, of_group: Placed) -> dict[str, Keys]:
    """The keys of the seats that a decision on their number brings."""
    seats = (placed.record for placed in desk.document.inside(of_group, "seats"))
    keys = {(row["kind"], row["number"]): desk.key(row["key"]) for row in seats if row["kind"] != "attending"}
    return {Seat._meta.label: lambda seat: keys.get((seat.kind, seat.number))}


def _take_seats(desk: Desk, of_group: Placed, group: Any) -> None:
    for placed in desk.document.inside(of_group, "seats"):
        row = placed.record
        if row["kind"] != "attending":
            _find_seat(desk, placed, group)
            continue
        given = {"number": row["number"], **desk.texts(placed, "label")}
        starts_on = group.seats.order_by("starts_on").values_list("starts_on", flat=True).first()
        command = partial(steering.open_attending_seat, group, starts_on=starts_on, **given, by=IMPORT)
        desk.take(placed, Seat, command, content=given)


def _find_seat(desk: Desk, placed: Placed, group: Any) -> None:
    """A decided seat; one that a later decision adds is found after that."""
    decided = group.seats.filter(kind=placed.record["kind"], number=placed.record["number"])
    if seat := desk.there(Seat, placed.key) or decided.first():
        desk.child("seats", placed.key, seat)


def _resize(desk: Desk, placed: Placed) -> None:
    assert placed.parent is not None
    group = desk.get("steering_groups", placed.parent.key)
    if group is None:
        return
    if desk.attempt(placed, _resizing(desk, placed, group), keys=_seat_keys(desk, placed.parent)) is not None:
        for seat in desk.document.inside(placed.parent, "seats"):
            _find_seat(desk, seat, group)


def _resizing(desk: Desk, placed: Placed, group: Any) -> Any:
    assert placed.parent is not None
    row = placed.record
    given = {name: row[name] for name in (*SEATS, "deputies") if name in row} | {"starts_on": day(row["starts_on"])}
    sized_by = desk.get("decisions", row.get("sized_by"))
    return partial(steering.resize_group, group, sized_by=sized_by, **given, by=IMPORT)


def _take_tenure(desk: Desk, placed: Placed) -> Any:
    row = placed.record
    seat, person = desk.get("seats", row["seat"]), desk.get("people", row["person"])
    given = _first_day(row)
    told = given | {"appointed_by": desk.get("decisions", row.get("appointed_by"))}
    tenure = desk.take(placed, Tenure, partial(_appoint, seat, person, row["capacity"], told), content=given)
    if tenure is not None and "ends_on" in row and desk.news(placed, tenure, {"ends_on": day(row["ends_on"])}):
        ended = {"ends_on": day(row["ends_on"]), "ending": row.get("ending", Tenure.Ending.UNKNOWN)}
        ended_by = desk.get("decisions", row.get("ended_by"))
        desk.attempt(placed, partial(steering.end_tenure, tenure, **ended, ended_by=ended_by, by=IMPORT))
    return tenure


def _first_day(row: Given) -> Given:
    """The first day; of one told in words, the last that they allow, and the words."""
    told = precision(row["starts_on"])
    return {"starts_on": day(row["starts_on"])} | {name.replace("date", "starts", 1): told[name] for name in told}


def _appoint(seat: Any, person: Any, capacity: str, told: Given) -> Any:
    if seat is None:
        raise Refused("group.seats_full", field="seat", kind=capacity)
    if capacity == "deputy":
        members = seat.tenures.filter(capacity="member", starts_on__lte=told["starts_on"])
        if (member := members.order_by("-starts_on").first()) is None:
            raise Refused("deputy.member_missing", field="seat")
        return steering.appoint_deputy(member, person=person, **told, by=IMPORT)
    return steering.appoint_member(seat.group, kind=seat.kind, seat=seat, person=person, **told, by=IMPORT)


def _take_chairship(desk: Desk, placed: Placed) -> None:
    row = placed.record
    group, person = desk.get("steering_groups", row["group"]), desk.get("people", row["person"])
    given = {"office": row["office"], **_first_day(row)}
    named_by = desk.get("decisions", row.get("named_by"))
    command = partial(steering.name_chair, group, person=person, named_by=named_by, **given, by=IMPORT)
    chairship = desk.take(placed, Chairship, command, content=given)
    if chairship is not None and "ends_on" in row:
        ended: Given = {"ends_on": day(row["ends_on"])}
        if desk.news(placed, chairship, ended):
            ended_by = desk.get("decisions", row.get("ended_by"))
            desk.attempt(placed, partial(steering.end_chairship, chairship, **ended, ended_by=ended_by, by=IMPORT))


def take_checks(desk: Desk) -> None:
    """That the quota was checked; counted among those who held seats on the day."""
    for placed in desk.document.of("quota_checks"):
        row = placed.record
        group, checked_by = desk.get("steering_groups", row["group"]), desk.get("people", row["checked_by"])
        given = {"capacity": row["capacity"], "checked_on": day(row["checked_on"]), "result": row["result"]}
        given |= {"special_reason": row["special_reason"]} if "special_reason" in row else {}
        command = partial(steering.record_quota_check, group, checked_by=checked_by, **given, by=IMPORT)
        desk.take(placed, QuotaCheck, command, content=given)


def take_joint_events(desk: Desk) -> None:
    """Days on which groups met each other."""
    for placed in desk.document.of("joint_events"):
        row = placed.record
        groups = [group for key in row["groups"] if (group := desk.get("steering_groups", key))]
        given = {"held_on": day(row["held_on"]), **desk.texts(placed, "title"), **desk.texts(placed, "summary")}
        command = partial(steering.record_joint_event, groups, **given, by=IMPORT)
        desk.take(placed, JointEvent, command, content=given)


register(15, take_groups, take_checks, take_joint_events)
