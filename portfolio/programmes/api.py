"""Programmes, their sectors, updates and plans over the API; their moves stand in `phases`."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, text_inputs
from portfolio.api.schema import lines
from portfolio.decisions.models import Body, Decision
from portfolio.people import permissions
from portfolio.programmes import commands, lifecycle
from portfolio.programmes.models import (
    PhaseMove,
    Plan,
    PlanVersion,
    Programme,
    ProgrammeSector,
    ProgrammeUpdate,
)
from portfolio.strategy.models import CouncilTerm

LANGUAGE_CHOICES = ("fi", "sv", "en")


class ProgrammeInput(Input):
    council_term = Ref(CouncilTerm)
    code = serializers.SlugField(max_length=40)
    order = serializers.IntegerField(required=False, min_value=0, max_value=999)
    locals().update(text_inputs("name", 200))
    locals().update(text_inputs("aim", required=False))
    locals().update(text_inputs("description", required=False))
    set_by = Ref(Decision)
    effective_on = serializers.DateField(required=False)


class ProgrammeEdit(Input):
    order = serializers.IntegerField(required=False, min_value=0, max_value=999)
    locals().update(text_inputs("name", 200, required=False))
    locals().update(text_inputs("aim", required=False))
    locals().update(text_inputs("description", required=False))
    source_language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False)
    because = serializers.CharField(required=False)


MOVED = ("id", "phase", "effective_on", "date_precision", "decision_id")
VERSIONS = ("id", "number", "state", "content_sha256", "submitted_on", "approved_by_id", "approved_on")


class SectorInput(Input):
    programme = Ref(Programme)
    body = Ref(Body)


class SectorEnd(Input):
    ended_on = serializers.DateField()


class UpdateEdit(Input):
    locals().update(text_inputs("summary", required=False))
    locals().update(text_inputs("cooperation", required=False))
    locals().update(text_inputs("priorities", required=False))
    locals().update(text_inputs("attention", required=False))
    source_language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False)
    because = serializers.CharField(required=False)


class UpdateInput(UpdateEdit):
    programme = Ref(Programme)
    status_on = serializers.DateField()
    because = None


def _sections(*, required: bool) -> serializers.DictField:
    texts = serializers.DictField(child=serializers.CharField(allow_blank=True, trim_whitespace=False))
    return serializers.DictField(child=texts, required=required)


class PlanDraftInput(Input):
    programme = Ref(Programme)
    sections = _sections(required=False)


class PlanEdit(Input):
    sections = _sections(required=True)


class PlanApprovalInput(Input):
    decision = Ref(Decision, required=False, allow_null=True)
    because = serializers.CharField(required=False, allow_blank=True)


class ProgrammeViewSet(RoomViewSet):
    """The programmes of the council terms, and the moves of their life."""

    model = Programme
    columns = (
        "council_term_id", "code", "order", "name_fi", "name_sv", "name_en", "aim_fi", "aim_sv", "aim_en",
        "description_fi", "description_sv", "description_en", "source_language", "phase", "set_by_id", "closed_by_id",
    )  # fmt: skip
    filters = {"council_term": "council_term_id", "phase": "phase", "code": "code"}
    search = ("name_fi", "name_sv", "name_en", "code")
    ordering = ("order", "code", "name_fi", "name_sv", "name_en", "council_term_id")
    create = move(ProgrammeInput, commands.set_programme, right="set_programme")
    edit = move(ProgrammeEdit, commands.edit_programme, right="edit_programme")

    beside = {
        "next_phase": serializers.CharField(allow_null=True),
        "phase_moves": lines("PhaseMoveLine", PhaseMove, MOVED),
    }

    def extra(self, thing: Programme) -> dict[str, Any]:
        moves = PhaseMove.objects.standing().filter(programme=thing).order_by("effective_on", "place")
        return {
            "next_phase": lifecycle.NEXT_PHASE.get(thing.phase),
            "phase_moves": list(moves.values(*MOVED)),
        }


class ProgrammeSectorViewSet(RoomViewSet):
    """The sectors of the city that take part in programmes."""

    model = ProgrammeSector
    columns = ("programme_id", "body_id", "ended_on")
    filters = {"programme": "programme_id", "body": "body_id", "ended": "ended_on__isnull"}
    ordering = ("programme_id", "body_id")
    create = move(SectorInput, commands.add_sector, right="edit_programme")
    end = move(SectorEnd, commands.end_sector, right="edit_programme")


class ProgrammeUpdateViewSet(RoomViewSet):
    """The sentences of a status date that figures can't say."""

    model = ProgrammeUpdate
    columns = (
        "programme_id", "status_on", "summary_fi", "summary_sv", "summary_en", "cooperation_fi", "cooperation_sv",
        "cooperation_en", "priorities_fi", "priorities_sv", "priorities_en", "attention_fi", "attention_sv",
        "attention_en", "source_language",
    )  # fmt: skip
    filters = {"programme": "programme_id", "status_on": "status_on"}
    ordering = ("-status_on", "programme_id")
    create = move(UpdateInput, commands.write_update, right="write_update")
    edit = move(UpdateEdit, commands.edit_update, right="write_update")


class PlanViewSet(RoomViewSet):
    """The plan of each programme; its contents stand in its versions."""

    model = Plan
    columns = ("programme_id",)
    filters = {"programme": "programme_id"}
    ordering = ("programme_id",)

    beside = {"versions": lines("PlanVersionLine", PlanVersion, VERSIONS)}

    def extra(self, thing: Plan) -> dict[str, Any]:
        return {"versions": list(permissions.visible(thing.versions.order_by("ordinal"), self.by).values(*VERSIONS))}


class PlanVersionViewSet(RoomViewSet):
    """The numbered versions of plans: drafted, submitted, approved by the board, superseded."""

    model = PlanVersion
    columns = (
        "plan_id", "ordinal", "number", "state", "sections", "content_sha256", "made_from_id", "submitted_by_id",
        "submitted_on", "approved_by_id", "approved_on", "override_because",
    )  # fmt: skip
    filters = {"plan": "plan_id", "programme": "plan__programme_id", "state": "state", "number": "number"}
    ordering = ("ordinal", "plan_id", "approved_on")
    create = move(PlanDraftInput, commands.draft_plan, right="write_plan")
    edit = move(PlanEdit, commands.edit_plan, right="write_plan")
    submit = move(None, commands.submit_plan, right="write_plan")
    approve = move(PlanApprovalInput, commands.approve_plan, right="approve_plan")


class AssignableProgrammeViewSet(RoomViewSet):
    """The programmes on which a role can be held, by name and no more of them."""

    model = Programme
    columns = ("code", "name_fi", "name_sv", "name_en")
    search = ("code", "name_fi", "name_sv", "name_en")
    ordering = ("code",)
    visible = staticmethod(permissions.assignable)
    history = None
