"""The projects of a programme's page: state, next milestone and slip, the targets they serve, their money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Model

from portfolio import history
from portfolio.benefits.models import BenefitTarget
from portfolio.history.tables import Only
from projects.lessons.models import Lesson
from projects.money.models import Funding
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project, ProjectMove, ProjectTarget
from reporting.compilation.work import project_standing, total
from reporting.facts import ProjectFacts, Standing, Text
from reporting.pages.moment import seen_ids
from reporting.pages.periods import period_begins
from reporting.pages.programmes.figures import OPEN, TopRisk, YearsMoney, slip
from reporting.pages.programmes.head import Read
from reporting.pages.programmes.paging import Page, paged
from reporting.snapshot import narrow, overall
from reporting.snapshot import projects as snapshot
from reporting.snapshot.world import World, among, identity


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


@dataclass(frozen=True)
class ProjectRow:
    """A project in the list of a programme, with its id and the highest of its open risks."""

    id: int
    view: ProjectView
    risk: TopRisk | None


@dataclass(frozen=True)
class ProjectsPage:
    """The projects that the reader may see, in the order of their codes; `some` where others are hidden."""

    page: Page[ProjectRow]
    some: bool

    @property
    def slips(self) -> bool:
        """Whether any project has a milestone ahead that could slip."""
        return any(row.view.slip is not None for row in self.page.rows)


def projects(found: Read, number: int) -> ProjectsPage:
    """The page of a programme's projects that was asked for: the same number of statements at any size."""
    at, on, pk = found.shown.known_at, found.shown.on, found.row.id
    seen = [each.id for each in overall.projects(at, on, programme_id=pk) if found.seen.sees(Project, each.id)]
    page = paged(seen, number)
    world = _world(found, page.rows)
    since = since_when(found)
    rows = [_row(found, world, each, since) for each in page.rows]
    return ProjectsPage(Page(rows, page.number, page.pages, page.total), found.partly(Project))


WITHIN = (ProjectMove, Milestone, StatusReport, Pilot, ProjectTarget, Lesson, Funding, Risk)


def _world(found: Read, ids: Sequence[int]) -> World:
    """The projects of a page with what belongs to them, the targets they serve, and when the city reports."""
    links = history.known(ProjectTarget, found.shown.known_at).filter(project_id__in=among(ids)).values("target_id")
    only: dict[type[Model], Only] = {Project: Only("id", ids)} | {kind: Only("project_id", ids) for kind in WITHIN}
    only |= {PilotMove: Only("pilot_id", Pilot)}
    only |= {BenefitTarget: Only("id", seen_ids(BenefitTarget, found.shown, found.by, among=links))}
    return narrow.named(found.shown.cut, found.shown.on, only)


def since_when(found: Read) -> date:
    """The first day of which a status report still tells of today: one statement."""
    world = narrow.named(found.shown.cut, found.shown.on, {}, *narrow.REPORTED, beside=found.world.rows)
    return period_begins(world, found.row.id, found.shown.on)


def _row(found: Read, world: World, pk: int, since: date) -> ProjectRow:
    row, on = world.get(Project, pk), found.shown.on
    assert row is not None
    told = project(world, snapshot.project(world, row), _money(found, world, pk), on, since)
    seen = [each for each in world.where(Risk, project_id=pk) if found.seen.sees(Risk, each.id)]
    open_ = [each for each in seen if snapshot.is_open(each, on)]
    highest = max(open_, key=lambda each: (each.likelihood * each.impact, -each.id), default=None)
    return ProjectRow(pk, told, TopRisk.of(highest, on) if highest else None)


def _money(found: Read, world: World, pk: int) -> YearsMoney:
    """The money of a project in all years; where a part of the programme's is hidden, none is told."""
    rows = world.where(Funding, project_id=pk) if not found.partly(Funding) else []
    used = snapshot.used_by_then(rows, found.shown.on, found.shown.cut)
    return YearsMoney(total(row.budget for row in rows), total(used.get(row.id) for row in rows))


def project(world: World, facts: ProjectFacts, money: YearsMoney, on: date, since: date) -> ProjectView:
    ahead = [m for m in facts.milestones if m.reached_on is None]
    nearest = min(ahead, key=lambda m: (m.forecast_on or m.planned_on, m.key), default=None)
    open_ = facts.state in OPEN
    codes = {identity(row, "target"): row.code for row in world.rows[BenefitTarget]}
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
        budget=money.available,
        used=money.used,
        pilot=str(Pilot.State(facts.pilot.state).label) if facts.pilot else "",
    )
