"""RoomViewSet: what every resource of the API offers, from what its room declares."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import history
from portfolio.api import included, lists, past, retries, unchanged
from portfolio.api.fields import answered_by, plainly, shape_of
from portfolio.api.inputs import Input
from portfolio.api.moves import Move
from portfolio.api.rendering import AS_JSON, plain
from portfolio.api.schema import (
    ONLY_ID,
    ToldOfAction,
    detail_serializer,
    error_responses,
    included_serializer,
    page_serializer,
    read_serializer,
)
from portfolio.history.models import Record
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.texts import spelt
from portfolio.written import ID, whole

# What may be asked of a record and of its history, beside the form of the answer.
ASKED = {"retrieve": ("as_of", "fields"), "history": ("as_of", "page", "page_size")}
AS_OF = OpenApiParameter("as_of", str, description="A day, an instant or seq:N: the answer as it was known then.")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag seen.")
FIELDS = OpenApiParameter(
    "fields",
    str,
    description="Only these columns, with commas between them; the answer is then a part.",
)
INCLUDE = (
    "What belongs to the record and is told with it under `included`, as its own list tells it; names with commas "
    "between them. The ETag is then a mark of all that is told, as a list's is: If-Match takes the `version`."
)
PAGES = tuple(
    OpenApiParameter(name, {"type": "integer", "minimum": 1, "maximum": most})
    for name, most in (("page", 10**6), ("page_size", lists.LARGEST_PAGE))
)
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a retry safe for 24 hours."
)


class RoomViewSet(viewsets.GenericViewSet[Any]):
    """Lists, details, history, creation, edits and moves of one model; rules are asked of commands and queries."""

    model: ClassVar[type[models.Model]]
    columns: ClassVar[tuple[str, ...]] = ()  # of a record all, in the order of its model, but these, and these last
    without: ClassVar[tuple[str, ...]] = ()
    last: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[dict[str, str]] = {}
    search: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ("id",)
    visible: ClassVar[Callable[..., models.QuerySet[Any]]] = staticmethod(permissions.visible)
    follows: ClassVar[Mapping[str, Collection[str]]] = {}  # which state may follow which
    state: ClassVar[str] = "state"  # the column that holds it
    right: ClassVar[str] = ""  # what its moves ask for that have no right of their own
    taken_in: ClassVar[bool] = False  # an import records and edits by the same commands, for they are all it needs
    by_model: ClassVar[dict[type[models.Model], type[RoomViewSet]]] = {}
    along: ClassVar[dict[str, serializers.Field[Any, Any, Any, Any]]] = {}  # of lists too, from `told_along`
    beside: ClassVar[dict[str, Any]] = {}  # functions of the record, or fields of what `extra` gives; null in the past
    includes: ClassVar[Mapping[str, type[models.Model]]] = {}  # what belongs to a record, told with it where asked for
    row: ClassVar[type[serializers.Serializer[Any]]]
    lookup_value_regex = ID

    def __init_subclass__(cls, **options: Any) -> None:
        """Know the columns of the model and the shape of its rows."""
        super().__init_subclass__(**options)
        if "model" not in cls.__dict__:
            return
        cls.columns = _columns(cls)
        cls.filters = {name: lists.lookup_of(cls.model, asked) for name, asked in cls.filters.items()}
        cls.search = tuple(chain(*(spelt(cls.model, name) for name in cls.search)))
        if "visible" not in cls.__dict__:  # a narrower list of the same records shows none of them as an answer
            RoomViewSet.by_model.setdefault(cls.model, cls)
        cls.row = cls.serializer_class = read_serializer(cls.__name__.removesuffix("ViewSet"), cls.model, cls.columns)
        cls.queryset = cls.model._default_manager.none()

    def initial(self, request: Request, *args: Any, **given: Any) -> None:
        """Who asks is known first; then whatever else the address asks for must be known too."""
        super().initial(request, *args, **given)
        accepted = self.accepted()
        if unknown := sorted(set(request.query_params).difference(accepted)):
            code = "filter.unknown" if self.action == "list" else "query.unknown"
            raise Refused(code, field=unknown[0], accepted=", ".join(accepted))

    def accepted(self) -> Collection[str]:
        """The names that the address of this action may hold."""
        named = getattr(getattr(self, self.action or "", None), "asks", None)
        if named is None:
            named = (*self.filters, *lists.RESERVED) if self.action == "list" else ASKED.get(self.action or "", ())
            named = (*named, "include") if self.action == "retrieve" and self.includes else named
        return sorted({*named, "format"})

    @property
    def by(self) -> Person:
        """The person who asks."""
        asking: Person = self.request.user.person
        return asking

    def listing(self) -> lists.Listing:
        return lists.Listing(
            self.model, self.columns, self.filters, self.search, self.ordering, type(self).visible, (*self.along,),
            self.told_along,
        )  # fmt: skip

    def told_along(self, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """What is told along with rows, by their ids: all of it in one statement."""
        return {}

    def list(self, request: Request) -> Response:
        """A page of the records that the caller may see."""
        if self.model._meta.label in settings.OPERATIONAL_TABLES:
            return self.page(request)
        return self.unless_seen(request, lambda: self.page(request))

    def unless_seen(self, request: Request, make: Callable[[], Response]) -> Response:
        """An answer that rests on the ledger alone, by its mark; made only for who has not seen it."""
        tag = unchanged.mark(request._request, self.by)
        seen = unchanged.is_seen(request._request, tag)
        response = Response(status=status.HTTP_304_NOT_MODIFIED) if seen else make()
        unchanged.tell(response, tag)
        return response

    def page(self, request: Request) -> Response:
        """The page that is asked for, made anew."""
        found = lists.select(self.listing(), request.query_params, self.by)
        return Response(lists.page(self.listing(), found, request.query_params, request.path))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One record, now or as of a moment; with what belongs to it, where that is asked for."""
        named = included.asked(self.includes, request.query_params)
        cut = lists.cut(self.model, request.query_params.get("as_of"))
        if not named:
            return self.one(request, pk, cut)
        listings = {name: self.by_model[self.includes[name]]().listing() for name in named}

        def make() -> Response:
            response = self.one(request, pk, cut)
            response.data["included"] = included.read(listings, self.model, int(pk), self.by, cut)
            return response

        return self.unless_seen(request, make)

    def one(self, request: Request, pk: str, cut: int | None) -> Response:
        """One record, now or after a change set."""
        listing = self.listing()
        asked = lists.columns(listing, request.query_params)
        row = lists.seen(listing, self.by, cut).filter(id=int(pk)).values(*self.columns).first()
        if row is None:
            raise Refused("not_found")
        asked = tuple(name for name in asked if name not in self.beside)  # a detail tells it, and more
        (body,) = map(lists.labelled, lists.told(listing, [row], asked, past=cut is not None))
        if cut is not None:
            return Response(body | dict.fromkeys(self.beside))
        return Response(body | (self.extra(_record(self.model, row)) if self.beside else {}), headers=_etag(row))

    def extra(self, thing: Any) -> dict[str, Any]:
        """What a detail shows beside the columns: warnings, parts, compositions."""
        return {name: plainly(ask(thing)) for name, ask in self.beside.items() if callable(ask)}

    @extend_schema(responses={200: past.ChangesSerializer, **error_responses(400, 404)}, parameters=[AS_OF, *PAGES])
    @action(detail=True, methods=["get"], pagination_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """Every change of the record: when, who, in which role, why, old → new; the newest first."""
        thing = self.thing(pk)
        return Response(past.changes(thing, request.query_params, self.by))

    @classmethod
    def way(cls, action: str | None) -> Move | None:
        """The way to write that an action of the resource is, if it is one."""
        found: Move | None = getattr(getattr(cls, action or "", None), "move", None)
        return found

    def make(self, move: Move, pk: str) -> Response:
        """Create a record, edit it, or make a move of it: at the version seen, with what the request says."""
        if move.is_creation:
            given = self.given(move.given)
            return self.run(lambda: move.command(**given, by=self.by), move.code)
        thing = self.thing(pk)
        seen = {"seen": self.seen()} if move.after_reading else {}
        said = self.given(move.given, partial=move.is_edit)
        move.require(said)
        return self.run(lambda: move.command(thing, **said, by=self.by, **seen), move.code)

    def thing(self, pk: str) -> Any:
        """The record, if the caller may see it; else 404."""
        found = lists.source(self.listing(), self.by, None).filter(pk=int(pk)).first()
        if found is None:
            raise Refused("not_found")
        return found

    def given(self, serializer: type[Input] | None, *, partial: bool = False, said: Any = None) -> dict[str, Any]:
        """What the request says, parsed; or what is `said` otherwise."""
        data = self.request.data if said is None else said
        parsed = (serializer or Input)(data=data, partial=partial, context={"request": self.request})
        parsed.is_valid(raise_exception=True)
        return dict(parsed.validated_data)

    def seen(self) -> int:
        """The version that the caller has seen, from If-Match; 428 without it."""
        tag = self.request.headers.get("If-Match", "").strip()
        if tag.startswith("W/"):  # compared strongly (RFC 9110, 13.1.1): a weak one never matches
            raise Refused("edit.weak")
        if (number := whole(tag.strip('"'), digits=9)) is None:
            raise Refused("edit.if_match")
        return number

    def run(self, command: Callable[[], Any], code: int = status.HTTP_200_OK) -> Response:
        """Carry out a command once, also when the same Idempotency-Key comes again within 24 hours."""
        key = self.request.headers.get("Idempotency-Key")
        if not key:
            return self.answer(history.at_once(command), code)
        retries.require_key(key, field="Idempotency-Key")
        said = f"{self.request.method} {self.request.path} ".encode() + orjson.dumps(self.request.data)

        def act() -> retries.Answer:
            shown = self.answer(history.at_once(command), code).data
            return code, orjson.loads(orjson.dumps(shown, default=plain, option=AS_JSON))

        answered, body = retries.once(self.request.user, key, said, act)
        return Response(body, status=answered, headers=_etag(body))

    @classmethod
    def answer(cls, record: Any, code: int) -> Response:
        """A record as its own resource shows it; what is not a record, as it is."""
        if not isinstance(record, models.Model):
            return Response(record, status=code)
        room = RoomViewSet.by_model.get(type(record))
        names = room.columns if room else ("id",)
        row = type(record)._default_manager.filter(pk=record.pk).values(*names).get()
        return Response(lists.labelled(row), status=code, headers=_etag(row))

    def told(self) -> ToldOfAction | None:
        """What the schema says of the action that is asked for; None where the method says it itself."""
        if "schema" in getattr(getattr(self, self.action or "", None), "kwargs", {}):
            return None
        if move := self.way(self.action):
            return self._told_of(move)
        if self.action == "list":
            asked = [*_filters(self.model, self.filters), *_words(self.ordering, self.search)]
            line = detail_serializer(self.row, self.along, "Line")
            return ToldOfAction({200: page_serializer(line)} | error_responses(400), (AS_OF, *asked, *PAGES))
        if self.action == "retrieve":
            beside = {name: answered_by(ask) if callable(ask) else ask for name, ask in self.beside.items()}
            rows = {name: self.by_model[kind].row for name, kind in self.includes.items()}
            told = {**self.along, **beside, **(included_serializer(self.row, rows) if rows else {})}
            asked = [AS_OF, FIELDS, *([_include(rows)] if rows else [])]
            return ToldOfAction({200: detail_serializer(self.row, told)} | error_responses(400, 404), asked)
        return None

    def _told_of(self, move: Move) -> ToldOfAction:
        refusals = error_responses(400, 403, 409) if move.is_creation else MOVED
        headers = [*([] if move.is_edit else [IDEMPOTENCY]), *([IF_MATCH] if move.after_reading else [])]
        return ToldOfAction({move.code: self._answered(move)} | refusals, headers, move.given, move.told)

    def _answered(self, move: Move) -> Any:
        """The row of the record that a move answers; the id of one without a resource; what is no record, as it is."""
        room = self if move.is_creation or move.is_edit else self.by_model.get(move.answered)
        if room:
            return room.row
        return ONLY_ID if issubclass(move.answered, models.Model) else shape_of(move.answered)


LAST = ("version", "seq", "provenance")
MACHINERY = {"id", "key", "salt", "row_sha256", "shape", *LAST}
MOVED = error_responses(400, 403, 404, 409, 412, 423, 428)


def _columns(room: type[RoomViewSet]) -> tuple[str, ...]:
    """Those that are named, or all but those left out, in the order of the model; then what goes with every record."""
    own = {each.attname: each for each in room.model._meta.concrete_fields}
    if not room.columns and not issubclass(room.model, Record):
        raise TypeError(f"{room.__name__} names no columns: only of records that have a history all may be read.")
    left = MACHINERY | {name for each in (*room.without, *room.last) for name in _attnames(room.model, each)}
    named = room.columns or (*(name for name in own if name not in left), *room.last)
    shown = chain(*(_attnames(room.model, each) for each in named))
    return tuple(dict.fromkeys(("id", *shown, *(name for name in LAST if name in own))))


def _attnames(model: type[models.Model], name: str) -> Iterator[str]:
    """The columns of what is called so, a relation by its id."""
    by_name: dict[str, Any] = {each.name: each for each in model._meta.concrete_fields}
    for each in spelt(model, name):
        yield by_name[each].attname if each in by_name else each


def _record(model: type[models.Model], row: Mapping[str, Any]) -> Any:
    """The record of a row that was read; a column that the row has not is read when it is asked for."""
    names = [each.attname for each in model._meta.concrete_fields if each.attname in row]
    return model.from_db(DEFAULT_DB_ALIAS, names, [row[name] for name in names])


def _etag(row: Any) -> dict[str, str]:
    return {"ETag": f'"{row["version"]}"'} if isinstance(row, dict) and "version" in row else {}


def _filters(model: type[models.Model], filters: Mapping[str, str]) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, lists.filter_schema(model, filters[name])) for name in sorted(filters)]


def _include(names: Collection[str]) -> OpenApiParameter:
    among = {"type": "array", "items": {"type": "string", "enum": [*names]}}
    return OpenApiParameter("include", among, style="form", explode=False, description=INCLUDE)


def _words(ordering: Collection[str], search: Collection[str]) -> list[OpenApiParameter]:
    by = OpenApiParameter("ordering", str, description=f"By: {', '.join(ordering)}.")
    among = OpenApiParameter("search", str, description=f"In: {', '.join(search)}.")
    return [FIELDS, by, among] if search else [FIELDS, by]


def asks(*names: str) -> Callable[[Any], Any]:
    """Say what the address of an action may ask for, where that is not what its kind takes."""

    def decorate(method: Any) -> Any:
        method.asks = names
        return method

    return decorate
