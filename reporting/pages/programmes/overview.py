"""A programme at a glance: what it is, how it came so far, what is off course and why, how much of everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Model

from portfolio import history
from portfolio.benefits.standing import Standing
from portfolio.history.tables import Only, Rows
from portfolio.programmes.models import Plan, PlanVersion, ProgrammeUpdate
from projects.money.models import Funding
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project
from reporting.compilation import work
from reporting.compilation.findings import BEST_FIRST
from reporting.documents.rendering.language import Voice
from reporting.facts import DecisionFacts, PlanFacts, Provenance, Text, UpdateFacts
from reporting.facts import Standing as Word
from reporting.pages.moment import seen_ids
from reporting.pages.programmes import decisions, lines
from reporting.pages.programmes.decisions import StepOfTheChain
from reporting.pages.programmes.figures import NextMilestone, TopRisk, slip
from reporting.pages.programmes.head import Read
from reporting.pages.programmes.lines import Weakest, Words
from reporting.pages.programmes.money import MoneyView, summed
from reporting.pages.programmes.projects import since_when
from reporting.snapshot import overall, programmes
from reporting.snapshot.judged import JudgedTarget
from reporting.snapshot.overall import ProjectLine, RiskLine, SeatsLine
from reporting.snapshot.projects import used_by_then
from reporting.snapshot.world import World, among, one_of, ordered, text

MOST = 5  # of what is off course; the rest stands on its own page
OFF = (Standing.OFF_TRACK, Standing.AT_RISK)
LIGHTS = ("red", "amber")


@dataclass(frozen=True)
class OffProject:
    """A project that is off course: what its newest status says, or by how much its next milestone slips."""

    id: int
    code: str
    name: Text
    standing: Word | None
    said: Text
    told_on: date | None
    milestone: NextMilestone | None


@dataclass(frozen=True)
class Count:
    """How many targets have a standing."""

    standing: Word
    number: int


@dataclass(frozen=True)
class Overview:
    """What the first page of a programme says below its head; of what is hidden in part it tells no sum."""

    aim: Text
    description: Text
    phase_since: date | None
    managers: tuple[tuple[str, date], ...]
    seats: SeatsLine | None
    plan_number: str
    plan_by: DecisionFacts | None
    appropriation: MoneyView | None
    external: MoneyView | None
    steps: tuple[StepOfTheChain, ...]
    decisions: int
    update: UpdateFacts | None
    targets: tuple[Count, ...]
    off_targets: tuple[Weakest, ...]
    more_targets: int
    projects: int
    running: int
    off_projects: tuple[OffProject, ...]
    more_projects: int
    risks: tuple[TopRisk, ...]
    in_risks: int
    risks_hidden: bool


def overview(found: Read, voice: Voice) -> Overview:
    """The first page of a programme; the same number of statements at any size."""
    at, on, pk = found.shown.known_at, found.shown.on, found.row.id
    living = [target for target in found.shown_targets if target.state == "approved"]
    off = sorted((each for each in living if each.standing in OFF), key=lines.badness, reverse=True)
    projects = [each for each in overall.projects(at, on, programme_id=pk) if found.seen.sees(Project, each.id)]
    late = off_course(projects, since_when(found), on)
    risks = [] if found.partly(Risk) else overall.risks(at, on, programme_id=pk)
    world = decisions.world(found, _named(found, off[:MOST], late[:MOST], risks[:MOST]))
    words, money, plan = Words(world, found.shown, voice), _money(found), _plan(found, world)
    move, made = programmes.phase(world, found.row), decisions.made(world)
    return Overview(
        aim=text(found.row, "aim"),
        description=text(found.row, "description"),
        phase_since=move.effective_on if move else None,
        managers=tuple(overall.managers(at, on, pk)),
        seats=overall.seats(at, on, programme_id=pk).get(pk),
        plan_number=plan.number if plan else "",
        plan_by=plan.approved_by if plan else None,
        appropriation=money.get(Funding.Source.APPROPRIATION),
        external=money.get(Funding.Source.EXTERNAL),
        steps=decisions.steps(found, world),
        decisions=len(made),
        update=_update(found, world),
        targets=tuple(_counts(living)),
        off_targets=tuple(told for each in off[:MOST] if (told := words.target(each))),
        more_targets=max(len(off) - MOST, 0),
        projects=len(projects),
        running=sum(each.state == "running" for each in projects),
        off_projects=tuple(_off(world, words, each) for each in late[:MOST]),
        more_projects=max(len(late) - MOST, 0),
        risks=tuple(risk for each in risks[:MOST] if (risk := words.risk(each))),
        in_risks=len(risks),
        risks_hidden=found.partly(Risk),
    )


def off_course(projects: Iterable[ProjectLine], since: date, on: date) -> list[ProjectLine]:
    """The running projects whose status of the period says so, or whose next milestone is late; the worst first."""
    told = [(_light(each, since), -_slip(each, on), each) for each in projects if each.state == "running"]
    late = [(light, slips, each.code, each) for light, slips, each in told if light < len(LIGHTS) or slips]
    return [each for *_, each in sorted(late)]


def _light(project: ProjectLine, since: date) -> int:
    known = project.told in LIGHTS and project.told_on is not None and project.told_on >= since
    return LIGHTS.index(project.told) if known else len(LIGHTS)


def _slip(project: ProjectLine, on: date) -> int:
    return slip(project.planned_on, project.forecast_on or project.planned_on, on) if project.planned_on else 0


def _named(
    found: Read, targets: Sequence[JudgedTarget], projects: Sequence[ProjectLine], risks: Sequence[RiskLine]
) -> dict[type[Model], Only]:
    """The rows that words stand in."""
    shown = [each.id for each in projects]
    updates = history.known(ProgrammeUpdate, found.shown.known_at).filter(programme_id=found.row.id)
    return lines.of_targets(targets) | {
        ProgrammeUpdate: Only("id", seen_ids(ProgrammeUpdate, found.shown, found.by, among=updates.values("id"))),
        Project: Only("id", shown),
        StatusReport: Only("project_id", shown),
        Milestone: Only("id", [each.milestone_id for each in projects if each.milestone_id]),
        Risk: Only("id", [each.id for each in risks]),
    }


def _money(found: Read) -> dict[str, MoneyView]:
    """By source in the newest year that has money at all, so that figures side by side are of one year."""
    told = (
        [] if found.partly(Funding) else overall.money(found.shown.known_at, found.shown.on, programme_id=found.row.id)
    )
    year = max((line.year for line in told), default=0)
    of_it, used = [line for line in told if line.year == year], used_by_then(told, found.shown.on, found.shown.cut)
    sources = {line.source: [each for each in of_it if each.source == line.source] for line in of_it}
    return {source: summed(rows, used, year, source) for source, rows in sources.items()}


def _plan(found: Read, world: World) -> PlanFacts | None:
    """The plan in force, where the reader may see it."""
    versions = history.known(PlanVersion, found.shown.known_at)
    ours = versions.filter(plan_id__in=among([row.id for row in world.rows[Plan]])).values("id")
    seen = set(seen_ids(PlanVersion, found.shown, found.by, among=ours))
    rows = [row for row in world.rows[PlanVersion] if row.id in seen]
    return programmes.plan(replace(world, rows=Rows(world.rows | {PlanVersion: rows}), _by={}), found.row)


def _update(found: Read, world: World) -> UpdateFacts | None:
    """The newest sentences of the programme, with their own day."""
    told = [
        each for each in world.where(ProgrammeUpdate, programme_id=found.row.id) if each.status_on <= found.shown.on
    ]
    if not told:
        return None
    newest = ordered(told, "status_on")[-1]
    words = {name: text(newest, name) for name in ("summary", "cooperation", "priorities", "attention")}
    return UpdateFacts(status_on=newest.status_on, **words, provenance=one_of(Provenance, newest.provenance))


def _counts(living: Iterable[JudgedTarget]) -> Iterator[Count]:
    counts = Counter(str(target.standing.value) for target in living)
    return (Count(standing, counts[standing]) for standing in BEST_FIRST if counts[standing])


def _off(world: World, words: Words, line: ProjectLine) -> OffProject:
    reports = [each for each in world.where(StatusReport, project_id=line.id) if each.status_on == line.told_on]
    told = next((each for each in reports if each.submitted_on is not None), None)
    return OffProject(
        id=line.id,
        code=line.code,
        name=text(world.get(Project, line.id), "name"),
        standing=work.STANDINGS.get(line.told) if line.told in LIGHTS else None,
        said=text(told, "text"),
        told_on=line.told_on,
        milestone=words.milestone(line),
    )
