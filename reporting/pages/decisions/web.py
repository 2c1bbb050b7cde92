"""The pages of decisions: requests to what is shown, answers to templates."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.pages.decisions import view
from reporting.pages.kept import kept
from reporting.pages.reader import asked_moment, reader


@require_safe
@login_required
@kept
def decision_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision, now or as of a moment."""
    shown = asked_moment(request)
    found = view.decision(pk, shown, reader(request))
    return render(request, "decision.html", {"moment": shown, "record": found, "here": "programmes", "tab": "all"})
