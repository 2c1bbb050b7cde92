"""A page for programmers: every operation of the interface, read from its schema, with nothing fetched from outside."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


class Operation(NamedTuple):
    """One thing that a program can ask for."""

    method: str
    path: str
    summary: str


@cache
def operations() -> dict[str, list[Operation]]:
    """The operations by resource, in the order of the schema."""
    found: dict[str, list[Operation]] = {}
    for path, described in SchemaGenerator().get_schema(request=None, public=True)["paths"].items():
        for method, operation in described.items():
            told = Operation(method.upper(), path, operation.get("summary", ""))
            found.setdefault((operation.get("tags") or [""])[0], []).append(told)
    return found


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The list of operations, and where the schema itself is."""
    return render(request, "api_docs.html", {"resources": operations().items()})
