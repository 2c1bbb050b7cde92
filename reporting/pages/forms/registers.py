"""Plain registers: the records of a kind in a list, and one with all its columns, for what has no page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q
from django.urls import reverse
from django.utils.text import capfirst

from portfolio import texts
from portfolio.field_words import words
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting.pages.forms import places, rooms
from reporting.pages.forms.naming import choices, named

ON_A_PAGE = 50
LISTED = 60  # of what belongs to a record, on its page
SILENT = frozenset({"id", "version", "seq", "provenance", "source_language", "texts", "order"})


@dataclass(frozen=True)
class Line:
    """A record in a list."""

    label: str
    address: str


@dataclass(frozen=True)
class Register:
    """A page of the records of a kind."""

    resource: str
    title: Any
    sought: str
    page: Page[Any]
    lines: tuple[Line, ...]
    add: str


@dataclass(frozen=True)
class Record:
    """A record with its columns, and what belongs to it."""

    thing: Any
    resource: str
    heading: str
    trail: tuple[places.Place, ...]
    columns: tuple[tuple[Any, Any], ...]
    parts: Mapping[Any, tuple[Line, ...]]


def register(resource: str, by: Person, *, sought: str, page: int) -> Register:
    """The records of a kind that somebody may see, by name. Raises Refused `not_found`."""
    if resource not in rooms.REGISTERS:
        raise Refused("not_found")
    room = rooms.resources()[resource]
    found = room.visible(room.model._default_manager.all(), by).order_by(*room.ordering, "id").distinct()
    if sought:
        asked = Q()
        for column in room.search or ():
            asked |= Q(**{f"{column}__icontains": sought})
        found = found.filter(asked)
    shown = Paginator(found, ON_A_PAGE).get_page(page)
    creation = rooms.here().get((resource, rooms.NEW))
    add = reverse("create", args=[resource]) if creation and permissions.may(by, creation.move.right) else ""
    return Register(resource, rooms.called(resource), sought, shown, tuple(_line(each) for each in shown), add)


def record(resource: str, pk: int, by: Person) -> Record:
    """One record with its columns and parts. Raises Refused `not_found`."""
    if (room := rooms.recorded().get(resource)) is None:
        raise Refused("not_found")
    thing = room.visible(room.model._default_manager.all(), by).filter(pk=pk).first()
    if thing is None:
        raise Refused("not_found")
    own = reverse("record", args=[resource, pk])
    above = tuple(each for each in places.trail(thing) if each.address != own)
    return Record(thing, resource, named(thing), above, tuple(_columns(thing, room, by)), dict(_parts(thing, by)))


def _line(thing: Model) -> Line:
    return Line(named(thing), places.place(thing).address)


def _columns(thing: Any, room: rooms.Room, by: Person) -> Iterator[tuple[Any, Any]]:
    """Each column that the interface tells, a text once in the reader's language; what is empty is left out.

    A record that it names is named to whoever may name it.
    """
    stems = [stem for stem in texts.stems(type(thing)) if texts.columns(stem)[0] in room.columns]
    for stem in stems:
        if text := texts.local(thing, stem):
            yield words(stem) or stem, text
    told = {name for stem in stems for name in texts.columns(stem)}
    for column in thing._meta.concrete_fields:
        if column.name in told or column.name in SILENT or not words(column.name):
            continue
        value = getattr(thing, column.name) if column.attname in room.columns else None
        if isinstance(value, Model) and not _may_be_named(value, by):
            continue
        if value not in (None, "", [], {}):
            yield words(column.name), _value(thing, column, value)


def _may_be_named(record: Model, by: Person) -> bool:
    return permissions.nameable(type(record)._default_manager.filter(pk=record.pk), by).exists()


def _value(thing: Any, column: Any, value: Any) -> Any:
    if isinstance(value, Model):
        return named(value)
    return dict(choices(type(thing), column.name)).get(str(value), value)


def _parts(thing: Any, by: Person) -> Iterator[tuple[Any, tuple[Line, ...]]]:
    """What belongs to a record, kind by kind, each part with the page on which it can be changed."""
    for resource, room in rooms.recorded().items():
        model: Any = room.model
        columns = [each for each in model._meta.concrete_fields if each.related_model is type(thing)]
        for column in (each for each in columns if each.name in (getattr(model, "belongs_to", ""), "project")):
            found = permissions.visible(model._default_manager.filter(**{column.name: thing}), by)[:LISTED]
            if lines := tuple(Line(named(each), reverse("record", args=[resource, each.pk])) for each in found):
                yield capfirst(model._meta.verbose_name), lines


def every(by: Person) -> list[Line]:
    """The registers of which somebody may see a record."""
    found = []
    for resource, title in rooms.REGISTERS.items():
        room = rooms.resources()[resource]
        if room.visible(room.model._default_manager.all(), by).exists():
            found.append(Line(str(title), reverse("register", args=[resource])))
    return found
