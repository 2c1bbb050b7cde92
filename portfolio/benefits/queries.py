"""What can be asked about benefit targets: how they stand on a day, and what an audit committee would ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from portfolio import clock
from portfolio.approvals import APPROVED
from portfolio.benefits import evaluability
from portfolio.benefits.evaluability import Question
from portfolio.benefits.lines import shown
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import (
    BenefitTarget,
    Indicator,
    IndicatorPlan,
    PathPoint,
    TargetGoal,
    TargetVersion,
)
from portfolio.benefits.standing import CURRENT_RULE, Kind, Point, Standing, Verdict, judge, worst
from portfolio.benefits.yardsticks import reading, yardstick


@dataclass(frozen=True)
class IndicatorStanding:
    """One indicator on a day: its plan, its newest measurement, approved or not, and the verdict."""

    indicator: Indicator
    plan: IndicatorPlan
    path: tuple[Point, ...]
    latest: Measurement | None
    verdict: Verdict
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class TargetStanding:
    """One benefit target on a day, by the version in force or, before approval, by its draft.

    Only a target in force has a standing: a draft has promised nothing yet, an ended one nothing more.
    """

    target: BenefitTarget
    version: TargetVersion
    indicators: tuple[IndicatorStanding, ...]
    standing: Standing | None
    questions: tuple[Question, ...]


def targets_with_latest(*, on: date, targets: QuerySet[BenefitTarget] | None = None) -> list[TargetStanding]:
    """Benefit targets with their indicators' newest measurements up to a day: five statements at any size."""
    found = BenefitTarget.objects.all() if targets is None else targets
    versions = _versions(found)
    plans = IndicatorPlan.objects.filter(target_version__in=versions).select_related("indicator")
    by_version: dict[int, list[IndicatorPlan]] = {}
    for plan in plans.order_by("indicator__code"):
        by_version.setdefault(plan.target_version_id, []).append(plan)
    paths = _paths(by_version.values())
    measured = _measured([plan for each in by_version.values() for plan in each], on)
    goals = _goal_counts(versions)
    return [
        _target(version, [_indicator(plan, paths.get(plan.pk, ()), measured.get(plan.indicator_id, []), on)
                          for plan in by_version.get(version.pk, [])], goals.get(version.target_id, 0))
        for version in versions
    ]  # fmt: skip


def indicators_with_latest(*, on: date) -> QuerySet[Indicator]:
    """Indicators with `latest_value` and `latest_on`: the newest measurement up to a day."""
    newest = Measurement.objects.filter(indicator=OuterRef("pk"), measured_on__lte=on).order_by("-measured_on")
    return Indicator.objects.select_related("target").annotate(
        latest_value=Subquery(newest.values("value")[:1]), latest_on=Subquery(newest.values("measured_on")[:1])
    )


def measurements(indicator: Indicator, *, until: date | None = None) -> QuerySet[Measurement]:
    """What an indicator has measured, the oldest first; with the series that it was rescaled from left alone."""
    found = Measurement.objects.filter(indicator=indicator).order_by("measured_on")
    return found.filter(measured_on__lte=until) if until else found


def living_targets(*, programme_id: int | None = None) -> QuerySet[BenefitTarget]:
    """Targets that neither have ended nor were replaced: those that should have projects (INV-61)."""
    found = BenefitTarget.objects.exclude(state__in=("replaced", "ended"))
    return found.filter(programme_id=programme_id) if programme_id else found


def evaluability_lacks(*, on: date, targets: QuerySet[BenefitTarget] | None = None) -> dict[int, list[Question]]:
    """By target, what an audit committee would ask and the record does not answer; those without any are left out."""
    return {
        stood.target.pk: [*stood.questions, *(asked for each in stood.indicators for asked in each.questions)]
        for stood in targets_with_latest(on=on, targets=targets)
        if stood.questions or any(each.questions for each in stood.indicators)
    }


def open_questions(target: BenefitTarget) -> list[Question]:
    """What an audit committee would ask today and the record does not answer."""
    asked = evaluability_lacks(on=clock.today(), targets=BenefitTarget.objects.filter(pk=target.pk))
    return asked.get(target.pk, [])


def _versions(targets: QuerySet[BenefitTarget]) -> list[TargetVersion]:
    """Of each target the version that is shown."""
    found = TargetVersion.objects.filter(target__in=targets, pk=Subquery(shown(OuterRef("target"))))
    ordered = found.order_by("target__programme_id", "target__order", "target__code")
    return list(ordered.select_related("target", "owner", "approved_by"))


def _paths(plans: Iterable[list[IndicatorPlan]]) -> dict[int, tuple[Point, ...]]:
    keys = [plan.pk for each in plans for plan in each]
    paths: dict[int, tuple[Point, ...]] = {}
    for point in PathPoint.objects.filter(plan__in=keys).order_by("on"):
        paths[point.plan_id] = (*paths.get(point.plan_id, ()), Point(point.on, point.value))
    return paths


def _measured(plans: list[IndicatorPlan], on: date) -> dict[int, list[Measurement]]:
    """Of each indicator the newest measurement and the newest approved one; of an average all, for its mean."""
    averaged = [plan.indicator_id for plan in plans if plan.kind == Kind.AVERAGE]
    found = Measurement.objects.filter(indicator__in=[plan.indicator_id for plan in plans], measured_on__lte=on)
    newest = found.order_by("indicator_id", "-measured_on").distinct("indicator_id")
    approved = newest.filter(APPROVED)
    weighing = Q(pk__in=newest.values("pk")) | Q(pk__in=approved.values("pk")) | Q(indicator__in=averaged)
    series: dict[int, list[Measurement]] = {}
    for measurement in found.filter(weighing).order_by("measured_on"):
        series.setdefault(measurement.indicator_id, []).append(measurement)
    return series


def _goal_counts(versions: list[TargetVersion]) -> dict[int, int]:
    linked = TargetGoal.objects.filter(target__in=[version.target_id for version in versions])
    return dict(linked.order_by().values_list("target_id").annotate(Count("pk")))


def _indicator(plan: IndicatorPlan, path: tuple[Point, ...], series: list[Measurement], on: date) -> IndicatorStanding:
    latest = series[-1] if series else None
    verdict = judge(map(reading, series), yardstick(plan.indicator, plan, path), CURRENT_RULE, on)
    return IndicatorStanding(
        indicator=plan.indicator,
        plan=plan,
        path=path,
        latest=latest,
        verdict=verdict,
        questions=tuple(evaluability.of_indicator(plan, path=path, latest=latest, verdict=verdict)),
    )


def _target(version: TargetVersion, indicators: list[IndicatorStanding], goals: int) -> TargetStanding:
    in_force = version.target.state == BenefitTarget.State.APPROVED
    return TargetStanding(
        target=version.target,
        version=version,
        indicators=tuple(indicators),
        standing=worst(each.verdict.standing for each in indicators) if in_force else None,
        questions=tuple(evaluability.of_target(version, indicators=len(indicators), goals=goals)),
    )
