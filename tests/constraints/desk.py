"""Sound rows of every model, made when first needed, parents first; and the lines that each break one constraint."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

Model = type[models.Model]
Said = dict[str, Any]  # column → value; a model stands for its sound row
Broken = tuple[Model, Said] | tuple[Model, Said, Said]


class Another(NamedTuple):
    """The second sound row of a model, where the first would not do."""

    model: Model


class Fresh(NamedTuple):
    """A further row of a model that may have any number of the kind."""

    model: Model


class Moved(NamedTuple):
    """A sound row, or the one beside it, that its life has led through these states."""

    of: Model | Another
    states: tuple[str, ...]


class Rows(NamedTuple):
    """What a room knows of its rows, beyond what any column of a kind takes.

    `sound` makes a row that every rule takes, `beside` a second one next to it, and `breaking` says for each
    constraint what makes the sound row, or a second one that is like it, break this constraint and no other; for a
    constraint between two rows also what the first one is, where it is not the sound row.
    """

    sound: dict[Model, Said]
    beside: dict[Model, Said]
    breaking: dict[str, Broken]


SAMPLES: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.DateTimeField, datetime(2022, 6, 1, 9, tzinfo=UTC)),
    (models.DateField, date(2022, 6, 1)),
    (models.TimeField, time(12)),
    (models.BooleanField, False),
    (models.DecimalField, Decimal(1)),
    (models.IntegerField, 1),
    (models.BinaryField, b"x"),
    (models.JSONField, {}),
)


def sample(field: models.Field[Any, Any]) -> Any:
    """Something that a column takes."""
    if field.choices:
        return field.flatchoices[0][0]
    found = (value for kind, value in SAMPLES if isinstance(field, kind))
    return next(found, "Esimerkki"[: field.max_length])


class Desk:
    """The rows of one transaction."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.made = rows, dict[tuple[Model, bool], models.Model]()

    def row(self, model: Model, *, beside: bool = False) -> models.Model:
        """The sound row of a model, or the second one beside it."""
        if (model, beside) not in self.made:
            row = self.filled(model, self.rows.beside[model] if beside else {})
            row.save(force_insert=True)
            self.made[model, beside] = row
        return self.made[model, beside]

    def filled(self, model: Model, said: Said) -> models.Model:
        """A row yet to be saved: sound but for what is said; the rows that it points to are there."""
        row, told = model(), self.rows.sound.get(model, {}) | said
        fields = model._meta.concrete_fields
        assert set(told) <= {name for field in fields for name in (field.name, field.attname)}, told
        for field in fields:
            if field.attname in told and field.is_relation:
                setattr(row, field.attname, told[field.attname])
            elif field.name in told:
                setattr(row, field.name, self._value(told[field.name]))
            elif not field.primary_key and self._lacks(row, field):
                required: Any = field.related_model
                setattr(row, field.name, self.row(required) if field.is_relation else sample(field))
        return row

    def _value(self, said: Any) -> Any:
        if isinstance(said, Fresh):
            row = self.filled(said.model, {})
            row.save(force_insert=True)
            return row
        if isinstance(said, Moved):
            row = self._value(said.of)
            for state in said.states:
                rows = type(row)._base_manager.filter(pk=row.pk).exclude(state=said.states[-1])
                rows.update(state=state)
            return row
        if isinstance(said, Another):
            return self.row(said.model, beside=True)
        return self.row(said) if isinstance(said, type) else said

    def _lacks(self, row: models.Model, field: models.Field[Any, Any]) -> bool:
        if field.null or field.has_db_default():
            return False
        value = getattr(row, field.attname)
        return value is None or (value == "" and not field.blank)
