"""Gives each request an id and a memory, and turns a refusal into its answer wherever it is raised."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from portfolio import asking, written
from portfolio.api import errors
from portfolio.history.changes import request_id
from portfolio.refusals import Refused

Handler = Callable[[HttpRequest], HttpResponse]
# What the framework answers before a view of the API is reached.
UNREACHED = {400: "body.malformed", 404: "not_found", 405: "method.not_allowed", 413: "body.too_large"}


def identify_request(get_response: Handler) -> Handler:
    """Carry the request's id into change sets, and back in the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex)
        try:
            response = get_response(request)
            response.headers["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)

    return middleware


def ask_once(get_response: Handler) -> Handler:
    """Let a request ask for the day and for its reader's roles once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with asking.one_request():
            return get_response(request)

    return middleware


def _is_json(response: HttpResponse) -> bool:
    return "json" in response.headers.get("Content-Type", "")


def unserved(request: HttpRequest) -> HttpResponse:
    """What Django calls for an error of the program; of a database that is away also where no view was reached."""
    error = sys.exc_info()[1]
    if not errors.away(error):
        return server_error(request)
    after = {"Retry-After": str(errors.AGAIN_AFTER)}
    if request.path.startswith("/api/"):
        return JsonResponse({"errors": Refused("database.away").as_list()}, status=503, headers=after)
    return HttpResponse(render_to_string("503.html"), status=503, headers=after)


class refusals_as_answers:  # noqa: N801  (named like the function it stands for)
    """Django's hook for exceptions of views that are not the API's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/api/") and response.status_code in UNREACHED and not _is_json(response):
            refused = Refused(UNREACHED[response.status_code])
            return JsonResponse({"errors": refused.as_list()}, status=response.status_code)
        if response.status_code == 405 and not response.content:
            return self._told(request, response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, given: Any) -> HttpResponse | None:
        """Of two values for one name in an address nobody can say which is meant."""
        named = [(name, value) for name, values in request.GET.lists() for value in values]
        if not (twice := written.named_twice(named)):
            return None
        refused = Refused("query.twice", field=twice[0])
        if request.path.startswith("/api/"):
            return JsonResponse({"errors": refused.as_list()}, status=refused.status)
        return errors.page(request, refused)

    def _told(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """An address that only takes forms, opened by hand or reloaded: a page that says so, not an empty one."""
        page = errors.page(request, Refused("method.not_allowed"))
        assert page is not None
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for people, unless the API has answered already; without a database there is none with a head."""
        if errors.away(error):
            return unserved(request)
        if request.path.startswith("/api/") or not errors.known(error):
            return None
        return errors.page(request, error)
