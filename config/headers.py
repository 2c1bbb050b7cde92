"""The content policy of our own pages: nothing from outside, no script, no style but the stylesheet."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def content_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set the policy unless the answer brings its own, as an HTML report does (decision 23)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.path_info.startswith("/static/") or request.path_info == "/theme.css":
            return response
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


class Pressed(GZipMiddleware):
    """Answers pressed together, but for those with a strong ETag: that is a version or a checksum and stays one."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("ETag", "W/").startswith("W/"):
            return super().process_response(request, response)
        return response
