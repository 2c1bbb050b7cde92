"""What a record belongs to: each model names the column that leads one step up, the ways further up are found here.

A measurement belongs to its indicator, that to a target, that to a programme; so a query comes from a measurement to
its programme by `indicator__target__programme_id`, and to its target by `indicator__target_id`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Model, OuterRef, Subquery, Value
from django.db.models.functions import Cast

Table = type[Model]
PROGRAMME, PROJECT, TARGET = "portfolio.Programme", "projects.Project", "portfolio.BenefitTarget"


def owner(model: Table) -> Table:
    """The model one step up, of one that names a column."""
    found: Table = model._meta.get_field(model.belongs_to).related_model  # type: ignore[assignment,attr-defined]
    return found


def column(model: Table) -> str:
    """The column with the id of what a row belongs to, such as `target_id`."""
    return f"{model.belongs_to}_id"  # type: ignore[attr-defined]


def programme_path(model: Table) -> str:
    """How a query comes from a row to its programme's id; "" where it belongs to none."""
    return path_to(PROGRAMME, model) or ""


def programme_of(model: Table) -> Any:
    """The programme of a row by today's rows behind it; which programme something belongs to never changes."""
    if not (path := programme_path(model)):
        return Cast(Value(None), BigIntegerField())
    return Subquery(model._default_manager.filter(pk=OuterRef("id")).values(path)[:1])


@cache
def way_to_project(model: Table) -> str | None:
    """How a query comes from a row to columns of its project: "" for a project, None where there is none.

    Money and a risk belong to the programme and may name one of its projects.
    """
    if model._meta.label == PROJECT:
        return ""
    found = path_to(PROJECT, model)
    if found is None and any(field.name == "project" for field in model._meta.concrete_fields):
        found = "project_id"
    return found and f"{found.removesuffix('_id')}__"


def way_to_target(model: Table) -> str | None:
    """The path from a row to the id of its benefit target; None where there is none."""
    return path_to(TARGET, model)


@cache
def path_to(label: str, model: Table) -> str | None:
    """The path from a row to the id of what it belongs to in the end, by that model's label; None if it does not."""
    if model._meta.label == label:
        return "id"
    found = steps(model, label)
    return f"{'__'.join(found)}_id" if found else None


def steps(model: Table, label: str = PROGRAMME) -> tuple[str, ...]:
    """The columns from a row up to what it belongs to in the end, by that model's label; none if it does not."""
    found: list[str] = []
    while column := getattr(model, "belongs_to", ""):
        found.append(column)
        model = owner(model)
        if model._meta.label == label:
            return tuple(found)
    return ()


def belongs(model: Table) -> bool:
    """Whether rights to its rows can be given for one programme or project alone."""
    return path_to(PROGRAMME, model) is not None


def programme_at(thing: Any) -> Any:
    """The programme that a record belongs to, or is; None where it belongs to none."""
    if thing._meta.label == PROGRAMME:
        return thing
    ways = steps(type(thing))
    for name in ways:
        thing = getattr(thing, name)
    return thing if ways else None
