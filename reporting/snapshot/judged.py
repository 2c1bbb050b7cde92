"""How benefit targets stand at a moment, read no wider than a verdict needs: two statements at any size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from portfolio import history
from portfolio.approvals import APPROVED
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import (
    CURRENT_RULE,
    Kind,
    Point,
    Reading,
    Standing,
    Verdict,
    judge,
    months_after,
    worst,
)
from portfolio.benefits.yardsticks import yardstick
from portfolio.history.past import Part
from reporting.snapshot.world import among

TARGET = ("id", "programme_id", "code", "order", "state", "ended_on")
PLAN = (
    "baseline_value", "baseline_on", "target_value", "target_on", "lower", "upper", "group_size",
    "period_starts_on", "period_ends_on",
)  # fmt: skip
INDICATOR = ("kind", "direction", "interval_months", "rubric")


class Row(NamedTuple):
    """A target with one of its indicators, as the statement tells them; None where it has no indicator."""

    id: int
    programme_id: int
    code: str
    order: int
    state: str
    ended_on: date | None
    version_id: int
    approved_by_id: int | None
    plan_id: int
    indicator_id: int | None
    baseline_value: Decimal | None
    baseline_on: date | None
    target_value: Decimal | None
    target_on: date | None
    lower: Decimal | None
    upper: Decimal | None
    group_size: int | None
    period_starts_on: date | None
    period_ends_on: date | None
    kind: str
    direction: str
    interval_months: int | None
    rubric: str | None
    measured_on: date | None
    value: Decimal


class Scaled(NamedTuple):
    """An indicator that has a scale in words."""

    interval_months: int | None
    rubric: list[dict[str, str]]


# In force is the newest version that had been approved; one whose day an older register does not tell is the oldest.
JUDGED = f"""
    SELECT {", ".join(f'target."{name}"' for name in TARGET)}, version.id, version.approved_by_id,
        plan.id, plan.indicator_id,
        {", ".join(f"plan.{name}" for name in PLAN)}, {", ".join(f"indicator.{name}" for name in INDICATOR[:-1])},
        nullif(indicator.rubric::text, '[]'),
        newest.measured_on, newest.value
    FROM target
    JOIN (
        SELECT DISTINCT ON (target_id) target_id, id, approved_by_id FROM version
        WHERE state <> 'draft' AND (approved_on IS NULL OR approved_on <= %s)
        ORDER BY target_id, coalesce(approved_on, '-infinity') DESC, number DESC
    ) AS version ON version.target_id = target.id
    LEFT JOIN plan ON plan.target_version_id = version.id
    LEFT JOIN LATERAL (SELECT * FROM indicator WHERE id = plan.indicator_id LIMIT 1) AS indicator ON true
    LEFT JOIN newest ON newest.indicator_id = plan.indicator_id
    WHERE target.programme_id = %s OR %s
    ORDER BY target.programme_id, target."order", target.code, target.id, plan.indicator_id
"""
SERIES = """
    SELECT 'path', plan_id, path."on", value FROM path
    UNION ALL SELECT 'mean', indicator_id, measured_on, value FROM mean
"""


class JudgedIndicator(NamedTuple):
    """An indicator by its ids, and the verdict of the day."""

    id: int
    plan_id: int
    kind: str
    interval_months: int | None
    verdict: Verdict

    @property
    def due_on(self) -> date | None:
        """By when it is to be measured again: as long after the newest value as its interval says."""
        if self.verdict.on is None or self.interval_months is None:
            return None
        return months_after(self.verdict.on, self.interval_months)


class JudgedTarget(NamedTuple):
    """A target that had been approved by a day: as what it stood then, and how, as its weakest indicator."""

    id: int
    programme_id: int
    code: str
    state: str
    ended_on: date | None
    version_id: int
    approved_by_id: int | None
    indicators: tuple[JudgedIndicator, ...]
    standing: Standing

    @property
    def measured(self) -> list[date]:
        """The days of the newest approved values."""
        return [each.verdict.on for each in self.indicators if each.verdict.on]

    @property
    def weakest(self) -> JudgedIndicator | None:
        """The indicator that decides; of several the one that lags most."""
        deciding = (each for each in self.indicators if each.verdict.standing == self.standing)
        return max(deciding, key=lambda each: each.verdict.lag or Decimal(0), default=None)


def judged(cut: int | None, on: date, *, programme_id: int | None = None) -> list[JudgedTarget]:
    """The targets that had been approved by a day, as they are known or were at a cut: of one programme, or of all.

    In the order of programmes and of their own.
    """
    given = on, programme_id, programme_id is None
    rows = [Row(*row) for row in history.joined(JUDGED, _parts(cut, on, programme_id), *given)]
    averages = {row.indicator_id for row in rows if row.indicator_id and row.kind == Kind.AVERAGE}
    series = _series(cut, on, {row.plan_id for row in rows if row.plan_id}, averages)
    return [_target(list(of_it), series, on) for _, of_it in groupby(rows, key=attrgetter("id"))]


def _parts(cut: int | None, on: date, programme_id: int | None) -> dict[str, Part]:
    approved = history.known(Measurement, cut).filter(APPROVED, measured_on__lte=on)
    if programme_id is not None:
        targets = history.known(BenefitTarget, cut).filter(programme_id=programme_id)
        ours = history.known(Indicator, cut).filter(target_id__in=targets.values("id"))
        approved = approved.filter(indicator_id__in=ours.values("id"))
    newest = approved.order_by("-indicator_id", "-measured_on").distinct("indicator_id")
    return {
        "target": history.part(BenefitTarget, cut, *TARGET),
        "version": history.part(
            TargetVersion, cut, "id", "target_id", "number", "state", "approved_on", "approved_by_id"
        ),
        "plan": history.part(IndicatorPlan, cut, "id", "target_version_id", "indicator_id", *PLAN),
        "indicator": history.part(Indicator, cut, "id", *INDICATOR),
        "newest": newest.values_list("indicator_id", "measured_on", "value"),
    }


Series = Mapping[tuple[str, int], list[tuple[date, Decimal]]]


def _series(cut: int | None, on: date, plans: set[int], averages: set[int]) -> Series:
    """The steps of paths by plan, and of averages all that was measured, by indicator."""
    path = history.known(PathPoint, cut).filter(plan_id__in=among(plans))
    mean = history.known(Measurement, cut).filter(APPROVED, measured_on__lte=on, indicator_id__in=among(averages))
    parts: dict[str, Part] = {"path": path.values_list("plan_id", "on", "value")}
    parts["mean"] = mean.values_list("indicator_id", "measured_on", "value")
    found: dict[tuple[str, int], list[tuple[date, Decimal]]] = {}
    for what, pk, day, value in history.joined(SERIES, parts):
        found.setdefault((what, pk), []).append((day, value))
    return found


def _target(rows: list[Row], series: Series, on: date) -> JudgedTarget:
    row = rows[0]
    ended = row.ended_on is not None and row.ended_on <= on
    measured = [(each, each.indicator_id) for each in rows if each.indicator_id is not None]
    indicators = tuple(_indicator(each, pk, series, on) for each, pk in measured)
    return JudgedTarget(
        id=row.id,
        programme_id=row.programme_id,
        code=row.code,
        state="approved" if not ended else "replaced" if row.state == "replaced" else "ended",
        ended_on=row.ended_on if ended else None,
        version_id=row.version_id,
        approved_by_id=row.approved_by_id,
        indicators=indicators,
        standing=worst(each.verdict.standing for each in indicators),
    )


def _indicator(row: Row, pk: int, series: Series, on: date) -> JudgedIndicator:
    path = [Point(*step) for step in sorted(series.get(("path", row.plan_id), ()))]
    newest = [(row.measured_on, row.value)] if row.measured_on else []
    readings = [Reading(*each) for each in series.get(("mean", pk), newest)]
    indicator = row if row.rubric is None else Scaled(row.interval_months, json.loads(row.rubric))
    verdict = judge(readings, yardstick(indicator, row, path), CURRENT_RULE, on)
    return JudgedIndicator(pk, row.plan_id, row.kind, row.interval_months, verdict)
