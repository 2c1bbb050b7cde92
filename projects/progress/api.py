"""Milestones, risks and status reports in JSON."""

from typing import Any, TypedDict, cast

from rest_framework import serializers

from portfolio import clock
from portfolio.api import FOR_THE_RULE, Ref, RoomViewSet, move, says, until, where
from portfolio.api.fields import shape_of, shown
from portfolio.people.models import Person
from projects import queries
from projects.progress import commands, scale
from projects.progress.models import Milestone, Risk, StatusReport

ORDER = serializers.IntegerField(min_value=1, required=False)


class MilestoneViewSet(RoomViewSet):
    model = Milestone
    without = ("source_language", "texts")
    filters = where("project", "programme", unreached="reached_on__isnull", due_by="forecast_on__lte")
    search = ("name",)
    ordering = ("forecast_on", "planned_on", "order", "project_id")

    right = "keep_milestones"
    create = move(says("MilestoneInput", order=ORDER), commands.add_milestone)
    edit = move(says("MilestoneEdit", "name", order=ORDER), commands.edit_milestone)
    replan = move(
        says("MilestoneReplanInput", because=FOR_THE_RULE), commands.replan_milestone, when=until("reached_on")
    )
    reach = move("MilestoneReachInput", commands.reach_milestone, when=until("reached_on"))


class RiskViewSet(RoomViewSet):
    model = Risk
    last = ("source_language", "texts")
    filters = where(
        "programme", "project", "owner", open="closed_on__isnull", likelihood="likelihood__gte", impact="impact__gte",
    )  # fmt: skip
    search = ("title",)
    ordering = ("programme_id", "likelihood", "impact", "mitigate_by", "identified_on")

    right = "keep_risks"
    create = move(says("RiskInput", "mitigation", "mitigate_by"), commands.identify_risk)
    edit = move(
        says("RiskEdit", "title", "mitigation", "mitigate_by", owner=Ref(Person, required=False)), commands.edit_risk,
        when=until("closed_on"),
    )  # fmt: skip
    score = move(says("RiskScoreInput", because=FOR_THE_RULE), commands.score_risk, when=until("closed_on"))
    close = move(says("RiskCloseInput", because=FOR_THE_RULE), commands.close_risk, when=until("closed_on"))

    beside = {
        "level": serializers.IntegerField(allow_null=True),
        "band": serializers.CharField(allow_null=True),
        "mitigation_overdue": serializers.BooleanField(allow_null=True),
        "scores": shape_of(queries.Score, "RiskScoreLine")(many=True, allow_null=True),
    }

    def extra(self, thing: Risk) -> dict[str, Any]:
        scores = [shown(each) for each in queries.scores_of(thing.pk)]
        late = thing.closed_on is None and scale.mitigation_overdue(thing.mitigate_by, on=clock.today())
        return {
            "level": thing.level, "band": scale.band(thing.level), "mitigation_overdue": late, "scores": scores,
        }  # fmt: skip


class Words(TypedDict):
    """Words in each language."""

    fi: str
    sv: str
    en: str


def _word(report: StatusReport) -> Words:
    return cast(Words, scale.STANDINGS[report.standing].word)


def _meaning(report: StatusReport) -> Words:
    return cast(Words, scale.STANDINGS[report.standing].meaning)


class StatusReportViewSet(RoomViewSet):
    model = StatusReport
    last = ("source_language", "texts")
    filters = where("project", "programme", "standing", "status_on", draft="submitted_on__isnull")
    ordering = ("-status_on", "project_id", "standing")

    right = "report_status"
    create = move(says("StatusInput", "text"), commands.draft_status)
    edit = move(says("StatusEdit", "standing", "text"), commands.edit_status, when=until("submitted_on"))
    submit = move("StatusSubmitInput", commands.submit_status, when=until("submitted_on"))

    beside = {"standing_word": _word, "standing_meaning": _meaning}
