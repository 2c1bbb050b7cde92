"""What can be asked of steering groups on any date, now or as known at a cut: who sits where, leads, is missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from portfolio import history
from portfolio.people.models import Person
from portfolio.refusals import Lack
from portfolio.steering.models import Chairship, JointEvent, QuotaCheck, Seat, SeatKind, SteeringGroup, Tenure
from portfolio.texts import of, wordings

VOTING = (SeatKind.ELECTED, SeatKind.OFFICIAL)
QUOTA = 0.4


@dataclass(frozen=True)
class Holder:
    """A person in a seat on the day, as named then."""

    tenure_id: int
    person_id: int
    name: str
    title_fi: str
    title_sv: str
    title_en: str
    council_group: str
    council_group_fi: str
    council_group_sv: str
    council_group_en: str
    since: date
    office: str = ""


@dataclass(frozen=True)
class SeatHeld:
    """A seat on the day, with its member and the member's personal deputy; an empty seat is vacant."""

    seat_id: int
    kind: str
    number: int
    label_fi: str
    label_sv: str
    label_en: str
    member: Holder | None = None
    deputy: Holder | None = None

    @property
    def votes(self) -> bool:
        """Attending seats speak and do not vote: outside parity, quorum and votes (INV-30)."""
        return self.kind in VOTING


@dataclass(frozen=True)
class Parity:
    """Decided seats and their holders of each half (INV-21, INV-33)."""

    elected_seats: int
    official_seats: int
    elected_held: int
    official_held: int

    @property
    def balanced(self) -> bool:
        """As many seats for elected members as for officials; who holds them doesn't matter."""
        return self.elected_seats == self.official_seats >= 1


@dataclass(frozen=True)
class Composition:
    """A steering group on a day (INV-33)."""

    group_id: int
    programme_id: int
    on: date
    deputies: str
    legal_nature: str
    seats: tuple[SeatHeld, ...]
    quota_checks: tuple[QuotaCheck, ...] = ()

    @property
    def voting_seats(self) -> tuple[SeatHeld, ...]:
        """The seats inside parity, quorum and votes (INV-30)."""
        return tuple(seat for seat in self.seats if seat.votes)

    @property
    def parity(self) -> Parity:
        """The two halves counted."""

        def count(kind: str, held: bool) -> int:
            return sum(seat.kind == kind and (not held or seat.member is not None) for seat in self.seats)

        elected, official = SeatKind.ELECTED, SeatKind.OFFICIAL
        return Parity(count(elected, False), count(official, False), count(elected, True), count(official, True))

    @property
    def vacancies(self) -> dict[str, int]:
        """Seats decided and held by nobody, per half."""
        parity = self.parity
        return {
            SeatKind.ELECTED.value: parity.elected_seats - parity.elected_held,
            SeatKind.OFFICIAL.value: parity.official_seats - parity.official_held,
        }

    def leader(self, office: str) -> Holder | None:
        """Who is chair, or vice chair, on the day."""
        return next((seat.member for seat in self.seats if seat.member and seat.member.office == office), None)

    @property
    def warnings(self) -> tuple[Lack, ...]:
        """What is shown and never refused: vacancies (INV-23) and a quota unchecked or unmet (INV-32)."""
        vacant = [Lack("group.vacancy", kind=kind, vacant=number) for kind, number in self.vacancies.items() if number]
        return (*vacant, *self._quota_warnings())

    def _quota_warnings(self) -> list[Lack]:
        held = {
            Tenure.Capacity.MEMBER.value: sum(seat.member is not None for seat in self.voting_seats),
            Tenure.Capacity.DEPUTY.value: sum(seat.deputy is not None for seat in self.voting_seats),
        }
        newest = {check.capacity: check for check in reversed(self.quota_checks)}
        return [
            Lack("group.quota", capacity=capacity, holders=holders, least=quota_least(holders))
            for capacity, holders in held.items()
            if holders and not _quota_settled(newest.get(capacity))
        ]


@dataclass(frozen=True)
class Presiding:
    """Who presides; nobody named means that the meeting elects a chair for the time being."""

    person_id: int | None
    office: str


def during(day: date) -> Q:
    """Begun by the day and not over before it; the first and the last day both count."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def quota_least(holders: int) -> int:
    """How many of each sex the 40 % quota asks for: 10 → 4, 18 → 8 (INV-32)."""
    return ceil(QUOTA * holders)


def composition(group_id: int, on: date, cut: int | None = None) -> Composition:
    """Who sat in the group on a day, as known now or at `cut`; six statements whatever its size (INV-33)."""
    group = _known(SteeringGroup, cut).filter(id=group_id).get()
    seats = list(_known(Seat, cut).filter(during(on), group_id=group_id).order_by("number"))
    tenures = list(_known(Tenure, cut).filter(during(on), group_id=group_id))
    offices = {
        chaired.person_id: chaired.office for chaired in _known(Chairship, cut).filter(during(on), group_id=group_id)
    }
    people = {person.id: person for person in _known(Person, cut).filter(id__in={held.person_id for held in tenures})}
    held = {(tenure.seat_id, tenure.capacity): _holder(tenure, people[tenure.person_id], offices) for tenure in tenures}
    checks = _known(QuotaCheck, cut).filter(group_id=group_id, checked_on__lte=on).order_by("-checked_on", "-id")
    order = [kind.value for kind in SeatKind]
    seats.sort(key=lambda seat: (order.index(seat.kind), seat.number))
    return Composition(
        group_id=group.id,
        programme_id=group.programme_id,
        on=on,
        deputies=group.deputies,
        legal_nature=group.legal_nature,
        seats=tuple(_seat_held(seat, held) for seat in seats),
        quota_checks=tuple(checks),
    )


def groups_at(event: JointEvent) -> list[int]:
    """The groups that met on a joint event, by their ids."""
    return list(event.participants.order_by("group_id").values_list("group_id", flat=True))


def parity(group_id: int, on: date, cut: int | None = None) -> Parity:
    """Decided seats and holders of each half on a day."""
    return composition(group_id, on, cut).parity


def vacancies(group_id: int, on: date, cut: int | None = None) -> dict[str, int]:
    """Seats held by nobody on a day, per half: a warning, never a refusal (INV-23)."""
    return composition(group_id, on, cut).vacancies


def presiding(group_id: int, on: date, *, absent: Collection[int] = (), cut: int | None = None) -> Presiding:
    """Who leads the group on a day when some persons are away or disqualified.

    The chair, else the vice chair, else whom the meeting elects; a chair's personal deputy never (INV-29).
    """
    sitting = composition(group_id, on, cut)
    for office in Chairship.Office.values:
        leader = sitting.leader(office)
        if leader and leader.person_id not in absent:
            return Presiding(leader.person_id, office)
    return Presiding(None, "elected_by_the_meeting")


def member_of(person_id: int, group_id: int, on: date) -> Tenure | None:
    """The seat a person holds in a group on a day."""
    held = Tenure.objects.filter(during(on), person_id=person_id, group_id=group_id)
    return held.select_related("seat").first()


def free_seats(group: SteeringGroup, kind: str, starts_on: date) -> QuerySet[Seat]:
    """Seats of a kind that nobody holds from a day on, lowest number first."""
    taken = Tenure.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), seat=models.OuterRef("pk"), capacity=Tenure.Capacity.MEMBER
    )
    seats = Seat.objects.filter(during(starts_on), group=group, kind=kind)
    return seats.filter(~models.Exists(taken)).order_by("number")


def _known(model: type[models.Model], cut: int | None) -> QuerySet[Any]:
    return model._default_manager.all() if cut is None else history.rows(model, cut)


def _holder(tenure: Any, person: Any, offices: dict[int, str]) -> Holder:
    return Holder(
        tenure_id=tenure.id,
        person_id=person.id,
        name=person.name,
        title_fi=person.title_fi,
        title_sv=person.title_sv,
        title_en=person.title_en,
        council_group=person.council_group,
        **of(wordings(person, "council_group"), "council_group"),
        since=tenure.starts_on,
        office=offices.get(person.id, "") if tenure.capacity == Tenure.Capacity.MEMBER else "",
    )


def _seat_held(seat: Any, held: dict[tuple[int, str], Holder]) -> SeatHeld:
    return SeatHeld(
        seat_id=seat.id,
        kind=seat.kind,
        number=seat.number,
        label_fi=seat.label_fi,
        label_sv=seat.label_sv,
        label_en=seat.label_en,
        member=held.get((seat.id, Tenure.Capacity.MEMBER)),
        deputy=held.get((seat.id, Tenure.Capacity.DEPUTY)),
    )


def _quota_settled(check: QuotaCheck | None) -> bool:
    return check is not None and (check.result == QuotaCheck.Result.MET or bool(check.special_reason.strip()))
