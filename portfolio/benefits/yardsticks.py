"""From rows, present or historical, to the yardstick that a standing is read from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from portfolio.benefits.standing import Direction, Kind, Point, Standing, Yardstick


def yardstick(indicator: Any, plan: Any, path: Sequence[Point] = ()) -> Yardstick | None:
    """What a version promises of an indicator; None while it has no target date, interval or direction."""
    if plan.target_on is None or indicator.interval_months is None or not plan.direction:
        return None
    kind = Kind(plan.kind)
    has_baseline = plan.baseline_on is not None and plan.baseline_value is not None
    return Yardstick(
        kind=kind,
        direction=Direction(plan.direction),
        target_on=plan.target_on,
        interval_months=indicator.interval_months,
        target=Decimal(1) if kind == Kind.DONE else plan.target_value,
        baseline=Point(plan.baseline_on, plan.baseline_value) if has_baseline else None,
        path=tuple(path),
        lower=plan.lower,
        upper=plan.upper,
        group_size=plan.group_size,
        period_starts_on=plan.period_starts_on,
        period_ends_on=plan.period_ends_on,
        verdicts=verdicts(indicator.rubric),
    )


def verdicts(rubric: Sequence[dict[str, Any]]) -> dict[Decimal, Standing]:
    """By level of a scale in words, the standing that the scale itself gives it."""
    return {Decimal(level["value"]): Standing(level["verdict"]) for level in rubric if level.get("verdict")}
