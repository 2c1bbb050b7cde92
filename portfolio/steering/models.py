"""What a steering group is: decided seats, who holds them when, who leads, and what one row can never be."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portfolio.history import InsertOnly, Tracked
from portfolio.programmes.models import DatePrecision
from portfolio.texts import SourceLanguage, TextStates, texts, unsaid


def _only(column: str) -> Func:
    # Equality as a range of one number: GiST then needs no extension beside it.
    return Func(F(column), F(column), Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _period() -> Func:
    # Both days count: who leaves on the 12th still sits on the 12th. Greatest: a range can't even be built backwards,
    # and the row's own check is to refuse it.
    last = Greatest(F("starts_on"), Coalesce(F("ends_on"), Value(date.max)))
    return Func(F("starts_on"), last, Value("[]"), function="daterange", output_field=DateRangeField())


def _never_twice(*columns: str, **options: Any) -> ExclusionConstraint:
    same = [(_only(column), RangeOperators.OVERLAPS) for column in columns]
    return ExclusionConstraint(expressions=[*same, (_period(), RangeOperators.OVERLAPS)], **options)


def _decided(column: str) -> Q:
    # What an older register or a demonstration does not know is left out, never invented (INV-05).
    return ~Q(provenance="recorded") | Q(**{f"{column}__isnull": False})


def _precision() -> models.CharField:  # type: ignore[type-arg]
    # How exactly the first day is known; one that is not is the last that the source's words allow.
    return models.CharField(max_length=7, choices=DatePrecision, default=DatePrecision.DAY, editable=False)


def _exact_here(name: str, code: str) -> models.CheckConstraint:
    condition = Q(starts_precision="day") | ~Q(provenance="recorded")
    return models.CheckConstraint(condition=condition, name=name, violation_error_code=code)


_RANGE = Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))


class SeatKind(models.TextChoices):
    """Whom a seat is for; the kind belongs to the seat, not to the person."""

    ELECTED = "elected", _("elected official")
    OFFICIAL = "official", _("office holder")
    ATTENDING = "attending", _("right to attend and speak")


class SteeringGroup(Tracked):
    """Elected members and officials, in equal number, who steer one programme (INV-20, INV-21)."""

    class Deputies(models.TextChoices):
        PERSONAL = "personal", _("personal deputies")
        NONE = "none", _("no deputies")

    class LegalNature(models.TextChoices):
        WORKING_GROUP = "working_group", _("working group")
        COMMISSION = "commission", _("commission")

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "programme"
    guarded = True

    programme = models.OneToOneField("portfolio.Programme", models.PROTECT, related_name="steering_group")
    elected_seats = models.PositiveSmallIntegerField()
    official_seats = models.PositiveSmallIntegerField()
    deputies = models.CharField(max_length=10, choices=Deputies)
    legal_nature = models.CharField(max_length=14, choices=LegalNature, default=LegalNature.WORKING_GROUP)
    sized_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="groups_sized"
    )

    class Meta:
        verbose_name = _("Steering group")
        ordering = ["programme_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(elected_seats__gte=1, elected_seats=F("official_seats")),
                name="half_elected_half_officials",
                violation_error_code="group.parity",
                violation_error_message="As many seats for officials as for elected members, and at least one.",
            ),
            models.CheckConstraint(
                condition=_decided("sized_by"),
                name="group_sized_by_a_decision",
                violation_error_code="group.needs_decision",
            ),
        ]


class Seat(Tracked):
    """A place in a steering group, decided by the council or, outside parity, with the right to attend and speak."""

    Kind = SeatKind

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "group"
    subject: ClassVar[tuple[str, ...]] = ("kind", "number")

    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="seats")
    kind = models.CharField(max_length=10, choices=SeatKind)
    number = models.PositiveSmallIntegerField()
    label_fi, label_sv, label_en = texts(120, blank=True)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Seat")
        ordering = ["group_id", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "kind", "number"],
                name="seats_numbered_per_kind",
                violation_error_code="seat.duplicate",
                violation_error_message="The group already has a seat of this kind and number.",
            ),
            models.CheckConstraint(
                condition=_RANGE, name="seat_starts_before_it_ends", violation_error_code="seat.range"
            ),
            models.CheckConstraint(
                condition=~Q(kind="attending") | ~unsaid("label"),
                name="attending_seat_has_a_name",
                violation_error_code="seat.label",
            ),
        ]


class Tenure(Tracked):
    """A person in a seat, as member or as the member's personal deputy, from a day to a day (INV-31)."""

    class Capacity(models.TextChoices):
        MEMBER = "member", _("member")
        DEPUTY = "deputy", _("deputy")

    class Ending(models.TextChoices):
        RESIGNED = "resigned", _("resigned")
        REPLACED = "replaced", _("replaced by a successor")
        TERM_ENDED = "term_ended", _("the term ended")
        MEMBER_LEFT = "member_left", _("the member left")
        SEAT_CLOSED = "seat_closed", _("the seat was closed")
        OTHER = "other", _("other reason")
        UNKNOWN = "unknown", _("not known from the source")

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "group"
    subject: ClassVar[tuple[str, ...]] = ("person_id",)

    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="tenures")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="tenures")
    person = models.ForeignKey("portfolio.Person", models.PROTECT, related_name="tenures")
    capacity = models.CharField(max_length=6, choices=Capacity)
    deputy_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deputies")
    starts_on = models.DateField()
    starts_precision = _precision()
    starts_text_fi, starts_text_sv, starts_text_en = texts(120, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    appointed_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    ending = models.CharField(max_length=12, choices=Ending, blank=True)
    ended_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="tenures_ended"
    )

    class Meta:
        verbose_name = _("Holder of a seat")
        ordering = ["group_id", "seat__kind", "seat__number", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=_RANGE,
                name="tenure_starts_before_it_ends",
                violation_error_code="member.range",
                violation_error_message="A membership ends on or after the day it starts.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, ending="") | (Q(ends_on__isnull=False) & ~Q(ending="")),
                name="an_ended_tenure_says_how",
                violation_error_code="member.ending",
            ),
            models.CheckConstraint(
                condition=~Q(ending="unknown") | ~Q(provenance="recorded"),
                name="only_an_older_register_forgets_the_ending",
                violation_error_code="member.ending",
            ),
            _exact_here("tenure_recorded_here_has_its_first_day", "member.starts_on"),
            models.CheckConstraint(
                condition=Q(capacity="member", deputy_for__isnull=True)
                | Q(capacity="deputy", deputy_for__isnull=False),
                name="a_deputy_replaces_one_member",
                violation_error_code="deputy.member_missing",
            ),
            _never_twice(
                "seat",
                condition=Q(capacity="member"),
                name="one_member_in_a_seat",
                violation_error_code="member.overlap",
                violation_error_message="The seat has a holder in that time.",
            ),
            _never_twice(
                "seat",
                condition=Q(capacity="deputy"),
                name="one_deputy_to_a_member",
                violation_error_code="deputy.taken",
                violation_error_message="The member has a personal deputy in that time.",
            ),
            _never_twice(
                "person",
                "group",
                name="one_seat_to_a_person",
                violation_error_code="member.duplicate",
                violation_error_message="The person already sits in the group in that time.",
            ),
        ]


class Chairship(Tracked):
    """An elected member leading a steering group, as chair or vice chair, named by the council (INV-28)."""

    class Office(models.TextChoices):
        CHAIR = "chair", _("chair")
        VICE_CHAIR = "vice_chair", _("vice chair")

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "group"
    subject: ClassVar[tuple[str, ...]] = ("person_id",)

    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="chairships")
    person = models.ForeignKey("portfolio.Person", models.PROTECT, related_name="chairships")
    office = models.CharField(max_length=10, choices=Office)
    starts_on = models.DateField()
    starts_precision = _precision()
    starts_text_fi, starts_text_sv, starts_text_en = texts(120, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    named_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="chairs_named"
    )
    ended_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="chairships_ended"
    )

    class Meta:
        verbose_name = pgettext_lazy("that somebody leads", "Chair")
        ordering = ["group_id", "office", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=_RANGE,
                name="chairship_starts_before_it_ends",
                violation_error_code="chair.range",
                violation_error_message="A chairship ends on or after the day it starts.",
            ),
            models.CheckConstraint(
                condition=_decided("named_by"),
                name="chair_named_by_a_decision",
                violation_error_code="chair.appointer",
            ),
            _exact_here("chairship_recorded_here_has_its_first_day", "chair.starts_on"),
            _never_twice(
                "group",
                condition=Q(office="chair"),
                name="one_chair_at_a_time",
                violation_error_code="chair.taken",
                violation_error_message="The group has a chair in that time.",
            ),
            _never_twice(
                "group",
                condition=Q(office="vice_chair"),
                name="one_vice_chair_at_a_time",
                violation_error_code="chair.taken",
                violation_error_message="The group has a vice chair in that time.",
            ),
            _never_twice(
                "group",
                "person",
                name="chair_and_vice_chair_are_two_persons",
                violation_error_code="chair.same",
                violation_error_message="The chair and the vice chair are two persons.",
            ),
        ]


class QuotaCheck(InsertOnly):
    """That the 40 % quota was checked: when, by whom, for whom, with what result; gender is not stored (INV-32)."""

    class Result(models.TextChoices):
        MET = "met", _("the quota is met")
        NOT_MET = "not_met", _("the quota is not met")

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "group"
    told = "never"
    subject: ClassVar[tuple[str, ...]] = ("checked_on",)

    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="quota_checks")
    capacity = models.CharField(max_length=6, choices=Tenure.Capacity)
    checked_on = models.DateField()
    checked_by = models.ForeignKey("portfolio.Person", models.PROTECT, related_name="quota_checks")
    holders = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=7, choices=Result)
    special_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Check of the quota")
        ordering = ["group_id", "-checked_on", "capacity"]


class JointEvent(Tracked):
    """A day on which steering groups of several programmes met each other."""

    visibility: ClassVar[str] = "city"
    told = "named"

    title_fi, title_sv, title_en = texts(200)
    summary_fi, summary_sv, summary_en = texts(blank=True)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    held_on = models.DateField()

    class Meta:
        ordering = ["-held_on"]


class JointEventGroup(Tracked):
    """A steering group that took part in a joint event."""

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "group"
    subject: ClassVar[tuple[str, ...]] = ("event_id",)

    event = models.ForeignKey(JointEvent, models.PROTECT, related_name="participants")
    group = models.ForeignKey(SteeringGroup, models.PROTECT, related_name="joint_events")

    class Meta:
        verbose_name = _("Joint event")
        ordering = ["event", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "group"],
                name="group_once_in_a_joint_event",
                violation_error_code="event.group_duplicate",
                violation_error_message="The group is named twice.",
            ),
        ]
