"""Indicators, their plans and their measurements in JSON."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from portfolio import clock
from portfolio.api import Input, RoomViewSet, move, of, says, until, where
from portfolio.api.schema import rows
from portfolio.approvals import is_approved
from portfolio.benefits import lines as standing_lines
from portfolio.benefits.measuring import commands
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import Reading, Standing

SMALL: dict[str, Any] = {"max_value": 32767, "required": False}
COUNTS = {
    "decimals": serializers.IntegerField(min_value=0, **SMALL),
    "interval_months": serializers.IntegerField(min_value=0, allow_null=True, **SMALL),
}
VALUE = serializers.DecimalField(18, 6, required=False, allow_null=True)


class PathPointInput(Input):
    says = of(PathPoint, "on", "value")


PLANNED = {
    "group_size": serializers.IntegerField(min_value=1, allow_null=True, **SMALL),
    "path": serializers.ListField(child=PathPointInput(), required=False),
}


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
    includes = {"measurements": Measurement}
    right = "draft_target"
    create = move(says("IndicatorInput", source_language=None, **COUNTS), commands.add_indicator)
    edit = move(says("IndicatorEdit", "kind", source_language=None, **COUNTS), commands.edit_indicator)

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

    measurements = move(
        says("MeasurementInput", of(Measurement, "evidence", needed=False), value=VALUE),
        commands.record_measurement,
        creates=True,
    )


def _is_draft(plan: IndicatorPlan) -> bool:
    return plan.target_version.state == TargetVersion.State.DRAFT


def _path(plan: IndicatorPlan) -> QuerySet[PathPoint]:
    return plan.path_points.order_by("on")


class IndicatorPlanViewSet(RoomViewSet):
    """Baselines, targets and the paths between them, by version of the target."""

    model = IndicatorPlan
    filters = where("target_version", "indicator", "kind")
    ordering = ("target_version_id", "indicator_id")
    right = "draft_target"
    edit = move(says("PlanInput", **PLANNED), commands.plan_indicator, when=_is_draft)

    beside = {"path": rows("PathPointLine", PathPoint, _path, "on", "value")}

    leave_out = move(None, commands.leave_out_indicator, when=_is_draft)


class PathPointViewSet(RoomViewSet):
    """The steps of the paths; told with their target, never alone."""

    model = PathPoint
    ordering = ("plan_id", "on")


class MeasurementViewSet(RoomViewSet):
    """What indicators have measured."""

    model = Measurement
    without = ("source_language", "texts")
    filters = where(
        "indicator", "programme", target="indicator__target_id", until="measured_on__lte",
        unapproved="approved_on__isnull",
    ) | {"from": "measured_on__gte"}  # fmt: skip
    ordering = ("measured_on", "indicator_id")

    beside = {"approved": is_approved}

    correct = move(
        says("CorrectionInput", of(Measurement, "measured_on", "evidence", needed=False), value=VALUE),
        commands.correct_measurement, right="record_measurement",
        rights=lambda value, by: [(commands.right_to_correct(value, by), value.indicator)],
    )  # fmt: skip
    approve = move(None, commands.approve_measurement, when=until("approved_by_id"))
