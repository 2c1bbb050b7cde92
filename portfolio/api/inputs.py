"""What a request may say: serializers that parse, refuse unknown fields, and never judge."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portfolio import permissions
from portfolio.api.parsing import whole
from portfolio.texts import LANGUAGES


class Input(serializers.Serializer[Any]):
    """The base of every input: a field that is not declared is refused, not ignored."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Two rooms may each have their ReasonInput; the schema tells them apart by the room."""
        super().__init_subclass__(**options)
        room = cls.__module__.split(".")[-2].title()
        set_override(cls, "component_name", cls.__name__ if cls.__name__.startswith(room) else f"{room}{cls.__name__}")

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            accepted = ", ".join(sorted(self.fields))
            raise serializers.ValidationError(
                {name: [serializers.ErrorDetail(accepted, code="field.unknown")] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)


@extend_schema_field({"type": "integer"})
class Ref(serializers.Field[Any, Any, Any, Any]):
    """The id of a record that the caller may see."""

    def __init__(self, model: type[Model], **options: Any) -> None:
        self.model = model
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Model:
        by = getattr(getattr(self.context.get("request"), "user", None), "person", None)
        number = None if isinstance(data, bool) or not isinstance(data, int | str) else whole(str(data))
        if number is None:
            raise serializers.ValidationError("", code="reference.unknown")
        found: Model | None = permissions.nameable(self.model._default_manager.filter(pk=number), by).first()
        if found is None:
            raise serializers.ValidationError("", code="reference.unknown")
        return found

    def to_representation(self, value: Model) -> int:
        return int(value.pk)


def text_inputs(name: str, max_length: int | None = None, *, required: bool = True) -> dict[str, serializers.CharField]:
    """The three fields of one text; the first language is required when the text is."""
    return {
        f"{name}_{code}": serializers.CharField(
            max_length=max_length, required=required and code == LANGUAGES[0], allow_blank=code != LANGUAGES[0]
        )
        for code in LANGUAGES
    }
