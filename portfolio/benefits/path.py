"""What a version promises of an indicator: kind, direction, path, limits and period, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple


class Kind(StrEnum):
    """What an indicator asks for."""

    REACH = "reach"
    KEEP_AT_LEAST = "keep_at_least"
    KEEP_AT_MOST = "keep_at_most"
    KEEP_WITHIN = "keep_within"
    RANK = "rank"
    ZERO = "zero"
    AVERAGE = "average"
    DONE = "done"
    QUALITATIVE = "qualitative"


class Direction(StrEnum):
    """Which way the figure should go; a rank improves downwards, towards the first place."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Standing(StrEnum):
    """Where the indicator stands, in the words that the report defines."""

    MET = "met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NOT_REPORTED = "not_reported"


DIRECTIONS: Mapping[Kind, frozenset[Direction]] = {
    Kind.REACH: frozenset({Direction.UP, Direction.DOWN}),
    Kind.KEEP_AT_LEAST: frozenset({Direction.NONE, Direction.UP}),
    Kind.KEEP_AT_MOST: frozenset({Direction.NONE, Direction.DOWN}),
    Kind.KEEP_WITHIN: frozenset({Direction.NONE}),
    Kind.RANK: frozenset({Direction.DOWN}),
    Kind.ZERO: frozenset({Direction.DOWN}),
    Kind.AVERAGE: frozenset({Direction.UP, Direction.DOWN}),
    Kind.DONE: frozenset({Direction.UP, Direction.NONE}),
    Kind.QUALITATIVE: frozenset({Direction.UP, Direction.DOWN, Direction.NONE}),
}
KEPT = frozenset({Kind.KEEP_AT_LEAST, Kind.KEEP_AT_MOST, Kind.KEEP_WITHIN})
WITH_A_PATH = frozenset({Kind.REACH, Kind.RANK, Kind.ZERO})
TARGET_OF_ITS_KIND = {Kind.DONE: Decimal(1), Kind.ZERO: Decimal(0)}


class Point(NamedTuple):
    """A value on a day: a baseline, a step of the path, a target."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class Yardstick:
    """What an approved version promises of one indicator, and how often it is measured; None where it is unknown."""

    kind: Kind
    direction: Direction | None
    target_on: date | None
    interval_months: int | None
    target: Decimal | None = None
    baseline: Point | None = None
    path: Sequence[Point] = ()
    lower: Decimal | None = None
    upper: Decimal | None = None
    group_size: int | None = None
    period_starts_on: date | None = None
    period_ends_on: date | None = None
    verdicts: Mapping[Decimal, Standing] = field(default_factory=dict)


def period(plan: Yardstick) -> tuple[date, date]:
    """First and last day of an average; a period that is not given runs from the baseline to the target date."""
    first = plan.period_starts_on or (plan.baseline.on if plan.baseline else date.min)
    return first, plan.period_ends_on or plan.target_on or date.max


def expected(plan: Yardstick, *, on: date) -> Decimal | None:
    """The value that the path promises for a date; before the baseline its value, after the target date the target."""
    path = stops(plan)
    if not path:
        return plan.target
    if on <= path[0].on:
        return path[0].value
    for earlier, later in pairwise(path):
        if on <= later.on:
            share = Decimal((on - earlier.on).days) / Decimal((later.on - earlier.on).days)
            return earlier.value + (later.value - earlier.value) * share
    return path[-1].value


def lag(plan: Yardstick, value: Decimal, *, on: date) -> Decimal | None:
    """What is missing from the expected value, as a share of the whole way; negative when ahead of the path.

    Of what is to be kept, by how much the limit is broken, as a share of the limit or of the width of a range.
    """
    if plan.kind in KEPT:
        return broken_by(plan, value) / (breadth(plan) or Decimal(1))
    due = expected(plan, on=on)
    if due is None or plan.kind == Kind.DONE or value in plan.verdicts:
        return None
    return behind(plan, value, due)


def behind(plan: Yardstick, value: Decimal, due: Decimal) -> Decimal:
    """What a value lacks of the one that is due, as a share of the whole way."""
    missing = value - due if downwards(plan) else due - value
    return missing / way(plan)


def stops(plan: Yardstick) -> list[Point]:
    """The bends of the path, from the baseline to the target; none where there is no path."""
    if plan.baseline is None or plan.target is None or plan.target_on is None or plan.kind == Kind.AVERAGE:
        return []
    between = [point for point in plan.path if plan.baseline.on < point.on < plan.target_on]
    return [plan.baseline, *sorted(between, key=lambda point: point.on), Point(plan.target_on, plan.target)]


def limits(plan: Yardstick) -> tuple[Decimal | None, Decimal | None]:
    """The lower and upper limit of what is to be kept."""
    if plan.kind == Kind.KEEP_AT_LEAST:
        return plan.target, None
    if plan.kind == Kind.KEEP_AT_MOST:
        return None, plan.target
    return plan.lower, plan.upper


def broken_by(plan: Yardstick, value: Decimal) -> Decimal:
    """How far a value lies beyond the limits of what is to be kept; 0 while it holds."""
    lower, upper = limits(plan)
    below = lower - value if lower is not None else Decimal(0)
    above = value - upper if upper is not None else Decimal(0)
    return max(below, above, Decimal(0))


def breadth(plan: Yardstick) -> Decimal:
    """The width of a range; of one limit its size."""
    lower, upper = limits(plan)
    return upper - lower if lower is not None and upper is not None else abs(lower or upper or Decimal(0))


def direction(plan: Yardstick) -> Direction | None:
    """Which way is better, as written; where nobody wrote it, as the kind or the figures tell, else None."""
    possible = DIRECTIONS[plan.kind]
    if plan.direction in possible:
        return plan.direction
    if len(possible) == 1:
        return next(iter(possible))
    start, end = plan.baseline.value if plan.baseline else None, plan.target
    if plan.kind in KEPT or plan.kind == Kind.DONE:
        return Direction.NONE
    if start is None or end is None or start == end:
        return Direction.NONE if Direction.NONE in possible else None
    return Direction.UP if end > start else Direction.DOWN


def downwards(plan: Yardstick) -> bool:
    return plan.direction == Direction.DOWN


def reached(plan: Yardstick, value: Decimal) -> bool:
    if plan.target is None:
        return False
    return value <= plan.target if downwards(plan) else value >= plan.target


def way(plan: Yardstick) -> Decimal:
    """The whole way from baseline to target; where there is none to go, the size of the target or of the group."""
    target = plan.target or Decimal(0)
    start = plan.baseline.value if plan.baseline else target
    if plan.kind == Kind.RANK and start == target:
        return Decimal(max((plan.group_size or 2) - 1, 1))
    return abs(target - start) or abs(target) or Decimal(1)
