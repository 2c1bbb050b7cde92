"""The remarks that a report prints and that still lack a wording, over the API: what the secretary works through."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.api import asks, lists
from portfolio.api.rooms import AS_OF, FIELDS, PAGES
from portfolio.api.schema import error_responses, page_serializer
from portfolio.translations.api import TranslatedRemarkViewSet
from portfolio.translations.models import TranslatedRemark
from reporting.api.missing import ASKED, PAGED, asked
from reporting.wording import remarks

LISTING = lists.Listing(TranslatedRemark, remarks.COLUMNS, {}, (), ("source", "place", "of_programme_id"))
ASKED_HERE = (*ASKED, "place")


class MissingTranslationSerializer(serializers.Serializer[Any]):
    """A remark without a wording: what it says, where it stands, and the translation it has so far, if any."""

    source = serializers.CharField()
    place = serializers.ChoiceField(choices=remarks.NAMES)
    of_programme_id = serializers.IntegerField(allow_null=True)
    translation_id = serializers.IntegerField(allow_null=True)


class MissingTranslationViewSet(TranslatedRemarkViewSet):
    """The resource of translated remarks, with the one list that needs to know what a report prints."""

    @extend_schema(
        responses={200: page_serializer(MissingTranslationSerializer), **error_responses(400)},
        parameters=[AS_OF, FIELDS, *(OpenApiParameter(name, str) for name in ASKED_HERE), *PAGES],
    )
    @asks(*ASKED_HERE, *PAGED)
    def list(self, request: Request) -> Response:
        """Remarks that a report prints and that have no wording in an official language.

        `language` asks for one language instead, `report` for the remarks of one report.
        """
        query = request.query_params
        found = remarks.missing(self.by, **asked(query, self.by, place=remarks.NAMES)).order_by(*LISTING.ordering)
        return Response(lists.page(LISTING, found, query, request.path))
