"""The versions of a target side by side: what each says, what it changed, and which decision made it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.decisions.models import Body
from reporting.compilation import figures
from reporting.documents.rendering import readings
from reporting.documents.rendering.language import Voice
from reporting.facts import IndicatorFacts, PathPointFacts, Text
from reporting.pages.links import Made, made
from reporting.snapshot.world import World, identity, ordered, person, plain, remark, text

Words = str | Promise


@dataclass(frozen=True)
class Version:
    """A version over its column."""

    number: int
    state: str
    by: Made | None
    on: date | None
    because: Text
    corrects: int | None


@dataclass(frozen=True)
class Figure:
    """A figure that a version promises, with its day."""

    label: Words
    value: str
    on: date | None


@dataclass(frozen=True)
class Cell:
    """What one version says of one thing, and whether it says otherwise than the version before."""

    text: Text
    figures: tuple[Figure, ...]
    changed: bool


@dataclass(frozen=True)
class Line:
    """One thing in all versions, called by words of ours or by a record's own name."""

    label: Words
    name: Text
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """The versions that the reader may see, the oldest first."""

    versions: tuple[Version, ...]
    lines: tuple[Line, ...]

    @property
    def several(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.versions) > 1


Said = tuple[Text, tuple[Figure, ...]]


def comparison(world: World, row: BenefitTarget, known: Mapping[str, IndicatorFacts], voice: Voice) -> Comparison:
    """All versions, thing by thing; `known` are the facts of the target's indicators."""
    versions = ordered(world.where(TargetVersion, target_id=row.id), "number")
    numbers = {version.id: version.number for version in versions}
    return Comparison(
        versions=tuple(_version(world, version, numbers) for version in versions),
        lines=tuple(_lines(world, row, versions, known, voice)),
    )


def _version(world: World, row: TargetVersion, numbers: Mapping[int, int]) -> Version:
    return Version(
        number=row.number,
        state=str(TargetVersion.State(row.state).label),
        by=made(world, row.approved_by_id),
        on=row.approved_on,
        because=remark(world, row.because),
        corrects=numbers.get(row.corrects_id) if row.corrects_id else None,
    )


def _lines(
    world: World, row: BenefitTarget, versions: list[TargetVersion], known: Mapping[str, IndicatorFacts], voice: Voice
) -> Iterator[Line]:
    yield _line(_("Name"), (text(each, "title") for each in versions))
    yield _line(_("Description"), (text(each, "description") for each in versions))
    owners = (person(world, each.owner_id) for each in versions)
    yield _line(_("Owner of the benefit"), (plain(one.name if one else "") for one in owners))
    units = (world.get(Body, each.owner_unit_id) for each in versions)
    yield _line(_("Unit that keeps the benefit"), (text(unit, "name") for unit in units))
    for indicator in ordered(world.where(Indicator, target_id=row.id), "code"):
        if facts := known.get(identity(indicator, "indicator")):
            planned = [_planned(world, version, indicator, facts, voice) for version in versions]
            yield Line("", facts.name, _cells((Text(), figures) for figures in planned))


def _line(label: Words, said: Iterable[Text]) -> Line:
    return Line(label, Text(), _cells((words, ()) for words in said))


def _cells(said: Iterable[Said]) -> tuple[Cell, ...]:
    """What each version says; the first has changed nothing."""
    told = list(said)
    before = [told[0], *told] if told else []
    return tuple(
        Cell(words, promised, (words.wordings, promised) != (then[0].wordings, then[1]))
        for (words, promised), then in zip(told, before, strict=False)
    )


def _planned(
    world: World, version: TargetVersion, row: Indicator, facts: IndicatorFacts, voice: Voice
) -> tuple[Figure, ...]:
    plans = [each for each in world.where(IndicatorPlan, target_version_id=version.id) if each.indicator_id == row.id]
    return tuple(_figures(world, plans[0], facts, voice)) if plans else ()


def _figures(world: World, plan: IndicatorPlan, facts: IndicatorFacts, voice: Voice) -> Iterator[Figure]:
    points = ordered(world.where(PathPoint, plan_id=plan.id), "on")
    then = replace(
        facts,
        baseline_value=plan.baseline_value,
        target_value=plan.target_value,
        lower=plan.lower,
        upper=plan.upper,
        group_size=plan.group_size,
        path=tuple(PathPointFacts(on=point.on, value=point.value) for point in points),
    )
    if plan.baseline_value is not None:
        yield Figure(_("Baseline"), readings.bare(voice, then, plan.baseline_value), plan.baseline_on)
    for point in then.path:
        yield Figure(_("Path"), readings.bare(voice, then, point.value), point.on)
    if figures.target(then):
        yield Figure(_("Target"), readings.goal(voice, then), plan.target_on)
