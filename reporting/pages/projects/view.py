"""One project: how it stands and why, its milestones, risks, money, partners and reports, and the targets it serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.decisions.models import Body
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from projects.money.models import Funding
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import StatusReport
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget
from reporting.compilation.work import STANDINGS, project_standing, total
from reporting.facts import MoneyFacts, ProjectFacts, Standing, Text
from reporting.pages.links import Made, Under, made, under
from reporting.pages.moment import Moment, View, view
from reporting.pages.periods import period_begins
from reporting.pages.projects.progress import MilestoneView, RiskView, milestones, risks
from reporting.pages.targets import serving
from reporting.snapshot import nouns, projects
from reporting.snapshot.benefits import in_force
from reporting.snapshot.world import World, identity, ordered, person, remark, text

OPEN = 3  # status reports that stand open


@dataclass(frozen=True)
class Head:
    """What stands above every page of a project."""

    id: int
    code: str
    title: Text
    under: Under
    kind: str
    state: str
    standing: Standing | None


@dataclass(frozen=True)
class Step:
    """A state of a project or a pilot since a day, and why."""

    state: str
    on: date
    because: Text


@dataclass(frozen=True)
class Told:
    """One status report; one that is not submitted yet is a draft."""

    on: date
    standing: Standing
    text: Text
    submitted_on: date | None
    by: str


@dataclass(frozen=True)
class Money:
    """One source of money in a year, or all of the year together."""

    year: str
    source: str
    funder: Text
    budget: Decimal | None
    granted: Decimal | None
    used: Decimal | None
    used_on: date | None = None
    together: bool = False


@dataclass(frozen=True)
class Taking:
    """A partner's part in the project."""

    name: Text
    kind: str
    task: Text
    starts_on: date | None
    ends_on: date | None
    over: bool


@dataclass(frozen=True)
class Served:
    """A target that the project works for; `together` is what all projects take on of it."""

    id: int | None
    code: str
    title: Text
    under: Under | None
    share: int | None
    together: int | None
    supports: bool
    offered: bool
    ended_on: date | None

    @property
    def too_much(self) -> bool:
        """Whether the projects promise more than the whole."""
        return self.together is not None and self.together > serving.WHOLE


@dataclass(frozen=True)
class PilotView:
    """What was tried out and what came of it."""

    state: str
    steps: tuple[Step, ...]
    result: Text
    lessons: Text
    adopted_by: Text
    decision: Made | None


@dataclass(frozen=True)
class ProjectPage(Head):
    """Everything the page of a project says."""

    facts: ProjectFacts
    delivery: str
    stale: bool
    steps: tuple[Step, ...]
    carried_over_because: Text
    continues_in: Text
    continues_because: Text
    milestones: tuple[MilestoneView, ...]
    risks: tuple[RiskView, ...]
    money: tuple[Money, ...]
    partners: tuple[Taking, ...]
    reports: tuple[Told, ...]
    pilot: PilotView | None
    serves: tuple[Served, ...]

    @property
    def next_milestone(self) -> MilestoneView | None:
        """The nearest that is still ahead."""
        ahead = [each for each in self.milestones if each.owed and each.facts.reached_on is None]
        return min(ahead, key=lambda each: each.on, default=None)

    @property
    def newest(self) -> tuple[Told, ...]:
        return self.reports[:OPEN]

    @property
    def older(self) -> tuple[Told, ...]:
        """The status reports that are folded."""
        return self.reports[OPEN:]

    @property
    def open_risks(self) -> tuple[RiskView, ...]:
        return tuple(each for each in self.risks if each.closed_on is None)

    @property
    def this_year(self) -> Money | None:
        """The newest year that has money."""
        return next((each for each in self.money if each.together), None)


def project(pk: int, shown: Moment, by: Person) -> ProjectPage:
    """One project at a moment, for one reader; the same number of statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    read, courses = nouns.of_project(pk, shown.cut, shown.on, past=shown.past)
    found = view(read, by, StatusReport, ProjectTarget, TargetVersion, past=shown.past)
    world, row = found.world, _row(found.world, pk)
    facts = projects.project(world, row)
    return ProjectPage(
        **vars(_head(world, row, facts, shown.on)),
        facts=facts,
        delivery=str(Project.Delivery(row.delivery).label) if row.delivery else "",
        stale=facts.status is not None and facts.status.status_on < period_begins(world, row.programme_id, shown.on),
        steps=tuple(_steps(world, row)),
        carried_over_because=remark(world, row.carried_over_because),
        continues_in=text(world.get(Body, row.continues_in_id), "name"),
        continues_because=remark(world, row.continues_because),
        milestones=tuple(milestones(world, facts, courses.milestones)),
        risks=tuple(risks(world, courses.risks)),
        money=() if found.partial[Funding] else tuple(_money(world, row)),
        partners=tuple(_partners(world, row)),
        reports=tuple(_reports(world, row)),
        pilot=_pilot(world, row, facts),
        serves=tuple(_serves(found, row, shown.on)),
    )


def head(pk: int, shown: Moment, by: Person) -> Head:
    """What stands above the history of a project; the same number of statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    world = view(nouns.head_of_project(pk, shown.cut, shown.on, past=shown.past), by, past=shown.past).world
    row = _row(world, pk)
    return _head(world, row, projects.project(world, row), shown.on)


def _row(world: World, pk: int) -> Project:
    row = world.get(Project, pk)
    if row is None:
        raise Refused("not_found")
    return row


def _head(world: World, row: Project, facts: ProjectFacts, on: date) -> Head:
    running = facts.state == "running"
    since = period_begins(world, row.programme_id, on)
    return Head(
        id=row.id,
        code=row.code,
        title=facts.name,
        under=under(world, row.programme_id),
        kind=str(Project.Kind(row.kind).label),
        state=str(Project.State(facts.state).label),
        standing=project_standing(facts, since=since) if running else None,
    )


def _steps(world: World, row: Project) -> Iterator[Step]:
    """The states that the project has come to by the day, the newest first."""
    for each in reversed(ordered(world.where(ProjectMove, project_id=row.id), "effective_on")):
        if each.effective_on <= world.status_date:
            yield Step(str(Project.State(each.state).label), each.effective_on, remark(world, each.because))


def _money(world: World, row: Project) -> Iterator[Money]:
    """Lines by year and source, the newest year first, each year with its sum."""
    programme = world.get(Programme, row.programme_id)
    lines = projects.money(world, programme) if programme else ()
    days = {identity(each, "funding"): each.used_on for each in world.rows[Funding]}
    for year in sorted({line.period for line in lines}, reverse=True):
        of_it = [line for line in lines if line.period == year]
        for line in of_it:
            source, day = str(Funding.Source(line.source).label), days.get(line.key) if line.used is not None else None
            yield Money(year, source, line.funder, line.budget, line.granted, line.used, day)
        yield _together(year, of_it)


def _together(year: str, lines: list[MoneyFacts]) -> Money:
    budget, granted, used = (total(getattr(line, name) for line in lines) for name in ("budget", "granted", "used"))
    return Money(year, "", Text(), budget, granted, used, together=True)


def _partners(world: World, row: Project) -> Iterator[Taking]:
    links = [(world.get(Partner, link.partner_id), link) for link in world.where(ProjectPartner, project_id=row.id)]
    for partner, link in links:
        if partner is not None:
            over = link.ends_on is not None and link.ends_on < world.status_date
            kind = str(Partner.Kind(partner.kind).label)
            yield Taking(text(partner, "name"), kind, text(link, "task"), link.starts_on, link.ends_on, over)


def _reports(world: World, row: Project) -> Iterator[Told]:
    """The status reports that the reader may see, the newest first."""
    told = [each for each in world.where(StatusReport, project_id=row.id) if each.status_on <= world.status_date]
    for each in reversed(ordered(told, "status_on")):
        by = person(world, each.submitted_by_id)
        name = by.name if by else ""
        yield Told(each.status_on, STANDINGS[each.standing], text(each, "text"), each.submitted_on, name)


def _pilot(world: World, row: Project, facts: ProjectFacts) -> PilotView | None:
    pilots = world.where(Pilot, project_id=row.id)
    if not pilots or facts.pilot is None:
        return None
    moves = reversed(ordered(world.where(PilotMove, pilot_id=pilots[0].id), "effective_on"))
    steps = [each for each in moves if each.effective_on <= world.status_date]
    return PilotView(
        state=str(Pilot.State(facts.pilot.state).label),
        steps=tuple(
            Step(str(Pilot.State(each.state).label), each.effective_on, remark(world, each.because)) for each in steps
        ),
        result=facts.pilot.result,
        lessons=facts.pilot.lessons,
        adopted_by=facts.pilot.adopted_by,
        decision=made(world, pilots[0].decision_id) if facts.pilot.decision else None,
    )


def _serves(found: View, row: Project, on: date) -> Iterator[Served]:
    """The targets that the project serves or supports; of another programme's only the code where it is not shown."""
    world = found.world
    for link in serving.holding(world.where(ProjectTarget, project_id=row.id), on):
        target = world.get(BenefitTarget, link.target_id)
        all_links = serving.holding(found.whole.where(ProjectTarget, target_id=link.target_id), on)
        yield Served(
            id=target.id if target else None,
            code=target.code if target else "",
            title=_title(world, target) if target else Text(),
            under=under(world, target.programme_id) if target and target.programme_id != row.programme_id else None,
            share=link.share,
            together=serving.together(all_links),
            supports=link.role == ProjectTarget.Role.SUPPORTS,
            offered=serving.offered(link),
            ended_on=link.ended_on,
        )


def _title(world: World, target: BenefitTarget) -> Text:
    known = ordered(world.where(TargetVersion, target_id=target.id), "number")
    return text(in_force(world, target) or (known[-1] if known else None), "title")
