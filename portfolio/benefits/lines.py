"""How many benefit targets and their indicators stand, in one statement: for the lines of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, ExpressionWrapper, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, JSONObject

from portfolio.approvals import APPROVED
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import (
    BenefitTarget,
    IndicatorPlan,
    PathPoint,
    TargetGoal,
    TargetSdg,
    TargetVersion,
)
from portfolio.benefits.standing import CURRENT_RULE, Kind, Point, Reading, Standing, Verdict, judge, worst
from portfolio.benefits.yardsticks import yardstick

State = TargetVersion.State
SHOWN_FIRST = Case(When(state=State.APPROVED, then=0), When(state=State.DRAFT, then=1), default=2)
FIGURES = ("baseline_value", "target_value", "lower", "upper")
DAYS = ("baseline_on", "target_on", "period_starts_on", "period_ends_on")
WORDS = ("kind", "direction", "group_size")


class Line(NamedTuple):
    """One row that was asked for, with one benefit target and one of its indicators; None where it has none.

    `latest` is the newest measurement, approved or not. What its version leaves out has no verdict.
    """

    row: Mapping[str, Any]
    target_id: int | None
    in_force: bool
    indicator_id: int | None
    latest: Reading | None
    verdict: Verdict | None


class Judged(NamedTuple):
    """One of a target's indicators with its verdict."""

    indicator_id: int
    code: str
    verdict: Verdict


class Shown(NamedTuple):
    """One benefit target as its detail shows it: the id of its version, where it stands, and what it serves."""

    version_id: int | None
    standing: Standing | None
    indicators: list[Judged]
    goals: list[int]
    sdgs: list[int]


def shown(target: Any) -> QuerySet[TargetVersion, Any]:
    """The id of a target's version in force, else of the draft; of an ended one, of the last that was in force."""
    return TargetVersion.objects.filter(target=target).order_by(SHOWN_FIRST, "-number").values("pk")[:1]


def lines(found: QuerySet[Any], *more: str, on: date, to: str = "") -> Iterator[Line]:
    """The rows of a query with the targets that its way `to` them leads to, and how their indicators stand on a day."""
    indicator = f"{to}indicators"
    named = (f"{to}pk", f"{to}state", indicator, f"{indicator}__interval_months", f"{indicator}__rubric")
    told = found.order_by().values_list(
        *named, _plan(indicator), *_measured(indicator, on), *more, named=False
    )  # fmt: skip
    for target, state, pk, months, rubric, plan, newest, approved, averaged, *row in told:
        series = [_reading(each) for each in (newest, approved, *(averaged or ())) if each]
        latest = max(series, key=lambda each: each.on, default=None)
        verdict = _judged(series, plan, SimpleNamespace(interval_months=months, rubric=rubric), on) if plan else None
        yield Line(
            dict(zip(more, row, strict=True)), target, state == BenefitTarget.State.APPROVED, pk, latest, verdict
        )


def of_target(pk: int, *, on: date) -> Shown:
    """How one benefit target stands on a day, its indicators in the order of their codes: one statement."""
    goals = TargetGoal.objects.filter(target=OuterRef("pk")).order_by("goal_id").values("goal_id")
    sdgs = TargetSdg.objects.filter(target=OuterRef("pk")).order_by("sdg_id").values("sdg__number")
    more = {"shown": Subquery(shown(OuterRef("pk"))), "goals": ArraySubquery(goals), "sdgs": ArraySubquery(sdgs)}
    target = BenefitTarget.objects.filter(pk=pk).annotate(**more)
    found = [*lines(target, *more, "indicators__code", on=on)]
    judged = [Judged(each.indicator_id, each.row["indicators__code"], each.verdict)
              for each in found if each.indicator_id is not None and each.verdict]  # fmt: skip
    row = found[0].row
    return Shown(
        row["shown"], standings(found)[pk], sorted(judged, key=lambda each: each.code), row["goals"], row["sdgs"]
    )


def standings(found: list[Line]) -> dict[int, Standing | None]:
    """By target, how it stands as its weakest indicator; None for one that is not in force."""
    verdicts: dict[int, list[Standing]] = {}
    for line in found:
        if line.target_id is not None:
            verdicts.setdefault(line.target_id, []).extend([line.verdict.standing] if line.verdict else [])
    in_force = {line.target_id for line in found if line.in_force}
    return {target: worst(each) if target in in_force else None for target, each in verdicts.items()}


def _plan(indicator: str) -> Subquery:
    """What the shown version promises of an indicator; figures as text, for JSON's numbers would lose digits."""
    path = PathPoint.objects.filter(plan=OuterRef("pk")).order_by("on")
    points = ArraySubquery(path.values(told=JSONObject(on="on", value=_text("value"))))
    told = {name: _text(name) for name in FIGURES} | {name: name for name in (*DAYS, *WORDS)}
    version = Subquery(shown(OuterRef("indicator__target")))
    plans = IndicatorPlan.objects.filter(indicator=OuterRef(indicator), target_version=version)
    return Subquery(plans.order_by().values(told=JSONObject(**told, path=points))[:1])


def _measured(indicator: str, on: date) -> tuple[Any, ...]:
    """The newest measurement, the newest approved one, and of an average all, for its mean."""
    found = Measurement.objects.filter(indicator=OuterRef(indicator), measured_on__lte=on).order_by("-measured_on")
    counts = ExpressionWrapper(APPROVED, BooleanField())
    told = JSONObject(on="measured_on", value=_text("value"), approved=counts)
    newest, approved = (Subquery(each.values(told=told)[:1]) for each in (found, found.filter(APPROVED)))
    averaged = When(**{f"{indicator}__kind": Kind.AVERAGE}, then=ArraySubquery(found.values(told=told)))
    return newest, approved, Case(averaged, default=Value(None))


def _text(column: str) -> Cast:
    return Cast(column, TextField())


def _reading(told: Mapping[str, Any]) -> Reading:
    return Reading(date.fromisoformat(told["on"]), Decimal(told["value"]), told["approved"])


def _judged(series: list[Reading], told: dict[str, Any], indicator: Any, on: date) -> Verdict:
    plan = SimpleNamespace(
        **{name: told[name] for name in WORDS},
        **{name: told[name] and Decimal(told[name]) for name in FIGURES},
        **{name: told[name] and date.fromisoformat(told[name]) for name in DAYS},
    )
    path = [Point(date.fromisoformat(each["on"]), Decimal(each["value"])) for each in told["path"]]
    return judge({each.on: each for each in series}.values(), yardstick(indicator, plan, path), CURRENT_RULE, on)
