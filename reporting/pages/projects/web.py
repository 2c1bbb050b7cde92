"""The pages of projects: requests to what is shown, answers to templates."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.pages.kept import kept
from reporting.pages.projects import view
from reporting.pages.reader import asked_moment, reader


@require_safe
@login_required
@kept
def project_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One project, now or as of a moment."""
    shown = asked_moment(request)
    found = view.project(pk, shown, reader(request))
    return render(request, "project.html", {"moment": shown, "record": found, "here": "programmes", "tab": "all"})
