"""What can be done to an indicator: define it, plan it, and record, correct and approve what it measured."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from portfolio import clock, history
from portfolio.benefits.drafting import draft_of, require_draft
from portfolio.benefits.measuring import scale
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint
from portfolio.benefits.standing import DIRECTIONS, Kind
from portfolio.people.models import Person
from portfolio.programmes.access import Actor, opened
from portfolio.refusals import Refused, require


class Definition(TypedDict, total=False):
    """What an indicator is, besides its code and kind."""

    name_fi: str
    name_sv: str
    name_en: str
    unit_fi: str
    unit_sv: str
    unit_en: str
    decimals: int
    direction: str
    interval_months: int | None
    owner: Person | None
    successor: Person | None
    source_fi: str
    source_sv: str
    source_en: str
    group_fi: str
    group_sv: str
    group_en: str
    rubric: list[dict[str, Any]]
    source_language: str
    texts: dict[str, Any]


class PlannedFigures(TypedDict, total=False):
    """From where to where, by when, in one version."""

    baseline_value: Decimal | None
    baseline_on: date | None
    baseline_source: str
    target_value: Decimal | None
    target_on: date | None
    lower: Decimal | None
    upper: Decimal | None
    group_size: int | None
    period_starts_on: date | None
    period_ends_on: date | None


class GivenReading(TypedDict, total=False):
    """What was measured, and how one can know it."""

    measured_on: date
    value: Decimal | None
    evidence: str
    measured_by: str
    note_fi: str
    note_sv: str
    note_en: str


UNIT = ("unit_fi", "unit_sv", "unit_en", "decimals", "kind")
OPEN_AFTER_APPROVAL = frozenset(Indicator.frozen_except) | {"owner", "successor"}


def add_indicator(
    target: BenefitTarget,
    *,
    code: str,
    kind: str,
    by: Actor,
    rescaled_from: Indicator | None = None,
    seen: int | None = None,
    **definition: Unpack[Definition],
) -> Indicator:
    """Add an indicator, of any kind, to the draft of a target, with an empty plan (INV-56).

    The code is unique in the target. An indicator in another unit says from which one it was rescaled (INV-57).
    """
    with history.change(by=by):
        target = history.lock(BenefitTarget, target.pk, seen=seen)
        opened(target.programme_id, "draft_target", by)
        version = draft_of(target)
        if rescaled_from is not None and rescaled_from.target_id != target.pk:
            raise Refused("indicator.rescaled_from", field="rescaled_from")
        definition.setdefault("direction", _only_direction(kind))
        indicator = Indicator(target=target, code=code, kind=kind, rescaled_from=rescaled_from, **definition)
        require(scale.rubric_lacks(indicator.rubric))
        indicator.checked_save()
        IndicatorPlan(
            target_version=version, indicator=indicator, kind=kind, direction=indicator.direction
        ).checked_save()
        return indicator


def edit_indicator(
    indicator: Indicator,
    *,
    by: Actor,
    because: str = "",
    kind: str | None = None,
    seen: int | None = None,
    **definition: Unpack[Definition],
) -> Indicator:
    """Change what an indicator is.

    Its unit is fixed after the first value (INV-57). Once the council has approved it, its definition is frozen:
    only its names and sources can be corrected and its owner and successor changed, with a reason (INV-54).
    """
    changes: dict[str, Any] = {**definition} | ({"kind": kind} if kind else {})
    with history.change(by=by, because=because):
        indicator = history.lock(Indicator, indicator.pk, seen=seen)
        opened(indicator.target.programme_id, "draft_target", by)
        changed = {name for name, value in changes.items() if getattr(indicator, name) != value}
        _require_changeable(indicator, changed, because)
        for name in changed:
            setattr(indicator, name, changes[name])
        require(scale.rubric_lacks(indicator.rubric))
        indicator.checked_save()
        for plan in indicator.plans.filter(target_version__state="draft"):
            plan.kind, plan.direction = indicator.kind, indicator.direction
            plan.checked_save()
        return indicator


def plan_indicator(
    plan: IndicatorPlan,
    *,
    by: Actor,
    path: Collection[Mapping[str, Any]] | None = None,
    seen: int | None = None,
    **figures: Unpack[PlannedFigures],
) -> IndicatorPlan:
    """Set baseline, target and the path between them in a draft; a path that is given replaces the old one.

    Direction, baseline and target agree as the kind of the indicator asks; dates follow each other (INV-56).
    """
    with history.change(by=by):
        plan = history.lock(IndicatorPlan, plan.pk, seen=seen)
        version = plan.target_version
        opened(version.target.programme_id, "draft_target", by)
        require_draft(version)
        for name, value in figures.items():
            setattr(plan, name, value)
        plan.checked_save()
        return plan if path is None else _replace_path(plan, path)


def leave_out_indicator(plan: IndicatorPlan, *, by: Actor, seen: int | None = None) -> Indicator:
    """Leave an indicator out of a draft; it and its measurements stay where they are (INV-54)."""
    with history.change(by=by):
        plan = history.lock(IndicatorPlan, plan.pk, seen=seen)
        opened(plan.target_version.target.programme_id, "draft_target", by)
        require_draft(plan.target_version)
        plan.path_points.all().delete()
        plan.delete()
        return plan.indicator


def record_measurement(indicator: Indicator, *, by: Actor, **reading: Unpack[GivenReading]) -> Measurement:
    """Record what an indicator measured on a day.

    Not on a day to come nor before the baseline, once per day (INV-57); zero is a value, nothing is not (INV-58);
    not once the programme has closed (INV-04). Who manages a project does so for the targets it works for (INV-70).
    """
    with history.change(by=by):
        indicator = history.lock(Indicator, indicator.pk)
        opened(indicator.target.programme_id, "record_measurement", by, indicator)
        recorder = by if isinstance(by, Person) else None
        measurement = Measurement(indicator=indicator, recorded_by=recorder, **reading)
        require(scale.reading_lacks(measurement, plans=indicator.plans.all(), today=clock.today()))
        return measurement.checked_save()


def right_to_correct(measurement: Measurement, by: Actor) -> str:
    """The right to correct a value: to have recorded it, or to manage all of the programme's."""
    own = isinstance(by, Person) and measurement.recorded_by_id == by.pk
    return "record_measurement" if own else "correct_measurement"


def correct_measurement(
    measurement: Measurement, *, because: str, by: Actor, seen: int | None = None, **reading: Unpack[GivenReading]
) -> Measurement:
    """Replace a wrong figure with a reason; the old one stays in the history, its approval falls (INV-57, INV-110).

    Who manages a project corrects what they recorded themselves; the rest is for those who manage the programme.
    """
    with history.change(by=by, because=because, required=True):
        measurement = history.lock(Measurement, measurement.pk, seen=seen)
        indicator = measurement.indicator
        opened(indicator.target.programme_id, right_to_correct(measurement, by), by, indicator)
        for name, value in reading.items():
            setattr(measurement, name, value)
        require(scale.reading_lacks(measurement, plans=indicator.plans.all(), today=clock.today()))
        measurement.corrected_because = because
        measurement.recorded_by = by if isinstance(by, Person) else None
        measurement.approved_by = measurement.approved_on = None
        return measurement.checked_save()


def approve_measurement(measurement: Measurement, *, by: Person, seen: int | None = None) -> Measurement:
    """Approve a value that somebody else has recorded (INV-113)."""
    with history.change(by=by):
        measurement = history.lock(Measurement, measurement.pk, seen=seen)
        opened(measurement.indicator.target.programme_id, "approve_measurement", by)
        if measurement.recorded_by_id == by.pk:
            raise Refused("approve.own")
        if measurement.approved_by_id is not None:
            raise Refused("measurement.approved")
        measurement.approved_by, measurement.approved_on = by, clock.today()
        return measurement.checked_save()


def take_over_approval(measurement: Measurement, *, approved_by: Person, approved_on: date, by: Actor) -> Measurement:
    """Keep who approved a value in the register from which it is taken over, and when (INV-113)."""
    with history.change(by=by):
        measurement = history.lock(Measurement, measurement.pk)
        opened(measurement.indicator.target.programme_id, "approve_measurement", by)
        if not measurement.measured_on <= approved_on <= clock.today():
            raise Refused("measurement.date", field="approved_on")
        measurement.approved_by, measurement.approved_on = approved_by, approved_on
        return measurement.checked_save()


def _only_direction(kind: str) -> str:
    """The direction that a kind leaves no choice about, so that nobody has to type it."""
    possible = DIRECTIONS[Kind(kind)] if kind in Kind._value2member_map_ else frozenset()
    return next(iter(possible)).value if len(possible) == 1 else ""


def _require_changeable(indicator: Indicator, changed: set[str], because: str) -> None:
    if changed.intersection(UNIT) and indicator.measurements.exists():
        raise Refused("indicator.unit_fixed", field=sorted(changed.intersection(UNIT))[0])
    if indicator.settled_on is None:
        return
    if frozen := changed - OPEN_AFTER_APPROVAL:
        raise Refused("benefit.frozen", field=sorted(frozen)[0])
    if changed:
        history.require_reason(because)


def _replace_path(plan: IndicatorPlan, path: Collection[Mapping[str, Any]]) -> IndicatorPlan:
    """The given days take the place of the old ones; days that stay keep their row."""
    wanted = {point["on"]: point["value"] for point in path}
    require(scale.path_lacks(plan, [point["on"] for point in path]))
    plan.path_points.exclude(on__in=wanted).delete()
    for point in plan.path_points.all():
        point.value = wanted.pop(point.on)
        point.checked_save()
    for on, value in wanted.items():
        PathPoint(plan=plan, on=on, value=value).checked_save()
    plan.path_edition += 1
    return plan.checked_save()
