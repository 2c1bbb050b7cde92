"""What a request may say: serializers that parse, refuse unknown fields, and never judge."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Model, QuerySet
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portfolio import city, typed, written
from portfolio.history.models import Record
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.texts import spelt, stems

# What stands for a figure, a day or an hour when it comes as text; REST framework alone would read much more.
FORMS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], re.Pattern[str]], ...] = (
    (serializers.IntegerField, written.WHOLE),
    (serializers.DecimalField, written.NUMBER),
    (serializers.DateTimeField, written.INSTANT),
    (serializers.DateField, written.DAY),
    (serializers.TimeField, written.TIME),
)


COLUMNS: tuple[tuple[Any, Any], ...] = (
    (models.BooleanField, serializers.BooleanField),
    (models.IntegerField, serializers.IntegerField),
    (models.DecimalField, serializers.DecimalField),
    (models.DateTimeField, serializers.DateTimeField),
    (models.DateField, serializers.DateField),
    (models.TimeField, serializers.TimeField),
    (models.JSONField, serializers.JSONField),
    (models.SlugField, serializers.SlugField),
    (models.URLField, serializers.URLField),
    (models.EmailField, serializers.EmailField),
    (models.CharField | models.TextField, serializers.CharField),
)


Fields = dict[str, serializers.Field[Any, Any, Any, Any]]
Said = tuple[Any, ...]  # a model and columns of it


def of(model: type[Model], *columns: str) -> Said:
    """What an input says of a model: `says = of(Risk, "title", "owner")`.

    Each column, or a text by its name without the language, is as long, as needed and among the same choices as in the
    model. What is no column, or is judged by a command in its own words, is written out in the input, and stands where
    it is named here, or last.
    """
    return (model, *columns)


class Input(serializers.Serializer[Any]):
    """What may be said: a field that is not declared is refused, not ignored; new text is cleaned (`typed`)."""

    says: ClassVar[Said] = (None,)
    optional: ClassVar[tuple[str, ...]] = ()  # of these, what may be left out all the same
    needed: ClassVar[tuple[str, ...]] = ()  # of these, the texts that may not
    verbatim: ClassVar[tuple[str, ...]] = ()  # what repeats a text that stands elsewhere, character by character

    def get_fields(self) -> Fields:
        """Of each input that this one extends, and then of itself, what it says of columns and what is written out."""
        written = super().get_fields()
        found: Fields = {}
        for each in reversed(type(self).__mro__):
            model, *names = each.__dict__.get("says", (None,))
            for name in names:
                found |= {name: written[name]} if name in written else self._of_model(model, name)
            found |= {name: written[name] for name in each.__dict__.get("_declared_fields", ()) if name in written}
        return found

    def _of_model(self, model: Any, name: str) -> Fields:
        needed = True if name in self.needed else False if name in self.optional else None
        return fields_of(model, name, needed=needed)

    def __init_subclass__(cls, **options: Any) -> None:
        """Two rooms may each have their ReasonInput; the schema tells them apart by the room."""
        super().__init_subclass__(**options)
        package = cls.__module__.rpartition(".")[0]
        # Programs are generated from these names: a room that took over another one's door keeps the other's.
        room = getattr(sys.modules[package], "IN_SCHEMA", package.rpartition(".")[2].title())
        set_override(cls, "component_name", cls.__name__ if cls.__name__.startswith(room) else f"{room}{cls.__name__}")

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            accepted = ", ".join(sorted(self.fields))
            raise serializers.ValidationError(
                {name: [serializers.ErrorDetail(accepted, code="field.unknown")] for name in sorted(unknown)}
            )
        if isinstance(data, dict):
            data = {name: value if self._as_it_is(name) else typed.cleaned_all(value) for name, value in data.items()}
            if odd := {name: told for name, value in data.items() if (told := _odd(self.fields[name], value))}:
                raise serializers.ValidationError(odd)
        return super().to_internal_value(data)

    def _as_it_is(self, name: str) -> bool:
        """Nothing is taken from around a figure or a day: it has one form."""
        return name in self.verbatim or _form(self.fields[name]) is not None


def _form(field: serializers.Field[Any, Any, Any, Any]) -> re.Pattern[str] | None:
    kept = field.child if isinstance(field, serializers.ListField) else field
    return next((form for kind, form in FORMS if isinstance(kept, kind)), None)


def _odd(field: serializers.Field[Any, Any, Any, Any], value: Any) -> list[serializers.ErrorDetail]:
    """What can't be read of a text, and figures or days that are not written plainly."""
    if lost := typed.refused(value):
        return [serializers.ErrorDetail(lost, "field.control_character" if "U+0000" in lost else "text.unreadable")]
    return [] if _plainly(field, value) else [serializers.ErrorDetail("", "field.invalid")]


def _plainly(field: Any, value: Any) -> bool:
    """Whether figures, days and hours are in their one form, and a text is no figure, also those of a list."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return all(_plainly(field.child, each) for each in value)
    if isinstance(field, serializers.CharField):
        return not isinstance(value, int | float)
    form = _form(field)
    return not (form and isinstance(value, str) and value) or bool(form.fullmatch(value))


@extend_schema_field({"type": "integer"})
class Ref(serializers.Field[Any, Any, Any, Any]):
    """The id of a record that the caller may see, or may name all the same; of a room above, by the model's label."""

    def __init__(
        self, model: type[Model] | str, *, among: Callable[..., QuerySet[Any]] = permissions.nameable, **options: Any
    ) -> None:
        self.model: type[Model] = apps.get_model(model) if isinstance(model, str) else model
        self.among = among
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Model:
        by = getattr(getattr(self.context.get("request"), "user", None), "person", None)
        number = None if isinstance(data, bool) or not isinstance(data, int | str) else written.whole(str(data))
        if number is None:
            raise serializers.ValidationError("", code="reference.unknown")
        found: Model | None = self.among(self.model._default_manager.filter(pk=number), by).first()
        if found is None:
            raise serializers.ValidationError("", code="reference.unknown")
        return found

    def to_representation(self, value: Model) -> int:
        return int(value.pk)


class TextInput(serializers.CharField):
    """A text in one language; made anew for each request, so that the city's first language counts."""

    def __init__(self, *, language: str, needed: bool, **options: Any) -> None:
        first = language == city.first_language()
        super().__init__(required=needed and first, allow_blank=not first, **options)


def described(model: type[Record], *, but: str = "") -> tuple[str, ...]:
    """What may be said of a record of this kind freely: its texts and what the model names."""
    return (*stems(model), *(name for name in model.described if name != but))


def fields_of(model: type[Model], name: str, *, needed: bool | None) -> Fields:
    """The fields for what is called so in a model: a text in its languages, a name alone and in each, a column."""
    columns: dict[str, Any] = {each: model._meta.get_field(each) for each in spelt(model, name)}
    first = next(iter(columns.values()))
    if len(columns) == len(LANGUAGES) and hasattr(first, "needed"):
        return {**text_inputs(name, first.max_length, required=first.needed if needed is None else needed)}
    return {each: _of_column(column, optional=needed is False) for each, column in columns.items()}


def _of_column(column: Any, *, optional: bool) -> serializers.Field[Any, Any, Any, Any]:
    """A field of an input for a column; what the column can be without may be left out."""
    required = not (optional or column.null or column.blank or column.has_default())
    options: dict[str, Any] = {"required": required} | ({"allow_null": True} if column.null else {})
    if column.is_relation:
        return Ref(column.related_model, **options)
    if column.choices:
        return serializers.ChoiceField(column.choices, allow_blank=column.blank, **options)
    if isinstance(column, models.DecimalField):
        options |= {"max_digits": column.max_digits, "decimal_places": column.decimal_places}
    if isinstance(column, models.CharField | models.TextField):
        options |= {"max_length": column.max_length, "allow_blank": column.blank}
    return next(field for kind, field in COLUMNS if isinstance(column, kind))(**options)


def text_inputs(name: str, max_length: int | None = None, *, required: bool = True) -> dict[str, serializers.CharField]:
    """The three fields of one text; the city's first language is required when the text is."""
    return {f"{name}_{code}": TextInput(language=code, needed=required, max_length=max_length) for code in LANGUAGES}
