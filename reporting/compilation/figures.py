"""How exactly a figure is written: never so rounded that it seems to meet a target that it misses."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from portfolio.benefits.standing import Rule
from reporting.compilation import standings
from reporting.compilation.findings import Figure, IndicatorFinding
from reporting.facts import IndicatorFacts, Text

MOST = 6
# An age above a month is said beside a value; below it, the report simply came soon after the measuring.
SAID_ABOVE_DAYS = 31
MONTH = Decimal("30.44")


def value(facts: IndicatorFacts, finding: IndicatorFinding) -> Figure | None:
    """What is told of an indicator: the newest value that counts, or the mean; an old one carries its day.

    A mean is written with one decimal more than its values, in every report, so that two means can be compared.
    """
    if finding.latest_value is None:
        return None
    decimals = telling(finding.latest_value, _decimals(facts, finding), bounds(facts))
    said_on = finding.latest_on if is_old(finding) else None
    return Figure(value=finding.latest_value, decimals=decimals, unit=facts.unit, on=said_on)


def _decimals(facts: IndicatorFacts, finding: IndicatorFinding) -> int:
    if (finding.mean_of or 0) < 2:
        return facts.decimals
    return min(max([facts.decimals, *(places(one.value) for one in facts.measurements if one.approved)]) + 1, MOST)


def expected(facts: IndicatorFacts, finding: IndicatorFinding, by: Rule) -> Figure | None:
    """What the path promises for the status date, exact enough for the standing (30.5 needs attention, 31 is on track).

    `by` is the rule that gave the standing.
    """
    due = finding.expected
    if due is None:
        return None
    least = telling(due, facts.decimals, bounds(facts))
    fits = (n for n in range(least, MOST) if standings.same_if_written(facts, finding, rounded(due, n), by))
    return Figure(value=due, decimals=next(fits, MOST), unit=facts.unit)


def baseline(facts: IndicatorFacts) -> Figure | None:
    return None if facts.baseline_value is None else typed(facts, facts.baseline_value)


def target(facts: IndicatorFacts) -> Figure | None:
    """What is to be reached, or the limit or range that is to be kept."""
    if facts.kind == "keep_within":
        return _range(facts)
    aim = target_value(facts)
    if aim is None:
        return None
    limit = facts.kind if facts.kind in ("keep_at_least", "keep_at_most") else ""
    figure = typed(facts, aim)
    return Figure(value=aim, decimals=figure.decimals, unit=facts.unit, limit=limit)


def _range(facts: IndicatorFacts) -> Figure | None:
    low, high = facts.lower, facts.upper
    if low is not None and high is not None:
        decimals = max(typed(facts, low).decimals, typed(facts, high).decimals)
        return Figure(value=low, upper=high, decimals=decimals, unit=facts.unit)
    only = low if low is not None else high
    if only is None:
        return None
    limit = "keep_at_least" if low is not None else "keep_at_most"
    return Figure(value=only, decimals=typed(facts, only).decimals, unit=facts.unit, limit=limit)


def limits(facts: IndicatorFacts) -> dict[str, Figure]:
    """The lower and the upper limit of what is to be kept, as far as there are."""
    known = {
        "keep_at_least": {"lower": facts.target_value},
        "keep_at_most": {"upper": facts.target_value},
        "keep_within": {"lower": facts.lower, "upper": facts.upper},
    }.get(facts.kind, {})
    told = {name: typed(facts, limit) for name, limit in known.items() if limit is not None}
    if len(told) == 2:  # the unit is said once, behind the second
        told["lower"] = replace(told["lower"], unit=Text())
    return told


def target_value(facts: IndicatorFacts) -> Decimal | None:
    """The value to reach; a thing is done at 1 and brought to zero at 0, whether anybody typed it or not."""
    return {"done": Decimal(1), "zero": Decimal(0)}.get(facts.kind, facts.target_value)


def typed(facts: IndicatorFacts, figure: Decimal) -> Figure:
    """A figure as somebody entered it: with the indicator's decimals, or more if it has more."""
    return Figure(value=figure, decimals=min(max(facts.decimals, places(figure)), MOST), unit=facts.unit)


def bounds(facts: IndicatorFacts) -> list[Decimal]:
    """The figures on whose other side a value stands otherwise."""
    of_range = (facts.lower, facts.upper) if facts.kind == "keep_within" else (target_value(facts),)
    return [bound for bound in of_range if bound is not None]


def telling(value: Decimal, decimals: int, bounds: Iterable[Decimal]) -> int:
    """The fewest decimals, from those given, with which a value stands on its own side of every bound."""
    for number in range(decimals, MOST):
        written = rounded(value, number)
        if all(_side(written, bound) == _side(value, bound) for bound in bounds):
            return number
    return MOST


def rounded(value: Decimal, decimals: int) -> Decimal:
    """A value as it is written."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def is_old(finding: IndicatorFinding) -> bool:
    """Whether the value's age is worth saying."""
    return finding.age_days is not None and finding.age_days > SAID_ABOVE_DAYS


def age_months(finding: IndicatorFinding) -> int:
    """The value's age in whole months, rounded to the nearest."""
    return round((finding.age_days or 0) / MONTH)


def places(figure: Decimal) -> int:
    """How many decimals a figure has, trailing zeros aside."""
    exponent = figure.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _side(value: Decimal, bound: Decimal) -> int:
    return (value > bound) - (value < bound)
