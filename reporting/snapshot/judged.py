"""How benefit targets stand at a moment, read no wider than a verdict needs: two statements at any size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from types import SimpleNamespace

from django.db.models import Model, Q, QuerySet

from portfolio import history
from portfolio.approvals import APPROVED
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import CURRENT_RULE, Kind, Point, Reading, Standing, Verdict, judge, worst
from portfolio.benefits.yardsticks import yardstick
from reporting.snapshot.world import among

TARGET = ("id", "programme_id", "code", "order", "state", "ended_on")
PLAN = (
    "baseline_value", "baseline_on", "target_value", "target_on", "lower", "upper", "group_size",
    "period_starts_on", "period_ends_on",
)  # fmt: skip
INDICATOR = ("kind", "direction", "interval_months", "rubric")
NAMES = (*TARGET, "version_id", "plan_id", "indicator_id", *PLAN, *INDICATOR, "measured_on", "value")
# In force is the newest version that had been approved; one whose day an older register does not tell is the oldest.
JUDGED = f"""
    SELECT {", ".join(f'target."{name}"' for name in TARGET)}, version.id, plan.id, plan.indicator_id,
        {", ".join(f"plan.{name}" for name in PLAN)}, {", ".join(f"indicator.{name}" for name in INDICATOR)},
        newest.measured_on, newest.value
    FROM target
    JOIN (
        SELECT DISTINCT ON (target_id) target_id, id FROM version
        ORDER BY target_id, coalesce(approved_on, '-infinity') DESC, number DESC
    ) AS version ON version.target_id = target.id
    LEFT JOIN plan ON plan.target_version_id = version.id
    LEFT JOIN indicator ON indicator.id = plan.indicator_id
    LEFT JOIN newest ON newest.indicator_id = indicator.id
    ORDER BY target.programme_id, target."order", target.code, target.id, plan.indicator_id
"""
SERIES = """
    SELECT 'path', plan_id, path."on", value FROM path
    UNION ALL SELECT 'mean', indicator_id, measured_on, value FROM mean
"""


@dataclass(frozen=True, slots=True)
class JudgedIndicator:
    """An indicator by its ids, and the verdict of the day."""

    id: int
    plan_id: int
    kind: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target that had been approved by a day: as what it stood then, and how each of its indicators."""

    id: int
    programme_id: int
    code: str
    state: str
    version_id: int
    indicators: tuple[JudgedIndicator, ...]

    @property
    def standing(self) -> Standing:
        """As its weakest indicator."""
        return worst(each.verdict.standing for each in self.indicators)

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
    parts = _parts(cut, on, programme_id)
    rows = [SimpleNamespace(**dict(zip(NAMES, row, strict=True))) for row in history.joined(JUDGED, parts)]
    series = _series(
        cut, on, {row.plan_id for row in rows}, {row.indicator_id for row in rows if row.kind == Kind.AVERAGE}
    )
    return [_target(list(of_it), series, on) for _, of_it in groupby(rows, key=attrgetter("id"))]


def _parts(cut: int | None, on: date, programme_id: int | None) -> dict[str, QuerySet[Model]]:
    targets, indicators = history.known(BenefitTarget, cut), history.known(Indicator, cut)
    versions, plans = history.known(TargetVersion, cut).exclude(state="draft"), history.known(IndicatorPlan, cut)
    approved = history.known(Measurement, cut).filter(APPROVED, measured_on__lte=on)
    if programme_id is not None:
        targets = targets.filter(programme_id=programme_id)
        indicators = indicators.filter(target_id__in=targets.values("id"))
        versions = versions.filter(target_id__in=targets.values("id"))
        plans = plans.filter(indicator_id__in=indicators.values("id"))
        approved = approved.filter(indicator_id__in=indicators.values("id"))
    known = Q(approved_on__isnull=True) | Q(approved_on__lte=on)
    newest = approved.order_by("-indicator_id", "-measured_on").distinct("indicator_id")
    return {
        "target": targets.values_list(*TARGET),
        "version": versions.filter(known).values_list("id", "target_id", "number", "approved_on"),
        "plan": plans.values_list("id", "target_version_id", "indicator_id", *PLAN),
        "indicator": indicators.values_list("id", *INDICATOR),
        "newest": newest.values_list("indicator_id", "measured_on", "value"),
    }


Series = Mapping[tuple[str, int], list[tuple[date, Decimal]]]


def _series(cut: int | None, on: date, plans: set[int], averages: set[int]) -> Series:
    """The steps of paths by plan, and of averages all that was measured, by indicator."""
    path = history.known(PathPoint, cut).filter(plan_id__in=among(plans - {None}))
    mean = history.known(Measurement, cut).filter(APPROVED, measured_on__lte=on, indicator_id__in=among(averages))
    parts = {"path": path.values_list("plan_id", "on", "value")}
    parts["mean"] = mean.values_list("indicator_id", "measured_on", "value")
    found: dict[tuple[str, int], list[tuple[date, Decimal]]] = {}
    for what, pk, day, value in history.joined(SERIES, parts):
        found.setdefault((what, pk), []).append((day, value))
    return found


def _target(rows: list[SimpleNamespace], series: Series, on: date) -> JudgedTarget:
    row = rows[0]
    ended = row.ended_on is not None and row.ended_on <= on
    return JudgedTarget(
        id=row.id,
        programme_id=row.programme_id,
        code=row.code,
        state="approved" if not ended else "replaced" if row.state == "replaced" else "ended",
        version_id=row.version_id,
        indicators=tuple(_indicator(each, series, on) for each in rows if each.indicator_id is not None),
    )


def _indicator(row: SimpleNamespace, series: Series, on: date) -> JudgedIndicator:
    row.rubric = json.loads(row.rubric) if row.rubric else []
    path = [Point(*step) for step in sorted(series.get(("path", row.plan_id), ()))]
    newest = [(row.measured_on, row.value)] if row.measured_on else []
    readings = [Reading(*each) for each in series.get(("mean", row.indicator_id), newest)]
    verdict = judge(readings, yardstick(row, row, path), CURRENT_RULE, on)
    return JudgedIndicator(row.indicator_id, row.plan_id, row.kind, verdict)
