"""The language in the address of a page: /fi/programmes/ is Finnish for everybody, /programmes/ is the reader's own."""

from __future__ import annotations

import re
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation

IN_FRONT = re.compile(r"/([a-z]{2})(/.*)?")
OF_PROGRAMS = ("/api/v1/", "/static/", "/healthz", "/readyz")  # their language is the caller's header


def split(path: str) -> tuple[str, str]:
    """The language that an address names, or none, and the address without it."""
    found = IN_FRONT.fullmatch(path)
    if found is None or found[1] not in dict(settings.LANGUAGES):
        return "", path
    without = found[2] or "/"
    return ("", path) if without.startswith(OF_PROGRAMS) else (found[1], without)


def in_language(path: str, code: str) -> str:
    """The same page in another language."""
    return f"/{code}{split(path)[1]}"


class Languages(LocaleMiddleware):
    """Read the language off the address, so that a page can be sent on as it was read, and let its links stay in it.

    The browser remembers the last one, for addresses without: those of letters and of programs.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = get_script_prefix()
        try:
            return cast(HttpResponseBase, super().__call__(request))
        finally:
            set_script_prefix(before)

    def process_request(self, request: HttpRequest) -> None:
        """Take the language from the address; where it names none, from the browser."""
        code, path = split(request.path_info)
        if not code:
            super().process_request(request)
            return
        request.path_info = path
        set_script_prefix(f"/{code}/")
        translation.activate(code)
        request.LANGUAGE_CODE = code

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Let the browser remember the language of the address."""
        response = super().process_response(request, response)
        code, path = split(request.path)
        if code and path != "/theme.css" and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != code:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                code,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response
