"""Pilots and their three endings in JSON."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, command, text_inputs
from portfolio.decisions.models import Body, Decision
from portfolio.people.models import Person
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
    create = (PilotInput, commands.plan_pilot)

    @command(PilotMoveInput)
    def start(self, pilot: Pilot, given: dict[str, Any], by: Person, seen: int) -> Pilot:
        """Begin the trial."""
        return commands.start_pilot(pilot, **given, by=by, seen=seen)

    @command(PilotResultInput)
    def evaluate(self, pilot: Pilot, given: dict[str, Any], by: Person, seen: int) -> Pilot:
        """Record what came of the trial."""
        return commands.evaluate_pilot(pilot, **given, by=by, seen=seen)

    @command(PilotAdoptInput)
    def adopt(self, pilot: Pilot, given: dict[str, Any], by: Person, seen: int) -> Pilot:
        """Record that the line organisation has taken it into use by its own decision."""
        return commands.adopt_pilot(pilot, **given, by=by, seen=seen)

    @command(PilotPartnerInput)
    def adopt_by_partner(self, pilot: Pilot, given: dict[str, Any], by: Person, seen: int) -> Pilot:
        """Record that a partner has taken it into use."""
        return commands.adopt_pilot_by_partner(pilot, **given, by=by, seen=seen)

    @command(PilotEndInput)
    def end_without_adoption(self, pilot: Pilot, given: dict[str, Any], by: Person, seen: int) -> Pilot:
        """End it without adoption, with its lessons."""
        return commands.end_pilot_without_adoption(pilot, **given, by=by, seen=seen)


class PilotMoveViewSet(RoomViewSet):
    model = PilotMove
    columns = ("pilot_id", "state", "effective_on", "because", "corrects_id", "corrected_because")
    filters = {"pilot": "pilot_id", "state": "state", "to": "effective_on__lte"}
    ordering = ("effective_on", "pilot_id")

    @command(ProjectDayInput, if_match=False, creates=True)
    def correct(self, move: PilotMove, given: dict[str, Any], by: Person, seen: int | None) -> PilotMove:
        """Mend a wrong day, with a reason; the answer is the new entry, the old one stays beside it."""
        return corrections.correct_pilot_move(move, **given, by=by)
