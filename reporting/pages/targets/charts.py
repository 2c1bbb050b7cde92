"""The course of one indicator as a small drawing: plain numbers for a template, the same numbers stand in a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10

from reporting.compilation import figures
from reporting.compilation.course import Course, Stop, Years, course
from reporting.compilation.findings import IndicatorFinding
from reporting.facts import IndicatorFacts

LEFT, RIGHT, TOP, BOTTOM = 38.0, 268.0, 20.0, 118.0
MARK = 14.0
MOST_YEARS = 6
Write = Callable[[Decimal, int], str]


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
    """Lines, points and words of a drawing 320 wide and 142 high.

    `act` is the measured line, or the level line of a mean. Only a value that counts carries the mark of its standing.
    """

    shape: str
    counts: bool
    paths: tuple[str, ...]
    act: str
    points: tuple[Spot, ...]
    heights: tuple[Spot, ...]
    turns: tuple[float, ...]
    years: tuple[Spot, ...]
    latest: Spot | None
    known: Spot | None
    goal: Spot | None
    mark: Spot | None


@dataclass(frozen=True)
class Plane:
    """Where days and values lie."""

    years: Years
    low: float
    high: float

    def at(self, share: float) -> float:
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def x(self, on: date) -> float:
        return self.at(self.years.share(on))

    def y(self, value: Decimal) -> float:
        return round(BOTTOM - (float(value) - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)

    def spot(self, stop: Stop, text: str = "") -> Spot:
        return Spot(self.x(stop[0]), self.y(stop[1]), text)


def chart(facts: IndicatorFacts, finding: IndicatorFinding, write: Write, *, on: date) -> Chart | None:
    """The drawing of an indicator that has a scale of numbers and at least two days; else None."""
    drawn = course(facts, finding, on=on)
    if facts.kind in ("qualitative", "done") or len(set(_days(drawn, facts))) < 2:
        return None
    plane = Plane(Years.over(_days(drawn, facts)), *_scale(drawn.values))
    latest = plane.spot(drawn.latest, write(drawn.latest[1], drawn.decimals)) if drawn.latest else None
    ways = _ways(drawn, facts, plane)
    low, high = (Decimal(str(height)) for height in (plane.low, plane.high))
    return Chart(
        shape=drawn.shape,
        counts=drawn.counts,
        paths=tuple(_line(way) for way in ways),
        act=_line(_act(drawn, plane)),
        points=tuple(plane.spot(stop) for stop in drawn.measured if drawn.shape == "mean" or stop != drawn.latest),
        heights=tuple(Spot(0, plane.y(height), write(height, figures.places(height))) for height in (low, high)),
        turns=tuple(plane.at(begins) for _, begins, _ in plane.years.named(MOST_YEARS)),
        years=_years(plane),
        latest=_beside(latest, ways) if latest else None,
        known=latest if latest and not drawn.counts else None,
        goal=_goal(drawn, facts, plane, write),
        mark=Spot(latest.x - MARK / 2, latest.y - MARK / 2) if latest and drawn.counts else None,
    )


def _days(drawn: Course, facts: IndicatorFacts) -> list[date]:
    """What is to be kept is kept until its target date, though it has no path there."""
    return [*drawn.days, *([facts.target_on] if facts.target_on and drawn.limits else [])]


def _ways(drawn: Course, facts: IndicatorFacts, plane: Plane) -> list[list[Spot]]:
    """The agreed path; of what is to be kept, its limits from the first day to the last."""
    if drawn.limits:
        days = sorted(_days(drawn, facts))
        return [[plane.spot((day, limit)) for day in (days[0], days[-1])] for limit in drawn.limits]
    return [[plane.spot(stop) for stop in drawn.path]]


def _act(drawn: Course, plane: Plane) -> list[Spot]:
    """What has been measured as one line; of an average its mean over the period."""
    if drawn.shape == "mean":
        mean = drawn.latest
        return [plane.spot((day, mean[1])) for day in drawn.period] if mean and drawn.period else []
    start = [drawn.baseline] if drawn.baseline else []
    before = [stop for stop in start if not drawn.measured or stop[0] < drawn.measured[0][0]]
    return [plane.spot(stop) for stop in (*before, *drawn.measured)]


def _goal(drawn: Course, facts: IndicatorFacts, plane: Plane, write: Write) -> Spot | None:
    """The target; of one limit, the limit on its day. A range has its two lines."""
    if drawn.target:
        return plane.spot(drawn.target, write(drawn.target[1], figures.typed(facts, drawn.target[1]).decimals))
    if len(drawn.limits) != 1 or facts.target_on is None:
        return None
    (limit,) = drawn.limits
    return plane.spot((facts.target_on, limit), write(limit, figures.typed(facts, limit).decimals))


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


def _years(plane: Plane) -> tuple[Spot, ...]:
    """Each year's name in the middle of it; of many years every second, third …"""
    named = plane.years.named(MOST_YEARS)
    return tuple(Spot(plane.at((begins + ends) / 2), BOTTOM, str(year)) for year, begins, ends in named)


def _beside(latest: Spot, ways: list[list[Spot]]) -> Spot:
    """The number goes to the side of the mark where the planned line is not."""
    around = [spot.y for way in ways for spot in way if abs(spot.x - latest.x) < 90]
    above = bool(around) and min(around, key=lambda y: abs(y - latest.y)) > latest.y
    high = latest.y - 12 if above else latest.y + 23
    if high > BOTTOM - 2:
        high = latest.y - 12
    if high < 12:
        high = latest.y + 23
    return Spot(min(latest.x, RIGHT - 6), round(high, 1), latest.text)


def _line(spots: list[Spot]) -> str:
    return " ".join(f"{spot.x},{spot.y}" for spot in spots) if len(spots) > 1 else ""
