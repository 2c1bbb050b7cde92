"""The remarks that a report prints and that still lack a wording, over the API: what the secretary works through."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import history, permissions
from portfolio.api import lists
from portfolio.api.parsing import whole
from portfolio.api.rooms import AS_OF, PAGES
from portfolio.api.schema import error_responses
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.texts import LANGUAGES
from portfolio.translations.api import TranslatedRemarkViewSet
from portfolio.translations.models import TranslatedRemark
from reporting import remarks
from reporting.models import Report

LISTING = lists.Listing(TranslatedRemark, remarks.COLUMNS, {}, (), ("source", "place", "of_programme_id"))
FILTERS = ("language", "place", "programme", "report")


class MissingTranslationSerializer(serializers.Serializer[Any]):
    """A remark without a wording: what it says, where it stands, and the translation it has so far, if any."""

    source = serializers.CharField()
    place = serializers.ChoiceField(choices=remarks.NAMES)
    of_programme_id = serializers.IntegerField(allow_null=True)
    translation_id = serializers.IntegerField(allow_null=True)


class MissingTranslationsSerializer(serializers.Serializer[Any]):
    """A page of remarks without a wording."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MissingTranslationSerializer(many=True)


class MissingTranslationViewSet(TranslatedRemarkViewSet):
    """The resource of translated remarks, with the one list that needs to know what a report prints."""

    @extend_schema(
        responses={200: MissingTranslationsSerializer, **error_responses(400)},
        parameters=[AS_OF, *(OpenApiParameter(name, str) for name in FILTERS), *PAGES],
    )
    def list(self, request: Request) -> Response:
        """Remarks that a report prints and that have no wording in an official language.

        `language` asks for one language instead, `report` for the remarks of one report.
        """
        query = request.query_params
        found = remarks.missing(self.by, **_asked(query, self.by)).order_by(*LISTING.ordering)
        return Response(lists.page(LISTING, found, query, request.path))


def _asked(query: Any, by: Person) -> dict[str, Any]:
    if unknown := sorted(set(query) - {*FILTERS, "as_of", "page", "page_size", "fields"}):
        raise Refused("filter.unknown", field=unknown[0], accepted=", ".join(FILTERS))
    asked: dict[str, Any] = {"cut": history.seq_at(query["as_of"])} if "as_of" in query else {}
    for name, accepted in (("language", LANGUAGES), ("place", remarks.NAMES)):
        if name in query and query[name] not in accepted:
            raise Refused("filter.invalid", field=name)
    if "language" in query:
        asked["languages"] = [query["language"]]
    if "report" in query:
        asked["report"] = permissions.visible(Report.objects.filter(pk=_number(query, "report")), by).first()
        if asked["report"] is None:
            raise Refused("filter.invalid", field="report")
    if "programme" in query:
        asked["programme"] = _number(query, "programme")
    return asked | {"place": query.get("place", "")}


def _number(query: Any, name: str) -> int:
    if (number := whole(query[name])) is None:
        raise Refused("filter.invalid", field=name)
    return number
