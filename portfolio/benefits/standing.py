"""How far an indicator has come by a date, judged by a written rule: `judge` is the only home of a verdict.

The rule, as it is printed in the report:

1. Only approved values count, and of them the newest up to the day; of an average the mean over its period. No value
   within the interval and the days of grace before the day: *not reported*. An older value is shown with its own day
   and does not count; nor does any while the interval, the target or the way to it is unknown.
2. The target has been reached: *met*. What is to be kept is met when its target date comes and it still holds;
   an average is met when its period has ended.
3. The target date has passed (of an average, its period) and the target has not been reached: *off track*.
4. Else the expected value of the judging day is read from the path: straight lines from the baseline through the path
   points to the target. The lag is what is missing from it, as a share of the whole way from baseline to target:
   up to `on_track_within` it is *on track*, up to `at_risk_within` it *needs attention*, more is *off track*.
5. What is to be kept is *on track* while it holds; it *needs attention* when it is broken by at most
   `kept_nearly_within` of the limit (of the width, for a range), else it is *off track*. An average has no path: its
   mean is held against its target at once. A thing to be done is on track until its day. A rubric whose levels carry a
   verdict is judged by it.
6. A target stands as its weakest indicator, a programme by the shares of its targets (`of_programme`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from portfolio.benefits.path import (
    DIRECTIONS,
    KEPT,
    TARGET_OF_ITS_KIND,
    WITH_A_PATH,
    Direction,
    Kind,
    Point,
    Standing,
    Yardstick,
    behind,
    breadth,
    broken_by,
    direction,
    expected,
    lag,
    limits,
    period,
    reached,
    stops,
)

__all__ = [
    "CURRENT_RULE",
    "DIRECTIONS",
    "Direction",
    "FINE",
    "KEPT",
    "Kind",
    "Point",
    "RULES",
    "Reading",
    "Rule",
    "Standing",
    "Unjudged",
    "Verdict",
    "Yardstick",
    "behind",
    "by_lag",
    "judge",
    "limits",
    "months_after",
    "of_programme",
    "period",
    "reported_since",
    "stops",
    "worst",
]


class Unjudged(StrEnum):
    """Why nothing is judged, so that the standing is *not reported*."""

    NEVER_MEASURED = "never_measured"
    NOT_APPROVED = "not_approved"
    OUTSIDE_PERIOD = "outside_period"
    TOO_OLD = "too_old"
    NO_INTERVAL = "no_interval"
    NO_TARGET = "no_target"
    NO_BASELINE = "no_baseline"
    NO_DIRECTION = "no_direction"


# A known deviation is never hidden by a missing figure, and a missing figure is never hidden by a good one.
SEVERITY = (Standing.MET, Standing.ON_TRACK, Standing.NOT_REPORTED, Standing.AT_RISK, Standing.OFF_TRACK)
FINE = frozenset({Standing.MET, Standing.ON_TRACK})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One version of the written rule: every threshold; shares as Decimals, of a programme as part and whole.

    `off_track_above` and `fine_from` are shares of a programme's targets. `assumed_interval_months` stands in for an
    unknown interval; None leaves it unknown. `means_of_the_period` leaves out of an average what was measured before
    its period; `targets_of_their_kind` knows that *done* means 1 and *to zero* means 0 without a typed figure;
    `unknown_is_unjudged` gives no verdict where the target, the way to it or its direction is unknown.
    """

    version: int
    grace_days: int = 31
    on_track_within: Decimal = Decimal("0.05")
    at_risk_within: Decimal = Decimal("0.25")
    kept_nearly_within: Decimal = Decimal("0.05")
    off_track_above: tuple[int, int] = (1, 3)
    fine_from: tuple[int, int] = (2, 3)
    only_approved: bool = True
    assumed_interval_months: int | None = None
    means_of_the_period: bool = True
    targets_of_their_kind: bool = True
    unknown_is_unjudged: bool = True


RULES: Mapping[int, Rule] = {
    1: Rule(
        version=1,
        assumed_interval_months=6,
        means_of_the_period=False,
        targets_of_their_kind=False,
        unknown_is_unjudged=False,
    ),
    2: Rule(version=2),
}
CURRENT_RULE = RULES[2]


class Reading(NamedTuple):
    """What was measured on a day, and whether somebody else has approved it."""

    on: date
    value: Decimal
    approved: bool = True


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Where an indicator stands on a day, and the figures that say so.

    `value` is the newest approved value, or the mean of `mean_of` values; `on` its day (of a mean, its newest value's)
    and `age_days` the days from it to the judging day. `expected` is the path's value on the judging day, None where
    there is no path. `unjudged` says why the value does not count; `awaiting_on` is the day of a newer value that
    nobody has approved yet.
    """

    standing: Standing
    value: Decimal | None = None
    on: date | None = None
    age_days: int | None = None
    mean_of: int | None = None
    expected: Decimal | None = None
    lag: Decimal | None = None
    unjudged: Unjudged | None = None
    awaiting_on: date | None = None

    @property
    def counts(self) -> bool:
        """Whether the standing rests on the value."""
        return self.unjudged is None


class _Weighed(NamedTuple):
    """The value that is weighed, its day, and of a mean how many it is made of."""

    on: date
    value: Decimal
    of: int | None = None


def judge(series: Iterable[Reading], plan: Yardstick, rule: Rule, on: date) -> Verdict:
    """The verdict of a day over what was measured up to it, in the days' order or any other."""
    read = sorted((reading for reading in series if reading.on <= on), key=lambda reading: reading.on)
    known = [reading for reading in read if reading.approved or not rule.only_approved]
    plan = _completed(plan, rule)
    weighed = _weighed(known, plan, rule, on)
    awaiting_on = _awaiting(read, weighed) if rule.only_approved else None
    if weighed is None:
        return Verdict(
            standing=Standing.NOT_REPORTED, unjudged=_silence(read, known), expected=_told(plan, on),
            awaiting_on=awaiting_on,
        )  # fmt: skip
    unjudged = _unjudged(weighed, plan, rule, on)
    return Verdict(
        standing=Standing.NOT_REPORTED if unjudged else _standing(plan, weighed.value, rule, on),
        value=weighed.value,
        on=weighed.on,
        age_days=(on - weighed.on).days,
        mean_of=weighed.of,
        expected=_told(plan, on),
        lag=None if unjudged else lag(plan, weighed.value, on=on),
        unjudged=unjudged,
        awaiting_on=awaiting_on,
    )


def worst(standings: Iterable[Standing]) -> Standing:
    """The standing of a target is that of its weakest indicator; a gap weighs more than being on track."""
    return max(standings, key=SEVERITY.index, default=Standing.NOT_REPORTED)


def of_programme(standings: Iterable[Standing], rule: Rule) -> Standing:
    """Off track when more than a third is; needs attention when any is, or when fewer than two thirds are fine."""
    found = list(standings)
    for same in (Standing.NOT_REPORTED, Standing.MET):
        if all(standing == same for standing in found):
            return same
    off, fine = found.count(Standing.OFF_TRACK), sum(standing in FINE for standing in found)
    (off_part, off_whole), (fine_part, fine_whole) = rule.off_track_above, rule.fine_from
    if off * off_whole > off_part * len(found):
        return Standing.OFF_TRACK
    return Standing.AT_RISK if off or fine * fine_whole < fine_part * len(found) else Standing.ON_TRACK


def reported_since(on: date, *, interval_months: int, grace_days: int) -> date:
    """The first day whose measurement still counts on a date."""
    return months_after(on, -interval_months) - timedelta(days=grace_days)


def months_after(day: date, number: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    months = day.year * 12 + day.month - 1 + number
    first = date(months // 12, months % 12 + 1, 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(day.day, (next_month - timedelta(days=1)).day))


def _completed(plan: Yardstick, rule: Rule) -> Yardstick:
    """The plan with what its kind says of itself; a direction that nobody wrote follows from the figures."""
    if plan.interval_months is None:
        plan = replace(plan, interval_months=rule.assumed_interval_months)
    if not rule.targets_of_their_kind:
        return plan
    target, way = TARGET_OF_ITS_KIND.get(plan.kind, plan.target), direction(plan)
    return plan if (target, way) == (plan.target, plan.direction) else replace(plan, target=target, direction=way)


def _weighed(known: Sequence[Reading], plan: Yardstick, rule: Rule, on: date) -> _Weighed | None:
    """The newest value; of an average the mean over its period, dated by its newest value."""
    if not known:
        return None
    if plan.kind != Kind.AVERAGE:
        return _Weighed(known[-1].on, known[-1].value)
    first, last = period(plan)
    if not rule.means_of_the_period:
        counted = [reading for reading in known if reading.on <= (plan.period_ends_on or on)] or [known[-1]]
        return _Weighed(known[-1].on, _mean(counted), len(counted))
    counted = [reading for reading in known if first <= reading.on <= last]
    return _Weighed(counted[-1].on, _mean(counted), len(counted)) if counted else None


def _mean(readings: Sequence[Reading]) -> Decimal:
    return sum((reading.value for reading in readings), Decimal(0)) / len(readings)


def _silence(read: Sequence[Reading], known: Sequence[Reading]) -> Unjudged:
    if known:
        return Unjudged.OUTSIDE_PERIOD
    return Unjudged.NOT_APPROVED if read else Unjudged.NEVER_MEASURED


def _awaiting(read: Sequence[Reading], weighed: _Weighed | None) -> date | None:
    """The day of the newest value that nobody has approved, if it is newer than what is weighed."""
    days = [reading.on for reading in read if not reading.approved and (weighed is None or reading.on > weighed.on)]
    return max(days, default=None)


def _unjudged(weighed: _Weighed, plan: Yardstick, rule: Rule, on: date) -> Unjudged | None:
    if plan.target_on is None:
        return Unjudged.NO_TARGET
    if plan.interval_months is None:
        return Unjudged.NO_INTERVAL
    fresh_on = min(on, _last_day(plan, rule) or on) if plan.kind == Kind.AVERAGE else on
    if weighed.on < reported_since(fresh_on, interval_months=plan.interval_months, grace_days=rule.grace_days):
        return Unjudged.TOO_OLD
    if weighed.value in plan.verdicts or not rule.unknown_is_unjudged:
        return None
    return _unknown(weighed, plan, on)


def _unknown(weighed: _Weighed, plan: Yardstick, on: date) -> Unjudged | None:
    """What the figures lack for a verdict; without a baseline one can still see that the target is reached or past."""
    if plan.kind in KEPT:
        return Unjudged.NO_TARGET if limits(plan) == (None, None) else None
    if plan.target is None:
        return Unjudged.NO_TARGET
    if plan.direction is None:
        return Unjudged.NO_DIRECTION
    settled = reached(plan, weighed.value) or (plan.target_on is not None and on > plan.target_on)
    return Unjudged.NO_BASELINE if plan.kind in WITH_A_PATH and plan.baseline is None and not settled else None


def _standing(plan: Yardstick, value: Decimal, rule: Rule, on: date) -> Standing:
    if value in plan.verdicts:
        return plan.verdicts[value]
    if plan.kind in KEPT:
        return _kept(plan, value, rule, on)
    ends = _last_day(plan, rule)
    if reached(plan, value):
        still_runs = plan.kind == Kind.AVERAGE and on < period(plan)[1]
        return Standing.ON_TRACK if still_runs else Standing.MET
    if ends is not None and on > ends:
        return Standing.OFF_TRACK
    return by_lag(lag(plan, value, on=on), rule)


def _last_day(plan: Yardstick, rule: Rule) -> date | None:
    """The day after which nothing can mend it: the target date; of an average the end of its period."""
    if plan.kind == Kind.AVERAGE and rule.means_of_the_period:
        return period(plan)[1]
    return plan.target_on


def _told(plan: Yardstick, on: date) -> Decimal | None:
    """What the path expects, where there is one to be told of."""
    return expected(plan, on=on) if plan.kind in WITH_A_PATH and stops(plan) else None


def by_lag(lag: Decimal | None, rule: Rule) -> Standing:
    """The verdict of a lag before the target date; without one nothing is missing."""
    if lag is None or lag <= rule.on_track_within:
        return Standing.ON_TRACK
    return Standing.AT_RISK if lag <= rule.at_risk_within else Standing.OFF_TRACK


def _kept(plan: Yardstick, value: Decimal, rule: Rule, on: date) -> Standing:
    broken, past = broken_by(plan, value), plan.target_on is not None and on > plan.target_on
    if not broken:
        return Standing.MET if past or on == plan.target_on else Standing.ON_TRACK
    nearly = broken <= rule.kept_nearly_within * breadth(plan)
    return Standing.AT_RISK if nearly and not past else Standing.OFF_TRACK
