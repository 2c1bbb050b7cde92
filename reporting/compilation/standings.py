"""Standing by written rule: of an indicator, of a benefit target, of a programme."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from portfolio.benefits import standing as rule
from reporting.compilation.findings import FINE, IndicatorFinding
from reporting.facts import IndicatorFacts, MeasurementFacts, Standing

# A known deviation is never hidden by a missing figure, and a missing figure is never hidden by a good one.
WEAKEST_FIRST: tuple[Standing, ...] = ("off_track", "at_risk", "not_reported", "on_track", "met")


def of_indicator(facts: IndicatorFacts, *, on: date, late_on: tuple[date, ...] = ()) -> IndicatorFinding:
    """Judges the approved measurements up to a day by the rule of the benefits room."""
    approved = [m for m in facts.measurements if m.approved and m.on <= on]
    if not approved or facts.target_on is None:
        return IndicatorFinding(key=facts.key, standing="not_reported")
    yardstick, latest = _yardstick(facts, facts.target_on), _latest(facts, approved)
    answer = rule.standing(yardstick, latest=latest, on=on)
    counts = answer is not rule.Standing.NOT_REPORTED
    return IndicatorFinding(
        key=facts.key,
        standing=_word(answer),
        latest_value=latest.value,
        latest_on=latest.on,
        counts=counts,
        expected=rule.expected(yardstick, on=on),
        lag=rule.lag(yardstick, latest.value, on=on) if counts else None,
        late_on=late_on,
    )


def of_target(indicators: Sequence[IndicatorFinding]) -> Standing:
    """Its weakest indicator decides; none at all is not reported."""
    found = {finding.standing for finding in indicators} or {"not_reported"}
    return next(standing for standing in WEAKEST_FIRST if standing in found)


def of_programme(targets: Iterable[Standing]) -> Standing:
    """Off track when more than a third is; at risk when any is, or when fewer than two thirds are fine."""
    standings = list(targets)
    if all(standing == "not_reported" for standing in standings):
        return "not_reported"
    if all(standing == "met" for standing in standings):
        return "met"
    off = standings.count("off_track")
    fine = sum(standing in FINE for standing in standings)
    if 3 * off > len(standings):
        return "off_track"
    return "at_risk" if off or 3 * fine < 2 * len(standings) else "on_track"


def _yardstick(facts: IndicatorFacts, target_on: date) -> rule.Yardstick:
    baseline = None
    if facts.baseline_value is not None and facts.baseline_on is not None:
        baseline = rule.Point(facts.baseline_on, facts.baseline_value)
    return rule.Yardstick(
        kind=rule.Kind(facts.kind),
        direction=rule.Direction(facts.direction),
        target_on=target_on,
        interval_months=facts.interval_months,
        target=facts.target_value,
        baseline=baseline,
        path=[rule.Point(point.on, point.value) for point in facts.path],
        lower=facts.lower,
        upper=facts.upper,
        group_size=facts.group_size,
        period_ends_on=facts.period_ends_on,
        verdicts={level.value: rule.Standing(level.verdict) for level in facts.rubric if level.verdict},
    )


def _latest(facts: IndicatorFacts, approved: Sequence[MeasurementFacts]) -> rule.Point:
    """The newest value; of an average the mean over its period, with the newest day."""
    newest = max(approved, key=lambda measurement: measurement.on)
    if facts.kind != "average":
        return rule.Point(newest.on, newest.value)
    period = [m.value for m in approved if facts.period_ends_on is None or m.on <= facts.period_ends_on] or [
        newest.value
    ]
    return rule.Point(newest.on, sum(period, Decimal(0)) / len(period))


def _word(answer: rule.Standing) -> Standing:
    return next(standing for standing in WEAKEST_FIRST if standing == answer.value)
