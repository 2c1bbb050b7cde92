"""Which values an indicator can take, and on which days: pure rules over rows handed to them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portfolio import city
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import Indicator, IndicatorPlan
from portfolio.benefits.standing import Kind, Standing
from portfolio.languages import LANGUAGES
from portfolio.refusals import Lack

VERDICTS = frozenset(standing.value for standing in Standing if standing is not Standing.NOT_REPORTED)
LEVEL = frozenset({"value", "label", "verdict"})


def reading_lacks(measurement: Measurement, *, plans: Iterable[IndicatorPlan], today: date) -> Iterator[Lack]:
    """All that is wrong with a day and a value (INV-56, INV-57, INV-58)."""
    plans = list(plans)
    began = min((plan.baseline_on for plan in plans if plan.baseline_on), default=None)
    measured_on, value = measurement.measured_on, measurement.value
    if measured_on and (measured_on > today or (began and measured_on < began)):
        yield Lack("measurement.date", field="measured_on", measured_on=measured_on, first=began, last=today)
    if value is None:
        yield Lack("measurement.empty", field="value")
        return
    if not _on_the_scale(measurement.indicator, plans, value):
        yield Lack("measurement.scale", field="value", value=value)
    exponent = Decimal(value).normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > measurement.indicator.decimals:
        yield Lack("measurement.decimals", field="value", decimals=measurement.indicator.decimals)


def path_lacks(plan: IndicatorPlan, days: Sequence[date]) -> Iterator[Lack]:
    """A path has one value for a day, and its days lie between baseline and target (INV-56)."""
    if len(set(days)) < len(days):
        yield Lack("indicator.path", field="path")
    for day in days:
        if (plan.baseline_on and day <= plan.baseline_on) or (plan.target_on and day >= plan.target_on):
            yield Lack("indicator.dates", field="path", on=day)


def rubric_lacks(rubric: Any) -> Iterator[Lack]:
    """A scale is a list of levels with different numbers and a text each; a verdict is a standing (INV-56)."""
    if not isinstance(rubric, list) or not all(_is_level(level) for level in rubric):
        yield Lack("indicator.rubric", field="rubric")
    elif len({level["value"] for level in rubric}) < len(rubric):
        yield Lack("indicator.rubric", field="rubric")


def _is_level(level: Any) -> bool:
    return (
        isinstance(level, dict)
        and LEVEL >= level.keys() >= {"value", "label"}
        and type(level["value"]) is int
        and _is_text(level["label"])
        and str(level.get("verdict", "met")) in VERDICTS
    )


def _is_text(label: Any) -> bool:
    return (
        isinstance(label, dict)
        and bool(label.get(city.identity().first))
        and all(language in LANGUAGES and isinstance(text, str) for language, text in label.items())
    )


def _on_the_scale(indicator: Indicator, plans: Sequence[IndicatorPlan], value: Decimal) -> bool:
    if indicator.kind == Kind.DONE:
        return value in (0, 1)
    if indicator.kind == Kind.ZERO:
        return value >= 0
    if indicator.kind == Kind.RANK:
        members = max((plan.group_size for plan in plans if plan.group_size), default=None)
        return value >= 1 and value == int(value) and (members is None or value <= members)
    if indicator.kind == Kind.QUALITATIVE:
        return value in {level["value"] for level in indicator.rubric}
    return True
