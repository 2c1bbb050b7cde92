"""From rows, present or historical, to what a verdict is judged from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from portfolio.approvals import is_approved
from portfolio.benefits.standing import Direction, Kind, Point, Reading, Standing, Yardstick


def yardstick(indicator: Any, plan: Any, path: Sequence[Point] = ()) -> Yardstick:
    """What a version promises of an indicator; what is unknown stays unknown."""
    has_baseline = plan.baseline_on is not None and plan.baseline_value is not None
    return Yardstick(
        kind=Kind(plan.kind),
        direction=Direction(plan.direction) if plan.direction else None,
        target_on=plan.target_on,
        interval_months=indicator.interval_months,
        target=plan.target_value,
        baseline=Point(plan.baseline_on, plan.baseline_value) if has_baseline else None,
        path=tuple(path),
        lower=plan.lower,
        upper=plan.upper,
        group_size=plan.group_size,
        period_starts_on=plan.period_starts_on,
        period_ends_on=plan.period_ends_on,
        verdicts=verdicts(indicator.rubric),
    )


def reading(measurement: Any) -> Reading:
    """A measurement as the judge reads it."""
    return Reading(measurement.measured_on, measurement.value, is_approved(measurement))


def verdicts(rubric: Sequence[dict[str, Any]] | None) -> dict[Decimal, Standing]:
    """By level of a scale in words, the standing that the scale itself gives it."""
    return {Decimal(level["value"]): Standing(level["verdict"]) for level in rubric or () if level.get("verdict")}
