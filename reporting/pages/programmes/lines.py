"""What one line says of a programme: its weakest target, the next milestone, the year's money, the highest risk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import Model

from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import SEVERITY, Kind
from portfolio.history.tables import Only
from projects.progress.models import Milestone, Risk
from projects.progress.scale import level, mitigation_overdue
from reporting.compilation import standings, work
from reporting.documents.rendering.language import Voice
from reporting.facts import Standing, Text
from reporting.pages.moment import Moment
from reporting.pages.programmes.projects import slip
from reporting.pages.targets.indicators import FigureRow, actual, path
from reporting.snapshot import benefits, narrow, overall
from reporting.snapshot.judged import JudgedIndicator, JudgedTarget
from reporting.snapshot.overall import ProjectLine, RiskLine
from reporting.snapshot.projects import used_by_then
from reporting.snapshot.world import text

OPEN = ("planned", "running", "suspended")


@dataclass(frozen=True)
class Weakest:
    """The benefit target that stands worst, with the value that says so and what was expected by then."""

    id: int
    code: str
    title: Text
    standing: Standing
    value: FigureRow | None
    path: FigureRow | None


@dataclass(frozen=True)
class NextMilestone:
    """What is to be reached next, when, and how many days after the plan."""

    name: Text
    on: date
    slip: int


@dataclass(frozen=True)
class YearsMoney:
    """What may be used in the year of the day shown, and what has been; None where nothing is known."""

    available: Decimal | None
    used: Decimal | None


@dataclass(frozen=True)
class TopRisk:
    """The highest open risk."""

    title: Text
    level: int
    overdue: bool


@dataclass(frozen=True)
class Chosen:
    """Of a programme what a line tells by name."""

    target: JudgedTarget | None = None
    project: ProjectLine | None = None
    risk: RiskLine | None = None


def weakest(targets: Iterable[JudgedTarget]) -> JudgedTarget | None:
    """The living target that stands worst, of several the one that lags most."""
    living = [target for target in targets if target.state == "approved"]
    return max(living, key=lambda target: (SEVERITY.index(target.standing), _lag(target)), default=None)


def _lag(target: JudgedTarget) -> Decimal:
    decides = target.weakest
    return (decides.verdict.lag if decides else None) or Decimal(0)


def nearest(projects: Iterable[ProjectLine]) -> ProjectLine | None:
    """The open project whose next milestone comes first."""
    ahead = [project for project in projects if project.milestone_id and project.state in OPEN]
    return min(ahead, key=lambda project: (_expected(project), project.milestone_id), default=None)


def _expected(project: ProjectLine) -> date:
    return cast(date, project.forecast_on or project.planned_on)


def years_money(rows: Sequence[overall.MoneyLine], shown: Moment) -> YearsMoney:
    """The sources of a year together; a gap is not zero."""
    used = used_by_then(rows, shown.on, shown.cut)
    return YearsMoney(work.total(map(work.available, rows)), work.total(used.get(row.id) for row in rows))


class Words:
    """The names and figures of what was chosen, read at once: two statements at the most."""

    def __init__(self, chosen: Iterable[Chosen], shown: Moment, voice: Voice) -> None:
        self.shown, self.voice = shown, voice
        self.world = narrow.named(shown.cut, shown.on, _only(list(chosen)))

    def target(self, found: JudgedTarget | None) -> Weakest | None:
        if found is None:
            return None
        title = text(self.world.get(TargetVersion, found.version_id), "title")
        value, expected = self._figures(found.weakest) if found.weakest else (None, None)
        return Weakest(found.id, found.code, title, found.standing.value, value, expected)

    def _figures(self, found: JudgedIndicator) -> tuple[FigureRow, FigureRow | None]:
        """The value, and what the path promised for the day; without a path the target."""
        plan, row = self.world.get(IndicatorPlan, found.plan_id), self.world.get(Indicator, found.id)
        assert plan is not None and row is not None
        facts = benefits.indicator(self.world, plan, row)
        finding = standings.finding(facts.key, found.verdict)
        return actual(facts, finding, self.voice), path(facts, finding, self.shown.on, self.voice)

    def milestone(self, found: ProjectLine | None) -> NextMilestone | None:
        if found is None or found.planned_on is None:
            return None
        name, on = text(self.world.get(Milestone, found.milestone_id), "name"), _expected(found)
        return NextMilestone(name, on, slip(found.planned_on, on, self.shown.on))

    def risk(self, found: RiskLine | None) -> TopRisk | None:
        if found is None:
            return None
        overdue = mitigation_overdue(found.mitigate_by, on=self.shown.on)
        return TopRisk(text(self.world.get(Risk, found.id), "title"), level(found.likelihood, found.impact), overdue)


def _only(chosen: list[Chosen]) -> dict[type[Model], Only]:
    """The rows that the words stand in; of an average all values, by which it is written as exactly as they are."""
    targets = [each.target for each in chosen if each.target]
    deciding = [decides for target in targets if (decides := target.weakest)]
    averages = [each.id for each in deciding if each.kind == Kind.AVERAGE]
    return {
        TargetVersion: Only("id", [target.version_id for target in targets]),
        Indicator: Only("id", [each.id for each in deciding]),
        IndicatorPlan: Only("id", [each.plan_id for each in deciding]),
        PathPoint: Only("plan_id", [each.plan_id for each in deciding]),
        Measurement: Only("indicator_id", averages),
        Milestone: Only("id", [each.project.milestone_id for each in chosen if each.project]),
        Risk: Only("id", [each.risk.id for each in chosen if each.risk]),
    }
