"""The first page: requests to what is shown, answers to templates."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portfolio import addresses
from reporting.pages.home import view
from reporting.pages.people import view as people
from reporting.pages.reader import asked_moment, reader
from reporting.templatetags.written import voice


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in, in the reader's language: that of one's day, or of one's one task."""
    by = reader(request)
    if people.only_administers(by):
        return redirect(addresses.in_language(reverse("people"), get_language() or ""))
    if not addresses.split(request.path)[0]:
        return redirect(addresses.in_language(reverse("home"), get_language() or ""))
    shown = asked_moment(request)
    return render(request, "home.html", {"moment": shown, "home": view.home(shown, by, voice()), "here": "home"})
