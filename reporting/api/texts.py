"""Texts without words of their own in a language, over the API: the list of them, and marks on those that need none."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.api import Input, asks, lists, move
from portfolio.api.rooms import AS_OF, FIELDS, PAGES
from portfolio.api.schema import error_responses, page_serializer
from portfolio.history import Tracked
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.texts import NO_MARK, SAME, STATEMENT
from portfolio.translations import commands
from portfolio.translations.api import TranslatedRemarkViewSet
from portfolio.translations.models import TranslatedRemark
from reporting.api.missing import ASKED, PAGED, asked
from reporting.wording import texts

LISTING = lists.Listing(TranslatedRemark, texts.COLUMNS, {}, (), texts.ORDER)
ASKED_HERE = (*ASKED, "resource")


class MissingTextSerializer(serializers.Serializer[Any]):
    """A text: whose it is, what it says, and whether it lacks a wording or a mark that it is the same on purpose."""

    resource = serializers.ChoiceField(choices=tuple(texts.KINDS))
    record_id = serializers.IntegerField()
    field = serializers.CharField()
    original = serializers.CharField()
    source_language = serializers.ChoiceField(choices=LANGUAGES)
    lacks = serializers.ChoiceField(choices=("wording", "mark"))
    of_programme_id = serializers.IntegerField(allow_null=True)


class TextMarkInput(Input):
    resource = serializers.ChoiceField(choices=tuple(texts.KINDS))
    record_id = serializers.IntegerField(min_value=1)
    field = serializers.CharField(max_length=40)
    language = serializers.ChoiceField(choices=LANGUAGES)
    mark = serializers.ChoiceField(choices=(SAME, STATEMENT, NO_MARK), required=False)
    because = serializers.CharField(required=False)


def mark_text(*, resource: str, record_id: int, field: str, by: Person, **said: Any) -> Tracked:
    """Find the text that is meant, then mark it; who may not is told so first."""
    permissions.require(by, "translate_remark")
    place = texts.KINDS[resource]
    if field not in place.fields:
        raise Refused("field.choice", field="field", accepted=", ".join(place.fields))
    record = permissions.visible(place.model._default_manager.filter(pk=record_id), by).first()
    if record is None:
        raise Refused("reference.unknown", field="record_id")
    return commands.mark_text(record, field=field, by=by, **said)


class TextViewSet(TranslatedRemarkViewSet):
    """What a report prints in words: which texts still lack some, and marks on those that need none."""

    model = TranslatedRemark
    create = move(TextMarkInput, mark_text, right="translate_remark")

    @extend_schema(
        responses={200: page_serializer(MissingTextSerializer), **error_responses(400)},
        parameters=[AS_OF, FIELDS, *(OpenApiParameter(name, str) for name in ASKED_HERE), *PAGES],
    )
    @asks(*ASKED_HERE, *PAGED)
    def list(self, request: Request) -> Response:
        """Texts without words of their own in an official language: none yet, or a copy that nobody has marked.

        `language` asks for one language instead, `report` for the texts of one report.
        """
        query = request.query_params
        said = asked(query, self.by, resource=texts.KINDS)
        found = texts.missing(self.by, kind=said.pop("resource"), **said)
        return Response(lists.page(LISTING, found, query, request.path))
