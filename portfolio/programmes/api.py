"""Programmes, their sectors, updates and plans over the API; their moves stand in `phases`."""

from typing import Any

from rest_framework import serializers

from portfolio.api import REASON_IF_ANY, RoomViewSet, move, says, where
from portfolio.api.schema import lines, rows
from portfolio.people import permissions
from portfolio.programmes import commands, lifecycle, queries
from portfolio.programmes.models import PhaseMove, Plan, PlanVersion, Programme, ProgrammeSector, ProgrammeUpdate

TEXTS = ("name", "aim", "description")
UPDATED = ("summary", "cooperation", "priorities", "attention", "source_language")
ORDER = serializers.IntegerField(required=False, min_value=0, max_value=999)


MOVED = ("id", "phase", "effective_on", "date_precision", "decision_id")
VERSIONS = ("id", "number", "state", "content_sha256", "submitted_on", "approved_by_id", "approved_on")


def _sections(*, required: bool) -> serializers.DictField:
    texts = serializers.DictField(child=serializers.CharField(allow_blank=True, trim_whitespace=False))
    return serializers.DictField(child=texts, required=required)


class ProgrammeViewSet(RoomViewSet):
    """The programmes of the council terms, and the moves of their life."""

    model = Programme
    without = ("texts",)
    filters = where("council_term", "phase", "code")
    search = ("name", "code")
    ordering = ("order", "code", "name_fi", "name_sv", "name_en", "council_term_id")
    create = move(says("ProgrammeInput", *TEXTS, order=ORDER), commands.set_programme)
    edit = move(
        says("ProgrammeEdit", *TEXTS, "source_language", order=ORDER, because=REASON_IF_ANY), commands.edit_programme
    )

    beside = {
        "next_phase": queries.next_phase,
        "phase_moves": rows("PhaseMoveLine", PhaseMove, queries.phase_moves, *MOVED),
    }


class ProgrammeSectorViewSet(RoomViewSet):
    """The sectors of the city that take part in programmes."""

    model = ProgrammeSector
    filters = where("programme", "body", ended="ended_on__isnull")
    ordering = ("programme_id", "body_id")
    create = move("SectorInput", commands.add_sector, right="edit_programme")
    end = move("SectorEnd", commands.end_sector, right="edit_programme")


class ProgrammeUpdateViewSet(RoomViewSet):
    """The sentences of a status date that figures can't say."""

    model = ProgrammeUpdate
    without = ("texts",)
    filters = where("programme", "status_on")
    ordering = ("-status_on", "programme_id")
    create = move(says("UpdateInput", *UPDATED), commands.write_update)
    edit = move(says("UpdateEdit", *UPDATED, because=REASON_IF_ANY), commands.edit_update, right="write_update")


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
    right = "write_plan"
    create = move(says("PlanDraftInput", sections=_sections(required=False)), commands.draft_plan)
    edit = move(says("PlanEdit", sections=_sections(required=True)), commands.edit_plan, at={PlanVersion.State.DRAFT})
    submit = move(None, commands.submit_plan, to=PlanVersion.State.SUBMITTED)
    approve = move("PlanApprovalInput", commands.approve_plan, at={PlanVersion.State.SUBMITTED})


class AssignableProgrammeViewSet(RoomViewSet):
    """The programmes on which a role can be held, by name and no more of them."""

    model = Programme
    columns = ("code", "name")
    search = ("code", "name")
    ordering = ("code",)
    visible = staticmethod(permissions.assignable)
    history = None
