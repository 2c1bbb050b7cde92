"""The pages of programmes: requests to what is shown, answers to templates."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from portfolio.programmes.models import Phase
from projects.money.models import Funding
from projects.progress.models import Risk
from projects.register.models import Project
from reporting.compilation.findings import BEST_FIRST
from reporting.pages.export import file_response
from reporting.pages.kept import holds_until, kept
from reporting.pages.programmes import decisions, listing, sheets
from reporting.pages.programmes.asked import ORDERS, Asked
from reporting.pages.programmes.group import group
from reporting.pages.programmes.head import Read, read
from reporting.pages.programmes.money import money
from reporting.pages.programmes.overview import overview
from reporting.pages.programmes.paging import EVERY
from reporting.pages.programmes.projects import projects
from reporting.pages.programmes.risks import risks
from reporting.pages.programmes.tabs import OVERVIEW, TABS
from reporting.pages.programmes.targets import targets
from reporting.pages.reader import asked_moment, page_of, reader
from reporting.templatetags.written import plain, voice


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


Builder = Callable[[Read, int], object]  # of the page of that number, where the list is long
# Of each page of a programme what makes it, and what it tells of that may be hidden in part.
BUILDERS: dict[str, tuple[Builder, tuple[type[Model], ...]]] = {
    OVERVIEW: (lambda found, _: overview(found, voice()), (Project, Funding, Risk)),
    "targets": (lambda found, number: targets(found, number, voice()), ()),
    "projects": (projects, (Project, Funding, Risk)),
    "risks": (risks, (Risk, Project)),
    "money": (lambda found, _: money(found), (Funding,)),
    "decisions": (lambda found, _: decisions.listed(decisions.world(found)), ()),
    "group": (lambda found, _: group(found), ()),
}


@require_safe
@login_required
@kept
def programme_page(request: HttpRequest, pk: int, tab: str = OVERVIEW) -> HttpResponse:
    """A page of one programme, now or as of a moment."""
    shown = asked_moment(request)
    build, kinds = BUILDERS[tab]
    found = read(pk, shown, reader(request), *kinds)
    context = {"moment": shown, "programme": found.head, "found": build(found, page_of(request))}
    return render(request, f"programme_{tab}.html", context | {"here": "programmes", "tab": tab})


@require_safe
@login_required
def programme_list_file(request: HttpRequest) -> HttpResponse:
    """The programmes that the address asks for, as a file for a spreadsheet."""
    shown = asked_moment(request)
    found = listing.listing(
        shown, reader(request), listing.coming_reports(shown), Asked.of(request.GET, shown.asked), voice()
    )
    return file_response([gettext("Programmes")], shown.on, sheets.portfolio(found))


@require_safe
@login_required
def programme_file(request: HttpRequest, pk: int, tab: str) -> HttpResponse:
    """A list of one programme, whole, as a file for a spreadsheet."""
    shown = asked_moment(request)
    build, kinds = BUILDERS[tab]
    found = read(pk, shown, reader(request), *kinds)
    title = next(str(each.title) for each in TABS if each.name == tab)
    sheet = sheets.SHEETS[tab](build(found, EVERY))
    return file_response([plain(found.head.name), title], shown.on, sheet)
