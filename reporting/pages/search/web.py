"""The page of the search, asked by the bar of every page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.pages.reader import reader
from reporting.pages.search.view import search


@require_safe
@login_required
def search_page(request: HttpRequest) -> HttpResponse:
    """What was found, of all kinds or of one."""
    found = search(request.GET.get("q", ""), reader(request), request.GET.get("kind", ""))
    return render(request, "search.html", {"found": found, "here": "search", "sought": found.sought.text})
