"""Lists: filtered, ordered, searched, paged and, when asked, as they were at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import FieldError, ValidationError
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    F,
    Field,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextField,
)  # fmt: skip
from django.db.models.lookups import Exact, IContains

from portfolio import belonging, city, history, typed, written
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.texts import Comparable, readers
from portfolio.written import whole

RESERVED = ("as_of", "fields", "format", "ordering", "page", "page_size", "search")
LOOKUPS = ("gte", "lte", "in", "isnull")
# How a filter is written, by the kind of its column; what is none of these is a code.
READ: tuple[tuple[type[Field[Any, Any]], Callable[[str], Any]], ...] = (
    (BooleanField, written.truth),
    (IntegerField, written.number),
    (DateTimeField, written.instant),
    (DateField, written.day),
)
PAGE_SIZE, LARGEST_PAGE = 50, 500
TOLD: tuple[tuple[type[Field[Any, Any]], dict[str, Any]], ...] = (
    (BooleanField, {"type": "boolean"}),
    (IntegerField, {"type": "integer"}),
    (DateTimeField, {"type": "string", "format": "date-time"}),
    (DateField, {"type": "string", "format": "date"}),
)


def where(*columns: str, **lookups: str) -> dict[str, str]:
    """The filters of a list: columns by their own names, and what is asked for by a name that leads elsewhere."""
    return {name: name for name in columns} | lookups


def lookup_of(model: type[Model], asked: str) -> str:
    """What a filter looks at: a relation is asked for by its id, the programme wherever the model says it is."""
    if own := {each.attname for each in model._meta.concrete_fields if each.name == asked}:
        return own.pop()
    return belonging.programme_path(model) if asked == "programme" else asked


@dataclass(frozen=True)
class Listing:
    """What a list of one model offers."""

    model: type[Model]
    columns: tuple[str, ...]
    filters: dict[str, str]
    search: tuple[str, ...]
    ordering: tuple[str, ...]
    visible: Callable[..., QuerySet[Any]] = permissions.visible
    along: tuple[str, ...] = ()  # what is told beside the columns of rows, by their ids; nothing of it in the past
    tell: Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]] = lambda ids: {}

    @property
    def fields(self) -> tuple[str, ...]:
        """All that can be asked for."""
        return (*self.columns, *self.along)


def source(listing: Listing, by: Person, as_of: str | None) -> QuerySet[Any]:
    """The rows that the caller may see, now or as of a moment."""
    return seen(listing, by, cut(listing.model, as_of))


def cut(model: type[Model], as_of: str | None) -> int | None:
    """The last change set by a moment; None for now."""
    if as_of is not None and model._meta.label in settings.OPERATIONAL_TABLES:
        raise Refused("as_of.no_past", field="as_of")
    return None if as_of is None else history.seq_at(as_of)


def seen(listing: Listing, by: Person, cut: int | None) -> QuerySet[Any]:
    """The rows that somebody may see, now or after a change set."""
    if cut is None:
        return listing.visible(listing.model._default_manager.all(), by)
    return listing.visible(history.rows(listing.model, cut), by, past=True, cut=cut)


def select(listing: Listing, query: Any, by: Person) -> QuerySet[Any]:
    """The list's rows before paging."""
    past = "as_of" in query
    # PostgreSQL has no such character in a text: the statement would fail, whatever it is compared with.
    if control := next((name for name, value in query.items() if "\x00" in f"{name}{value}"), None):
        raise Refused("field.control_character", field=control.replace("\x00", ""))
    found = source(listing, by, query.get("as_of"))
    for name in sorted(set(query).difference(RESERVED)):
        found = _filtered(listing, found, name, query[name], past)
    if words := query.get("search"):
        found = _searched(listing, found, words)
    return found.order_by(*order(listing, query.get("ordering")))


def _filtered(listing: Listing, found: QuerySet[Any], name: str, value: str, past: bool) -> QuerySet[Any]:
    if name not in listing.filters:
        raise Refused("filter.unknown", field=name, accepted=", ".join(sorted(listing.filters)))
    lookup = listing.filters[name]
    if lookup in _texts(listing.model):
        return found.filter(Exact(Comparable(F(lookup)), typed.comparable(value)))
    if past and not _own_column(listing.model, lookup):  # a row of the past leads to today's rows
        raise Refused("filter.not_in_the_past", field=name)
    try:
        given = _given(listing.model, lookup, value)
        if "__" in lookup and not _own_column(listing.model, lookup):  # a join may name a row twice
            return found.filter(pk__in=listing.model._default_manager.filter(**{lookup: given}).values("pk"))
        return found.filter(**{lookup: given})
    except (ValueError, ValidationError, FieldError) as error:
        raise Refused("filter.invalid", field=name) from error


def _given(model: type[Model], lookup: str, value: str) -> Any:
    if lookup.endswith("__isnull"):
        return written.truth(value)
    column = asked_of(model, lookup)
    return [_read(column, each) for each in value.split(",")] if lookup.endswith("__in") else _read(column, value)


@cache
def asked_of(model: type[Model], lookup: str) -> Field[Any, Any]:
    """The column at the end of a lookup; a relation is asked for by the id at its other end."""
    found: Any = None
    for part in lookup.split("__"):
        if part not in LOOKUPS:
            found = (found.related_model if found else model)._meta.get_field(part)
    column: Field[Any, Any] = found.related_model._meta.pk if found.is_relation else found
    return column


def filter_schema(model: type[Model], lookup: str) -> dict[str, Any]:
    """How the value of a filter is written, for the schema."""
    if lookup.endswith("__isnull"):
        return {"type": "boolean"}
    column = asked_of(model, lookup)
    for kind, told in TOLD:
        if isinstance(column, kind):
            return told
    coded = column.choices and not lookup.endswith("__in")
    return {"type": "string", "enum": [*dict(column.flatchoices)]} if coded else {"type": "string"}


def _read(column: Field[Any, Any], value: str) -> Any:
    """The value that a filter is asked for, in the one form of its kind; raises ValueError."""
    for kind, read in READ:
        if isinstance(column, kind):
            return read(value)
    if not value.isascii() or column.choices and value not in dict(column.flatchoices):
        raise ValueError(value)
    return value


@cache
def _texts(model: type[Model]) -> frozenset[str]:
    """The columns of a model that hold free text."""
    texts = [each for each in model._meta.concrete_fields if isinstance(each, CharField | TextField)]
    return frozenset(each.attname for each in texts if not each.choices)


def _own_column(model: type[Model], lookup: str) -> bool:
    return lookup.split("__")[0] in {name for field in model._meta.concrete_fields for name in (field.attname,)}


def _searched(listing: Listing, found: QuerySet[Any], words: str) -> QuerySet[Any]:
    if not listing.search:
        raise Refused("filter.unknown", field="search", accepted=", ".join(sorted(listing.filters)))
    condition = Q()
    for column in listing.search:
        condition |= Q(IContains(Comparable(F(column)), typed.comparable(words)))
    return found.filter(condition)


def order(listing: Listing, asked: str | None) -> list[str]:
    if asked is None:
        return [*listing.ordering[:1], "id"]
    columns = asked.split(",")
    for column in columns:
        if column.removeprefix("-") not in {name.removeprefix("-") for name in listing.ordering}:
            raise Refused("order.unknown", field="ordering", accepted=", ".join(listing.ordering))
    require_once("ordering", [column.removeprefix("-") for column in columns])
    return [*columns, "id"]


class Countable(Protocol):
    """What a page is taken of: a queryset, or a question of our own that is asked like one."""

    def count(self) -> int: ...

    def values(self, *columns: str) -> Any: ...


def page(listing: Listing, found: Countable, query: Any, path: str) -> dict[str, Any]:
    """One page of a list: the rows, and their count where a page that is not full does not tell it."""
    number, size = positive(query, "page", 1, 10**6), positive(query, "page_size", PAGE_SIZE, LARGEST_PAGE)
    before = (number - 1) * size
    asked = columns(listing, query)
    own = [name for name in asked if name not in listing.along]
    rows = list(found.values(*(own if own == [*asked] else {*own, "id"}))[before : before + size])
    count = before + len(rows) if 0 < len(rows) < size else found.count()
    if number > 1 and before >= count:
        raise Refused("page.invalid", field="page")

    def link(to: int) -> str:
        return f"{path}?{urlencode({**query.dict(), 'page': to})}"

    return {
        "count": count,
        "next": link(number + 1) if number * size < count else None,
        "previous": link(number - 1) if number > 1 else None,
        "results": [labelled(row) for row in told(listing, rows, asked, past="as_of" in query)],
    }


def told(listing: Listing, rows: list[dict[str, Any]], asked: Sequence[str], *, past: bool) -> list[dict[str, Any]]:
    """The rows with what is asked for; what is told along with them costs nothing where it is not."""
    if not (along := [name for name in asked if name in listing.along]):
        return [{name: row[name] for name in asked} for row in rows]
    beside = listing.tell([row["id"] for row in rows]) if rows and not past else {}
    none = dict.fromkeys(along)
    both = ({**row, **none, **beside.get(row["id"], none)} for row in rows)
    return [{name: row[name] for name in asked} for row in both]


def positive(query: Any, name: str, default: int, largest: int) -> int:
    given = whole(query.get(name, str(default)))
    if given is None or not 1 <= given <= largest:
        raise Refused("page.invalid", field=name)
    return given


def columns(listing: Listing, query: Any) -> tuple[str, ...]:
    """The columns that are asked for, all of them unless `?fields=` says otherwise."""
    if not (asked := query.get("fields")):
        return listing.fields
    chosen = tuple(asked.split(","))
    for name in chosen:
        if name not in listing.fields:
            raise Refused("field.unknown", field="fields", accepted=", ".join(listing.fields))
    require_once("fields", chosen)
    return chosen


def require_once(name: str, columns: Sequence[str]) -> None:
    if len(set(columns)) < len(columns):
        raise Refused("query.twice", field=name)


def _said(row: dict[str, Any], stem: str, *languages: str) -> str:
    return next((words for code in (*languages, *LANGUAGES) if (words := row.get(f"{stem}_{code}"))), "")


def labelled(row: dict[str, Any]) -> dict[str, Any]:
    """A row with `label`, its name in the reader's language where it has one."""
    for stem in ("name", "title", "text", "label"):
        if f"{stem}_{LANGUAGES[0]}" in row:
            return row | {"label": _said(row, stem, readers(), city.identity().first)}
    return row
