"""The values that an indicator measured, each with its evidence, who measured and approved it, and its corrections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import Indicator
from portfolio.people.models import Person
from reporting.compilation import figures
from reporting.documents.rendering import readings
from reporting.documents.rendering.language import Voice
from reporting.facts import CorrectionFacts, IndicatorFacts, MeasurementFacts, Text
from reporting.snapshot.world import World, ordered


@dataclass(frozen=True)
class Correction:
    """What stood there before, why it was changed, when and by whom."""

    old: str
    because: Text
    at: datetime
    by: Text


@dataclass(frozen=True)
class Value:
    """One value as it stands, and how it came to stand there."""

    on: date
    value: str
    level: Text | None
    evidence: Text
    note: Text
    measured_by: str
    recorded_by: str
    approved: bool
    approved_by: str
    approved_on: date | None
    by_the_register: bool
    corrections: tuple[Correction, ...]


def values(world: World, facts: IndicatorFacts, of: Indicator, voice: Voice, most: int | None) -> Iterator[Value]:
    """What was measured by the day of the page, the newest first, at most so many."""
    rows = [row for row in world.where(Measurement, indicator_id=of.id) if row.measured_on <= world.status_date]
    pairs = list(zip(ordered(rows, "measured_on"), facts.measurements, strict=True))
    return (_value(world, facts, row, measured, voice) for row, measured in pairs[::-1][:most])


def _value(world: World, of: IndicatorFacts, row: Measurement, measured: MeasurementFacts, voice: Voice) -> Value:
    level = next((one.label for one in of.rubric if one.value == measured.value), None)
    return Value(
        on=measured.on,
        value="" if level else _written(of, measured.value, voice),
        level=level,
        evidence=measured.evidence,
        note=measured.note,
        measured_by=row.measured_by,
        recorded_by=_name(world, row.recorded_by_id),
        approved=measured.approved,
        approved_by=_name(world, row.approved_by_id),
        approved_on=row.approved_on,
        by_the_register=measured.by_the_register,
        corrections=tuple(_correction(of, each, voice) for each in measured.corrections),
    )


def _correction(of: IndicatorFacts, made: CorrectionFacts, voice: Voice) -> Correction:
    return Correction(_written(of, made.old_value, voice), made.because, made.corrected_at, made.by)


def _written(of: IndicatorFacts, value: Decimal, voice: Voice) -> str:
    """As somebody entered it; the unit stands in the head of the table."""
    return readings.level(voice, of, value) or voice.bare(figures.typed(of, value))


def _name(world: World, pk: int | None) -> str:
    someone = world.get(Person, pk)
    return someone.name if someone else ""
