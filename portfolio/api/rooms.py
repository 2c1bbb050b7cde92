"""RoomViewSet: what every resource of the API offers, and `command`, which makes a move of a command."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar

import orjson
from django.db import models
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.api import lists, past, retries
from portfolio.api.inputs import Input
from portfolio.api.rendering import AS_JSON, plain
from portfolio.api.schema import AnswerOf, detail_serializer, error_responses, page_serializer, read_serializer
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.written import ID, whole

Command = Callable[..., Any]
# What may be asked of a record and of its history, beside the form of the answer.
ASKED = {"retrieve": ("as_of", "fields"), "history": ("as_of", "page", "page_size")}
AS_OF = OpenApiParameter("as_of", str, description="A day, an instant or seq:N: the answer as it was known then.")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag seen.")
FIELDS = OpenApiParameter(
    "fields",
    str,
    description="Only these columns, with commas between them; the answer is then a part.",
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
    columns: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[dict[str, str]] = {}
    search: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ("id",)
    visible: ClassVar[Callable[..., models.QuerySet[Any]]] = staticmethod(permissions.visible)
    create_with: ClassVar[tuple[type[Input], Command] | None] = None
    edit_with: ClassVar[tuple[type[Input], Command] | None] = None
    taken_in: ClassVar[bool] = False  # an import records and edits by the same commands, for they are all it needs
    by_model: ClassVar[dict[type[models.Model], type[RoomViewSet]]] = {}
    beside: ClassVar[dict[str, serializers.Field[Any, Any, Any, Any]]] = {}  # what `extra` gives; null in the past
    lookup_value_regex = ID

    def __init_subclass__(cls, **options: Any) -> None:
        """Take `create` and `edit` as (input, command) pairs, and describe the routes for the schema."""
        super().__init_subclass__(**options)
        if "model" not in cls.__dict__:
            return
        own = cls.__dict__
        cls.columns = _with_version(cls.model, cls.columns)
        if "visible" not in own:  # a narrower list of the same records shows none of them as an answer
            RoomViewSet.by_model.setdefault(cls.model, cls)
        cls.serializer_class = read_serializer(cls.__name__.removesuffix("ViewSet"), cls.model, cls.columns)
        cls.queryset = cls.model._default_manager.none()
        for name, verb in (("create", "create_with"), ("edit", "edit_with")):
            if isinstance(own.get(name), tuple):
                setattr(cls, verb, own[name])
                delattr(cls, name)
        if cls.create_with:
            cls.create = _create(cls.create_with[0], cls.serializer_class)
        if cls.edit_with:
            cls.partial_update = _edit(cls.edit_with[0], cls.serializer_class)
        _describe(cls)

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
        return sorted({*named, "format"})

    @property
    def by(self) -> Person:
        """The person who asks."""
        asking: Person = self.request.user.person
        return asking

    @classmethod
    def listing(cls) -> lists.Listing:
        return lists.Listing(cls.model, cls.columns, cls.filters, cls.search, cls.ordering, cls.visible)

    def list(self, request: Request) -> Response:
        """A page of the records that the caller may see."""
        found = lists.select(self.listing(), request.query_params, self.by)
        return Response(lists.page(self.listing(), found, request.query_params, request.path))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One record, now or as of a moment."""
        as_of = request.query_params.get("as_of")
        found = lists.source(self.listing(), self.by, as_of).filter(id=int(pk))
        asked = lists.columns(self.listing(), request.query_params)
        row = found.values(*self.columns).first()
        if row is None:
            raise Refused("not_found")
        body = lists.labelled({name: row[name] for name in asked})
        if as_of is None:
            body |= self.extra(self.model._default_manager.get(pk=pk))
        else:
            body |= dict.fromkeys(self.beside)
        return Response(body, headers={} if as_of else _etag(row))

    def extra(self, thing: Any) -> dict[str, Any]:
        """What a detail shows beside the columns: warnings, parts, compositions."""
        return {}

    @extend_schema(responses={200: past.ChangesSerializer, **error_responses(400, 404)}, parameters=[AS_OF, *PAGES])
    @action(detail=True, methods=["get"], pagination_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """Every change of the record: when, who, in which role, why, old → new; the newest first."""
        thing = self.thing(pk)
        return Response(past.changes(thing, request.query_params, self.by))

    def thing(self, pk: str) -> Any:
        """The record, if the caller may see it; else 404."""
        found = lists.source(self.listing(), self.by, None).filter(pk=int(pk)).first()
        if found is None:
            raise Refused("not_found")
        return found

    def given(self, serializer: type[Input] | None, *, partial: bool = False) -> dict[str, Any]:
        """What the request says, parsed."""
        parsed = (serializer or Input)(data=self.request.data, partial=partial, context={"request": self.request})
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
            return self.answer(command(), code)
        retries.require_key(key, field="Idempotency-Key")
        said = f"{self.request.method} {self.request.path} ".encode() + orjson.dumps(self.request.data)

        def act() -> retries.Answer:
            shown = self.answer(command(), code).data
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


def _with_version(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, ...]:
    own = {field.attname for field in model._meta.concrete_fields}
    wanted = ("id", *columns, *(name for name in ("version", "seq", "provenance") if name in own))
    return tuple(dict.fromkeys(wanted))


def _etag(row: Any) -> dict[str, str]:
    return {"ETag": f'"{row["version"]}"'} if isinstance(row, dict) and "version" in row else {}


def _create(given: type[Input], shown: type[serializers.Serializer[Any]]) -> Any:
    @extend_schema(request=given, responses={201: shown, **error_responses(400, 403, 409)}, parameters=[IDEMPOTENCY])
    def create(self: RoomViewSet, request: Request) -> Response:
        """Record a new one."""
        serializer, command = self.create_with  # type: ignore[misc]
        said = self.given(serializer)
        return self.run(lambda: command(**said, by=self.by), status.HTTP_201_CREATED)

    return create


def _edit(given: type[Input], shown: type[serializers.Serializer[Any]]) -> Any:
    refusals = error_responses(400, 403, 404, 409, 412, 423, 428)

    @extend_schema(request=given, responses={200: shown, **refusals}, parameters=[IF_MATCH])
    def partial_update(self: RoomViewSet, request: Request, pk: str) -> Response:
        """Change it, on top of the version that was seen."""
        serializer, command = self.edit_with  # type: ignore[misc]
        thing, seen = self.thing(pk), self.seen()
        said = self.given(serializer, partial=True)
        return self.run(lambda: command(thing, **said, by=self.by, seen=seen))

    return partial_update


def _describe(cls: type[RoomViewSet]) -> None:
    shown = cls.serializer_class
    filters = [_filter(name, lists.filter_schema(cls.model, lookup)) for name, lookup in sorted(cls.filters.items())]
    words = [FIELDS, _filter("ordering", {"type": "string"}, f"By: {', '.join(cls.ordering)}.")]
    words += [_filter("search", {"type": "string"}, f"In: {', '.join(cls.search)}.")] if cls.search else []
    page = {200: page_serializer(shown), **error_responses(400)}
    if "list" not in cls.__dict__:  # a list of its own says itself what it is
        cls.list = extend_schema(  # type: ignore[method-assign]
            responses=page, parameters=[AS_OF, *filters, *words, *PAGES]
        )(_copy(cls.list))
    cls.retrieve = extend_schema(  # type: ignore[method-assign]
        responses={200: detail_serializer(shown, cls.beside), **error_responses(400, 404)}, parameters=[AS_OF, FIELDS]
    )(_copy(cls.retrieve))


def _filter(name: str, schema: dict[str, Any], description: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, schema, description=description)


def _copy(method: Any) -> Any:
    def copied(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(self, *args, **kwargs)

    copied.__name__, copied.__doc__ = method.__name__, method.__doc__
    return copied


def asks(*names: str) -> Callable[[Any], Any]:
    """Say what the address of an action may ask for, where that is not what its kind takes."""

    def decorate(method: Any) -> Any:
        method.asks = names
        return method

    return decorate


def command(
    given: type[Input] | None = None, *, if_match: bool = True, url_path: str | None = None, creates: bool = False
) -> Callable[[Command], Any]:
    """A move: POST /things/{id}/do-this/ by the method's name; needs If-Match unless told otherwise.

    The method gets the record, what was given and who asks, and calls one command with `seen`. A move that `creates`
    another record answers 201.
    """
    code = status.HTTP_201_CREATED if creates else status.HTTP_200_OK

    def decorate(method: Command) -> Any:
        parameters = [IDEMPOTENCY, *([IF_MATCH] if if_match else [])]

        def move(self: RoomViewSet, request: Request, pk: str = "") -> Response:
            thing = self.thing(pk)
            seen = self.seen() if if_match else None
            said = self.given(given)
            return self.run(lambda: method(self, thing, said, self.by, seen), code)

        # Named before it becomes an action: the router calls a move by the name it then has.
        move.__name__, move.__doc__ = method.__name__, method.__doc__
        routed = action(detail=True, methods=["post"], url_path=url_path or method.__name__.replace("_", "-"))(move)
        refusals = error_responses(400, 403, 404, 409, 412, 423, 428)
        answers = {code: AnswerOf(method, RoomViewSet.by_model), **refusals}
        return extend_schema(request=given, parameters=parameters, responses=answers)(routed)

    return decorate
