"""What waits in the register of projects: support that is offered to a target of another programme."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.people.models import Person
from portfolio.waiting import Waits
from projects.register.models import ProjectTarget


def _offered(on: date) -> QuerySet[ProjectTarget]:
    found = ProjectTarget.objects.filter(role=ProjectTarget.Role.SUPPORTS, accepted_on=None, ended_on=None)
    return found.select_related("project__programme", "target__programme")


def _of_another(link: ProjectTarget, by: Person) -> bool:
    return link.asked_by_id != by.pk


WAITS = (
    Waits(
        "support.accept", _("Support is offered to a benefit target"), "accept_support", "accept", _offered,
        whose=_of_another, of=lambda link: link.target,
    ),
)  # fmt: skip
