"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portfolio.people import held
from portfolio.people.models import Account
from portfolio.people.passwords import LONGEST
from portfolio.people.signing import commands, places
from portfolio.refusals import Refused

# What a temporary password does not stand in the way of; the API says so itself.
OPEN = ("/api/", "/static/", "/sign-out/", "/sign-in/", "/theme.css", "/healthz")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page for signing in; a refusal stands at the field, and the name that was typed stays."""
    if isinstance(request.user, Account):
        return held.page(request, _onwards(request)) or redirect(_onwards(request))
    context: dict[str, Any] = {
        "next": request.GET.get("next", request.POST.get("next", "")),
        "held": request.POST.get("held", ""),
    }
    if request.method != "POST":
        return render(request, "sign_in.html", context)
    username = request.POST.get("username", "")[:150]
    try:
        account = commands.check_sign_in(
            username=username,
            password=request.POST.get("password", "")[: LONGEST + 1],
            address=places.address(request),
            device=places.device(request, username),
        )
    except Refused as refused:
        return _not_let_in(request, context | {"username": username}, refused)
    login(request, account)
    response = _in_own_language(request, held.page(request, _onwards(request)) or redirect(_onwards(request)), account)
    places.remember(request, response, username)
    return response


def _not_let_in(request: HttpRequest, context: dict[str, Any], refused: Refused) -> HttpResponse:
    (lack,) = refused.lacks
    context |= {"lack": lack.as_dict(), "tries": commands.TRIES["here"], "minutes": commands.SHUT_FOR.seconds // 60}
    response = render(request, "sign_in.html", context, status=refused.status)
    if seconds := lack.params.get("seconds"):
        response.headers["Retry-After"] = str(seconds)
    return response


def own_password_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lead whoever has a temporary password to the page where an own one is chosen, and nowhere else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path_info.startswith(OPEN)
        if asked and isinstance(request.user, Account) and request.user.temporary_until is not None:
            if (own := resolve_url("own-account")) != request.path:
                return redirect(own)
        return get_response(request)

    return middleware


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the address alone ends none, it only leads to the first page."""
    if request.method != "POST":
        return redirect(settings.LOGIN_REDIRECT_URL if isinstance(request.user, Account) else settings.LOGIN_URL)
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = '"cache"'  # what the browser has kept is for nobody who comes after
    return response


def _onwards(request: HttpRequest) -> str:
    """Where the reader was going, if that is a page of ours."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _in_own_language(request: HttpRequest, response: HttpResponse, account: Account) -> HttpResponse:
    """The account's language, unless the reader has chosen one in this browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, account.language, samesite="Lax", secure=request.is_secure())
    return response
