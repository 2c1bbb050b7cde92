"""Programmes, their sectors, updates and plans over the API; their moves stand in `phases`."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, of, where
from portfolio.api.schema import lines
from portfolio.decisions.models import Decision
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

ORDER: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 999}


class ProgrammeInput(Input):
    says = of(Programme, "council_term", "code", "order", "name", "aim", "description", "set_by", "effective_on")
    order = serializers.IntegerField(**ORDER)
    effective_on = serializers.DateField(required=False)


class ProgrammeEdit(Input):
    says = of(Programme, "order", "name", "aim", "description", "source_language")
    optional = ("name",)
    order = serializers.IntegerField(**ORDER)
    because = serializers.CharField(required=False)


MOVED = ("id", "phase", "effective_on", "date_precision", "decision_id")
VERSIONS = ("id", "number", "state", "content_sha256", "submitted_on", "approved_by_id", "approved_on")


class SectorInput(Input):
    says = of(ProgrammeSector, "programme", "body")


class SectorEnd(Input):
    ended_on = serializers.DateField()


class UpdateEdit(Input):
    says = of(ProgrammeUpdate, "summary", "cooperation", "priorities", "attention", "source_language")
    because = serializers.CharField(required=False)


class UpdateInput(UpdateEdit):
    says = of(ProgrammeUpdate, "programme", "status_on")
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
    without = ("texts",)
    filters = where("council_term", "phase", "code")
    search = ("name", "code")
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
    filters = where("programme", "body", ended="ended_on__isnull")
    ordering = ("programme_id", "body_id")
    create = move(SectorInput, commands.add_sector, right="edit_programme")
    end = move(SectorEnd, commands.end_sector, right="edit_programme")


class ProgrammeUpdateViewSet(RoomViewSet):
    """The sentences of a status date that figures can't say."""

    model = ProgrammeUpdate
    without = ("texts",)
    filters = where("programme", "status_on")
    ordering = ("-status_on", "programme_id")
    create = move(UpdateInput, commands.write_update, right="write_update")
    edit = move(UpdateEdit, commands.edit_update, right="write_update")


class PlanViewSet(RoomViewSet):
    """The plan of each programme; its contents stand in its versions."""

    model = Plan
    filters = where("programme")
    ordering = ("programme_id",)

    beside = {"versions": lines("PlanVersionLine", PlanVersion, VERSIONS)}

    def extra(self, thing: Plan) -> dict[str, Any]:
        return {"versions": list(permissions.visible(thing.versions.order_by("ordinal"), self.by).values(*VERSIONS))}


class PlanVersionViewSet(RoomViewSet):
    """The numbered versions of plans: drafted, submitted, approved by the board, superseded."""

    model = PlanVersion
    filters = where("plan", "programme", "state", "number")
    ordering = ("ordinal", "plan_id", "approved_on")
    follows = lifecycle.NEXT_PLAN_STATES
    create = move(PlanDraftInput, commands.draft_plan, right="write_plan")
    edit = move(PlanEdit, commands.edit_plan, right="write_plan", at={PlanVersion.State.DRAFT})
    submit = move(None, commands.submit_plan, right="write_plan", to=PlanVersion.State.SUBMITTED)
    approve = move(PlanApprovalInput, commands.approve_plan, right="approve_plan", at={PlanVersion.State.SUBMITTED})


class AssignableProgrammeViewSet(RoomViewSet):
    """The programmes on which a role can be held, by name and no more of them."""

    model = Programme
    columns = ("code", "name")
    search = ("code", "name")
    ordering = ("code",)
    visible = staticmethod(permissions.assignable)
    history = None
