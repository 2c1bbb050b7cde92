"""Benefit targets with their indicators and what was measured by the status date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NotRequired, TypedDict

from portfolio.approvals import by_the_register, is_approved
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import (
    BenefitTarget,
    Indicator,
    IndicatorPlan,
    PathPoint,
    TargetGoal,
    TargetSdg,
    TargetVersion,
)
from portfolio.decisions.models import Body
from portfolio.history.tables import stamp
from portfolio.languages import LANGUAGES
from portfolio.programmes.models import Programme
from portfolio.strategy.models import SDG, FocusArea, Goal
from reporting.facts import (
    CorrectionFacts,
    Direction,
    GoalFacts,
    IndicatorFacts,
    IndicatorKind,
    MeasurementFacts,
    PathPointFacts,
    PersonFacts,
    Provenance,
    RubricLevelFacts,
    SdgFacts,
    Sign,
    Standing,
    TargetFacts,
    TargetState,
    Text,
)
from reporting.snapshot.decisions import decision
from reporting.snapshot.world import World, identity, one_of, ordered, person, remark, text


def targets(world: World, programme: Programme) -> tuple[TargetFacts, ...]:
    """The targets approved by the status date; those that ended before the period are left out."""
    found = []
    for row in in_order(world, programme):
        version = in_force(world, row)
        ended = row.ended_on is not None and row.ended_on <= world.status_date
        told_before = row.ended_on is not None and row.ended_on < world.period_starts_on
        if version is not None and not (ended and told_before):
            found.append(target(world, row, version, ended))
    return tuple(found)


def in_order(world: World, programme: Programme) -> list[BenefitTarget]:
    """The programme's targets in the order that it has given them."""
    return ordered(world.where(BenefitTarget, programme_id=programme.id), "order", "code")


def in_force(world: World, row: BenefitTarget) -> TargetVersion | None:
    """The version in force on the status date: the newest that had been approved.

    One whose day the older register does not tell was in force from the beginning.
    """
    approved = [
        v
        for v in world.where(TargetVersion, target_id=row.id)
        if v.state != TargetVersion.State.DRAFT and (v.approved_on is None or v.approved_on <= world.status_date)
    ]
    return max(approved, key=lambda version: (version.approved_on or date.min, version.number), default=None)


def target(world: World, row: BenefitTarget, version: TargetVersion, ended: bool) -> TargetFacts:
    """A target as one of its versions words and plans it."""
    world.turn_to(BenefitTarget, row.id)
    state: TargetState = "approved" if not ended else "replaced" if row.state == "replaced" else "ended"
    rows = ordered(world.where(IndicatorPlan, target_version_id=version.id), "indicator_id")
    indicators = tuple(indicator(world, plan, i) for plan in rows if (i := world.get(Indicator, plan.indicator_id)))
    return TargetFacts(
        key=identity(row, "target"),
        code=row.code,
        state=state,
        sign=one_of(Sign, row.sign),
        version=version.number,
        title=text(version, "title"),
        description=text(version, "description"),
        explanation=_explanation(indicators),
        owner=person(world, version.owner_id),
        owner_unit=text(world.get(Body, version.owner_unit_id), "name"),
        approved_by=decision(world, version.approved_by_id),
        version_because=_changed_because(world, version),
        ended_on=row.ended_on if ended else None,
        ended_because=remark(world, stamp(row).history_change_reason or "") if ended else Text(),
        ended_by=decision(world, row.ended_by_id) if ended else None,
        goals=_goals(world, row),
        sdgs=_sdgs(world, row),
        indicators=indicators,
        provenance=one_of(Provenance, row.provenance),
    )


def _changed_because(world: World, version: TargetVersion) -> Text:
    """Why the council's version before was changed; a corrected typing error is no change of the target."""
    while earlier := world.get(TargetVersion, version.corrects_id):
        version = earlier
    return remark(world, version.because) if version.number > 1 else Text()


def _explanation(indicators: tuple[IndicatorFacts, ...]) -> Text:
    """The words written with the newest measurement that somebody has approved, if any."""
    approved = [[m for m in each.measurements if m.approved] for each in indicators]
    notes = [(m.on, m.note) for series in approved for m in series[-1:] if m.note.known]
    return max(notes, key=lambda pair: pair[0])[1] if notes else Text()


def _goals(world: World, row: BenefitTarget) -> tuple[GoalFacts, ...]:
    found = []
    for link in world.where(TargetGoal, target_id=row.id):
        if goal := world.get(Goal, link.goal_id):
            area = world.get(FocusArea, goal.focus_area_id)
            found.append(GoalFacts(key=identity(goal, "goal"), focus_area=text(area, "name"), text=text(goal, "text")))
    return tuple(sorted(found, key=lambda goal: goal.key))


def _sdgs(world: World, of: BenefitTarget) -> tuple[SdgFacts, ...]:
    rows = [world.get(SDG, link.sdg_id) for link in world.where(TargetSdg, target_id=of.id)]
    return tuple(SdgFacts(number=row.number, name=text(row, "name")) for row in ordered(filter(None, rows), "number"))


def indicator(world: World, plan: IndicatorPlan, row: Indicator) -> IndicatorFacts:
    """What a version promises of an indicator, with what was measured."""
    points = ordered(world.where(PathPoint, plan_id=plan.id), "on")
    before = world.get(Indicator, row.rescaled_from_id)
    return IndicatorFacts(
        key=identity(row, "indicator"),
        code=row.code,
        name=text(row, "name"),
        unit=text(row, "unit"),
        decimals=row.decimals,
        kind=one_of(IndicatorKind, row.kind),
        direction=one_of(Direction, row.direction) if row.direction else None,
        interval_months=row.interval_months,
        baseline_value=plan.baseline_value,
        baseline_on=plan.baseline_on,
        baseline_source=remark(world, plan.baseline_source),
        path=tuple(PathPointFacts(on=point.on, value=point.value) for point in points),
        target_value=plan.target_value,
        target_on=plan.target_on,
        lower=plan.lower,
        upper=plan.upper,
        group_size=plan.group_size,
        period_starts_on=plan.period_starts_on,
        period_ends_on=plan.period_ends_on,
        rubric=_levels(row),
        source=text(row, "source"),
        rescaled_from=identity(before, "indicator") if before else "",
        measurements=_measurements(world, row),
        provenance=one_of(Provenance, row.provenance),
    )


class Level(TypedDict):
    """A level of a qualitative scale as an indicator's row keeps it."""

    value: int | str
    label: dict[str, str]
    verdict: NotRequired[str | None]


def _levels(row: Indicator) -> tuple[RubricLevelFacts, ...]:
    levels: list[Level] = row.rubric or []
    return tuple(_level(level) for level in levels)


def _level(level: Level) -> RubricLevelFacts:
    verdict = level.get("verdict")
    return RubricLevelFacts(
        value=Decimal(str(level["value"])),
        label=Text.of(level["label"]),
        verdict=one_of(Standing, verdict) if verdict else None,
    )


def _measurements(world: World, of: Indicator) -> tuple[MeasurementFacts, ...]:
    rows = [m for m in world.where(Measurement, indicator_id=of.id) if m.measured_on <= world.status_date]
    return tuple(_measurement(world, row) for row in ordered(rows, "measured_on"))


def _measurement(world: World, row: Measurement) -> MeasurementFacts:
    seq, recorded_at = world.first_recorded(Measurement, row.id)
    return MeasurementFacts(
        on=row.measured_on,
        value=row.value,
        evidence=remark(world, row.evidence),
        note=text(row, "note"),
        approved=is_approved(row),
        by_the_register=by_the_register(row),
        recorded_at=recorded_at,
        seq=seq,
        corrections=_corrections(world, row),
        provenance=one_of(Provenance, row.provenance),
    )


def _named(found: PersonFacts | None) -> Text:
    """Who recorded a value: name and task, no more (INV-103)."""
    if found is None:
        return Text()
    titles = {code: getattr(found.title, code) for code in LANGUAGES}
    return Text.of({code: ", ".join(filter(None, (found.name, title))) for code, title in titles.items()})


def _corrections(world: World, row: Measurement) -> tuple[CorrectionFacts, ...]:
    """Each change of the value after it was first recorded, with its reason."""
    states, found = world.versions.get(row.id, []), []
    for before, after in zip(states, states[1:], strict=False):
        if before.value != after.value and (written := stamp(after)).history_date:
            by = person(world, after.recorded_by_id)
            found.append(
                CorrectionFacts(
                    old_value=before.value,
                    because=remark(world, after.corrected_because),
                    corrected_at=written.history_date,
                    seq=written.history_seq,
                    by=_named(by),
                    by_provenance=by.provenance if by else "recorded",
                )
            )
    return tuple(found)
