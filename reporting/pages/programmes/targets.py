"""The benefit targets of a programme: where each stands, its newest value against its path, what is measured next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model

from portfolio import history
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import Kind
from portfolio.history.tables import Only
from reporting.compilation import standings
from reporting.documents.rendering.language import Voice
from reporting.facts import Standing, Text
from reporting.pages.programmes.head import Read
from reporting.pages.programmes.paging import Page, paged
from reporting.pages.targets.indicators import FigureRow, actual, aim, path
from reporting.reports.lifecycle import FINAL
from reporting.reports.models import Report
from reporting.snapshot import benefits, narrow
from reporting.snapshot.judged import JudgedIndicator, JudgedTarget
from reporting.snapshot.world import World, ordered, text

OVER = (BenefitTarget.State.ENDED, BenefitTarget.State.REPLACED)


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator: the value that is judged, what was expected by the day, what is to be reached, and when next."""

    name: Text
    value: FigureRow
    path: FigureRow | None
    aim: FigureRow
    due_on: date | None
    late: bool


@dataclass(frozen=True)
class TargetRow:
    """A target with its standing; one that has ended has none."""

    id: int
    code: str
    title: Text
    state: str
    ended_on: date | None
    standing: Standing | None
    indicators: tuple[IndicatorRow, ...]


@dataclass(frozen=True)
class DraftRow:
    """A target on its way to the council."""

    id: int
    code: str
    title: Text
    state: str


@dataclass(frozen=True)
class TargetsPage:
    """The targets that the reader may see, of `in_all` ones that the council has approved."""

    page: Page[TargetRow]
    in_all: int
    hidden: bool
    reported: bool
    drafts: tuple[DraftRow, ...]


def targets(found: Read, number: int, voice: Voice) -> TargetsPage:
    """The page of a programme's targets that was asked for: the same number of statements at any size."""
    page, drafts = paged(found.shown_targets, number), _drafts(found)
    world = _world(found, page.rows, drafts)
    hidden = found.partly(BenefitTarget)
    return TargetsPage(
        page=Page([_row(found, world, each, voice) for each in page.rows], page.number, page.pages, page.total),
        in_all=len(found.targets),
        hidden=hidden,
        reported=hidden and _reported(found),
        drafts=tuple(_draft(world, *each) for each in drafts),
    )


def _drafts(found: Read) -> list[tuple[int, str, str]]:
    """Targets that the council has not approved yet, as the reader's rights allow."""
    approved = {target.id for target in found.targets}
    rows = history.known(BenefitTarget, found.shown.known_at).filter(programme_id=found.row.id).exclude(state__in=OVER)
    ours = rows.order_by("order", "code", "id").values_list("id", "code", "state")
    return [row for row in ours if row[0] not in approved and found.seen.sees(BenefitTarget, row[0])]


def _reported(found: Read) -> bool:
    """Whether any confirmed report tells of the programme's term."""
    of_term = Report.objects.filter(schedule__council_term_id=found.row.council_term_id, state__in=FINAL)
    return of_term.exists()


def _world(found: Read, shown: Iterable[JudgedTarget], drafts: list[tuple[int, str, str]]) -> World:
    """The rows that words and figures of a page stand in; of an average all values."""
    targets = list(shown)
    indicators = [each for target in targets for each in target.indicators]
    only: dict[type[Model], Only] = {
        TargetVersion: Only("target_id", [*(target.id for target in targets), *(pk for pk, _, _ in drafts)]),
        Indicator: Only("id", [each.id for each in indicators]),
        IndicatorPlan: Only("id", [each.plan_id for each in indicators]),
        PathPoint: Only("plan_id", [each.plan_id for each in indicators]),
        Measurement: Only("indicator_id", [each.id for each in indicators if each.kind == Kind.AVERAGE]),
    }
    return narrow.named(found.shown.cut, found.shown.on, only)


def _row(found: Read, world: World, target: JudgedTarget, voice: Voice) -> TargetRow:
    return TargetRow(
        id=target.id,
        code=target.code,
        title=text(world.get(TargetVersion, target.version_id), "title"),
        state=target.state,
        ended_on=target.ended_on,
        standing=target.standing.value if target.state == "approved" else None,
        indicators=tuple(_indicator(world, each, found.shown.on, voice) for each in target.indicators),
    )


def _indicator(world: World, judged: JudgedIndicator, on: date, voice: Voice) -> IndicatorRow:
    plan, row = world.get(IndicatorPlan, judged.plan_id), world.get(Indicator, judged.id)
    assert plan is not None and row is not None
    facts = benefits.indicator(world, plan, row)
    finding = standings.finding(facts.key, judged.verdict)
    due = judged.due_on
    return IndicatorRow(
        name=facts.name,
        value=actual(facts, finding, voice),
        path=path(facts, finding, on, voice),
        aim=aim(facts, voice),
        due_on=due,
        late=due is not None and due < on,
    )


def _draft(world: World, pk: int, code: str, state: str) -> DraftRow:
    versions = ordered(world.where(TargetVersion, target_id=pk), "number")
    title = text(versions[-1], "title") if versions else Text()
    return DraftRow(pk, code, title, str(BenefitTarget.State(state).label))
