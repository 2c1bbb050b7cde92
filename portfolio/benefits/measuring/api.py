"""Indicators, their plans and their measurements in JSON."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, text_inputs
from portfolio.api.schema import lines
from portfolio.approvals import is_approved
from portfolio.benefits.kinds import DIRECTION_LABELS, KIND_LABELS
from portfolio.benefits.measuring import commands
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint
from portfolio.people.models import Person
from portfolio.texts import LANGUAGES


def optional_texts(name: str, max_length: int | None = None) -> dict[str, serializers.CharField]:
    """The three fields of a text that may be left or made empty."""
    return {
        f"{name}_{code}": serializers.CharField(max_length=max_length, required=False, allow_blank=True)
        for code in LANGUAGES
    }


def _figure() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=18, decimal_places=6, required=False, allow_null=True)


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


class DefinitionInput(Input):
    locals().update(text_inputs("name", 200))
    locals().update(optional_texts("unit", 60))
    locals().update(optional_texts("source", 300))
    locals().update(optional_texts("group", 200))
    kind = serializers.ChoiceField(choices=KIND_LABELS)
    direction = serializers.ChoiceField(choices=DIRECTION_LABELS, required=False, allow_blank=True)
    decimals = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    interval_months = serializers.IntegerField(min_value=0, max_value=32767, required=False, allow_null=True)
    owner = Ref(Person, required=False, allow_null=True)
    successor = Ref(Person, required=False, allow_null=True)
    rubric = serializers.JSONField(required=False)


class IndicatorInput(DefinitionInput):
    target = Ref(BenefitTarget)
    code = serializers.CharField(max_length=20)
    rescaled_from = Ref(Indicator, required=False, allow_null=True)


class IndicatorEdit(DefinitionInput):
    because = serializers.CharField(required=False, allow_blank=True)


class PathPointInput(Input):
    on = serializers.DateField()
    value = serializers.DecimalField(max_digits=18, decimal_places=6)


class PlanInput(Input):
    baseline_value = _figure()
    baseline_on = _day()
    baseline_source = serializers.CharField(max_length=300, required=False, allow_blank=True)
    target_value = _figure()
    target_on = _day()
    lower = _figure()
    upper = _figure()
    group_size = serializers.IntegerField(min_value=1, max_value=32767, required=False, allow_null=True)
    period_starts_on = _day()
    period_ends_on = _day()
    path = serializers.ListField(child=PathPointInput(), required=False)


class ReadingInput(Input):
    measured_on = serializers.DateField(required=False)
    value = _figure()
    evidence = serializers.CharField(required=False, allow_blank=True)
    measured_by = serializers.CharField(max_length=200, required=False, allow_blank=True)
    locals().update(optional_texts("note"))


class MeasurementInput(ReadingInput):
    measured_on = serializers.DateField()


class CorrectionInput(ReadingInput):
    because = serializers.CharField(allow_blank=True)


class IndicatorViewSet(RoomViewSet):
    """What benefit targets are judged by."""

    model = Indicator
    columns = (
        "target_id", "code", "name_fi", "name_sv", "name_en", "unit_fi", "unit_sv", "unit_en", "decimals", "kind",
        "direction", "interval_months", "owner_id", "successor_id", "source_fi", "source_sv", "source_en",
        "group_fi", "group_sv", "group_en", "rubric", "rescaled_from_id", "settled_on",
    )  # fmt: skip
    filters = {"target": "target_id", "programme": "target__programme_id", "kind": "kind", "owner": "owner_id"}
    search = ("code", "name_fi", "name_sv", "name_en")
    ordering = ("target_id", "code")
    create = move(IndicatorInput, commands.add_indicator, right="draft_target")
    edit = move(IndicatorEdit, commands.edit_indicator, right="draft_target")
    measurements = move(MeasurementInput, commands.record_measurement, right="record_measurement", creates=True)


class IndicatorPlanViewSet(RoomViewSet):
    """Baselines, targets and the paths between them, by version of the target."""

    model = IndicatorPlan
    columns = (
        "target_version_id", "indicator_id", "kind", "direction", "baseline_value", "baseline_on", "baseline_source",
        "target_value", "target_on", "lower", "upper", "group_size", "period_starts_on", "period_ends_on",
        "path_edition",
    )  # fmt: skip
    filters = {"target_version": "target_version_id", "indicator": "indicator_id", "kind": "kind"}
    ordering = ("target_version_id", "indicator_id")
    edit = move(PlanInput, commands.plan_indicator, right="draft_target")

    beside = {"path": lines("PathPointLine", PathPoint, ("on", "value"))}

    def extra(self, thing: IndicatorPlan) -> dict[str, Any]:
        """The path, in the order of its days."""
        return {"path": [*thing.path_points.order_by("on").values("on", "value")]}

    leave_out = move(None, commands.leave_out_indicator, right="draft_target")


class MeasurementViewSet(RoomViewSet):
    """What indicators have measured."""

    model = Measurement
    columns = (
        "indicator_id", "measured_on", "value", "evidence", "measured_by", "note_fi", "note_sv", "note_en",
        "recorded_by_id", "approved_by_id", "approved_on", "corrected_because",
    )  # fmt: skip
    filters = {
        "indicator": "indicator_id",
        "target": "indicator__target_id",
        "programme": "indicator__target__programme_id",
        "from": "measured_on__gte",
        "until": "measured_on__lte",
        "unapproved": "approved_on__isnull",
    }
    ordering = ("measured_on", "indicator_id")

    beside = {"approved": serializers.BooleanField(allow_null=True)}

    def extra(self, measurement: Measurement) -> dict[str, Any]:
        """Whether it counts: approved here, or by the register that it was taken over from."""
        return {"approved": is_approved(measurement)}

    correct = move(CorrectionInput, commands.correct_measurement, right="record_measurement")
    approve = move(None, commands.approve_measurement, right="approve_measurement")
