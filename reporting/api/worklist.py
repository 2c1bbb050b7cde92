"""What waits for whoever asks, over the API: the same list as on the first page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import clock
from portfolio.api import asks
from portfolio.api.lists import LARGEST_PAGE, PAGE_SIZE, positive
from portfolio.api.rooms import PAGES
from portfolio.api.schema import error_responses, page_serializer
from portfolio.refusals import Refused
from portfolio.waiting import Waiting
from reporting.waiting import waiting_for

ASKED = ("format", "page", "page_size")


class WaitingSerializer(serializers.Serializer[Any]):
    """One thing that waits: of which kind, which record, by or since which day, and the move that ends it."""

    kind = serializers.CharField()
    words = serializers.CharField()
    model = serializers.CharField()
    record_id = serializers.IntegerField()
    move = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    since = serializers.DateField(allow_null=True)
    late = serializers.BooleanField()


class WorkListViewSet(viewsets.ViewSet):
    """What waits for the caller."""

    filters: ClassVar[dict[str, str]] = {}

    def accepted(self) -> Collection[str]:
        """The names that the address may hold."""
        return sorted(ASKED)

    @extend_schema(responses={200: page_serializer(WaitingSerializer), **error_responses(400)}, parameters=[*PAGES])
    @asks("page", "page_size")
    def list(self, request: Request) -> Response:
        """What waits for the caller today, the longest overdue first."""
        query: Any = request.query_params
        if unknown := sorted(set(query).difference(self.accepted())):
            raise Refused("filter.unknown", field=unknown[0], accepted=", ".join(ASKED))
        number, size = positive(query, "page", 1, 10**6), positive(query, "page_size", PAGE_SIZE, LARGEST_PAGE)
        found = waiting_for(request.user.person, clock.today())
        if number > 1 and (number - 1) * size >= len(found):
            raise Refused("page.invalid", field="page")
        shown = found[(number - 1) * size : number * size]

        def link(to: int) -> str:
            return f"{request.path}?page={to}&page_size={size}"

        return Response(
            {
                "count": len(found),
                "next": link(number + 1) if number * size < len(found) else None,
                "previous": link(number - 1) if number > 1 else None,
                "results": [_told(each) for each in shown],
            }
        )


def _told(waiting: Waiting) -> dict[str, Any]:
    return {
        "kind": waiting.kind.kind,
        "words": str(waiting.kind.words),
        "model": waiting.row._meta.label,
        "record_id": waiting.row.pk,
        "move": waiting.kind.move,
        "due_on": waiting.due,
        "since": waiting.since,
        "late": waiting.late(clock.today()),
    }
