"""The projects of a programme's page: state, next milestone and slip, the targets they serve, their money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portfolio.benefits.models import BenefitTarget
from projects.pilots.models import Pilot
from projects.register.models import Project
from reporting.compilation.work import project_standing, total
from reporting.facts import ProgrammeFacts, ProjectFacts, Standing, Text
from reporting.snapshot.world import World, identity


@dataclass(frozen=True)
class ProjectView:
    """A project with its state, its next milestone and how far that has slipped.

    A standing has only what runs, as in the report; `stale` is a status report of an earlier period, which gives none.
    """

    facts: ProjectFacts
    kind: str
    state: str
    standing: Standing | None
    stale: bool
    serves: tuple[str, ...]
    milestone: Text | None
    milestone_on: date | None
    slip: int | None
    budget: Decimal | None
    used: Decimal | None
    pilot: str = ""


def project(world: World, facts: ProjectFacts, of: ProgrammeFacts, on: date, since: date) -> ProjectView:
    ahead = [m for m in facts.milestones if m.reached_on is None]
    nearest = min(ahead, key=lambda m: (m.forecast_on or m.planned_on, m.key), default=None)
    open_ = facts.state in ("planned", "running", "suspended")
    codes = {identity(row, "target"): row.code for row in world.rows[BenefitTarget]}
    money = [row for row in of.money if row.project == facts.key]
    expected_on = (nearest.forecast_on or nearest.planned_on) if nearest else None
    return ProjectView(
        facts=facts,
        kind=str(Project.Kind(facts.kind).label),
        state=str(Project.State(facts.state).label),
        standing=project_standing(facts, since=since) if facts.state == "running" else None,
        stale=facts.status is not None and facts.status.status_on < since,
        serves=tuple(codes[key] for key in facts.serves if key in codes),
        milestone=nearest.name if nearest and open_ else None,
        milestone_on=expected_on if open_ else None,
        slip=slip(nearest.planned_on, expected_on, on) if nearest and expected_on and open_ else None,
        budget=total(row.budget for row in money),
        used=total(row.used for row in money),
        pilot=str(Pilot.State(facts.pilot.state).label) if facts.pilot else "",
    )


def slip(planned_on: date, expected_on: date, on: date) -> int:
    """Days after the plan: by the forecast, or by today where that has passed too."""
    return max((max(expected_on, on if expected_on < on else expected_on) - planned_on) // timedelta(days=1), 0)
