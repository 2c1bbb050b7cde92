"""What waits in benefit targets: proposals, approvals, measurements that are due or not approved."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import DateField, F, Func, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portfolio.approvals import APPROVED
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, TargetVersion
from portfolio.people.models import Person
from portfolio.waiting import Waits

AHEAD = timedelta(days=30)
State = BenefitTarget.State


def _in_state(state: str) -> QuerySet[BenefitTarget]:
    return BenefitTarget.objects.filter(state=state).select_related("programme")


def _unapproved(on: date) -> QuerySet[Measurement]:
    return Measurement.objects.exclude(APPROVED).select_related("indicator__target__programme")


def _by_another(value: Measurement, by: Person) -> bool:
    """Nobody approves what they have recorded themselves (INV-113)."""
    return value.recorded_by_id != by.pk


class MonthsAfter(Func):
    """A day so many months after another; the last of a shorter month."""

    template = "(SELECT (a + make_interval(months => b::int))::date FROM (SELECT %(expressions)s) AS x(a, b))"
    output_field = DateField()


def _due(on: date) -> QuerySet[Indicator]:
    """Indicators of targets in force whose interval runs out within a month, after the newest value or the baseline."""
    newest = Measurement.objects.filter(indicator=OuterRef("pk")).order_by("-measured_on").values("measured_on")[:1]
    in_force = IndicatorPlan.objects.filter(
        indicator=OuterRef("pk"), target_version__state=TargetVersion.State.APPROVED
    ).values("baseline_on")[:1]
    found = Indicator.objects.filter(target__state=State.APPROVED, interval_months__isnull=False)
    since = Coalesce(Subquery(newest), Subquery(in_force), output_field=DateField())
    due = found.annotate(due_on=MonthsAfter(since, F("interval_months"))).filter(due_on__lte=on + AHEAD)
    return due.select_related("target__programme")


WAITS = (
    Waits(
        "measurement.due", _("A measurement is due"), "record_measurement", "measurements", _due,
        lambda row: row.due_on,
    ),
    Waits(
        "measurement.approve", _("A measurement waits for approval"), "approve_measurement", "approve", _unapproved,
        since=lambda row: row.measured_on, whose=_by_another,
    ),
    Waits(
        "target.propose", _("A drafted benefit target waits for the board’s proposal"), "propose_target", "propose",
        lambda on: _in_state(State.DRAFTED),
    ),
    Waits(
        "target.approve", _("A proposed benefit target waits for the council"), "approve_target", "approve",
        lambda on: _in_state(State.PROPOSED),
    ),
)  # fmt: skip
