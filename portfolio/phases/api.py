"""The moves of a programme's life over the API: the gates, and the steps that were taken."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import clock
from portfolio.api import Input, Ref, RoomViewSet, asks, command
from portfolio.api.schema import ErrorSerializer, error_responses
from portfolio.decisions.models import Decision
from portfolio.people.models import Person
from portfolio.phases import commands, gates
from portfolio.programmes import api as programmes
from portfolio.programmes.models import PhaseMove, Programme


class MoveInput(Input):
    effective_on = serializers.DateField(required=False)


class MoveWithReasonInput(MoveInput):
    because = serializers.CharField(required=False, allow_blank=True)


class MoveWithDecisionInput(MoveInput):
    decision = Ref(Decision, required=False, allow_null=True)


class GateQuery(Input):
    move = serializers.ChoiceField(choices=sorted(gates.MOVES))
    on = serializers.DateField(required=False)
    decision = Ref(Decision, required=False)


class GateSerializer(serializers.Serializer[Any]):
    """Whether a move would be let through on a day, and all that it lacks."""

    move = serializers.ChoiceField(choices=sorted(gates.MOVES))
    to = serializers.CharField()
    on = serializers.DateField()
    open = serializers.BooleanField()
    lacks = ErrorSerializer(many=True)


class DayInput(Input):
    effective_on = serializers.DateField()
    because = serializers.CharField(allow_blank=True)


class ProgrammeViewSet(programmes.ProgrammeViewSet):
    """The programmes of the council terms, and the moves of their life."""

    @extend_schema(
        parameters=[
            OpenApiParameter("move", str, required=True, enum=sorted(gates.MOVES)),
            OpenApiParameter("on", OpenApiTypes.DATE),
            OpenApiParameter("decision", int),
        ],
        responses={200: GateSerializer, **error_responses(400)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    @asks("move", "on", "decision")
    def gate(self, request: Request, pk: str) -> Response:
        """What the programme lacks for a move, without moving it."""
        programme = self.thing(pk)
        said = {name: request.query_params[name] for name in GateQuery().fields if name in request.query_params}
        asked = GateQuery(data=said, context={"request": request})
        asked.is_valid(raise_exception=True)
        move, on = asked.validated_data["move"], asked.validated_data.get("on") or clock.today()
        to = gates.MOVES[move]
        decision = gates.carrying_decision(programme, to, asked.validated_data.get("decision"))
        lacks = gates.move_lacks(programme, to, on=on, decision=decision)
        return Response(
            {"move": move, "to": to, "on": on, "open": not lacks, "lacks": [each.as_dict() for each in lacks]}
        )

    @command(MoveInput)
    def organise(self, programme: Programme, given: dict[str, Any], by: Person, seen: int) -> Programme:
        """The group is sized, its chair named, its members appointed."""
        return commands.organise(programme, **given, by=by, seen=seen)

    @command(MoveWithDecisionInput)
    def approve_targets(self, programme: Programme, given: dict[str, Any], by: Person, seen: int) -> Programme:
        """The council has approved the benefit targets."""
        return commands.approve_targets(programme, **given, by=by, seen=seen)

    @command(MoveInput)
    def start_running(self, programme: Programme, given: dict[str, Any], by: Person, seen: int) -> Programme:
        """The board has approved the plan; the programme runs."""
        return commands.start_running(programme, **given, by=by, seen=seen)

    @command(MoveWithReasonInput)
    def begin_closing(self, programme: Programme, given: dict[str, Any], by: Person, seen: int) -> Programme:
        """The programme is being wound up."""
        return commands.begin_closing(programme, **given, by=by, seen=seen)


class PhaseMoveViewSet(RoomViewSet):
    """The steps of programmes' lives, each with its day and its decision."""

    model = PhaseMove
    columns = (
        "programme_id", "phase", "effective_on", "date_precision", "date_text_fi", "date_text_sv", "date_text_en",
        "decision_id", "because", "corrects_id", "corrected_because",
    )  # fmt: skip
    filters = {"programme": "programme_id", "phase": "phase", "from": "effective_on__gte", "to": "effective_on__lte"}
    ordering = ("effective_on", "programme_id")

    @command(DayInput, if_match=False, creates=True)
    def correct(self, move: PhaseMove, given: dict[str, Any], by: Person, seen: int | None) -> PhaseMove:
        """Mend a wrong day, with a reason; the answer is the new entry, the old one stays beside it."""
        return commands.correct_phase(move, **given, by=by)
