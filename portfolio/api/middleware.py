"""Gives each request an id, and turns a refusal into its answer wherever it is raised."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from portfolio.api import errors
from portfolio.history.changes import request_id

Handler = Callable[[HttpRequest], HttpResponse]


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


class refusals_as_answers:  # noqa: N801  (named like the function it stands for)
    """Django's hook for exceptions of views that are not the API's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for people, unless the API has answered already."""
        if request.path.startswith("/api/") or isinstance(error, DatabaseError) is False and not errors.known(error):
            return None
        return errors.page(request, error)
