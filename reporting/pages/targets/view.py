"""One benefit target: where it stands and why, what was measured, its versions, the projects that serve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import cast

from portfolio.benefits import evaluability
from portfolio.benefits.evaluability import Question
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import (
    BenefitTarget,
    Indicator,
    IndicatorPlan,
    PathPoint,
    TargetGoal,
    TargetVersion,
)
from portfolio.benefits.standing import Point
from portfolio.history.tables import stamp
from portfolio.people.models import Person
from portfolio.refusals import Refused
from projects.register.models import ProjectTarget
from reporting.compilation import standings
from reporting.documents.rendering.language import Voice
from reporting.facts import IndicatorFacts, Standing, TargetFacts, Text
from reporting.pages.links import Made, Under, made, under
from reporting.pages.moment import Moment, View, view
from reporting.pages.targets.indicators import IndicatorView, drawn, indicator
from reporting.pages.targets.serving import Service, service
from reporting.pages.targets.values import Value, values
from reporting.pages.targets.versions import Comparison, comparison
from reporting.snapshot import benefits, nouns
from reporting.snapshot.world import World, identity, ordered, remark, text

IN_WORK = ("draft", "drafted", "proposed")
OPEN = 6  # values of an indicator that are shown unless all are asked for


@dataclass(frozen=True)
class Head:
    """What stands above every page of a target."""

    id: int
    code: str
    title: Text
    under: Under
    state: str
    standing: Standing | None


@dataclass(frozen=True)
class Series:
    """An indicator with its drawing, and values that the reader may see, the newest first; how many are left out."""

    of: IndicatorView
    values: tuple[Value, ...]
    earlier: int
    restated_from: Text


@dataclass(frozen=True)
class TargetPage(Head):
    """Everything the page of a target says."""

    facts: TargetFacts
    approved_by: Made | None
    proposed_by: Made | None
    returned_by: Made | None
    ended_by: Made | None
    ended_on: date | None
    ended_because: Text
    series: tuple[Series, ...]
    former: tuple[Series, ...]
    whole: bool  # whether all values are shown
    questions: tuple[Question, ...]
    versions: Comparison
    service: Service

    @property
    def drawn(self) -> frozenset[str]:
        """What the drawings have that needs a word: paths, means, limits to be kept."""
        return drawn(each.of for each in self.series)


def target(pk: int, shown: Moment, by: Person, voice: Voice, *, whole: bool = False) -> TargetPage:
    """One target at a moment, for one reader, with the newest values or all; the same number of statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    found = view(
        nouns.of_target(pk, shown.cut, shown.on, past=shown.past),
        by,
        TargetVersion,
        Measurement,
        ProjectTarget,
        past=shown.past,
    )
    world, row = found.world, _row(found.world, pk)
    version = _version(world, row)
    facts = _facts(world, row, version)
    most = None if whole else OPEN
    series = tuple(_series(world, facts, shown.on, voice, most))
    former = tuple(_former(world, row, facts, shown.on, voice, most))
    known = {each.of.facts.key: each.of.facts for each in (*series, *former)}
    ended = facts.state in ("ended", "replaced")
    return TargetPage(
        **vars(_head(world, row, facts, series)),
        facts=facts,
        approved_by=made(world, version.approved_by_id if version else None),
        proposed_by=made(world, row.proposed_by_id),
        returned_by=made(world, row.returned_by_id),
        ended_by=made(world, row.ended_by_id) if ended else None,
        ended_on=row.ended_on if ended else None,
        ended_because=remark(world, stamp(row).history_change_reason or "") if ended else Text(),
        series=series,
        former=former,
        whole=whole,
        questions=tuple(_questions(found, row, version, series)) if row.state in (*IN_WORK, "approved") else (),
        versions=comparison(world, row, known, voice),
        service=service(found, row, shown.on),
    )


def head(pk: int, shown: Moment, by: Person, voice: Voice) -> Head:
    """What stands above the history of a target; the same number of statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    found = view(nouns.head_of_target(pk, shown.cut, shown.on, past=shown.past), by, TargetVersion, past=shown.past)
    row = _row(found.world, pk)
    facts = _facts(found.world, row, _version(found.world, row))
    return _head(found.world, row, facts, tuple(_series(found.world, facts, shown.on, voice, 0)))


def _row(world: World, pk: int) -> BenefitTarget:
    row = world.get(BenefitTarget, pk)
    if row is None:
        raise Refused("not_found")
    return row


def _version(world: World, row: BenefitTarget) -> TargetVersion | None:
    """The version in force on the day, else the draft that is on its way."""
    drafts = ordered(world.where(TargetVersion, target_id=row.id), "number")
    return benefits.in_force(world, row) or (drafts[-1] if drafts else None)


def _facts(world: World, row: BenefitTarget, version: TargetVersion | None) -> TargetFacts:
    if version is None:
        return TargetFacts(key=identity(row, "target"), code=row.code, state="draft", title=Text())
    ended = row.ended_on is not None and row.ended_on <= world.status_date
    return benefits.target(world, row, version, ended)


def _head(world: World, row: BenefitTarget, facts: TargetFacts, series: tuple[Series, ...]) -> Head:
    in_force = benefits.in_force(world, row) is not None and facts.state == "approved"
    return Head(
        id=row.id,
        code=row.code,
        title=facts.title,
        under=under(world, row.programme_id),
        state=str(BenefitTarget.State(row.state).label),
        standing=standings.of_target([each.of.finding for each in series]) if in_force else None,
    )


def _series(world: World, facts: TargetFacts, on: date, voice: Voice, most: int | None) -> Iterator[Series]:
    """What the version plans to measure."""
    rows = {identity(row, "indicator"): row for row in world.rows[Indicator]}
    for each in facts.indicators:
        yield _told(world, each, rows[each.key], on, voice, most)


def _former(
    world: World, row: BenefitTarget, facts: TargetFacts, on: date, voice: Voice, most: int | None
) -> Iterator[Series]:
    """Series that the version no longer plans, such as those that were restated on another scale."""
    planned = {each.key for each in facts.indicators}
    for former in ordered(world.where(Indicator, target_id=row.id), "code"):
        measured = world.where(Measurement, indicator_id=former.id)
        if measured and identity(former, "indicator") not in planned and (plan := _plan(world, former)):
            yield _told(world, benefits.indicator(world, plan, former), former, on, voice, most)


def _plan(world: World, of: Indicator) -> IndicatorPlan | None:
    """The newest that the reader may see."""
    plans = ordered(world.where(IndicatorPlan, indicator_id=of.id))
    return next((each for each in reversed(plans) if world.get(TargetVersion, each.target_version_id)), None)


def _told(world: World, facts: IndicatorFacts, row: Indicator, on: date, voice: Voice, most: int | None) -> Series:
    before = world.get(Indicator, row.rescaled_from_id)
    shown = tuple(values(world, facts, row, voice, most))
    return Series(
        of=indicator(facts, on, voice),
        values=shown,
        earlier=len(facts.measurements) - len(shown),
        restated_from=text(before, "name"),
    )


def _questions(
    found: View, row: BenefitTarget, version: TargetVersion | None, series: tuple[Series, ...]
) -> Iterator[Question]:
    """What an audit committee would ask of the target, as the list of open questions has it: of the whole."""
    if version is None:
        return
    goals = len(found.world.where(TargetGoal, target_id=row.id))
    yield from evaluability.of_target(version, indicators=len(series), goals=goals)
    findings = {each.of.facts.key: each.of.finding for each in series}
    for plan in ordered(found.world.where(IndicatorPlan, target_version_id=version.id), "indicator_id"):
        if measured_by := found.world.get(Indicator, plan.indicator_id):
            yield from evaluability.of_indicator(
                _with(plan, measured_by),
                path=[Point(each.on, each.value) for each in found.world.where(PathPoint, plan_id=plan.id)],
                latest=_latest(found.whole, measured_by),
                verdict=findings[identity(measured_by, "indicator")],
            )


def _with(plan: IndicatorPlan, of: Indicator) -> IndicatorPlan:
    """A row of the past with the indicator that it plans, to which it has the number alone."""
    return cast(IndicatorPlan, SimpleNamespace(**vars(plan), indicator=of))


def _latest(world: World, of: Indicator) -> Measurement | None:
    known = [each for each in world.where(Measurement, indicator_id=of.id) if each.measured_on <= world.status_date]
    return ordered(known, "measured_on")[-1] if known else None
