"""What the OpenAPI schema says of rows, answers and errors, made from the models and the table of refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import models
from django.db.models import QuerySet
from drf_spectacular.drainage import set_override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from portfolio.api.fields import ErrorSerializer, Field, Serializer, of_column
from portfolio.languages import LANGUAGES


class ErrorsSerializer(Serializer):
    """The answer to a request that is refused: all that is missing, at once."""

    errors = ErrorSerializer(many=True)


# Every operation may refuse so: for what is asked, by whom, in which form, how often, and at what moment.
EVERYWHERE = (400, 401, 406, 429, 503)
OF_A_BODY = (413, 415)
HEADERS = {
    401: ("WWW-Authenticate", "How to sign in."),
    429: ("Retry-After", "After how many seconds to try again."),
    503: ("Retry-After", "After how many seconds to try again."),
}
ONLY_ID = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
ETAG = "The version of the record; If-Match sends it back and is compared strongly."


def error_responses(*codes: int) -> dict[int, Any]:
    """The statuses with which a route may refuse, beside the ones every route has."""
    return dict.fromkeys(sorted({401, *codes}), ErrorsSerializer)


def without_doubles(endpoints: list[Any]) -> list[Any]:
    """A file that may also be asked for with a slash at its end is told of once, without it."""
    paths = {path for path, *_ in endpoints}
    return [each for each in endpoints if not (each[0].endswith("/") and each[0].rstrip("/") in paths)]


class ToldOfAction(NamedTuple):
    """What a resource says of one of its actions: the answers by status, the parameters, the request, in a sentence."""

    responses: dict[int, Any]
    parameters: Sequence[OpenApiParameter]
    request: Any = None
    description: str = ""


class RoomSchema(AutoSchema):
    """Each operation with a sentence of what it does, with all its refusals and the headers of its answers."""

    @property
    def told(self) -> ToldOfAction | None:
        """What the resource says of the action; None where it leaves that to the method."""
        say = getattr(self.view, "told", None)
        found: ToldOfAction | None = say() if say else None
        return found

    def get_request_serializer(self) -> Any:
        return self.told.request if self.told else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        return self.told.responses if self.told else super().get_response_serializers()

    def get_override_parameters(self) -> Any:
        return self.told.parameters if self.told else super().get_override_parameters()

    def get_description(self) -> str:
        """What a move does; of any other operation its own docstring."""
        return (self.told and self.told.description) or str(super().get_description() or "")

    def get_summary(self) -> str:
        """The first line of the operation's own docstring."""
        return str(self.get_description() or "").strip().partition("\n")[0].rstrip(".")

    def _tokenize_path(self) -> list[str]:
        """Names that a generated client can use: no dots, nothing empty."""
        plain = (re.sub(r"\W+", "_", part.replace("-", "_")).strip("_") for part in super()._tokenize_path())
        return [part for part in plain if part]

    def _resolve_path_parameters(self, variables: Any) -> list[dict[str, Any]]:
        """The id of a record is a number, though the address takes only so many digits."""
        found: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for each in found:
            if each["name"] == "id":
                each["schema"] = {"type": "integer", "minimum": 1}
        return found

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        codes = [*EVERYWHERE, *((404,) if "{" in self.path else ()), *(OF_A_BODY if self.method != "GET" else ())]
        for code in codes:
            if str(code) not in found:
                found[str(code)] = self._get_response_for_code(ErrorsSerializer, str(code), direction=direction)
        return dict(sorted(found.items()))

    def _get_response_for_code(
        self, serializer: Any, status_code: str, media_types: Any = None, direction: Any = "response"
    ) -> dict[str, Any]:
        told: dict[str, Any] = super()._get_response_for_code(serializer, status_code, media_types, direction)
        if status_code in ("200", "201") and "version" in getattr(serializer, "_declared_fields", ()):
            told["headers"] = {"ETag": _header(ETAG)}
        if (named := HEADERS.get(int(status_code))) and serializer is ErrorsSerializer:
            told["headers"] = {named[0]: _header(named[1])}
        return told


def _header(description: str) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "description": description}


def read_serializer(name: str, model: type[models.Model], columns: tuple[str, ...]) -> type[Serializer]:
    """A serializer that describes the rows of a list; the rows themselves come from values()."""
    fields = _columns(model, columns)
    if any(f"{stem}_{LANGUAGES[0]}" in columns for stem in ("name", "title", "text", "label")):
        fields["label"] = serializers.CharField(read_only=True)
    return type(name, (serializers.Serializer,), fields)


def detail_serializer(
    row: type[Serializer],
    beside: Mapping[str, Field],
    called: str = "Detail",
) -> type[Serializer]:
    """A row with what its detail, or its line in a list, shows beside the columns."""
    return type(f"{row.__name__}{called}", (row,), dict(beside)) if beside else row


def included_serializer(
    row: type[Serializer], rows: Mapping[str, type[Serializer]]
) -> dict[str, serializers.Serializer[Any]]:
    """What is told with a detail: of each name that was asked for the rows."""
    fields = {name: each(many=True, required=False) for name, each in rows.items()}
    return {"included": type(f"{row.__name__}Included", (serializers.Serializer,), fields)(required=False)}


def page_serializer(row: type[Serializer]) -> type[Serializer]:
    """One page of a list: an object, not an array."""
    fields = {
        "count": serializers.IntegerField(),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "results": row(many=True),
    }
    page = type(f"{row.__name__.removesuffix('Serializer')}Page", (serializers.Serializer,), fields)
    set_override(page, "many", False)
    return page


def lines(
    name: str,
    model: type[models.Model] | None = None,
    columns: tuple[str, ...] = (),
    **more: Field,
) -> Any:
    """Lines of a detail, each with these columns of a model and more; null where the detail is of the past."""
    of_model = _columns(model, columns) if model else {}
    return type(name, (serializers.Serializer,), of_model | more)(many=True, allow_null=True)


def rows(name: str, model: type[models.Model], ask: Callable[[Any], QuerySet[Any]], *columns: str) -> Any:
    """Lines of a detail that a query finds: asked of the record, and described as its model says of these columns."""

    def told(thing: Any) -> list[dict[str, Any]]:
        return [*ask(thing).values(*columns)]

    told.field = lines(name, model, columns)  # type: ignore[attr-defined]
    return told


def _columns(model: type[models.Model], columns: tuple[str, ...]) -> dict[str, Any]:
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    return {column: of_column(by_column[column]) for column in columns if column in by_column}
