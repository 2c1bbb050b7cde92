"""The moves of a programme's life over the API: the gates, and the steps that were taken."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import clock
from portfolio.api import Input, Ref, RoomViewSet, asks, move, where
from portfolio.api.fields import ErrorSerializer
from portfolio.api.schema import error_responses
from portfolio.decisions.models import Decision
from portfolio.phases import commands, gates
from portfolio.programmes import api as programmes
from portfolio.programmes import lifecycle
from portfolio.programmes.models import PhaseMove


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


class ProgrammeViewSet(programmes.ProgrammeViewSet):
    """The programmes of the council terms, and the moves of their life."""

    state, right = "phase", "move_programme"
    follows = {phase: {following} for phase, following in lifecycle.NEXT_PHASE.items()}

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

    organise = move("MoveInput", commands.organise, to=gates.MOVES["organise"])
    approve_targets = move("MoveWithDecisionInput", commands.approve_targets, to=gates.MOVES["approve_targets"])
    start_running = move("MoveInput", commands.start_running, to=gates.MOVES["start_running"])
    begin_closing = move("MoveWithReasonInput", commands.begin_closing, to=gates.MOVES["begin_closing"])


class PhaseMoveViewSet(RoomViewSet):
    """The steps of programmes' lives, each with its day and its decision."""

    model = PhaseMove
    columns = (
        "programme", "phase", "effective_on", "date_precision", "date_text", "decision", "because", "corrects",
        "corrected_because",
    )  # fmt: skip
    filters = where("programme", "phase", to="effective_on__lte") | {"from": "effective_on__gte"}
    ordering = ("effective_on", "programme_id")

    correct = move("DayInput", commands.correct_phase, after_closing=True, creates=True)
