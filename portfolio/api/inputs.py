"""What a request may say: serializers that parse, refuse unknown fields, and never judge."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, signature
from types import UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from django.apps import apps
from django.db import models
from django.db.models import Model, QuerySet
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portfolio import city, typed, written
from portfolio.api.fields import MANY, OF_COLUMNS, Field, of_hint
from portfolio.history.models import Record
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.texts import columns as columns_of
from portfolio.texts import spelt, stems

# What stands for a figure, a day or an hour when it comes as text; REST framework alone would read much more.
FORMS: tuple[tuple[type[Field], re.Pattern[str]], ...] = (
    (serializers.IntegerField, written.WHOLE),
    (serializers.DecimalField, written.NUMBER),
    (serializers.DateTimeField, written.INSTANT),
    (serializers.DateField, written.DAY),
    (serializers.TimeField, written.TIME),
)


Fields = dict[str, Field]
Said = dict[str, Callable[[], Fields]]  # what is said, and how its fields are made
UNSAID = ("by", "seen", "texts")  # what no request says of itself
# How a reason is asked for where the command's signature does not tell.
A_REASON = serializers.CharField()
REASON_IF_ANY = serializers.CharField(required=False)
FOR_THE_RULE = serializers.CharField(allow_blank=True, default="")  # left out, it is the rule that refuses


def of(model: type[Model], *names: str, needed: bool | None = None) -> Said:
    """What an input says of a model: `says = of(Risk, "title", "owner")`.

    Each column, or a text by its name without the language, is as long, as needed and among the same choices as in the
    model, unless `needed` says whether it must be said. What is no column, or is judged by a command in its own words,
    is written out in the input, and stands where it is named here, or last.
    """
    return {name: partial(fields_of, model, name, needed=needed) for name in names}


class Input(serializers.Serializer[Any]):
    """What may be said: a field that is not declared is refused, not ignored; new text is cleaned (`typed`)."""

    says: ClassVar[Said] = {}

    def get_fields(self) -> Fields:
        """Of each input that this one extends, and then of itself, what it says of columns and what is written out."""
        written = super().get_fields()
        found: Fields = {}
        for each in reversed(type(self).__mro__):
            for name, made in each.__dict__.get("says", {}).items():
                found |= {name: written[name]} if name in written else made()
            found |= {name: written[name] for name in each.__dict__.get("_declared_fields", ()) if name in written}
        return found

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
        return isinstance(self.fields[name], Verbatim) or _form(self.fields[name]) is not None


def _form(field: Field) -> re.Pattern[str] | None:
    kept = field.child if isinstance(field, serializers.ListField) else field
    return next((form for kind, form in FORMS if isinstance(kept, kind)), None)


def _odd(field: Field, value: Any) -> list[serializers.ErrorDetail]:
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
class Ref(Field):
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


class Verbatim(serializers.CharField):
    """What repeats a text that stands elsewhere, character by character."""


def described(model: type[Record], *, but: str = "") -> tuple[str, ...]:
    """What may be said of a record of this kind freely: its texts and what the model names."""
    return (*stems(model), *(name for name in model.described if name != but))


def fields_of(model: type[Model], name: str, *, needed: bool | None = None) -> Fields:
    """The fields for what is called so in a model: a text in its languages, a name alone and in each, a column."""
    columns: dict[str, Any] = {each: model._meta.get_field(each) for each in spelt(model, name)}
    first = next(iter(columns.values()))
    if len(columns) == len(LANGUAGES) and hasattr(first, "needed"):
        asked = {"needed": first.needed if needed is None else needed, "max_length": first.max_length}
        return {each: TextInput(language=code, **asked) for code, each in zip(LANGUAGES, columns, strict=True)}
    optional = {"required": False} if needed is False else {}
    return {each: _of_column(column, **optional) for each, column in columns.items()}


def _of_column(column: Any, **options: Any) -> Field:
    """A field of an input for a column; what the column can be without may be left out."""
    required = not (column.null or column.blank or column.has_default())
    options = {"required": required} | ({"allow_null": True} if column.null else {}) | options
    if column.is_relation:
        return Ref(column.related_model, **options)
    if column.choices:
        return serializers.ChoiceField(column.choices, allow_blank=column.blank, **options)
    if isinstance(column, models.DecimalField):
        options |= {"max_digits": column.max_digits, "decimal_places": column.decimal_places}
    if isinstance(column, models.CharField | models.TextField):
        options |= {"max_length": column.max_length, "allow_blank": column.blank}
    made: Field = OF_COLUMNS[column](**options)
    return made


def taken_by(command: Callable[..., Any], model: type[Model], *columns: str | Said, whole: bool = False) -> Said:
    """What a command takes, by its own signature; `whole` where the record that comes first is among it.

    What has no default must be said. What is a column of the model has its form: length, choices, digits. `columns`,
    and the names of a typed dictionary that it takes, are said as the model says them: needed, or not.
    """
    hints, own = get_type_hints(command), {field.name: field for field in model._meta.concrete_fields}
    said: Said = {}
    for each in [*signature(command).parameters.values()][not whole :]:
        hint, text = hints[each.name], each.name.removesuffix(f"_{LANGUAGES[0]}")
        if each.kind is Parameter.VAR_KEYWORD:
            columns = (*(name for kind in get_args(hint) for name in get_type_hints(kind) if name in own), *columns)
        elif text != each.name:
            said |= of(model, text)
        elif each.name not in columns_of(*said):
            said[each.name] = partial(_parameter, each, hint, own.get(each.name))
    for column in columns:
        said |= of(model, column) if isinstance(column, str) else column
    return {name: made for name, made in said.items() if name not in UNSAID}


def _parameter(parameter: Parameter, hint: Any, column: Any) -> Fields:
    """The field for a parameter: what may be None is left out, and a record may also be null."""
    kinds = [each for each in get_args(hint) if each is not type(None)] if type(None) in get_args(hint) else [hint]
    options: dict[str, Any] = {"required": parameter.default is parameter.empty}
    if isinstance(hint, UnionType) and issubclass(kinds[0], Model):
        options = {"required": False, "allow_null": True} | ({"default": None} if options["required"] else {})
    elif column and not column.is_relation:
        return {parameter.name: _of_column(column, **options, allow_null=False)}
    return {parameter.name: _of_kind(kinds[0], **options)}


def _of_kind(kind: Any, **options: Any) -> Field:
    if get_origin(kind) in MANY:
        return serializers.ListField(child=_of_kind(get_args(kind)[0]), **options)
    if isinstance(kind, type) and issubclass(kind, Model):
        return Ref(kind, **options)
    made: Field = of_hint(kind, **options | ({"allow_blank": True} if kind is str else {}))
    return made


@dataclass(frozen=True)
class Says:
    """What a move is told, by the name that the schema knows it by: what its command takes, and this besides."""

    name: str
    columns: tuple[str | Said, ...]
    written: Mapping[str, Field | None]


def says(name: str, /, *columns: str | Said, **written: Field | None) -> Says:
    """What a command takes, with columns that its signature does not name, and fields written out in place of its own.

    None leaves a field out.
    """
    return Says(name, columns, written)


_named: dict[tuple[str, str], type[Input]] = {}


def input_of(
    asked: str | Says | type[Input] | None, command: Callable[..., Any], model: type[Model], module: str, *, whole: bool
) -> type[Input] | None:
    """The input that a move of a room is told by; of two that have one name, the same. Raises TypeError otherwise."""
    if not isinstance(asked, str | Says):
        return asked
    asked = says(asked) if isinstance(asked, str) else asked
    said = taken_by(command, model, *asked.columns, whole=whole)
    fields = {name: field for name, field in asked.written.items() if field is not None}
    said = {name: made for name, made in said.items() if name in fields or name not in asked.written}
    made: type[Input] = type(asked.name, (Input,), {"__module__": module, "says": said, **fields})
    known = _named.setdefault((module, asked.name), made)
    if known is not made and repr(known()) != repr(made()):
        raise TypeError(f"{module} has two inputs {asked.name} that take different things.")
    return known
