"""A page for programmers: every operation of the interface, read from its schema, with nothing fetched from outside."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed

from portfolio.api.published import published
from portfolio.api.signin import TokenSignIn


class Operation(NamedTuple):
    """One thing that a program can ask for."""

    method: str
    path: str
    summary: str


@cache
def operations() -> dict[str, list[Operation]]:
    """The operations by resource, in the order of the schema."""
    found: dict[str, list[Operation]] = {}
    for path, described in published().document["paths"].items():
        for method, operation in described.items():
            told = Operation(method.upper(), path, operation.get("summary", ""))
            found.setdefault((operation.get("tags") or [""])[0], []).append(told)
    return found


def _by_token(request: HttpRequest) -> bool:
    try:
        return TokenSignIn().authenticate(request) is not None
    except AuthenticationFailed:
        return False


@require_safe
@cache_control(private=True, no_cache=True)
def documentation(request: HttpRequest) -> HttpResponseBase:
    """The list of operations, and where the schema itself is: for those who sign in, by session or by token."""
    if not (request.user.is_authenticated or _by_token(request)):
        return redirect_to_login(request.get_full_path())
    return render(request, "api_docs.html", {"resources": operations().items()})
