"""The text of a record on its way into its row: cleaned by the one table of `typed`, whichever door it came through."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from django.db import models

from portfolio import refusals, typed
from portfolio.refusals import Lack

ONE_LINE = 400  # what has less room is a name, a title, a code: it has no lines
Column: TypeAlias = "models.Field[Any, Any]"


@cache
def columns(kind: type[models.Model]) -> tuple[Column, ...]:
    """The columns that hold what people type: texts, and lists and objects of texts."""
    verbatim = getattr(kind, "verbatim", ())  # of a record
    held = models.CharField, models.TextField, models.JSONField
    found = [each for each in kind._meta.concrete_fields if isinstance(each, held) and each.editable]
    return tuple(each for each in found if not each.choices and each.name not in verbatim)


def clean(record: models.Model) -> None:
    """Clean what is new in a record; what its row holds already stays until someone types it anew.

    Raises Refused `text.unreadable` with all the characters that stand for none that can be read.
    """
    given = {each.attname: getattr(record, each.attname) for each in columns(type(record))}
    found = {each.attname: _cleaned(each, given[each.attname]) for each in columns(type(record))}
    odd = {name for name, value in found.items() if value != given[name] or typed.refused(value)}
    if odd and not record._state.adding:  # rare, so that asking costs nothing
        row = type(record)._base_manager.filter(pk=record.pk).values(*odd).first() or {}
        odd = {name for name in odd if name not in row or row[name] != given[name]}
    lost = {name: typed.refused(found[name]) for name in sorted(odd)}
    refusals.require(Lack("text.unreadable", field=name, characters=it) for name, it in lost.items() if it)
    for name in odd:
        setattr(record, name, found[name])


def _cleaned(column: Column, value: Any) -> Any:
    if isinstance(value, str):
        return typed.cleaned(value, lines=column.max_length is None or column.max_length > ONE_LINE)
    return typed.cleaned_all(value)
