"""Milestones, risks and status reports in JSON."""

from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import Input, Ref, RoomViewSet, move, text_inputs
from portfolio.api.schema import lines
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from projects import queries
from projects.progress import commands, scale
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project


class MilestoneEdit(Input):
    locals().update(text_inputs("name", 200))
    order = serializers.IntegerField(min_value=1, required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class MilestoneInput(Input):
    project = Ref(Project)
    order = serializers.IntegerField(min_value=1, required=False)
    locals().update(text_inputs("name", 200))
    planned_on = serializers.DateField()


class MilestoneReplanInput(Input):
    forecast_on = serializers.DateField()
    # Blank reaches the command, which refuses it under the rule's own code.
    because = serializers.CharField(allow_blank=True, default="")


class MilestoneReachInput(Input):
    reached_on = serializers.DateField()
    because = serializers.CharField(required=False, allow_blank=True)


class MilestoneViewSet(RoomViewSet):
    model = Milestone
    columns = (
        "project_id",
        "order",
        "name_fi",
        "name_sv",
        "name_en",
        "planned_on",
        "forecast_on",
        "replanned_because",
        "reached_on",
    )
    filters = {
        "project": "project_id",
        "programme": "project__programme_id",
        "unreached": "reached_on__isnull",
        "due_by": "forecast_on__lte",
    }
    search = ("name_fi", "name_sv", "name_en")
    ordering = ("forecast_on", "planned_on", "order", "project_id")
    create = move(MilestoneInput, commands.add_milestone, right="keep_milestones")
    edit = move(MilestoneEdit, commands.edit_milestone, right="keep_milestones")
    replan = move(MilestoneReplanInput, commands.replan_milestone, right="keep_milestones")
    reach = move(MilestoneReachInput, commands.reach_milestone, right="keep_milestones")


class RiskEdit(Input):
    locals().update(text_inputs("title", 200))
    locals().update(text_inputs("mitigation", required=False))
    owner = Ref(Person, required=False)
    mitigate_by = serializers.DateField(required=False, allow_null=True)
    because = serializers.CharField(required=False, allow_blank=True)


class RiskInput(Input):
    programme = Ref(Programme)
    project = Ref(Project, required=False, allow_null=True)
    locals().update(text_inputs("title", 200))
    likelihood = serializers.IntegerField()
    impact = serializers.IntegerField()
    owner = Ref(Person, required=False, allow_null=True)
    locals().update(text_inputs("mitigation", required=False))
    mitigate_by = serializers.DateField(required=False, allow_null=True)
    identified_on = serializers.DateField(required=False)


class RiskScoreInput(Input):
    likelihood = serializers.IntegerField()
    impact = serializers.IntegerField()
    because = serializers.CharField(allow_blank=True, default="")


class RiskCloseInput(Input):
    because = serializers.CharField(allow_blank=True, default="")
    closed_on = serializers.DateField(required=False)


class RiskViewSet(RoomViewSet):
    model = Risk
    columns = (
        "programme_id",
        "project_id",
        "title_fi",
        "title_sv",
        "title_en",
        "identified_on",
        "likelihood",
        "impact",
        "owner_id",
        "mitigation_fi",
        "mitigation_sv",
        "mitigation_en",
        "mitigate_by",
        "closed_on",
        "closed_because",
        "source_language",
        "texts",
    )
    filters = {
        "programme": "programme_id",
        "project": "project_id",
        "owner": "owner_id",
        "open": "closed_on__isnull",
        "likelihood": "likelihood__gte",
        "impact": "impact__gte",
    }
    search = ("title_fi", "title_sv", "title_en")
    ordering = ("programme_id", "likelihood", "impact", "mitigate_by", "identified_on")
    create = move(RiskInput, commands.identify_risk, right="keep_risks")
    edit = move(RiskEdit, commands.edit_risk, right="keep_risks")

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

    score = move(RiskScoreInput, commands.score_risk, right="keep_risks")
    close = move(RiskCloseInput, commands.close_risk, right="keep_risks")


class StatusEdit(Input):
    standing = serializers.ChoiceField(StatusReport.Standing.choices, required=False)
    locals().update(text_inputs("text", required=False))
    because = serializers.CharField(required=False, allow_blank=True)


class StatusInput(Input):
    project = Ref(Project)
    status_on = serializers.DateField()
    standing = serializers.ChoiceField(StatusReport.Standing.choices, required=False)
    locals().update(text_inputs("text", required=False))


class StatusSubmitInput(Input):
    because = serializers.CharField(required=False, allow_blank=True)


class WordsSerializer(serializers.Serializer[Any]):
    """Words in each language."""

    fi = serializers.CharField()
    sv = serializers.CharField()
    en = serializers.CharField()


class StatusReportViewSet(RoomViewSet):
    model = StatusReport
    columns = (
        "project_id",
        "status_on",
        "standing",
        "text_fi",
        "text_sv",
        "text_en",
        "submitted_on",
        "submitted_by_id",
        "source_language",
        "texts",
    )
    filters = {
        "project": "project_id",
        "programme": "project__programme_id",
        "standing": "standing",
        "draft": "submitted_on__isnull",
        "status_on": "status_on",
    }
    ordering = ("-status_on", "project_id", "standing")
    create = move(StatusInput, commands.draft_status, right="report_status")
    edit = move(StatusEdit, commands.edit_status, right="report_status")

    beside = {
        "standing_word": WordsSerializer(allow_null=True),
        "standing_meaning": WordsSerializer(allow_null=True),
    }

    def extra(self, thing: StatusReport) -> dict[str, Any]:
        defined = scale.STANDINGS[thing.standing]
        return {"standing_word": defined.word, "standing_meaning": defined.meaning}

    submit = move(StatusSubmitInput, commands.submit_status, right="report_status")
