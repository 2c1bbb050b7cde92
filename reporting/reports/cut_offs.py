"""Which updates of programmes the cut-offs of reports have taken: from then on they count as submitted."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, Exists, Func, OuterRef, Q, Subquery

from portfolio.history.models import ChangeSet
from portfolio.people.drafts import NOW, When
from portfolio.programmes.models import ProgrammeUpdate
from reporting.reports.models import Report


def taken_by_a_cut_off(when: When) -> Q:
    """Updates that were there at a cut-off, by then past, of a report on their programme and status date."""
    past: Any = ProgrammeUpdate.history.model
    made = past.objects.filter(id=OuterRef(OuterRef("id")), history_type="+").order_by().values("history_date")[:1]
    taken = Report.objects.order_by().filter(
        schedule__programmes__programme_id=OuterRef("programme_id"),
        status_date=OuterRef("status_on"),
        cut_off_at__lte=_moment(when),
        cut_off_at__gte=Subquery(made),
    )
    return Q(Exists(taken))


def _moment(when: When) -> Any:
    if when.each:
        return OuterRef("history_date")
    if when.cut is None or when.cut >= NOW:
        return Func(function="city_now", output_field=DateTimeField())
    known = ChangeSet.objects.filter(seq__lte=when.cut).order_by("-seq")
    return Subquery(known.values("recorded_at")[:1])
