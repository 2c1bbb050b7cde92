"""Answers that are files: byte for byte, with their checksum, name and policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from portfolio.api.rendering import AsItIs
from portfolio.api.schema import error_responses
from portfolio.refusals import Refused
from reporting.documents import kinds
from reporting.documents.formats import FORMATS
from reporting.documents.queries import report_policy
from reporting.reports.models import Report
from reporting.snapshot.models import Snapshot
from reporting.snapshot.queries import newest_snapshot


def one_file(answer: Callable[..., HttpResponseBase]) -> Any:
    """The action of a resource that answers one of a record's files, by language and format."""
    told = extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **error_responses(404)})
    path = r"files/(?P<language>[^/.]{1,20})\.(?P<kind>[^/.]{1,20})"
    return told(action(detail=True, methods=["get"], url_path=path, content_negotiation_class=AsItIs)(answer))


def file_response(request: HttpRequest | Request, report: Report, language: str, kind: str) -> HttpResponseBase:
    """A file of a report that the caller was seen to be allowed to see; raises Refused `not_found`."""
    return document_response(request, _newest(report), language, kind)


def _newest(report: Report) -> Snapshot:
    found = newest_snapshot(report)
    if found is None:
        raise Refused("not_found")
    found.report = report  # so that nobody asks for it again
    return found


def document_response(request: HttpRequest | Request, document: Snapshot, language: str, kind: str) -> HttpResponseBase:
    """A file of a document that the caller was seen to be allowed to see; raises Refused `not_found`.

    One with a style block goes under its own policy, which names the hash of that (decision 23).
    """
    found = kinds.file_of(document, language, kind)
    if found is None:
        raise Refused("not_found")
    response = HttpResponse(bytes(found.blob.content), content_type=found.blob.media_type)
    if found.style_sha256:
        response["Content-Security-Policy"] = report_policy(found)
    name = kinds.file_name(document, f"{language}.{kind}")
    return told(request, response, found.blob.sha256, name, inline=FORMATS[kind].inline)


def snapshot_response(request: HttpRequest | Request, report: Report) -> HttpResponseBase:
    """The newest snapshot, byte for byte."""
    found = _newest(report)
    response = HttpResponse(found.payload, content_type="application/json")
    return told(request, response, found.sha256, kinds.file_name(found, "snapshot.json"))


def told(
    request: HttpRequest | Request, response: HttpResponse, sha256: str, name: str, *, inline: bool = False
) -> HttpResponseBase:
    """The checksum, the name, and a short answer to whoever has the file already."""
    response["X-SHA-256"], response["ETag"] = sha256, f'"{sha256}"'
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    asked = request._request if isinstance(request, Request) else request
    return get_conditional_response(asked, etag=response["ETag"], response=response) or response
