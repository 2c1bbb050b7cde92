"""Fields of serializers, of what is declared elsewhere: the columns of models and the annotations of functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

from django.db import models
from rest_framework import serializers
from rest_framework.utils.field_mapping import ClassLookupDict

from portfolio.refusals import Lack

Field: TypeAlias = serializers.Field[Any, Any, Any, Any]
Serializer: TypeAlias = serializers.Serializer[Any]
MANY = (list, tuple, Collection, Iterable, Sequence)
# Numbers are numbers, however large the column is; a reference is a number too.
OF_COLUMNS: Any = ClassLookupDict(
    serializers.ModelSerializer.serializer_field_mapping
    | dict.fromkeys((models.AutoField, models.BigIntegerField, models.ForeignKey), serializers.IntegerField)
)
OF_TYPES: dict[type[Any], Any] = {
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    str: serializers.CharField,
    datetime: serializers.DateTimeField,
    date: serializers.DateField,
    Decimal: partial(serializers.DecimalField, 24, 6),
}


class ErrorSerializer(Serializer):
    """One thing that is refused."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    rule = serializers.CharField(allow_null=True)
    params = serializers.DictField()
    hint = serializers.CharField(allow_null=True)


def of_column(column: Any) -> Field:
    """What a column of a row is described by."""
    null = {"allow_null": column.null}
    if column.choices:
        blank = {"": ""} if column.blank and "" not in dict(column.flatchoices) else {}
        return serializers.ChoiceField(choices=dict(column.flatchoices) | blank, **null)
    if isinstance(column, models.DecimalField):
        return serializers.DecimalField(column.max_digits, column.decimal_places, **null)
    kind = OF_COLUMNS[column]
    return serializers.CharField(**null) if issubclass(kind, serializers.CharField) else kind(**null)


def of_hint(hint: Any, **options: Any) -> Any:
    """What an annotation is described by: plain types, those that may be missing, lists, dataclasses."""
    if type(None) in get_args(hint):
        (hint,) = (each for each in get_args(hint) if each is not type(None))
        options |= {"allow_null": True}
    if (of := get_origin(hint)) in MANY:
        child = of_hint(get_args(hint)[0])
        many = isinstance(child, serializers.Serializer)
        return type(child)(many=True, **options) if many else serializers.ListField(child=child, **options)
    if of is dict:
        return serializers.DictField(child=of_hint(get_args(hint)[1]), **options)
    if of is Literal:
        return serializers.ChoiceField(get_args(hint), **options)
    if hint is Lack:
        return ErrorSerializer(**options)
    if issubclass(hint, Enum):
        return serializers.ChoiceField([each.value for each in hint], **options)
    plain = next((field for kind, field in OF_TYPES.items() if issubclass(hint, kind)), None)
    return plain(**options) if plain else shape_of(hint)(**options)


@cache  # one kind, one component of the schema
def shape_of(
    kind: type[Any], name: str = "", *, but: Collection[str] = (), told: Any = None, **more: Field
) -> type[Serializer]:
    """A serializer that describes a dataclass or a typed dictionary: by its annotations, those of properties too.

    What it is stands in its docstring, or in that of the function that tells it.
    """
    counted = {each: get_type_hints(getattr(kind, each).fget)["return"] for each in _counted(kind)}
    hints = {each: hint for each, hint in (get_type_hints(kind) | counted).items() if each not in but}
    fields = {each: of_hint(hint) for each, hint in hints.items()} | more | {"__doc__": (told or kind).__doc__}
    return type(name or kind.__name__, (serializers.Serializer,), fields)


def shown(thing: Any, *, but: Collection[str] = ()) -> dict[str, Any]:
    """A dataclass as its shape describes it: what it holds and what it counts, in plain values."""
    names = (*thing.__dataclass_fields__, *_counted(type(thing)))
    return {each: plainly(getattr(thing, each)) for each in names if each not in but}


def _counted(kind: type[Any]) -> list[str]:
    return [name for name, told in vars(kind).items() if isinstance(told, property)]


def plainly(value: Any) -> Any:
    """A value as its annotation describes it: dataclasses as dictionaries, what is lacking in its one shape."""
    if isinstance(value, Lack):
        return value.as_dict()
    if isinstance(value, tuple | list):
        return [plainly(each) for each in value]
    return shown(value) if is_dataclass(value) else value


def answered_by(ask: Any) -> Field:
    """What a function of a record answers, by its annotation; null where it is not asked."""
    made: Field = getattr(ask, "field", None) or of_hint(get_type_hints(ask)["return"], allow_null=True)
    return made
