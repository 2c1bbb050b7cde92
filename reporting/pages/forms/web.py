"""The pages of forms: requests to what is asked, answers to templates."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portfolio.api import retries
from portfolio.api.inputs import Input
from portfolio.people import asked as asked_fields
from portfolio.refusals import Refused
from reporting.pages.forms import places, registers, rooms, view
from reporting.pages.forms.fields import listed
from reporting.pages.reader import page_of, reader


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, resource: str) -> HttpResponse:
    """A new record of a kind."""
    return _answer(request, _asked(resource, rooms.NEW), None)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, resource: str, pk: int, word: str) -> HttpResponse:
    """A move of a record; where it can't be made any more, its page is shown."""
    asked = _asked(resource, word)
    thing = view.thing_of(asked, pk, reader(request))
    if request.method != "POST" and not asked.move.fits(thing):
        return redirect(places.place(thing).address)
    return _answer(request, asked, thing)


def _asked(resource: str, word: str) -> rooms.Asked:
    found = rooms.here().get((resource, word))
    if found is None:
        raise Http404
    return found


def _answer(request: HttpRequest, asked: rooms.Asked, thing: Any) -> HttpResponse:
    """The form, or where it led; what is refused is said beside what was typed."""
    by, refused = reader(request), None
    view.require(asked, thing, by)
    if request.method == "POST" and "more" not in request.POST:
        try:
            return retries.press(request, lambda: view.carry_out(request, asked, thing, by))
        except Refused as error:
            refused = error
        if thing is not None:
            thing = view.thing_of(asked, thing.pk, by)
    shown = view.form(request, asked, thing, by, refused)
    return render(request, "move.html", {"form": shown, "here": "programmes"}, status=shown.status)


def _is_asked(name: str) -> bool:
    """Whether a form made from a declaration has a field of this name, also in a line of a list."""
    *_list, last = name.split("-")
    return last in _names()


@cache
def _names() -> frozenset[str]:
    given = ((each.move.given or Input)().fields for each in rooms.here().values())
    lines = [*given]
    inner = (child.fields for each in lines for field in each.values() if (child := listed(field)))
    return frozenset(name for each in (*lines, *inner) for name in each)


asked_fields.DECLARED.append(_is_asked)


@require_safe
@login_required
def register(request: HttpRequest, resource: str) -> HttpResponse:
    """A plain register of a kind of record."""
    sought = request.GET.get("q", "").strip()[:100]
    found = registers.register(resource, reader(request), sought=sought, page=page_of(request))
    return render(request, "register.html", {"register": found, "here": "registers"})


@require_safe
@login_required
def record(request: HttpRequest, resource: str, pk: int) -> HttpResponse:
    """One record of a plain register."""
    return render(
        request, "record.html", {"record": registers.record(resource, pk, reader(request)), "here": "registers"}
    )


@require_safe
@login_required
def register_list(request: HttpRequest) -> HttpResponse:
    """The plain registers."""
    return render(request, "registers.html", {"lines": registers.every(reader(request)), "here": "registers"})
