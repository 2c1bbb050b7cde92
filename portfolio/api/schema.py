"""What the OpenAPI schema says of rows, answers and errors, made from the models and the table of refusals."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from django.db import models
from drf_spectacular.drainage import set_override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from portfolio.languages import LANGUAGES
from portfolio.refusals import Lack


class ErrorSerializer(serializers.Serializer[Any]):
    """One thing that is refused."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    rule = serializers.CharField(allow_null=True)
    params = serializers.DictField()
    hint = serializers.CharField(allow_null=True)


class ErrorsSerializer(serializers.Serializer[Any]):
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


class Told(NamedTuple):
    """What a resource says of one of its actions: the answers by status, the parameters, the request, in a sentence."""

    responses: dict[int, Any]
    parameters: Sequence[OpenApiParameter]
    request: Any = None
    description: str = ""


class RoomSchema(AutoSchema):
    """Each operation with a sentence of what it does, with all its refusals and the headers of its answers."""

    @property
    def told(self) -> Told | None:
        """What the resource says of the action; None where it leaves that to the method."""
        say = getattr(self.view, "told", None)
        found: Told | None = say() if say else None
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


PLAIN: dict[type[Any], type[serializers.Field[Any, Any, Any, Any]]] = {
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    str: serializers.CharField,
    datetime: serializers.DateTimeField,
    date: serializers.DateField,
}
KINDS: list[tuple[type[models.Field[Any, Any]], type[serializers.Field[Any, Any, Any, Any]]]] = [
    (models.BooleanField, serializers.BooleanField),
    (models.DateTimeField, serializers.DateTimeField),
    (models.DateField, serializers.DateField),
    (models.TimeField, serializers.TimeField),
    (models.IntegerField, serializers.IntegerField),
    (models.ForeignKey, serializers.IntegerField),
    (models.JSONField, serializers.JSONField),
    (models.UUIDField, serializers.UUIDField),
]


def read_serializer(
    name: str, model: type[models.Model], columns: tuple[str, ...]
) -> type[serializers.Serializer[Any]]:
    """A serializer that describes the rows of a list; the rows themselves come from values()."""
    fields = _columns(model, columns)
    if any(f"{stem}_{LANGUAGES[0]}" in columns for stem in ("name", "title", "text", "label")):
        fields["label"] = serializers.CharField(read_only=True)
    return type(name, (serializers.Serializer,), fields)


@cache  # one kind, one component of the schema
def shape_of(
    kind: type[Any], name: str = "", *, but: Collection[str] = (), **more: serializers.Field[Any, Any, Any, Any]
) -> type[serializers.Serializer[Any]]:
    """A serializer that describes a dataclass or a typed dictionary: by its annotations, those of properties too."""
    counted = {each: get_type_hints(getattr(kind, each).fget)["return"] for each in _counted(kind)}
    hints = {each: hint for each, hint in (get_type_hints(kind) | counted).items() if each not in but}
    fields = {each: _field_of(hint) for each, hint in hints.items()} | more | {"__doc__": kind.__doc__}
    return type(name or kind.__name__, (serializers.Serializer,), fields)


def shown(thing: Any, *, but: Collection[str] = ()) -> dict[str, Any]:
    """A dataclass as its shape describes it: what it holds and what it counts, in plain values."""
    names = (*thing.__dataclass_fields__, *_counted(type(thing)))
    return {each: _plain(getattr(thing, each)) for each in names if each not in but}


def _counted(kind: type[Any]) -> list[str]:
    return [name for name, told in vars(kind).items() if isinstance(told, property)]


def _plain(value: Any) -> Any:
    if isinstance(value, Lack):
        return value.as_dict()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return shown(value) if is_dataclass(value) else value


def _field_of(hint: Any, **options: Any) -> Any:
    if type(None) in get_args(hint):
        (hint,) = (each for each in get_args(hint) if each is not type(None))
        options |= {"allow_null": True}
    if (of := get_origin(hint)) in (list, tuple):
        child = _field_of(get_args(hint)[0])
        many = isinstance(child, serializers.Serializer)
        return type(child)(many=True, **options) if many else serializers.ListField(child=child, **options)
    if of is dict:
        return serializers.DictField(child=_field_of(get_args(hint)[1]), **options)
    if hint is Lack:
        return ErrorSerializer(**options)
    plain = next((field for kind, field in PLAIN.items() if issubclass(hint, kind)), None)
    return plain(**options) if plain else shape_of(hint)(**options)


def detail_serializer(
    row: type[serializers.Serializer[Any]],
    beside: Mapping[str, serializers.Field[Any, Any, Any, Any]],
    called: str = "Detail",
) -> type[serializers.Serializer[Any]]:
    """A row with what its detail, or its line in a list, shows beside the columns."""
    return type(f"{row.__name__}{called}", (row,), dict(beside)) if beside else row


def page_serializer(row: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
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
    **more: serializers.Field[Any, Any, Any, Any],
) -> Any:
    """Lines of a detail, each with these columns of a model and more; null where the detail is of the past."""
    of_model = _columns(model, columns) if model else {}
    return type(name, (serializers.Serializer,), of_model | more)(many=True, allow_null=True)


def _columns(model: type[models.Model], columns: tuple[str, ...]) -> dict[str, Any]:
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    return {column: _described(by_column[column]) for column in columns if column in by_column}


def _described(field: models.Field[Any, Any]) -> serializers.Field[Any, Any, Any, Any]:
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(
            max_digits=field.max_digits, decimal_places=field.decimal_places, allow_null=field.null
        )
    if field.choices:
        blank = {"": ""} if field.blank and "" not in dict(field.flatchoices) else {}
        return serializers.ChoiceField(choices=dict(field.flatchoices) | blank, allow_null=field.null)
    for kind, described in KINDS:
        if isinstance(field, kind):
            return described(allow_null=field.null)
    return serializers.CharField(allow_null=field.null)
