"""What waits in the progress of projects: milestones whose day has passed, risks not mitigated in time, drafts."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.waiting import Waits
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project


def _not_reached(on: date) -> QuerySet[Milestone]:
    found = Milestone.objects.filter(reached_on=None, forecast_on__lt=on, project__state=Project.State.RUNNING)
    return found.select_related("project__programme")


def _not_mitigated(on: date) -> QuerySet[Risk]:
    found = Risk.objects.open().filter(mitigate_by__lt=on)
    return found.select_related("programme", "project")


def _drafts(on: date) -> QuerySet[StatusReport]:
    found = StatusReport.objects.filter(submitted_on=None, status_on__lte=on).exclude(provenance="taken_over")
    return found.select_related("project__programme")


WAITS = (
    Waits(
        "milestone.late", _("The day of a milestone has passed"), "keep_milestones", "reach", _not_reached,
        lambda row: row.forecast_on,
    ),
    Waits(
        "risk.overdue", _("The mitigation of a risk is overdue"), "keep_risks", "edit", _not_mitigated,
        lambda row: row.mitigate_by,
    ),
    Waits(
        "status.draft", _("A status report has not been submitted"), "report_status", "submit", _drafts,
        lambda row: row.status_on,
    ),
)  # fmt: skip
