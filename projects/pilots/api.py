"""Pilots and their three endings in JSON."""

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, of, where
from portfolio.decisions.models import Body, Decision
from projects.corrections import commands as corrections
from projects.pilots import commands, lifecycle
from projects.pilots.models import Pilot, PilotMove
from projects.register.api import ProjectDayInput
from projects.register.models import Partner

State = Pilot.State


class PilotInput(Input):
    says = of(Pilot, "project")
    effective_on = serializers.DateField(required=False)


class PilotMoveInput(Input):
    effective_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class PilotResultInput(PilotMoveInput):
    says = of(Pilot, "result_fi", "result_sv", "result_en")
    # Blank reaches the constraint, which refuses it under the rule's own code.
    result_fi = serializers.CharField(allow_blank=True, default="")


class PilotAdoptInput(PilotMoveInput):
    says = of(Pilot, "decision", "unit", "lessons")
    decision = Ref(Decision, default=None, allow_null=True)
    unit = Ref(Body)


class PilotPartnerInput(PilotMoveInput):
    says = of(Pilot, "partner", "lessons")
    partner = Ref(Partner)


class PilotEndInput(PilotMoveInput):
    says = of(Pilot, "lessons_fi", "lessons_sv", "lessons_en")
    lessons_fi = serializers.CharField(allow_blank=True, default="")


class PilotViewSet(RoomViewSet):
    model = Pilot
    last = ("source_language", "texts")
    filters = where("project", "programme", state="state__in", unit="adopted_unit_id")
    ordering = ("project_id", "state")
    follows = lifecycle.NEXT_STATES

    create = move(PilotInput, commands.plan_pilot, right="run_pilot")
    start = move(PilotMoveInput, commands.start_pilot, right="run_pilot", to=State.RUNNING)
    evaluate = move(PilotResultInput, commands.evaluate_pilot, right="run_pilot", to=State.EVALUATED)
    adopt = move(PilotAdoptInput, commands.adopt_pilot, right="adopt_pilot", to=State.ADOPTED)
    adopt_by_partner = move(
        PilotPartnerInput, commands.adopt_pilot_by_partner, right="end_pilot", to=State.ADOPTED_BY_PARTNER
    )
    end_without_adoption = move(
        PilotEndInput, commands.end_pilot_without_adoption, right="end_pilot", to=State.ENDED_WITHOUT_ADOPTION
    )


class PilotMoveViewSet(RoomViewSet):
    model = PilotMove
    columns = ("pilot", "state", "effective_on", "because", "corrects", "corrected_because")
    filters = where("pilot", "state", to="effective_on__lte")
    ordering = ("effective_on", "pilot_id")

    correct = move(
        ProjectDayInput, corrections.correct_pilot_move, right="run_pilot",
        rights=lambda move, _by: [(corrections.right_to_mend(move), move)], creates=True,
    )  # fmt: skip
