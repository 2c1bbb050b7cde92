"""What is told with a record where `?include=` asks for it: what belongs to it, as its own list tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import DecimalField, Model, QuerySet

from portfolio import belonging, history
from portfolio.api import lists
from portfolio.people.models import Person
from portfolio.refusals import Refused


def asked(includes: Mapping[str, type[Model]], query: Any) -> tuple[str, ...]:
    """The names that are asked for, with commas between them; raises Refused for one that is not among `includes`."""
    names = tuple(filter(None, query.get("include", "").split(",")))
    if set(names).difference(includes):
        raise Refused("query.unknown", field="include", accepted=", ".join(includes))
    lists.require_once("include", names)
    return names


def read(
    listings: Mapping[str, lists.Listing], top: type[Model], pk: int, by: Person, cut: int | None
) -> dict[str, list[dict[str, Any]]]:
    """By name the rows of lists that belong to one record and that somebody may see, now or after a change set.

    One statement for all of them; each in its list's own order.
    """
    parts, given = zip(*(_part(each, top, pk, by, cut) for each in listings.values()), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", [value for each in given for value in each])
        told = cursor.fetchone()
    return {name: [*map(lists.labelled, json.loads(rows or "[]"))] for name, rows in zip(listings, told, strict=True)}


def _part(
    listing: lists.Listing, top: type[Model], pk: int, by: Person, cut: int | None
) -> tuple[str, tuple[Any, ...]]:
    """The rows of one list as an array in JSON; figures as text, for JSON's numbers would lose digits."""
    model = listing.model
    mine = _below(model, belonging.steps(model, top._meta.label), pk, cut)
    found = lists.seen(listing, by, cut).filter(id__in=mine).order_by(*lists.order(listing, None))
    figures = {each.attname for each in model._meta.concrete_fields if isinstance(each, DecimalField)}
    columns = ", ".join(f'"{name}"::text' if name in figures else f'"{name}"' for name in listing.columns)
    rows, given = found.values(*listing.columns).query.sql_with_params()
    return f"(SELECT json_agg(line) FROM (SELECT {columns} FROM ({rows}) AS found) AS line)::text", given


def _below(model: type[Model], way: tuple[str, ...], pk: int, cut: int | None) -> QuerySet[Any]:
    """The ids of what belongs to a record by this way up; in the past by the rows of then."""
    found = model._default_manager.all() if cut is None else history.rows(model, cut)
    if len(way) == 1:
        return found.filter(**{f"{way[0]}_id": pk}).order_by().values("id")
    above = _below(belonging.owner(model), way[1:], pk, cut)
    return found.filter(**{f"{way[0]}_id__in": above}).order_by().values("id")
