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
from reporting.compilation import standings
from reporting.documents.rendering.language import Voice
from reporting.facts import Standing, Text
from reporting.pages.moment import Moment
from reporting.pages.programmes.figures import OPEN, NextMilestone, TopRisk, slip
from reporting.pages.targets.indicators import FigureRow, actual, aim, path
from reporting.snapshot import benefits
from reporting.snapshot.judged import JudgedIndicator, JudgedTarget
from reporting.snapshot.overall import ProjectLine, RiskLine
from reporting.snapshot.world import World, text


@dataclass(frozen=True)
class Weakest:
    """The benefit target that stands worst, with the value that says so and what was expected by then."""

    id: int
    code: str
    title: Text
    standing: Standing
    value: FigureRow | None
    path: FigureRow | None
    aim: FigureRow | None


@dataclass(frozen=True)
class Chosen:
    """Of a programme what a line tells by name."""

    target: JudgedTarget | None = None
    project: ProjectLine | None = None
    risk: RiskLine | None = None


def weakest(targets: Iterable[JudgedTarget]) -> JudgedTarget | None:
    """The living target that stands worst, of several the one that lags most."""
    living = [target for target in targets if target.state == "approved"]
    return max(living, key=badness, default=None)


def badness(target: JudgedTarget) -> tuple[int, Decimal]:
    """How far a target is off course: its standing, then what is missing from its path."""
    decides = target.weakest
    return SEVERITY.index(target.standing), (decides.verdict.lag if decides else None) or Decimal(0)


def nearest(projects: Iterable[ProjectLine]) -> ProjectLine | None:
    """The open project whose next milestone comes first."""
    ahead = [project for project in projects if project.milestone_id and project.state in OPEN]
    return min(ahead, key=lambda project: (_expected(project), project.milestone_id), default=None)


def _expected(project: ProjectLine) -> date:
    return cast(date, project.forecast_on or project.planned_on)


class Words:
    """The names and figures of what was chosen, out of the rows that they stand in (`of_lines`, `of_targets`)."""

    def __init__(self, world: World, shown: Moment, voice: Voice) -> None:
        self.world, self.shown, self.voice = world, shown, voice

    def target(self, found: JudgedTarget | None) -> Weakest | None:
        if found is None:
            return None
        title = text(self.world.get(TargetVersion, found.version_id), "title")
        figures = self._figures(found.weakest) if found.weakest else (None, None, None)
        return Weakest(found.id, found.code, title, found.standing.value, *figures)

    def _figures(self, found: JudgedIndicator) -> tuple[FigureRow, FigureRow | None, FigureRow]:
        """The value, what the path promised for the day, and what is to be reached."""
        plan, row = self.world.get(IndicatorPlan, found.plan_id), self.world.get(Indicator, found.id)
        assert plan is not None and row is not None
        facts = benefits.indicator(self.world, plan, row)
        finding = standings.finding(facts.key, found.verdict)
        told = actual(facts, finding, self.voice)
        return told, path(facts, finding, self.shown.on, self.voice), aim(facts, self.voice)

    def milestone(self, found: ProjectLine | None) -> NextMilestone | None:
        if found is None or found.planned_on is None:
            return None
        name, on = text(self.world.get(Milestone, found.milestone_id), "name"), _expected(found)
        return NextMilestone(name, on, slip(found.planned_on, on, self.shown.on))

    def risk(self, found: RiskLine | None) -> TopRisk | None:
        if found is None:
            return None
        row = self.world.get(Risk, found.id)
        return TopRisk.of(row, self.shown.on) if row else None


def of_lines(chosen: Iterable[Chosen]) -> dict[type[Model], Only]:
    """The rows that the words of some lines stand in."""
    told = list(chosen)
    return of_targets([each.target for each in told if each.target]) | {
        Milestone: Only("id", [each.project.milestone_id for each in told if each.project]),
        Risk: Only("id", [each.risk.id for each in told if each.risk]),
    }


def of_targets(targets: Sequence[JudgedTarget]) -> dict[type[Model], Only]:
    """Those of targets; of an average all values, by which it is written as exactly as they are."""
    deciding = [decides for target in targets if (decides := target.weakest)]
    averages = [each.id for each in deciding if each.kind == Kind.AVERAGE]
    return {
        TargetVersion: Only("id", [target.version_id for target in targets]),
        Indicator: Only("id", [each.id for each in deciding]),
        IndicatorPlan: Only("id", [each.plan_id for each in deciding]),
        PathPoint: Only("plan_id", [each.plan_id for each in deciding]),
        Measurement: Only("indicator_id", averages),
    }
