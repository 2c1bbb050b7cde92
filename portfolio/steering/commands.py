"""What can be done with steering groups: sized, appointed to, left, led, checked and brought together.

Verbs: size_group, appoint, name_chair, check_quota, record_joint_event.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q

from portfolio import clock, history
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.history import Provenance, origin
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.access import opened
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused, require
from portfolio.steering import appointing, queries
from portfolio.steering.models import (
    Chairship,
    JointEvent,
    JointEventGroup,
    QuotaCheck,
    Seat,
    SeatKind,
    SteeringGroup,
    Tenure,
)


def size_group(
    programme: Programme,
    *,
    elected_seats: int,
    official_seats: int,
    deputies: str,
    by: Any,
    sized_by: Decision | None = None,
    legal_nature: str = SteeringGroup.LegalNature.WORKING_GROUP,
    starts_on: date | None = None,
) -> SteeringGroup:
    """Set up a programme's steering group with the seats the council has decided.

    One group per programme (INV-20), as many seats for officials as for elected members, at least one (INV-21).
    """
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        opened(programme, "size_group", by)
        if SteeringGroup.objects.filter(programme=programme).exists():
            raise Refused("group.exists", field="programme")
        if sized_by or origin.provenance() == Provenance.RECORDED:
            governance.require(sized_by, "group.size", programme, field="sized_by")
        group = SteeringGroup(
            programme=programme, elected_seats=elected_seats, official_seats=official_seats, deputies=deputies,
            legal_nature=legal_nature, sized_by=sized_by,
        ).checked_save()  # fmt: skip
        _open_seats(group, starts_on or _day_of(sized_by))
        return group


def resize_group(
    group: SteeringGroup,
    *,
    elected_seats: int,
    official_seats: int,
    sized_by: Decision | None,
    by: Any,
    deputies: str | None = None,
    starts_on: date | None = None,
    seen: int | None = None,
) -> SteeringGroup:
    """Change the number of seats by a new decision of the council (INV-21).

    Seats are added at the end, or closed from the end; a seat somebody holds is not closed over their head. Of a group
    taken over from an older register the decision may be unknown.
    """
    with history.change(by=by):
        group = history.lock(SteeringGroup, group.pk, seen=seen)
        opened(group.programme, "size_group", by)
        if sized_by or group.provenance == Provenance.RECORDED:
            governance.require(sized_by, "group.size", group.programme, field="sized_by")
        day = starts_on or _day_of(sized_by)
        group.elected_seats, group.official_seats, group.sized_by = elected_seats, official_seats, sized_by
        group.deputies = deputies or group.deputies
        require(appointing.resize_lacks(group, day))
        group.checked_save()
        for seat in appointing.surplus_seats(group, day):
            seat.ends_on = day - timedelta(days=1)
            seat.checked_save()
        _open_seats(group, day)
        return group


def appoint_member(
    group: SteeringGroup,
    *,
    kind: str,
    person: Person,
    starts_on: date,
    by: Any,
    appointed_by: Decision | None = None,
    seat: Seat | None = None,
    **first_day: str,
) -> Tenure:
    """Record who was appointed to a seat: elected by the council, an official by the body that the city tells (INV-24).

    The first free seat of the kind unless one is named; no more members than seats (INV-22), one seat to a person
    in a group (INV-27), one member to a seat at a time (INV-31). Of one taken over the first day may be known in words
    alone: `starts_precision`, `starts_text_fi` …; `starts_on` is then the last day that they allow.
    """
    with history.change(by=by):
        group = history.lock(SteeringGroup, group.pk)
        opened(group.programme, "appoint", by)
        free = queries.free_seats(group, kind, starts_on).first() if seat is None else seat
        require(appointing.member_lacks(group, kind, person, free, starts_on, appointed_by, origin.provenance()))
        return Tenure(
            group=group, seat=free, person=person, capacity=Tenure.Capacity.MEMBER, starts_on=starts_on,
            appointed_by=appointed_by, **first_day,
        ).checked_save()  # fmt: skip


def appoint_deputy(
    member: Tenure,
    *,
    person: Person,
    starts_on: date,
    by: Any,
    appointed_by: Decision | None = None,
    kind: str | None = None,
    **first_day: str,
) -> Tenure:
    """Record a member's personal deputy, where the group has them (INV-25).

    Of the member's kind and appointed as the member was, for one member, who has no other deputy; nobody deputises
    for themselves or for a deputy (INV-26).
    """
    with history.change(by=by):
        member = history.lock(Tenure, member.pk)
        opened(member.group.programme, "appoint", by)
        require(appointing.deputy_lacks(member, person, kind, starts_on, appointed_by, origin.provenance()))
        return Tenure(
            group=member.group, seat=member.seat, person=person, capacity=Tenure.Capacity.DEPUTY, deputy_for=member,
            starts_on=starts_on, appointed_by=appointed_by, **first_day,
        ).checked_save()  # fmt: skip


def record_resignation(
    tenure: Tenure, *, ends_on: date, by: Any, ended_by: Decision | None = None, seen: int | None = None
) -> Tenure:
    """Record that someone leaves a seat: an elected member or deputy when the council has accepted the resignation.

    With the member go the chairship and the standing of the personal deputy (INV-28, INV-31).
    """
    with history.change(by=by):
        tenure = history.lock(Tenure, tenure.pk, seen=seen)
        opened(tenure.group.programme, "appoint", by)
        require([*appointing.ending_lacks(tenure), *appointing.release_lacks(tenure, ended_by)])
        return _end(tenure, ends_on, Tenure.Ending.RESIGNED, ended_by)


def end_tenure(
    tenure: Tenure,
    *,
    ends_on: date,
    ending: str,
    by: Any,
    ended_by: Decision | None = None,
    because: str = "",
    seen: int | None = None,
) -> Tenure:
    """End a tenure otherwise than by resignation; it may outlast the council term (INV-31)."""
    with history.change(by=by, because=because):
        tenure = history.lock(Tenure, tenure.pk, seen=seen)
        opened(tenure.group.programme, "appoint", by)
        require(appointing.ending_lacks(tenure))
        return _end(tenure, ends_on, ending, ended_by)


def appoint_successor(
    tenure: Tenure,
    *,
    person: Person,
    starts_on: date,
    by: Any,
    appointed_by: Decision | None = None,
    seen: int | None = None,
) -> Tenure:
    """Appoint someone in the place of a member or deputy.

    Who has not left yet stays in office until the day before (INV-31); the successor is appointed by the same rules.
    """
    with history.change(by=by):
        tenure = history.lock(Tenure, tenure.pk, seen=seen)
        permissions.require(by, "appoint", tenure.group.programme)
        if starts_on <= tenure.starts_on:
            raise Refused("member.range", field="starts_on")
        if tenure.ends_on is None:
            _end(tenure, starts_on - timedelta(days=1), Tenure.Ending.REPLACED, appointed_by)
        appointed: dict[str, Any] = {
            "person": person, "starts_on": starts_on, "appointed_by": appointed_by, "by": by,
        }  # fmt: skip
        if tenure.deputy_for:
            return appoint_deputy(tenure.deputy_for, **appointed)
        return appoint_member(tenure.group, kind=tenure.seat.kind, seat=tenure.seat, **appointed)


def name_chair(
    group: SteeringGroup,
    *,
    person: Person,
    office: str,
    starts_on: date,
    by: Any,
    named_by: Decision | None = None,
    **first_day: str,
) -> Chairship:
    """Record the chair or vice chair whom the council has named (INV-28).

    An elected actual member, never a deputy (INV-29); two persons for the two offices, one of each at a time.
    """
    with history.change(by=by):
        group = history.lock(SteeringGroup, group.pk)
        opened(group.programme, "name_chair", by)
        require(appointing.chair_lacks(group, person, starts_on, named_by, origin.provenance()))
        return Chairship(
            group=group, person=person, office=office, starts_on=starts_on, named_by=named_by, **first_day,
        ).checked_save()  # fmt: skip


def end_chairship(
    chairship: Chairship, *, ends_on: date, by: Any, ended_by: Decision | None = None, seen: int | None = None
) -> Chairship:
    """End a chairship; the person keeps the seat."""
    with history.change(by=by):
        chairship = history.lock(Chairship, chairship.pk, seen=seen)
        opened(chairship.group.programme, "name_chair", by)
        if chairship.ends_on is not None:
            raise Refused("chair.ended", field="ends_on", ends_on=chairship.ends_on)
        return _end_chairship(chairship, ends_on, ended_by)


def open_attending_seat(
    group: SteeringGroup,
    *,
    label_fi: str = "",
    starts_on: date,
    by: Any,
    label_sv: str = "",
    label_en: str = "",
    number: int | None = None,
) -> Seat:
    """Open a seat with the right to attend and speak, outside parity, quorum and votes (INV-30)."""
    with history.change(by=by):
        group = history.lock(SteeringGroup, group.pk)
        opened(group.programme, "size_group", by)
        last = group.seats.filter(kind=SeatKind.ATTENDING).aggregate(last=Max("number"))["last"] or 0
        labels = {"label_fi": label_fi, "label_sv": label_sv, "label_en": label_en}
        seat = Seat(group=group, kind=SeatKind.ATTENDING, number=number or last + 1, starts_on=starts_on, **labels)
        return seat.checked_save()


def record_quota_check(
    group: SteeringGroup,
    *,
    capacity: str,
    checked_on: date,
    result: str,
    by: Any,
    special_reason: str = "",
    checked_by: Person | None = None,
) -> QuotaCheck:
    """Record that the 40 % quota was checked for the members or, apart, for the deputies (INV-32).

    Only the result and, where it was not met, the special reason; whose sex is what is never entered.
    """
    with history.change(by=by):
        group = history.lock(SteeringGroup, group.pk)
        opened(group.programme, "check_quota", by)
        if checked_on > clock.today():
            raise Refused("group.quota_date", field="checked_on")
        holders = Tenure.objects.filter(
            queries.during(checked_on), group=group, capacity=capacity, seat__kind__in=queries.VOTING
        ).count()
        return QuotaCheck(
            group=group, capacity=capacity, checked_on=checked_on, checked_by=checked_by or by, holders=holders,
            least=queries.quota_least(holders), result=result, special_reason=special_reason,
        ).checked_save()  # fmt: skip


def record_joint_event(
    groups: Iterable[SteeringGroup],
    *,
    title_fi: str = "",
    held_on: date,
    by: Any,
    title_sv: str = "",
    title_en: str = "",
    **summary: str,
) -> JointEvent:
    """Record a day on which the steering groups of two programmes or more met each other."""
    invited = {group.pk: group for group in groups}
    with history.change(by=by):
        for group in invited.values():
            permissions.require(by, "record_joint_event", group.programme)
        if len(invited) < 2:
            raise Refused("event.groups", field="groups")
        if held_on > clock.today():
            raise Refused("event.date", field="held_on")
        titles = {"title_fi": title_fi, "title_sv": title_sv, "title_en": title_en}
        event = JointEvent(held_on=held_on, **titles, **summary).checked_save()
        for group in invited.values():
            JointEventGroup(event=event, group=group).checked_save()
        return event


def _open_seats(group: SteeringGroup, day: date) -> None:
    for kind, decided in ((SeatKind.ELECTED, group.elected_seats), (SeatKind.OFFICIAL, group.official_seats)):
        ever = Seat.objects.filter(group=group, kind=kind)
        missing = decided - ever.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).count()
        last = ever.aggregate(last=Max("number"))["last"] or 0
        for number in range(last + 1, last + 1 + missing):
            Seat(group=group, kind=kind, number=number, starts_on=day, provenance=group.provenance).checked_save()


def _end(tenure: Tenure, ends_on: date, ending: str, ended_by: Decision | None) -> Tenure:
    tenure.ends_on, tenure.ending, tenure.ended_by = ends_on, ending, ended_by
    tenure.checked_save()
    if tenure.capacity == Tenure.Capacity.MEMBER:
        for deputy in tenure.deputies.filter(ends_on__isnull=True):
            _end(deputy, max(ends_on, deputy.starts_on), Tenure.Ending.MEMBER_LEFT, ended_by)
        for chairship in Chairship.objects.filter(
            group_id=tenure.group_id, person_id=tenure.person_id, ends_on__isnull=True
        ):
            _end_chairship(chairship, max(ends_on, chairship.starts_on), ended_by)
    return tenure


def _end_chairship(chairship: Chairship, ends_on: date, ended_by: Decision | None) -> Chairship:
    chairship.ends_on, chairship.ended_by = ends_on, ended_by
    return chairship.checked_save()


def _day_of(decision: Decision | None) -> date:
    return (decision and (decision.decided_on or decision.latest_on)) or clock.today()
