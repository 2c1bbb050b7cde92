"""What waits in pilots: those that were evaluated and wait to be adopted or ended."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.waiting import Waits
from projects.pilots.models import Pilot


def _evaluated(on: date) -> QuerySet[Pilot]:
    return Pilot.objects.filter(state=Pilot.State.EVALUATED).select_related("project__programme")


WAITS = (
    Waits("pilot.adopt", _("An evaluated pilot waits for adoption by the line"), "adopt_pilot", "adopt", _evaluated),
    Waits("pilot.end", _("An evaluated pilot waits for its ending"), "end_pilot", "end_without_adoption", _evaluated),
)
