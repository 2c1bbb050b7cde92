"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portfolio.people import commands
from portfolio.people.models import Account
from portfolio.refusals import Refused


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page for signing in; a refusal stands at the field, and the name that was typed stays."""
    if isinstance(request.user, Account):
        return redirect(_onwards(request))
    context: dict[str, Any] = {"next": request.GET.get("next", request.POST.get("next", ""))}
    if request.method != "POST":
        return render(request, "sign_in.html", context)
    username = request.POST.get("username", "")[:150]
    try:
        account = commands.check_sign_in(username=username, password=request.POST.get("password", "")[:1000])
    except Refused as refused:
        context |= {"username": username, "lack": refused.as_list()[0], "attempts": commands.ATTEMPTS}
        return render(request, "sign_in.html", context, status=refused.status)
    login(request, account)
    return _in_own_language(request, redirect(_onwards(request)), account)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the address alone ends none, it only leads to the first page."""
    if request.method != "POST":
        return redirect(settings.LOGIN_REDIRECT_URL if isinstance(request.user, Account) else settings.LOGIN_URL)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


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
