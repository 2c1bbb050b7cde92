"""The course of one indicator as a small drawing: plain numbers for a template, the same numbers stand in a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10

from reporting.compilation.findings import IndicatorFinding
from reporting.facts import IndicatorFacts

LEFT, RIGHT, TOP, BOTTOM = 38.0, 268.0, 20.0, 118.0
MARK = 14.0
KEPT = ("keep_at_least", "keep_at_most", "keep_within")


@dataclass(frozen=True)
class Spot:
    """A place in the drawing with what is written there."""

    x: float
    y: float
    text: str = ""

    @property
    def label_y(self) -> float:
        """Where words beside the place stand."""
        return round(self.y + 4, 1)


@dataclass(frozen=True)
class Chart:
    """Lines, points and words of a drawing 320 wide and 142 high."""

    paths: tuple[str, ...]
    act: str
    points: tuple[Spot, ...]
    heights: tuple[Spot, ...]
    years: tuple[Spot, ...]
    latest: Spot | None
    goal: Spot | None
    mark: Spot | None


@dataclass(frozen=True)
class Plane:
    """Where days and values lie."""

    first: date
    last: date
    low: float
    high: float

    def x(self, on: date) -> float:
        share = (on - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def y(self, value: Decimal) -> float:
        return round(BOTTOM - (float(value) - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)


Stops = list[tuple[date, Decimal]]


def chart(facts: IndicatorFacts, finding: IndicatorFinding, write: Callable[[Decimal, int], str]) -> Chart | None:
    """The drawing of an indicator that has a scale of numbers and at least two days; else None."""
    if facts.kind in ("qualitative", "done"):
        return None
    measured: Stops = [(m.on, m.value) for m in facts.measurements if m.approved]
    start, ways = _start(facts), _ways(facts)
    planned = [stop for way in ways for stop in way]
    days = sorted({on for on, _ in (*measured, *start, *planned)})
    if len(days) < 2:
        return None
    low, high = _scale([value for _, value in (*measured, *start, *planned)])
    plane = Plane(days[0], days[-1], low, high)
    act = [*(stop for stop in start if not measured or stop[0] < measured[0][0]), *measured]
    latest = Spot(plane.x(act[-1][0]), plane.y(act[-1][1]), write(act[-1][1], facts.decimals)) if measured else None
    return Chart(
        paths=tuple(_line(plane, way) for way in ways),
        act=_line(plane, act),
        points=tuple(Spot(plane.x(on), plane.y(value)) for on, value in act[: -1 if measured else None]),
        heights=tuple(Spot(0, plane.y(h), write(h, _needed(h))) for h in (Decimal(str(low)), Decimal(str(high)))),
        years=_years(plane),
        latest=_beside(latest, planned, plane) if latest else None,
        goal=_goal(facts, plane, write),
        mark=Spot(latest.x - MARK / 2, latest.y - MARK / 2) if latest else None,
    )


def _start(facts: IndicatorFacts) -> Stops:
    known = facts.baseline_on is not None and facts.baseline_value is not None
    return [(facts.baseline_on, facts.baseline_value)] if known else []  # type: ignore[list-item]


def _ways(facts: IndicatorFacts) -> list[Stops]:
    """The agreed path; of what is to be kept, its limits from the first day to the last."""
    if facts.target_on is None:
        return []
    if facts.kind in KEPT:
        first = min([facts.baseline_on or facts.target_on, *(m.on for m in facts.measurements)])
        limits = (facts.target_value, facts.lower, facts.upper)
        return [[(first, limit), (facts.target_on, limit)] for limit in limits if limit is not None]
    path = [(point.on, point.value) for point in facts.path]
    target = [(facts.target_on, facts.target_value)] if facts.target_value is not None else []
    return [sorted([*_start(facts), *path, *target])]


def _aim(facts: IndicatorFacts) -> Decimal | None:
    """What the drawing aims at: the target, or the limit that is to be kept."""
    return next((value for value in (facts.target_value, facts.lower, facts.upper) if value is not None), None)


def _goal(facts: IndicatorFacts, plane: Plane, write: Callable[[Decimal, int], str]) -> Spot | None:
    aim = _aim(facts)
    if facts.target_on is None or aim is None or facts.kind == "keep_within":
        return None
    return Spot(plane.x(facts.target_on), plane.y(aim), write(aim, facts.decimals))


def _scale(values: list[Decimal]) -> tuple[float, float]:
    """Round ends around the values; from zero where the values come near it."""
    low, high = float(min(values)), float(max(values))
    if 0 <= low <= 0.6 * high:
        low = 0.0
    step = _step((high - low) or abs(high) or 1.0)
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    return round(bottom, 6), round(top if top > bottom else bottom + step, 6)


def _step(span: float) -> float:
    power: float = 10.0 ** floor(log10(span))
    return next(power * nice for nice in (0.2, 0.5, 1.0, 2.0) if span <= 5 * power * nice)


def _needed(value: Decimal) -> int:
    """As many decimals as the value has."""
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _years(plane: Plane) -> tuple[Spot, ...]:
    turns = [date(year, 1, 1) for year in range(plane.first.year, plane.last.year + 1)]
    inside = [turn for turn in turns if plane.first <= turn <= plane.last]
    thinned = inside[:: max(1, ceil(len(inside) / 6))]
    return tuple(Spot(plane.x(turn), BOTTOM, str(turn.year)) for turn in thinned)


def _beside(latest: Spot, planned: Stops, plane: Plane) -> Spot:
    """The number goes to the side of the mark where the planned line is not."""
    around = [plane.y(value) for on, value in planned if abs(plane.x(on) - latest.x) < 90]
    above = bool(around) and min(around, key=lambda y: abs(y - latest.y)) > latest.y
    high = latest.y - 12 if above else latest.y + 23
    if high > BOTTOM - 2:
        high = latest.y - 12
    if high < 12:
        high = latest.y + 23
    return Spot(min(latest.x, RIGHT - 6), round(high, 1), latest.text)


def _line(plane: Plane, stops: Stops) -> str:
    return " ".join(f"{plane.x(on)},{plane.y(value)}" for on, value in stops) if len(stops) > 1 else ""
