"""How far an indicator has come by a date, judged by a written rule.

The rule, as it is printed in the report:

1. No measurement within the interval and 31 days of grace before the date: *not reported*. An older value may
   be shown with its own date, but it does not count.
2. The target has been reached: *met*. What is to be kept is met when its target date comes and it still holds;
   an average is met when its period has ended.
3. The target date has passed and the target has not been reached: *off track*.
4. Else the expected value of the date is read from the path: straight lines from the baseline through the path
   points to the target. The lag is what is missing from it, as a share of the whole way from baseline to target:
   at most 5 % is *on track*, at most 25 % *at risk*, more is *off track*.
5. What is to be kept is *on track* while it holds, *at risk* when it is broken by at most 5 % of the limit (of the
   width, for a range), else *off track*. An average is held against its target at once, without a path. A thing
   to be done is on track until its day. A rubric whose levels carry a verdict is judged by that verdict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

GRACE_DAYS = 31
ON_TRACK_WITHIN = Decimal("0.05")
AT_RISK_WITHIN = Decimal("0.25")
KEPT_NEARLY_WITHIN = Decimal("0.05")


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
SEVERITY = (Standing.MET, Standing.ON_TRACK, Standing.NOT_REPORTED, Standing.AT_RISK, Standing.OFF_TRACK)
KEPT = frozenset({Kind.KEEP_AT_LEAST, Kind.KEEP_AT_MOST, Kind.KEEP_WITHIN})


@dataclass(frozen=True)
class Point:
    """A value on a day: a baseline, a step of the path, a target or a measurement."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class Yardstick:
    """What an approved version promises of one indicator, and how often it is measured."""

    kind: Kind
    direction: Direction
    target_on: date
    interval_months: int
    target: Decimal | None = None
    baseline: Point | None = None
    path: Sequence[Point] = ()
    lower: Decimal | None = None
    upper: Decimal | None = None
    group_size: int | None = None
    period_starts_on: date | None = None
    period_ends_on: date | None = None
    verdicts: Mapping[Decimal, Standing] = field(default_factory=dict)


def standing(yardstick: Yardstick, *, latest: Point | None, on: date) -> Standing:
    """Where the indicator stands on a date; for an average, `latest` holds the mean and the newest day."""
    if latest is None or latest.on < reported_since(on, interval_months=yardstick.interval_months):
        return Standing.NOT_REPORTED
    if latest.value in yardstick.verdicts:
        return yardstick.verdicts[latest.value]
    if yardstick.kind in KEPT:
        return _kept(yardstick, latest.value, on)
    if _reached(yardstick, latest.value):
        return Standing.ON_TRACK if _average_still_runs(yardstick, on) else Standing.MET
    if on > yardstick.target_on:
        return Standing.OFF_TRACK
    return _by_lag(lag(yardstick, latest.value, on=on))


def worst(standings: Iterable[Standing]) -> Standing:
    """The standing of a target is that of its weakest indicator; a gap weighs more than being on track."""
    return max(standings, key=SEVERITY.index, default=Standing.NOT_REPORTED)


def reported_since(on: date, *, interval_months: int) -> date:
    """The first day whose measurement still counts on a date."""
    months = on.year * 12 + on.month - 1 - interval_months
    first = date(months // 12, months % 12 + 1, 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    last_day = (next_month - timedelta(days=1)).day
    return first.replace(day=min(on.day, last_day)) - timedelta(days=GRACE_DAYS)


def average(yardstick: Yardstick, measured: Iterable[Point], *, on: date) -> Point | None:
    """The mean of what was measured in the period up to a date, dated by its newest measurement.

    A period that is not given runs from the baseline to the target date.
    """
    first = yardstick.period_starts_on or (yardstick.baseline.on if yardstick.baseline else date.min)
    last = min(on, yardstick.period_ends_on or yardstick.target_on)
    counted = [point for point in measured if first <= point.on <= last]
    if not counted:
        return None
    total = sum((point.value for point in counted), Decimal(0))
    return Point(max(point.on for point in counted), total / len(counted))


def expected(yardstick: Yardstick, *, on: date) -> Decimal | None:
    """The value that the path promises for a date; before the baseline its value, after the target date the target."""
    stops = _stops(yardstick)
    if not stops:
        return yardstick.target
    if on <= stops[0].on:
        return stops[0].value
    for earlier, later in pairwise(stops):
        if on <= later.on:
            share = Decimal((on - earlier.on).days) / Decimal((later.on - earlier.on).days)
            return earlier.value + (later.value - earlier.value) * share
    return stops[-1].value


def lag(yardstick: Yardstick, value: Decimal, *, on: date) -> Decimal | None:
    """What is missing from the expected value, as a share of the whole way; negative when ahead of the path."""
    due = expected(yardstick, on=on)
    if due is None or yardstick.kind == Kind.DONE:
        return None
    missing = due - value if _upwards(yardstick) else value - due
    return missing / _way(yardstick)


def _by_lag(lag: Decimal | None) -> Standing:
    if lag is None or lag <= ON_TRACK_WITHIN:
        return Standing.ON_TRACK
    return Standing.AT_RISK if lag <= AT_RISK_WITHIN else Standing.OFF_TRACK


def _stops(yardstick: Yardstick) -> list[Point]:
    if yardstick.baseline is None or yardstick.target is None or yardstick.kind == Kind.AVERAGE:
        return []
    between = [p for p in yardstick.path if yardstick.baseline.on < p.on < yardstick.target_on]
    return [
        yardstick.baseline,
        *sorted(between, key=lambda point: point.on),
        Point(yardstick.target_on, yardstick.target),
    ]


def _upwards(yardstick: Yardstick) -> bool:
    return yardstick.direction != Direction.DOWN


def _reached(yardstick: Yardstick, value: Decimal) -> bool:
    if yardstick.target is None:
        return False
    return value >= yardstick.target if _upwards(yardstick) else value <= yardstick.target


def _average_still_runs(yardstick: Yardstick, on: date) -> bool:
    return yardstick.kind == Kind.AVERAGE and on < (yardstick.period_ends_on or yardstick.target_on)


def _way(yardstick: Yardstick) -> Decimal:
    """The whole way from baseline to target; where there is none to go, the size of the target or of the group."""
    target = yardstick.target or Decimal(0)
    start = yardstick.baseline.value if yardstick.baseline else target
    if yardstick.kind == Kind.RANK and start == target:
        return Decimal(max((yardstick.group_size or 2) - 1, 1))
    return abs(target - start) or abs(target) or Decimal(1)


def _kept(yardstick: Yardstick, value: Decimal, on: date) -> Standing:
    lower, upper = limits(yardstick)
    below = lower - value if lower is not None else Decimal(0)
    above = value - upper if upper is not None else Decimal(0)
    broken_by = max(below, above, Decimal(0))
    if not broken_by:
        return Standing.MET if on >= yardstick.target_on else Standing.ON_TRACK
    size = upper - lower if lower is not None and upper is not None else abs(yardstick.target or Decimal(0))
    if on > yardstick.target_on or broken_by > KEPT_NEARLY_WITHIN * size:
        return Standing.OFF_TRACK
    return Standing.AT_RISK


def limits(yardstick: Yardstick) -> tuple[Decimal | None, Decimal | None]:
    """The lower and upper limit of what is to be kept."""
    if yardstick.kind == Kind.KEEP_AT_LEAST:
        return yardstick.target, None
    if yardstick.kind == Kind.KEEP_AT_MOST:
        return None, yardstick.target
    return yardstick.lower, yardstick.upper
