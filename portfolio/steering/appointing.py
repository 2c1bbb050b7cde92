"""Who may be appointed to what, and who may leave it how: each question answers with all that stands in the way."""

from datetime import date

from django.db.models import Q, QuerySet

from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.history import Provenance
from portfolio.people.models import Person
from portfolio.refusals import Lack
from portfolio.steering.models import Chairship, Seat, SeatKind, SteeringGroup, Tenure
from portfolio.steering.queries import member_of

# Whose seat needs which body's decision; the right to attend and speak is given by the group itself (INV-24, INV-30).
APPOINTING: dict[str, str] = {SeatKind.ELECTED: "member.elect", SeatKind.OFFICIAL: "member.name"}


def member_lacks(
    group: SteeringGroup,
    kind: str,
    person: Person,
    seat: Seat | None,
    starts_on: date,
    decision: Decision | None,
    provenance: str,
) -> list[Lack]:
    """What stands in the way of a member (INV-22, INV-24, INV-30)."""
    found = _person_lacks(person, provenance)
    if seat is None:
        found.append(Lack("group.seats_full", field="kind", kind=kind))
    elif seat.group_id != group.pk or seat.kind != kind:
        found.append(Lack("seat.other_kind", field="seat", kind=kind, seat_kind=seat.kind))
    elif not _covers(seat, starts_on):
        found.append(Lack("seat.not_open", field="starts_on", starts_on=seat.starts_on, ends_on=seat.ends_on))
    return [*found, *appointer_lacks(group, kind, decision, provenance)]


def deputy_lacks(
    member: Tenure, person: Person, kind: str | None, starts_on: date, decision: Decision | None, provenance: str
) -> list[Lack]:
    """What stands in the way of a personal deputy (INV-24…27)."""
    found = _person_lacks(person, provenance)
    seat_kind = member.seat.kind
    if member.group.deputies == SteeringGroup.Deputies.NONE:
        found.append(Lack("deputy.policy", policy=member.group.deputies))
    if member.capacity == Tenure.Capacity.DEPUTY:
        found.append(Lack("deputy.chain", field="member"))
    if person.pk == member.person_id:
        found.append(Lack("deputy.self", field="person"))
    if _of_other_kind(member, person, kind, starts_on):
        found.append(Lack("deputy.kind", field="person", accepts=seat_kind, given=kind))
    if not _covers(member, starts_on):
        found.append(Lack("deputy.member_left", field="member", ends_on=member.ends_on))
    return [*found, *appointer_lacks(member.group, seat_kind, decision, provenance)]


def appointer_lacks(group: SteeringGroup, kind: str, decision: Decision | None, provenance: str) -> list[Lack]:
    """Elected members are appointed by the council, officials by the body that the city tells (INV-24)."""
    taken_at_its_word = decision is None and provenance != Provenance.RECORDED
    if kind not in APPOINTING or taken_at_its_word:
        return []
    return governance.lacks(decision, APPOINTING[kind], programme=group.programme, field="appointed_by")


def ending_lacks(tenure: Tenure) -> list[Lack]:
    """A tenure ends once."""
    return [Lack("member.ended", field="ends_on", ends_on=tenure.ends_on)] if tenure.ends_on is not None else []


def correction_lacks(tenure: Tenure, ends_on: date | None, decision: Decision | None) -> list[Lack]:
    """A correction moves only an end that is there, and names a decision that can appoint."""
    made = ends_on is not None and tenure.ends_on is None
    found = [Lack("member.not_ended", field="ends_on")] if made else []
    if decision is None:
        return found
    return [*found, *appointer_lacks(tenure.group, tenure.seat.kind, decision, tenure.provenance)]


def chair_correction_lacks(chairship: Chairship, ends_on: date | None) -> list[Lack]:
    """A correction moves only an end that is there."""
    made = ends_on is not None and chairship.ends_on is None
    return [Lack("chair.not_ended", field="ends_on")] if made else []


def release_lacks(tenure: Tenure, decision: Decision | None) -> list[Lack]:
    """The council accepts the resignation of those it has elected."""
    if tenure.seat.kind != SeatKind.ELECTED:
        return []
    return governance.lacks(decision, "member.release", programme=tenure.group.programme, field="ended_by")


def chair_lacks(
    group: SteeringGroup, person: Person, starts_on: date, decision: Decision | None, provenance: str
) -> list[Lack]:
    """What stands in the way of a chair or vice chair (INV-28, INV-29)."""
    found = []
    held = member_of(person.pk, group.pk, starts_on)
    if held is None:
        found.append(Lack("chair.not_member", field="person"))
    elif held.capacity == Tenure.Capacity.DEPUTY:
        found.append(Lack("chair.deputy", field="person"))
    elif held.seat.kind != SeatKind.ELECTED:
        found.append(Lack("chair.kind", field="person", kind=held.seat.kind))
        found.extend([Lack("seat.no_vote", field="person")] if held.seat.kind == SeatKind.ATTENDING else [])
    if decision is None and provenance != Provenance.RECORDED:
        return found
    return [*found, *governance.lacks(decision, "chair.name", programme=group.programme, field="named_by")]


def resize_lacks(group: SteeringGroup, day: date) -> list[Lack]:
    """A seat somebody holds isn't closed, nor deputies abolished while some are in office."""
    surplus = surplus_seats(group, day)
    found = [
        Lack("group.seats_held", field=f"{seat.kind}_seats", kind=seat.kind, number=seat.number)
        for seat in surplus
        if seat.tenures.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).exists()
    ]
    if any(day <= seat.starts_on for seat in surplus):
        found.append(Lack("seat.range", field="starts_on"))
    deputies = Tenure.objects.filter(group=group, capacity=Tenure.Capacity.DEPUTY, ends_on__isnull=True)
    if group.deputies == SteeringGroup.Deputies.NONE and deputies.exists():
        found.append(Lack("deputy.policy", field="deputies", policy=group.deputies))
    return found


def surplus_seats(group: SteeringGroup, day: date) -> list[Seat]:
    """The seats beyond the decided number, the last ones of each half."""
    halves = ((SeatKind.ELECTED, group.elected_seats), (SeatKind.OFFICIAL, group.official_seats))
    return [seat for kind, decided in halves for seat in _open_seats(group, kind, day)[decided:]]


def _open_seats(group: SteeringGroup, kind: str, day: date) -> QuerySet[Seat]:
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return Seat.objects.filter(still, group=group, kind=kind).order_by("number")


def _person_lacks(person: Person, provenance: str) -> list[Lack]:
    inactive = not person.active and provenance == Provenance.RECORDED
    return [Lack("person.inactive", field="person")] if inactive else []


def _of_other_kind(member: Tenure, person: Person, kind: str | None, starts_on: date) -> bool:
    sitting = member_of(person.pk, member.group_id, starts_on)
    kinds = {kind or member.seat.kind, sitting.seat.kind if sitting else member.seat.kind}
    return kinds != {member.seat.kind} or member.seat.kind not in APPOINTING


def _covers(period: Seat | Tenure, day: date) -> bool:
    return period.starts_on <= day and (period.ends_on is None or day <= period.ends_on)
