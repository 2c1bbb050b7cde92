"""What can be mended about tenures and chairships that were entered wrongly: the old entry stays in the history.

Verbs: appoint, name_chair.
"""

from datetime import date
from typing import Any

from portfolio import history
from portfolio.decisions.models import Decision
from portfolio.people.models import Person
from portfolio.programmes.access import opened
from portfolio.programmes.models import DatePrecision
from portfolio.refusals import require
from portfolio.steering import appointing
from portfolio.steering.models import Chairship, Tenure


def correct_tenure(
    tenure: Tenure,
    *,
    by: Any,
    because: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    appointed_by: Decision | None = None,
    seen: int | None = None,
) -> Tenure:
    """Mend the days or the decision of a tenure that were entered wrongly, with the reason (INV-110).

    The seat and the person stay: who was entered in error is ended and the right one appointed.
    """
    with history.change(by=by, because=because, required=True):
        tenure = history.lock(Tenure, tenure.pk, seen=seen)
        opened(tenure.group.programme, "appoint", by)
        require(appointing.correction_lacks(tenure, ends_on, appointed_by))
        _first_day(tenure, starts_on)
        tenure.ends_on = ends_on or tenure.ends_on
        tenure.appointed_by = appointed_by or tenure.appointed_by
        return tenure.checked_save()


def correct_chairship(
    chairship: Chairship,
    *,
    by: Any,
    because: str = "",
    person: Person | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    named_by: Decision | None = None,
    seen: int | None = None,
) -> Chairship:
    """Mend the person, the days or the decision of a chairship that were entered wrongly, with the reason (INV-110).

    What comes of it is again an elected member, never a deputy (INV-28, INV-29); an end is moved, not made.
    """
    with history.change(by=by, because=because, required=True):
        chairship = history.lock(Chairship, chairship.pk, seen=seen)
        opened(chairship.group.programme, "name_chair", by)
        require(appointing.chair_correction_lacks(chairship, ends_on))
        chairship.person = person or chairship.person
        _first_day(chairship, starts_on)
        chairship.ends_on = ends_on or chairship.ends_on
        chairship.named_by = named_by or chairship.named_by
        named = (chairship.person, chairship.starts_on, chairship.named_by, chairship.provenance)
        require(appointing.chair_lacks(chairship.group, *named))
        return chairship.checked_save()


def _first_day(period: Tenure | Chairship, starts_on: date | None) -> None:
    """A day that is given is exact, whatever the older register knew of it."""
    if starts_on is not None:
        period.starts_on, period.starts_precision = starts_on, DatePrecision.DAY
        period.starts_text_fi = period.starts_text_sv = period.starts_text_en = ""
