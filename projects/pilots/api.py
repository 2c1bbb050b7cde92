"""Pilots and their three endings in JSON."""

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, text_inputs
from portfolio.decisions.models import Body, Decision
from projects.corrections import commands as corrections
from projects.pilots import commands
from projects.pilots.models import Pilot, PilotMove
from projects.register.api import ProjectDayInput
from projects.register.models import Partner, Project


class PilotInput(Input):
    project = Ref(Project)
    effective_on = serializers.DateField(required=False)


class PilotMoveInput(Input):
    effective_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class PilotResultInput(PilotMoveInput):
    # Blank reaches the constraint, which refuses it under the rule's own code.
    result_fi = serializers.CharField(allow_blank=True, default="")
    result_sv = serializers.CharField(allow_blank=True, required=False)
    result_en = serializers.CharField(allow_blank=True, required=False)


class PilotAdoptInput(PilotMoveInput):
    decision = Ref(Decision, default=None, allow_null=True)
    unit = Ref(Body)
    locals().update(text_inputs("lessons", required=False))


class PilotPartnerInput(PilotMoveInput):
    partner = Ref(Partner)
    locals().update(text_inputs("lessons", required=False))


class PilotEndInput(PilotMoveInput):
    lessons_fi = serializers.CharField(allow_blank=True, default="")
    lessons_sv = serializers.CharField(allow_blank=True, required=False)
    lessons_en = serializers.CharField(allow_blank=True, required=False)


class PilotViewSet(RoomViewSet):
    model = Pilot
    columns = (
        "project_id",
        "state",
        "result_fi",
        "result_sv",
        "result_en",
        "lessons_fi",
        "lessons_sv",
        "lessons_en",
        "decision_id",
        "adopted_unit_id",
        "adopted_partner_id",
        "source_language",
        "texts",
    )
    filters = {
        "project": "project_id",
        "programme": "project__programme_id",
        "state": "state__in",
        "unit": "adopted_unit_id",
    }
    ordering = ("project_id", "state")
    create = move(PilotInput, commands.plan_pilot, right="run_pilot")
    start = move(PilotMoveInput, commands.start_pilot, right="run_pilot")
    evaluate = move(PilotResultInput, commands.evaluate_pilot, right="run_pilot")
    adopt = move(PilotAdoptInput, commands.adopt_pilot, right="adopt_pilot")
    adopt_by_partner = move(PilotPartnerInput, commands.adopt_pilot_by_partner, right="end_pilot")
    end_without_adoption = move(PilotEndInput, commands.end_pilot_without_adoption, right="end_pilot")


class PilotMoveViewSet(RoomViewSet):
    model = PilotMove
    columns = ("pilot_id", "state", "effective_on", "because", "corrects_id", "corrected_because")
    filters = {"pilot": "pilot_id", "state": "state", "to": "effective_on__lte"}
    ordering = ("effective_on", "pilot_id")

    correct = move(ProjectDayInput, corrections.correct_pilot_move, right="run_pilot", creates=True)
