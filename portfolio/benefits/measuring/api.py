"""Indicators, their plans and their measurements in JSON."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import Input, RoomViewSet, move, of, until, where
from portfolio.api.schema import lines
from portfolio.approvals import is_approved
from portfolio.benefits import lines as standing_lines
from portfolio.benefits.measuring import commands
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import Reading, Standing
from portfolio.texts import columns

SMALL: dict[str, Any] = {"min_value": 0, "max_value": 32767, "required": False}


class DefinitionInput(Input):
    says = of(
        Indicator, "name", "unit", *columns("source"), "group", "kind", "direction", "decimals", "interval_months",
        "owner", "successor", "rubric",
    )  # fmt: skip
    decimals = serializers.IntegerField(**SMALL)
    interval_months = serializers.IntegerField(**SMALL, allow_null=True)


class IndicatorInput(DefinitionInput):
    says = of(Indicator, "target", "code", "rescaled_from")


class IndicatorEdit(DefinitionInput):
    because = serializers.CharField(required=False, allow_blank=True)


class PathPointInput(Input):
    says = of(PathPoint, "on", "value")


class PlanInput(Input):
    says = of(
        IndicatorPlan, "baseline_value", "baseline_on", "baseline_source", "target_value", "target_on", "lower",
        "upper", "group_size", "period_starts_on", "period_ends_on",
    )  # fmt: skip
    group_size = serializers.IntegerField(min_value=1, max_value=32767, required=False, allow_null=True)
    path = serializers.ListField(child=PathPointInput(), required=False)


class ReadingInput(Input):
    says = of(Measurement, "measured_on", "value", "evidence", "measured_by", *columns("note"))
    optional = ("measured_on", "evidence")
    value = serializers.DecimalField(max_digits=18, decimal_places=6, required=False, allow_null=True)


class MeasurementInput(ReadingInput):
    measured_on = serializers.DateField()


class CorrectionInput(ReadingInput):
    because = serializers.CharField(allow_blank=True)


class LatestSerializer(serializers.Serializer[Any]):
    """The newest value of an indicator, and whether it counts."""

    value = serializers.DecimalField(max_digits=18, decimal_places=6)
    measured_on = serializers.DateField()
    approved = serializers.BooleanField()


def latest_of(reading: Reading) -> dict[str, Any]:
    """The newest value as lists tell it."""
    return {"value": reading.value, "measured_on": reading.on, "approved": reading.approved}


class IndicatorViewSet(RoomViewSet):
    """What benefit targets are judged by."""

    model = Indicator
    without = ("source_language", "texts")
    filters = where("target", "programme", "kind", "owner")
    search = ("code", "name")
    ordering = ("target_id", "code")
    along = {
        "latest": LatestSerializer(allow_null=True),
        "standing": serializers.ChoiceField(choices=[each.value for each in Standing], allow_null=True),
    }
    create = move(IndicatorInput, commands.add_indicator, right="draft_target")
    edit = move(IndicatorEdit, commands.edit_indicator, right="draft_target")

    def told_along(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The newest value, and how each indicator stands today; what its target's version leaves out does not."""
        found = standing_lines.lines(BenefitTarget.objects.filter(indicators__in=ids), on=clock.today())
        return {
            line.indicator_id: {
                "latest": line.latest and latest_of(line.latest),
                "standing": line.verdict and line.verdict.standing,
            }
            for line in found
            if line.indicator_id is not None
        }

    measurements = move(MeasurementInput, commands.record_measurement, right="record_measurement", creates=True)


def _is_draft(plan: IndicatorPlan) -> bool:
    return plan.target_version.state == TargetVersion.State.DRAFT


class IndicatorPlanViewSet(RoomViewSet):
    """Baselines, targets and the paths between them, by version of the target."""

    model = IndicatorPlan
    filters = where("target_version", "indicator", "kind")
    ordering = ("target_version_id", "indicator_id")
    edit = move(PlanInput, commands.plan_indicator, right="draft_target", when=_is_draft)

    beside = {"path": lines("PathPointLine", PathPoint, ("on", "value"))}

    def extra(self, thing: IndicatorPlan) -> dict[str, Any]:
        """The path, in the order of its days."""
        return {"path": [*thing.path_points.order_by("on").values("on", "value")]}

    leave_out = move(None, commands.leave_out_indicator, right="draft_target", when=_is_draft)


class MeasurementViewSet(RoomViewSet):
    """What indicators have measured."""

    model = Measurement
    without = ("source_language", "texts")
    filters = where(
        "indicator", "programme", target="indicator__target_id", until="measured_on__lte",
        unapproved="approved_on__isnull",
    ) | {"from": "measured_on__gte"}  # fmt: skip
    ordering = ("measured_on", "indicator_id")

    beside = {"approved": serializers.BooleanField(allow_null=True)}

    def extra(self, measurement: Measurement) -> dict[str, Any]:
        """Whether it counts: approved here, or by the register that it was taken over from."""
        return {"approved": is_approved(measurement)}

    correct = move(
        CorrectionInput, commands.correct_measurement, right="record_measurement",
        rights=lambda value, by: [(commands.right_to_correct(value, by), value.indicator)],
    )  # fmt: skip
    approve = move(None, commands.approve_measurement, right="approve_measurement", when=until("approved_by_id"))
