"""The page on which the remarks of a report get their wordings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portfolio.api import retries
from portfolio.people import permissions
from portfolio.refusals import Refused
from reporting.pages.reader import page_of, reader, visible_report
from reporting.pages.remarks import view
from reporting.reports.models import Report


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_remarks(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """What a report's remarks lack in a language; a refusal stands at its field, and what was typed stays."""
    by = reader(request)
    report = visible_report(int(pk), by)
    permissions.require(by, "translate_remark")
    page, form = page_of(request), None
    if request.method == "POST":
        try:
            return retries.press(request, lambda: _worded(request, report, language, page))
        except Refused as refused:
            if refused.code == "not_found":
                raise
            form = view.RefusedForm(request.POST, refused)
    shown = view.view(report, language, by, page=page, form=form)
    saved = view.saved(request.GET.get("saved", ""), language) if form is None else None
    status = form.refused.status if form else 200
    return render(request, "remarks.html", {"view": shown, "saved": saved, "here": "reports"}, status=status)


def _worded(request: HttpRequest, report: Report, language: str, page: int) -> str:
    view.give(report, language, request.POST, by=reader(request))
    return f"{reverse('report-remarks', args=[report.pk, language])}?page={page}&saved={request.POST.get('remark', '')}"
