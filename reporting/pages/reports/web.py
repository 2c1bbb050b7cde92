"""The pages of reports: requests to queries and commands, answers to templates."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portfolio import clock, written
from portfolio.api import retries
from portfolio.api.moves import Move
from portfolio.decisions.models import Decision
from portfolio.people import permissions
from portfolio.refusals import Refused
from portfolio.written import whole
from reporting.api.files import file_response, snapshot_response
from reporting.pages.kept import kept
from reporting.pages.reader import reader, version, visible_report
from reporting.pages.reports import moves, view
from reporting.reports import commands
from reporting.reports.models import Report
from reporting.schedule.models import ReportSchedule


@require_safe
@login_required
@kept
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports to the council."""
    return render(request, "reports.html", {"rows": view.reports(reader(request)), "here": "reports"})


@require_safe
@login_required
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: how far it is, its files, what can be done."""
    by = reader(request)
    shown = view.report(pk, by)
    offered = moves.offered(shown.row.report, by)
    return render(request, "report.html", {"view": shown, "moves": offered, "here": "reports"})


@require_safe
@login_required
def report_file(request: HttpRequest, pk: int, language: str, kind: str) -> HttpResponseBase:
    """A file of a report, byte for byte; an HTML report under its own policy (decision 23)."""
    return file_response(request, visible_report(pk, reader(request)), language, kind)


@require_safe
@login_required
def report_snapshot(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the report rests on, as canonical JSON."""
    return snapshot_response(request, visible_report(pk, reader(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def move_report(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Confirm, send, record the board's proposal or the council's noting: asked once, on a page of its own.

    The page is also where somebody comes back to whose session ended under the form; what has been done meanwhile is
    not asked again.
    """
    report, asked = visible_report(int(pk), reader(request)), view.MOVES[move]
    if request.method == "POST":
        return _pressed(request, report, asked)
    permissions.require(reader(request), asked.right)
    return _ask(request, report, asked) if asked.fits(report) else redirect("report", report.pk)


def _ask(request: HttpRequest, report: Report, move: Move, refused: Refused | None = None) -> HttpResponse:
    chosen = request.POST.get("decision", "")
    shown = moves.view(move, report.pk, reader(request), chosen=chosen, refused=refused)
    context = {"view": shown, "here": "reports"}
    return render(request, "report_move.html", context, status=refused.status if refused else 200)


def _pressed(request: HttpRequest, report: Report, move: Move) -> HttpResponse:
    """The move is made; what is wrong with the decision that was chosen is said beside it."""

    def act() -> str:
        _move(request, report, move)
        return reverse("report", args=[report.pk])

    try:
        return retries.press(request, act)
    except Refused as refused:
        if any(lack.field != "decision" for lack in refused.lacks):
            raise
        return _ask(request, report, move, refused)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def let_work_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Let given-up work on; the form stands on the report's page, where a reader of this address is led."""
    report = visible_report(int(pk), reader(request))
    if request.method != "POST":
        return redirect("report", report.pk)

    def act() -> str:
        because = request.POST.get("because", "")
        commands.unpark(report, because=because, by=reader(request), seen=version(request))
        return reverse("report", args=[report.pk])

    return retries.press(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correct_cut_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a mistyped cut-off right; the form stands on the page of the report that collects until then."""
    report = visible_report(int(pk), reader(request))
    if request.method != "POST":
        return redirect("report", report.pk)

    def act() -> str:
        commands.correct_cut_off(
            report.schedule,
            status_date=report.status_date,
            cut_off_at=_cut_off(request, report.schedule),
            because=request.POST.get("because", ""),
            by=reader(request),
            seen=version(request),
        )
        return reverse("report", args=[report.pk])

    return retries.press(request, act)


def _cut_off(request: HttpRequest, schedule: ReportSchedule) -> datetime:
    """The day that was typed, at the schedule's time of day."""
    try:
        day = written.day(request.POST.get("cut_off_on", "").strip())
    except ValueError as error:
        raise Refused("as_of.day", field="cut_off_at") from error
    return datetime.combine(day, schedule.cut_off_time, clock.zone())


def _move(request: HttpRequest, report: Report, move: Move) -> None:
    seen = version(request)
    given = {"decision": _decision(request)} if move.authority else {}
    move.command(report, **given, by=reader(request), seen=seen)


def _decision(request: HttpRequest) -> Decision:
    pk = whole(request.POST.get("decision", ""))
    found = Decision.objects.filter(pk=pk).first() if pk is not None else None
    if found is None:
        raise Refused("field.required", field="decision")
    return found
