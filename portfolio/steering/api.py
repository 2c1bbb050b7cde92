"""Steering groups, seats, holders, chairs, quota checks and joint events over the API; the composition on any date."""

from datetime import date
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import clock, history, written
from portfolio.api import A_REASON, Ref, RoomViewSet, asks, move, of, says, until, where
from portfolio.api.fields import shape_of, shown
from portfolio.api.rooms import AS_OF
from portfolio.decisions.models import Decision
from portfolio.history.models import ChangeSet
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.steering import commands, queries
from portfolio.steering.corrections import commands as corrections
from portfolio.steering.models import Chairship, JointEvent, QuotaCheck, Seat, SeatKind, SteeringGroup, Tenure

SEATS = {name: serializers.IntegerField(min_value=0, max_value=99) for name in ("elected_seats", "official_seats")}
KIND = serializers.ChoiceField(SeatKind.choices)
KIND_IF_OTHER = serializers.ChoiceField(SeatKind.choices, required=False)
ENDING = serializers.ChoiceField(Tenure.Ending.choices)
ITS_DECISION = Ref(Decision, required=False)
GROUPS = serializers.ListField(child=Ref(SteeringGroup), max_length=50)


# What the composition of a group leaves out: the checks and the seats that others count from.
UNTOLD = ("quota_checks", "voting_seats")
Composition = shape_of(queries.Composition, but=UNTOLD)
AsOf = shape_of(queries.Composition, "CompositionAsOf", but=UNTOLD, as_of=serializers.IntegerField(allow_null=True))


class SteeringGroupViewSet(RoomViewSet):
    """The steering group of each programme, and who sat in it on any date."""

    model = SteeringGroup
    filters = where("programme", "deputies")
    ordering = ("programme_id",)
    create = move(says("GroupInput", **SEATS), commands.size_group)

    beside = {"composition": Composition(allow_null=True)}

    def extra(self, thing: SteeringGroup) -> dict[str, Any]:
        return {"composition": shown(queries.composition(thing.pk, clock.today()), but=UNTOLD)}

    @extend_schema(parameters=[OpenApiParameter("on", OpenApiTypes.DATE), AS_OF], responses=AsOf)
    @action(detail=True, methods=["get"], pagination_class=None)
    @asks("on", "as_of")
    def composition(self, request: Request, pk: str) -> Response:
        """Who sat in the group on a day (`on`), as known now or at a moment (`as_of`)."""
        group, as_of = self.thing(pk), request.query_params.get("as_of")
        cut = history.seq_at(as_of) if as_of else None
        on = _asked_day(request.query_params.get("on"), as_of, cut)
        return Response(shown(queries.composition(group.pk, on, cut), but=UNTOLD) | {"as_of": cut})

    resize = move(says("ResizeInput", sized_by=Ref(Decision), **SEATS), commands.resize_group, right="size_group")


class SeatViewSet(RoomViewSet):
    """Seats: those decided by the council, and those with the right to attend and speak."""

    model = Seat
    without = ("source_language", "texts")
    filters = where("group", "kind")
    ordering = ("group_id", "kind", "number")
    create = move(
        says("AttendingSeatInput", of(Seat, "label", needed=True), number=None),
        commands.open_attending_seat,
        right="size_group",
    )


class TenureViewSet(RoomViewSet):
    """Who holds which seat, as member or personal deputy, from when to when."""

    model = Tenure
    last = ("starts_precision", "starts_text")
    filters = where("group", "seat", "person", "capacity", open="ends_on__isnull", kind="seat__kind")
    ordering = ("starts_on", "group_id", "seat_id")
    right = "appoint"
    create = move(says("MemberInput", kind=KIND), commands.appoint_member)
    edit = move(says("TenureCorrection", appointed_by=ITS_DECISION, because=A_REASON), corrections.correct_tenure)
    appoint_deputy = move(says("DeputyInput", kind=KIND_IF_OTHER), commands.appoint_deputy, creates=True)
    appoint_successor = move("SuccessorInput", commands.appoint_successor, creates=True)
    record_resignation = move("ResignationInput", commands.record_resignation)
    end = move(says("EndInput", ending=ENDING), commands.end_tenure)


class ChairshipViewSet(RoomViewSet):
    """Chairs and vice chairs, as the council has named them."""

    model = Chairship
    last = ("named_by", "ended_by", "starts_precision", "starts_text")
    filters = where("group", "person", "office", open="ends_on__isnull")
    ordering = ("starts_on", "group_id")
    right = "name_chair"
    create = move("ChairInput", commands.name_chair)
    edit = move(
        says("ChairshipCorrection", person=Ref(Person, required=False), named_by=ITS_DECISION, because=A_REASON),
        corrections.correct_chairship,
    )
    end = move("ResignationInput", commands.end_chairship, when=until("ends_on"))


class QuotaCheckViewSet(RoomViewSet):
    """That the 40 % quota was checked, by whom and with what result; never whose sex is what."""

    model = QuotaCheck
    filters = where("group", "capacity", "result")
    ordering = ("-checked_on", "group_id")
    create = move(says("QuotaInput", checked_by=None), commands.record_quota_check, right="check_quota")


class JointEventViewSet(RoomViewSet):
    """Days on which steering groups met each other."""

    model = JointEvent
    without = ("source_language", "texts")
    filters = where(to="held_on__lte", group="participants__group_id") | {"from": "held_on__gte"}
    search = ("title",)
    ordering = ("-held_on",)
    create = move(says("JointEventInput", "summary", groups=GROUPS), commands.record_joint_event)

    beside = {"groups": queries.groups_at}


def _asked_day(on: str | None, as_of: str | None, cut: int | None) -> date:
    """The day asked for; without one the day of the moment, without that today."""
    if on is not None:
        return _day(on)
    if as_of is None:
        return clock.today()
    if cut is not None and as_of.startswith("seq:"):
        change = ChangeSet.objects.filter(pk=cut).first()
        return change.recorded_at.astimezone(clock.zone()).date() if change else clock.today()
    return written.day(as_of[:10])


def _day(text: str) -> date:
    try:
        return written.day(text)
    except ValueError as error:
        raise Refused("filter.invalid", field="on") from error
