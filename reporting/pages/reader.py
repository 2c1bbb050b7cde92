"""What a request for a page says: who reads, which moment and page are asked for, what was seen."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from portfolio import clock
from portfolio.people import permissions
from portfolio.people.models import Account, Person
from portfolio.refusals import Refused
from portfolio.written import whole
from reporting.pages.moment import Moment, moment
from reporting.reports.models import Report


def reader(request: HttpRequest) -> Person:
    """Who reads the page."""
    return cast(Account, request.user).person


def asked_moment(request: HttpRequest) -> Moment:
    """The moment that was asked for; today has not ended, so it is shown as it stands now."""
    asked = request.GET.get("as_of", "").strip()
    return moment("" if asked == clock.today().isoformat() else asked)


def page_of(request: HttpRequest) -> int:
    """Which page of a long list was asked for."""
    return whole(request.GET.get("page", "1"), digits=6) or 1


def version(request: HttpRequest) -> int:
    """The version that the reader saw when the form was filled in. Raises Refused `edit.if_match`."""
    seen = whole(request.POST.get("version", ""), digits=9)
    if seen is None:
        raise Refused("edit.if_match")
    return seen


def visible_report(pk: int, by: Person) -> Report:
    """The report, for someone who may see it.

    Raises Refused `not_found`.
    """
    found: Report | None = permissions.visible(Report.objects.filter(pk=pk), by).first()
    if found is None:
        raise Refused("not_found")
    return found
