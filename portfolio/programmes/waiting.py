"""What waits in programmes: plans that were submitted and wait for the board."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.programmes.models import PlanVersion
from portfolio.waiting import Waits


def _submitted(on: date) -> QuerySet[PlanVersion]:
    found = PlanVersion.objects.filter(state=PlanVersion.State.SUBMITTED)
    return found.select_related("plan__programme")


WAITS = (Waits("plan.approve", _("A submitted plan waits for the board"), "approve_plan", "approve", _submitted),)
