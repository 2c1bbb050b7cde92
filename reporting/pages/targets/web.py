"""The pages of benefit targets: requests to what is shown, answers to templates."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.pages.kept import kept
from reporting.pages.reader import asked_moment, reader
from reporting.pages.targets import view
from reporting.templatetags.written import voice


@require_safe
@login_required
@kept
def target_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One benefit target, now or as of a moment."""
    shown = asked_moment(request)
    found = view.target(pk, shown, reader(request), voice(), whole=request.GET.get("values") == "all")
    return render(request, "target.html", {"moment": shown, "record": found, "here": "programmes", "tab": "all"})
