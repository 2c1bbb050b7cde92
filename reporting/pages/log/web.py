"""The page of what has changed in a programme."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.pages.kept import kept
from reporting.pages.log import view
from reporting.pages.programmes.head import head
from reporting.pages.reader import asked_moment, page_of, reader
from reporting.pages.words import AREAS
from reporting.reports import queries


@require_safe
@login_required
@kept
def programme_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed in a programme and what belongs to it."""
    shown, by, area = asked_moment(request), reader(request), request.GET.get("area", "")
    found = head(pk, shown, by)
    log = view.log(pk, shown, by, area=area, page=page_of(request))
    oldest = log.page == log.pages and not area
    before = queries.before_the_record_of(pk, found.term_id, now=shown.at) if oldest else None
    context: dict[str, Any] = {"moment": shown, "programme": found, "log": log, "before": before}
    context |= {"areas": AREAS, "area": area if area in AREAS else ""}
    return render(request, "programme_history.html", context | {"here": "programmes", "tab": "history"})
