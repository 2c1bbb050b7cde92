"""What is drawn of one indicator, on paper or page: one choice of points, lines and limits, from facts and finding."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Self, TypeAlias

from reporting.compilation import figures
from reporting.compilation.findings import IndicatorFinding
from reporting.facts import IndicatorFacts

Stop: TypeAlias = tuple[date, Decimal]
KEPT = frozenset({"keep_at_least", "keep_at_most", "keep_within"})


@dataclass(frozen=True, kw_only=True)
class Course:
    """The drawing's content; a value that nobody has approved is not in it.

    `line`: measured values joined from the baseline, with the planned `path` or the `limits` to keep. `mean`: values
    as light points and their mean as a level line over `period`; an average has no path. `deed`: a thing done or not
    done on the days when it was looked at; it has no slope. `latest` is the value that is judged; where it does not
    `count`, it is drawn as known and not as an answer.
    """

    shape: Literal["line", "mean", "deed"]
    measured: tuple[Stop, ...]
    baseline: Stop | None = None
    path: tuple[Stop, ...] = ()
    limits: tuple[Decimal, ...] = ()
    target: Stop | None = None
    period: tuple[date, date] | None = None
    latest: Stop | None = None
    decimals: int = 0
    counts: bool = False

    @property
    def values(self) -> list[Decimal]:
        """Every height in the drawing."""
        stops = [*self.measured, *self.path, *(stop for stop in (self.baseline, self.target, self.latest) if stop)]
        return [*(value for _, value in stops), *self.limits]

    @property
    def days(self) -> list[date]:
        """Every day in the drawing."""
        stops = [*self.measured, *self.path, *(stop for stop in (self.baseline, self.target, self.latest) if stop)]
        return [*(on for on, _ in stops), *(self.period or ())]


@dataclass(frozen=True)
class Years:
    """Whole years along a drawing, so that the end of a year stands at its own end and not at the next one's name."""

    first_year: int
    last_year: int

    @classmethod
    def over(cls, days: Iterable[date]) -> Self:
        """The years of some days; a year of which only the last day is there is left out at the start."""
        found = sorted(days)
        begun, last = found[0], found[-1].year
        first = begun.year + 1 if (begun.month, begun.day) == (12, 31) else begun.year
        return cls(min(first, last), last)

    def share(self, on: date) -> float:
        """How far along a day stands, from 0 to 1."""
        start, last = date(self.first_year, 1, 1).toordinal(), date(self.last_year, 12, 31).toordinal()
        return max(0.0, min(1.0, (on.toordinal() - start) / (last + 1 - start)))

    def named(self, most: int) -> list[tuple[int, float, float]]:
        """Years with the shares where they begin and end: all, or of very many every second, third …"""
        years = range(self.first_year, self.last_year + 1)
        return [(year, self.share(date(year, 1, 1)), self._end(year)) for year in years[:: -(-len(years) // most)]]

    def _end(self, year: int) -> float:
        return 1.0 if year == self.last_year else self.share(date(year + 1, 1, 1))


def course(facts: IndicatorFacts, finding: IndicatorFinding, *, on: date) -> Course:
    """The course of an indicator up to a day, drawn from the same finding that the words and tables tell."""
    told = figures.value(facts, finding)
    known = finding.latest_on is not None and finding.latest_value is not None
    base = Course(
        shape="line",
        measured=tuple((m.on, m.value) for m in facts.measurements if m.approved and m.on <= on),
        latest=(finding.latest_on, finding.latest_value) if known else None,  # type: ignore[arg-type]
        decimals=told.decimals if told else facts.decimals,
        counts=finding.counts,
    )
    if facts.kind == "done":
        return replace(base, shape="deed", target=_target(facts))
    base = replace(base, baseline=_baseline(facts))
    if facts.kind == "average":
        return replace(base, shape="mean", target=_target(facts), period=_period(facts, base.latest))
    if facts.kind in KEPT:
        return replace(base, limits=tuple(figures.bounds(facts)))
    return replace(base, path=_path(facts), target=_target(facts))


def _baseline(facts: IndicatorFacts) -> Stop | None:
    known = facts.baseline_on is not None and facts.baseline_value is not None
    return (facts.baseline_on, facts.baseline_value) if known else None  # type: ignore[return-value]


def _target(facts: IndicatorFacts) -> Stop | None:
    value = figures.target_value(facts)
    return (facts.target_on, value) if facts.target_on is not None and value is not None else None


def _path(facts: IndicatorFacts) -> tuple[Stop, ...]:
    """The bends from baseline to target that lie between the two; none where either is unknown."""
    start, end = _baseline(facts), _target(facts)
    if start is None or end is None or any(level.verdict for level in facts.rubric):
        return ()
    return (start, *sorted((p.on, p.value) for p in facts.path if start[0] < p.on < end[0]), end)


def _period(facts: IndicatorFacts, latest: Stop | None) -> tuple[date, date] | None:
    """From the first day of the period to the newest value in it."""
    first = facts.period_starts_on or facts.baseline_on
    if latest is None:
        return None
    known = [m.on for m in facts.measurements if m.approved and (first is None or m.on >= first)]
    return min(first or latest[0], *known, latest[0]), latest[0]
