"""The schema as it is given out: made once in a process, the same bytes to everybody, to those who sign in."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from typing import Any, NamedTuple

import orjson
from django.http import HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from portfolio.api.rendering import AsItIs, plain

_making = threading.Lock()


class Published(NamedTuple):
    """The schema as data and as a file, with its ETag."""

    document: dict[str, Any]
    content: bytes
    etag: str


def published() -> Published:
    """The schema of this version; whoever asks while it is made waits for it, and nobody makes it again."""
    with _making:
        return _made()


@cache
def _made() -> Published:
    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=True)
        content = orjson.dumps(document, default=plain, option=orjson.OPT_NON_STR_KEYS)
    return Published(orjson.loads(content), content, f'"{hashlib.sha256(content).hexdigest()}"')


def make_ready() -> None:
    """Begin to make the schema beside the work of the process, so that nobody waits for it."""
    threading.Thread(target=published, name="api-schema", daemon=True).start()


@extend_schema(exclude=True)
class SchemaView(APIView):
    """The file, and a short answer to whoever has it already."""

    content_negotiation_class = AsItIs

    def get(self, request: Request) -> HttpResponseBase:
        """The schema as JSON, whatever the caller would accept."""
        found = published()
        response = HttpResponse(found.content, content_type="application/json")
        response["ETag"], response["Cache-Control"] = found.etag, "private, no-cache"
        return get_conditional_response(request._request, etag=found.etag, response=response) or response
