"""The pages of programmes and reports: requests to queries and commands, answers to templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portfolio import clock, written
from portfolio.api import retries
from portfolio.decisions.models import Decision
from portfolio.people import permissions
from portfolio.people.models import Account, Person
from portfolio.refusals import Refused
from portfolio.written import whole
from reporting import commands, queries
from reporting.api import file_response, snapshot_response
from reporting.models import Report, ReportSchedule
from reporting.pages import ledger, moves, portfolio, programme, reports, wordings
from reporting.pages.moment import Moment, moment
from reporting.pages.people import view as people
from reporting.pages.words import AREAS
from reporting.templatetags.written import voice


def _reader(request: HttpRequest) -> Person:
    return cast(Account, request.user).person


def _moment(request: HttpRequest) -> Moment:
    """The moment that was asked for; today has not ended, so it is shown as it stands now."""
    asked = request.GET.get("as_of", "").strip()
    return moment("" if asked == clock.today().isoformat() else asked)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in: that of one's task."""
    return redirect("people" if people.only_administers(_reader(request)) else "programmes")


@require_safe
@login_required
def programme_list(request: HttpRequest) -> HttpResponse:
    """All programmes, term by term, now or as of a moment."""
    shown = _moment(request)
    terms = portfolio.terms(shown, _reader(request))
    return render(request, "programmes.html", {"moment": shown, "terms": terms, "here": "programmes"})


@require_safe
@login_required
def programme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme, now or as of a moment."""
    shown = _moment(request)
    found = programme.programme(pk, shown, _reader(request), voice())
    return render(request, "programme.html", {"moment": shown, "programme": found, "here": "programmes", "tab": "all"})


@require_safe
@login_required
def programme_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed in a programme and what belongs to it."""
    shown, by, area = _moment(request), _reader(request), request.GET.get("area", "")
    found = programme.head(pk, shown, by)
    log = ledger.log(pk, shown, by, area=area, page=_page(request))
    oldest = log.page == log.pages and not area
    before = queries.before_the_record_of(pk, found.term_id, now=shown.at) if oldest else None
    context: dict[str, Any] = {"moment": shown, "programme": found, "log": log, "before": before}
    context |= {"areas": AREAS, "area": area if area in AREAS else ""}
    return render(request, "programme_history.html", context | {"here": "programmes", "tab": "history"})


@require_safe
@login_required
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports to the council."""
    return render(request, "reports.html", {"rows": reports.reports(_reader(request)), "here": "reports"})


@require_safe
@login_required
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: how far it is, its files, what can be done."""
    by = _reader(request)
    view = reports.report(pk, by)
    offered = moves.offered(view.row.report, by)
    return render(request, "report.html", {"view": view, "moves": offered, "here": "reports"})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_remarks(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """What a report's remarks lack in a language; a refusal stands at its field, and what was typed stays."""
    by = _reader(request)
    report = reports.visible_report(int(pk), by)
    permissions.require(by, "translate_remark")
    page, form = _page(request), None
    if request.method == "POST":
        try:
            return retries.press(request, lambda: _worded(request, report, language, page))
        except Refused as refused:
            if refused.code == "not_found":
                raise
            form = wordings.Form(request.POST, refused)
    view = wordings.view(report, language, by, page=page, form=form)
    saved = wordings.saved(request.GET.get("saved", ""), language) if form is None else None
    status = form.refused.status if form else 200
    return render(request, "remarks.html", {"view": view, "saved": saved, "here": "reports"}, status=status)


def _worded(request: HttpRequest, report: Report, language: str, page: int) -> str:
    wordings.give(report, language, request.POST, by=_reader(request))
    return f"{reverse('report-remarks', args=[report.pk, language])}?page={page}&saved={request.POST.get('remark', '')}"


def _page(request: HttpRequest) -> int:
    return whole(request.GET.get("page", "1"), digits=6) or 1


@require_safe
@login_required
def report_file(request: HttpRequest, pk: int, language: str, kind: str) -> HttpResponseBase:
    """A file of a report, byte for byte; an HTML report under its own policy (decision 23)."""
    return file_response(request, reports.visible_report(pk, _reader(request)), language, kind)


@require_safe
@login_required
def report_snapshot(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the report rests on, as canonical JSON."""
    return snapshot_response(request, reports.visible_report(pk, _reader(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def move_report(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Confirm, send, record the board's proposal or the council's noting: asked once, on a page of its own.

    The page is also where somebody comes back to whose session ended under the form; what has been done meanwhile is
    not asked again.
    """
    report = reports.visible_report(int(pk), _reader(request))
    if request.method == "POST":
        return _pressed(request, report, move)
    permissions.require(_reader(request), moves.MOVES[move].verb)
    return _ask(request, report, move) if moves.fits(move, report) else redirect("report", report.pk)


def _ask(request: HttpRequest, report: Report, move: str, refused: Refused | None = None) -> HttpResponse:
    chosen = request.POST.get("decision", "")
    view = moves.view(move, report.pk, _reader(request), chosen=chosen, refused=refused)
    context = {"view": view, "here": "reports"}
    return render(request, "report_move.html", context, status=refused.status if refused else 200)


def _pressed(request: HttpRequest, report: Report, move: str) -> HttpResponse:
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
    report = reports.visible_report(int(pk), _reader(request))
    if request.method != "POST":
        return redirect("report", report.pk)

    def act() -> str:
        because = request.POST.get("because", "")
        commands.unpark(report, because=because, by=_reader(request), seen=_version(request))
        return reverse("report", args=[report.pk])

    return retries.press(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correct_cut_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a mistyped cut-off right; the form stands on the page of the report that collects until then."""
    report = reports.visible_report(int(pk), _reader(request))
    if request.method != "POST":
        return redirect("report", report.pk)

    def act() -> str:
        commands.correct_cut_off(
            report.schedule,
            status_date=report.status_date,
            cut_off_at=_cut_off(request, report.schedule),
            because=request.POST.get("because", ""),
            by=_reader(request),
            seen=_version(request),
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


def _move(request: HttpRequest, report: Report, move: str) -> None:
    given: dict[str, Any] = {"by": _reader(request), "seen": _version(request)}
    if move == "confirm":
        commands.confirm_report(report, **given)
    elif move == "send":
        commands.send_report(report, **given)
    elif move == "propose":
        commands.record_proposal(report, decision=_decision(request), **given)
    else:
        commands.note_report(report, decision=_decision(request), **given)


def _version(request: HttpRequest) -> int:
    seen = whole(request.POST.get("version", ""), digits=9)
    if seen is None:
        raise Refused("edit.if_match")
    return seen


def _decision(request: HttpRequest) -> Decision:
    pk = whole(request.POST.get("decision", ""))
    found = Decision.objects.filter(pk=pk).first() if pk is not None else None
    if found is None:
        raise Refused("field.required", field="decision")
    return found
