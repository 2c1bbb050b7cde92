"""Milestones, risks and status reports in JSON."""

from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import Input, Ref, RoomViewSet, move, of, until, where
from portfolio.api.schema import lines
from portfolio.people.models import Person
from projects import queries
from projects.progress import commands, scale
from projects.progress.models import Milestone, Risk, StatusReport

# Where blank is taken it reaches the command or the constraint, which refuses it under the rule's own code.


class MilestoneEdit(Input):
    says = of(Milestone, "name", "order")
    order = serializers.IntegerField(min_value=1, required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class MilestoneInput(Input):
    says = of(Milestone, "project", "order", "name", "planned_on")
    order = serializers.IntegerField(min_value=1, required=False)


class MilestoneReplanInput(Input):
    forecast_on = serializers.DateField()
    because = serializers.CharField(allow_blank=True, default="")


class MilestoneReachInput(Input):
    reached_on = serializers.DateField()
    because = serializers.CharField(required=False, allow_blank=True)


class MilestoneViewSet(RoomViewSet):
    model = Milestone
    without = ("source_language", "texts")
    filters = where("project", "programme", unreached="reached_on__isnull", due_by="forecast_on__lte")
    search = ("name",)
    ordering = ("forecast_on", "planned_on", "order", "project_id")

    create = move(MilestoneInput, commands.add_milestone, right="keep_milestones")
    edit = move(MilestoneEdit, commands.edit_milestone, right="keep_milestones")
    replan = move(MilestoneReplanInput, commands.replan_milestone, right="keep_milestones", when=until("reached_on"))
    reach = move(MilestoneReachInput, commands.reach_milestone, right="keep_milestones", when=until("reached_on"))


class RiskEdit(Input):
    says = of(Risk, "title", "mitigation", "owner", "mitigate_by")
    owner = Ref(Person, required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class RiskInput(Input):
    says = of(
        Risk, "programme", "project", "title", "likelihood", "impact", "owner", "mitigation", "mitigate_by",
        "identified_on",
    )  # fmt: skip
    optional = ("identified_on",)


class RiskScoreInput(Input):
    says = of(Risk, "likelihood", "impact")
    because = serializers.CharField(allow_blank=True, default="")


class RiskCloseInput(Input):
    because = serializers.CharField(allow_blank=True, default="")
    closed_on = serializers.DateField(required=False)


class RiskViewSet(RoomViewSet):
    model = Risk
    last = ("source_language", "texts")
    filters = where(
        "programme", "project", "owner", open="closed_on__isnull", likelihood="likelihood__gte", impact="impact__gte",
    )  # fmt: skip
    search = ("title",)
    ordering = ("programme_id", "likelihood", "impact", "mitigate_by", "identified_on")

    create = move(RiskInput, commands.identify_risk, right="keep_risks")
    edit = move(RiskEdit, commands.edit_risk, right="keep_risks", when=until("closed_on"))
    score = move(RiskScoreInput, commands.score_risk, right="keep_risks", when=until("closed_on"))
    close = move(RiskCloseInput, commands.close_risk, right="keep_risks", when=until("closed_on"))

    beside = {
        "level": serializers.IntegerField(allow_null=True),
        "band": serializers.CharField(allow_null=True),
        "mitigation_overdue": serializers.BooleanField(allow_null=True),
        "scores": lines(
            "RiskScoreLine", **{name: serializers.IntegerField() for name in ("seq", "likelihood", "impact", "level")}
        ),
    }

    def extra(self, thing: Risk) -> dict[str, Any]:
        scores = [
            {"seq": each.seq, "likelihood": each.likelihood, "impact": each.impact, "level": each.level}
            for each in queries.scores_of(thing.pk)
        ]
        late = thing.closed_on is None and scale.mitigation_overdue(thing.mitigate_by, on=clock.today())
        return {
            "level": thing.level, "band": scale.band(thing.level), "mitigation_overdue": late, "scores": scores,
        }  # fmt: skip


class StatusEdit(Input):
    says = of(StatusReport, "standing", "text")
    because = serializers.CharField(required=False, allow_blank=True)


class StatusInput(Input):
    says = of(StatusReport, "project", "status_on", "standing", "text")


class StatusSubmitInput(Input):
    because = serializers.CharField(required=False, allow_blank=True)


class WordsSerializer(serializers.Serializer[Any]):
    """Words in each language."""

    fi = serializers.CharField()
    sv = serializers.CharField()
    en = serializers.CharField()


class StatusReportViewSet(RoomViewSet):
    model = StatusReport
    last = ("source_language", "texts")
    filters = where("project", "programme", "standing", "status_on", draft="submitted_on__isnull")
    ordering = ("-status_on", "project_id", "standing")

    create = move(StatusInput, commands.draft_status, right="report_status")
    edit = move(StatusEdit, commands.edit_status, right="report_status", when=until("submitted_on"))
    submit = move(StatusSubmitInput, commands.submit_status, right="report_status", when=until("submitted_on"))

    beside = {
        "standing_word": WordsSerializer(allow_null=True),
        "standing_meaning": WordsSerializer(allow_null=True),
    }

    def extra(self, thing: StatusReport) -> dict[str, Any]:
        defined = scale.STANDINGS[thing.standing]
        return {"standing_word": defined.word, "standing_meaning": defined.meaning}
