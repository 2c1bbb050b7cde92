"""Benefit targets and their versions in JSON."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import RoomViewSet, move, of, question, says, where
from portfolio.api.fields import shape_of, shown
from portfolio.benefits import commands, gate, lifecycle, lines, queries
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import Verdict

State = BenefitTarget.State
ORDER = serializers.IntegerField(min_value=0, max_value=32767, required=False)
SIGN = serializers.CharField(required=False)
WORDING = of(TargetVersion, *commands.Wording.__annotations__)


def verdict_of(stood: lines.Judged) -> dict[str, Any]:
    """Where an indicator stands today, and the figures that the verdict rests on.

    `value` is the newest approved value, or the mean of `mean_of` values; `measured_on` its day and `age_days` how old
    it is. `expected` is the path's value today, null without a path, and `lag` how far behind it the value is.
    `unjudged` says why the value does not count; `awaiting_on` is the day of a newer value that waits for approval.
    """
    told = {"indicator_id": stood.indicator_id, "code": stood.code, "measured_on": stood.verdict.on}
    figures = shown(stood.verdict, but=("on",)).items()
    return told | {name: figure(each) if isinstance(each, Decimal) else each for name, each in figures}


def figure(value: Decimal) -> Decimal:
    """With six decimals, as figures are recorded; never a negative zero."""
    return round(value, 6) + 0


Told = shape_of(
    Verdict, "Verdict", but=("on",), told=verdict_of, indicator_id=serializers.IntegerField(),
    code=serializers.CharField(), measured_on=serializers.DateField(allow_null=True),
)  # fmt: skip


class BenefitTargetViewSet(RoomViewSet):
    """What the programmes promise the council."""

    model = BenefitTarget
    filters = where("programme", "state", "sign", goal="target_goals__goal")
    search = ("code",)
    ordering = ("order", "code", "programme_id", "state")
    follows = lifecycle.NEXT_STATES
    along = {"standing": serializers.CharField(allow_null=True)}
    beside = {
        "target_version_id": serializers.IntegerField(allow_null=True),
        "standing": serializers.CharField(allow_null=True),
        "indicators": Told(many=True, allow_null=True),
        "goals": serializers.ListField(child=serializers.IntegerField(), allow_null=True),
        "sdgs": serializers.ListField(child=serializers.IntegerField(), allow_null=True),
    }
    includes = {
        "versions": TargetVersion,
        "indicators": Indicator,
        "plans": IndicatorPlan,
        "path": PathPoint,
        "measurements": Measurement,
    }
    right = "draft_target"
    create = move(
        says("TargetInput", WORDING, order=ORDER, sign=SIGN),
        commands.draft_target,
    )
    edit = move(says("IdentityInput", order=ORDER, sign=SIGN), commands.edit_target, at=lifecycle.IN_PREPARATION)

    def told_along(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """How each target stands today; one that is not in force does not."""
        found = lines.lines(BenefitTarget.objects.filter(pk__in=ids), on=clock.today())
        return {target: {"standing": standing} for target, standing in lines.standings([*found]).items()}

    def extra(self, thing: BenefitTarget) -> dict[str, Any]:
        """The version that is shown, its standing today with the verdicts that make it, and the goals it serves."""
        stood = lines.of_target(thing.pk, on=clock.today())
        return {
            "target_version_id": stood.version_id,
            "standing": stood.standing,
            "indicators": [verdict_of(each) for each in stood.indicators],
            "goals": stood.goals,
            "sdgs": stood.sdgs,
        }

    gate = question(gate.ahead)
    evaluability = question(queries.open_questions)
    draft = move("DraftingInput", commands.record_drafting, to=State.DRAFTED, at=lifecycle.DRAFTED_FROM)
    propose = move("DecisionInput", commands.propose_target, to=State.PROPOSED)
    approve = move("DecisionInput", commands.approve_target, to=State.APPROVED)
    return_ = move("ReturnInput", commands.return_target, to=State.DRAFTED, at=lifecycle.RETURNED_FROM)
    end = move("EndInput", commands.end_target, to=State.ENDED, after_closing=True)
    replace = move("ReplaceInput", commands.replace_target, to=State.REPLACED)
    open_version = move("ReasonInput", commands.open_version, at={State.APPROVED}, creates=True)
    link_goal = move("GoalInput", commands.link_goal, at=lifecycle.IN_PREPARATION)
    unlink_goal = move("GoalInput", commands.unlink_goal, at=lifecycle.IN_PREPARATION)
    link_sdg = move("SdgInput", commands.link_sdg, at=lifecycle.IN_PREPARATION)
    unlink_sdg = move("SdgInput", commands.unlink_sdg, at=lifecycle.IN_PREPARATION)


class TargetVersionViewSet(RoomViewSet):
    """The wording of benefit targets, as drafted, approved and superseded."""

    model = TargetVersion
    filters = where("target", "state", "programme", "owner")
    search = ("title",)
    ordering = ("target_id", "number")
    edit = move("WordingInput", commands.edit_draft, right="draft_target", at={TargetVersion.State.DRAFT})
    approve = move(
        "DecisionInput",
        commands.approve_version,
        right="approve_target",
        at={TargetVersion.State.DRAFT},
        when=lambda version: version.target.state == State.APPROVED,  # its first version is approved with the target
    )
    correct = move(
        says("CorrectionInput", of(TargetVersion, "title", needed=False)),
        commands.correct_version,
        at={TargetVersion.State.APPROVED},
    )
