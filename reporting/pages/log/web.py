"""The pages of what has changed: in a programme, a benefit target, a project, a decision."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portfolio import belonging
from reporting.pages.decisions import view as decisions
from reporting.pages.kept import kept
from reporting.pages.log import view
from reporting.pages.log.view import DECISION, Subject
from reporting.pages.programmes.head import read
from reporting.pages.projects import view as projects
from reporting.pages.reader import asked_moment, page_of, reader
from reporting.pages.targets import view as targets
from reporting.pages.words import AREAS
from reporting.reports import queries
from reporting.templatetags.written import voice


@require_safe
@login_required
@kept
def programme_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed in a programme and what belongs to it."""
    shown, by, area = asked_moment(request), reader(request), request.GET.get("area", "")
    found = read(pk, shown, by).head
    log = view.log(Subject(belonging.PROGRAMME, pk), shown, by, area=area, page=page_of(request))
    oldest = log.page == log.pages and not area
    before = queries.before_the_record_of(pk, found.term_id, now=shown.at) if oldest else None
    context: dict[str, Any] = {"moment": shown, "programme": found, "log": log, "before": before}
    context |= {"areas": AREAS, "area": area if area in AREAS else ""}
    return render(request, "programme_history.html", context | {"here": "programmes", "tab": "history"})


@require_safe
@login_required
@kept
def target_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed in a benefit target: its versions, indicators, measurements."""
    found = targets.head(pk, asked_moment(request), reader(request), voice())
    own = {"kind": _("Benefit target"), "own": "target", "own_history": "target-history"}
    return _history(request, Subject(belonging.TARGET, pk), own | {"record": found})


@require_safe
@login_required
@kept
def project_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed in a project and what belongs to it."""
    found = projects.head(pk, asked_moment(request), reader(request))
    own = {"kind": found.kind, "own": "project", "own_history": "project-history"}
    return _history(request, Subject(belonging.PROJECT, pk), own | {"record": found})


@require_safe
@login_required
@kept
def decision_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed in a decision and its parts."""
    found = decisions.head(pk, asked_moment(request), reader(request))
    return _history(request, Subject(DECISION, pk), {"record": found, "head": "partials/decision_head.html"})


def _history(request: HttpRequest, of: Subject, told: dict[str, Any]) -> HttpResponse:
    shown = asked_moment(request)
    log = view.log(of, shown, reader(request), page=page_of(request))
    context = {"moment": shown, "log": log, "here": "programmes", "tab": "history", "head": "partials/record_head.html"}
    return render(request, "record_history.html", context | told)
