"""The pages of programmes: requests to what is shown, answers to templates."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portfolio.programmes.models import Phase
from reporting.compilation.findings import BEST_FIRST
from reporting.pages.kept import holds_until, kept
from reporting.pages.programmes import listing, view
from reporting.pages.programmes.asked import ORDERS, Asked
from reporting.pages.programmes.tabs import OVERVIEW
from reporting.pages.reader import asked_moment, reader
from reporting.templatetags.written import voice


@require_safe
@login_required
@kept
def programme_list(request: HttpRequest) -> HttpResponse:
    """All programmes, term by term, now or as of a moment."""
    shown = asked_moment(request)
    asked = Asked.of(request.GET, shown.asked)
    coming = listing.coming_reports(shown)
    found = listing.listing(shown, reader(request), coming, asked, voice())
    context = {"moment": shown, "listing": found, "asked": asked, "here": "programmes"}
    context |= {"standings": BEST_FIRST, "phases": Phase.choices, "orders": ORDERS}
    context |= {"columns": asked.columns(reports=found.reports)}
    page = render(request, "programmes.html", context)
    return holds_until(page, min((each.cut_off_at for each in coming.values()), default=None))


@require_safe
@login_required
@kept
def programme_page(request: HttpRequest, pk: int, tab: str = OVERVIEW) -> HttpResponse:
    """A page of one programme, now or as of a moment."""
    shown = asked_moment(request)
    found = view.programme(pk, shown, reader(request), voice())
    context = {"moment": shown, "programme": found, "here": "programmes", "tab": tab}
    return render(request, f"programme_{tab}.html", context)
