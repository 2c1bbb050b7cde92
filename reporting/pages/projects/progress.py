"""How a project gets on: its milestones with every new date, its risks with every new score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portfolio import clock
from projects.progress.models import Milestone, Risk
from projects.progress.scale import band, mitigation_overdue
from reporting.compilation.work import expected_on, is_owed, slip_days
from reporting.facts import MilestoneFacts, ProjectFacts, RiskFacts, Text
from reporting.snapshot import projects
from reporting.snapshot.nouns import Planned, Scored
from reporting.snapshot.world import World, identity, remark


@dataclass(frozen=True)
class Replan:
    """A new day for a milestone: which it was, which it became, when that was recorded and why."""

    was: date
    became: date
    on: date
    because: Text


@dataclass(frozen=True)
class MilestoneView:
    """A milestone with all its days; `slip` counts from the first plan, nothing where nothing is expected any more."""

    facts: MilestoneFacts
    replans: tuple[Replan, ...]
    owed: bool
    overdue: bool
    slip: int | None

    @property
    def on(self) -> date:
        """When it is or was reached, as planned now."""
        return expected_on(self.facts)


@dataclass(frozen=True)
class Score:
    """How high a risk was scored since a day, and why then."""

    level: int
    likelihood: int
    impact: int
    on: date
    because: Text

    @property
    def band(self) -> str:
        return band(self.level)


@dataclass(frozen=True)
class RiskView:
    """A risk with its scores over time; a closed one says why."""

    facts: RiskFacts
    identified_on: date
    course: tuple[Score, ...]
    overdue: bool
    closed_on: date | None
    closed_because: Text

    @property
    def rose(self) -> int:
        """How much higher it is than at first."""
        return self.facts.level - self.course[0].level if self.course else 0


def milestones(world: World, of: ProjectFacts, courses: Mapping[int, list[Planned]]) -> Iterator[MilestoneView]:
    """In the project's own order."""
    rows = {identity(row, "milestone"): row.id for row in world.rows[Milestone]}
    for facts in of.milestones:
        owed = is_owed(of, facts)
        yield MilestoneView(
            facts=facts,
            replans=tuple(_replans(world, courses.get(rows[facts.key], []))),
            owed=owed,
            overdue=owed and facts.reached_on is None and expected_on(facts) < world.status_date,
            slip=slip_days(facts, on=world.status_date) if owed else None,
        )


def _replans(world: World, states: list[Planned]) -> Iterator[Replan]:
    for before, after in zip(states, states[1:], strict=False):
        if before.forecast_on != after.forecast_on:
            because = remark(world, after.replanned_because)
            yield Replan(before.forecast_on, after.forecast_on, _day(after.history_date), because)


def risks(world: World, courses: Mapping[int, list[Scored]]) -> Iterator[RiskView]:
    """The open ones first, the highest first; then those that are closed, the newest first."""
    known = [row for row in world.rows[Risk] if row.identified_on <= world.status_date]
    views = [_risk(world, row, courses.get(row.id, [])) for row in known]
    gone = [view for view in views if view.closed_on is not None]
    yield from sorted((view for view in views if view.closed_on is None), key=lambda each: -each.facts.level)
    yield from sorted(gone, key=lambda each: each.closed_on or date.min, reverse=True)


def _risk(world: World, row: Risk, states: list[Scored]) -> RiskView:
    closed = row.closed_on is not None and row.closed_on <= world.status_date
    return RiskView(
        facts=projects.risk(world, row),
        identified_on=row.identified_on,
        course=tuple(_scores(world, states, row.identified_on)),
        overdue=not closed and mitigation_overdue(row.mitigate_by, on=world.status_date),
        closed_on=row.closed_on if closed else None,
        closed_because=remark(world, row.closed_because) if closed else Text(),
    )


def _scores(world: World, states: list[Scored], identified_on: date) -> Iterator[Score]:
    """Each state that was scored otherwise than the one before; the first counts from the day it was identified."""
    scored: tuple[int, int] | None = None
    for state in states:
        first, now = scored is None, (state.likelihood, state.impact)
        if now == scored:
            continue
        scored = now
        on = identified_on if first else _day(state.history_date)
        because = Text() if first else remark(world, state.history_change_reason or "")
        yield Score(state.likelihood * state.impact, *now, on, because)


def _day(at: datetime) -> date:
    return at.astimezone(clock.zone()).date()
