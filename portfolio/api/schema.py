"""What the OpenAPI schema says of rows and errors, made from the models and the table of refusals."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


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


def error_responses(*codes: int) -> dict[int, Any]:
    """The statuses with which a route may refuse, beside the ones every route has."""
    return dict.fromkeys(sorted({401, *codes}), ErrorsSerializer)


class RoomSchema(AutoSchema):
    """Each operation with a sentence of what it does, and with the refusal that every one of them has."""

    def get_summary(self) -> str:
        """The first line of the operation's own docstring."""
        return str(self.get_description() or "").strip().partition("\n")[0].rstrip(".")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        if "401" not in found:
            found["401"] = self._get_response_for_code(ErrorsSerializer, "401", direction=direction)
        return found


KINDS: list[tuple[type[models.Field[Any, Any]], type[serializers.Field[Any, Any, Any, Any]]]] = [
    (models.BooleanField, serializers.BooleanField),
    (models.DateTimeField, serializers.DateTimeField),
    (models.DateField, serializers.DateField),
    (models.IntegerField, serializers.IntegerField),
    (models.ForeignKey, serializers.IntegerField),
    (models.JSONField, serializers.JSONField),
    (models.UUIDField, serializers.UUIDField),
]


def read_serializer(
    name: str, model: type[models.Model], columns: tuple[str, ...]
) -> type[serializers.Serializer[Any]]:
    """A serializer that describes the rows of a list; the rows themselves come from values()."""
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    fields = {column: _described(by_column[column]) for column in columns if column in by_column}
    if any(f"{stem}_fi" in columns for stem in ("name", "title", "text", "label")):
        fields["label"] = serializers.CharField(read_only=True)
    return type(name, (serializers.Serializer,), fields)


def _described(field: models.Field[Any, Any]) -> serializers.Field[Any, Any, Any, Any]:
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(
            max_digits=field.max_digits, decimal_places=field.decimal_places, allow_null=field.null
        )
    for kind, described in KINDS:
        if isinstance(field, kind):
            return described(allow_null=field.null)
    return serializers.CharField(allow_null=field.null)
