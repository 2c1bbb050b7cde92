"""The form of a move: what it asks, what stands in it, and what came of sending it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from portfolio import belonging
from portfolio.api import errors, retries
from portfolio.api.inputs import Input, Ref
from portfolio.decisions.models import Decision
from portfolio.people import permissions
from portfolio.people.holdings import holdings
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.written import whole
from reporting.pages.forms import fields, places, rooms, spelling
from reporting.pages.forms.naming import named
from reporting.pages.forms.rooms import Asked
from reporting.pages.forms.shapes import line

MOST = 800  # records among which one is chosen
LINES = {"path": "path_points", "sources": "fundings"}  # what the lines of a record are called there
AGAIN = frozenset({"because"})


@dataclass(frozen=True)
class FormView:
    """Everything the page of a form says."""

    asked: Asked
    thing: Any
    heading: str
    trail: tuple[places.Place, ...]
    parts: tuple[fields.Part, ...]
    version: int | None
    key: str
    lacks: tuple[Mapping[str, Any], ...] = ()
    since: Mapping[str, Any] | None = None
    status: int = 200

    @property
    def title(self) -> Any:
        return rooms.title(self.asked)

    @property
    def back(self) -> places.Place:
        return self.trail[-1]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each with the field that it leads to."""
        by_name = {each.name: each.id for part in self.parts for each in part.fields}
        told = ((str(lack["message"]), by_name.get(_name(lack), "")) for lack in self.lacks)
        return list(told)


def _name(lack: Mapping[str, Any]) -> str:
    return str(lack["field"] or "").replace(".", "-")


def thing_of(asked: Asked, pk: int, by: Person) -> Any:
    """The record that is to be moved. Raises Refused `not_found`."""
    found = asked.room.visible(asked.model._default_manager.all(), by).filter(pk=pk).first()
    if found is None:
        raise Refused("not_found")
    return found


def require(asked: Asked, thing: Any, by: Person) -> None:
    """Refuse whoever can never make the move, before anything is typed. Raises NotAllowed."""
    right = asked.move.right
    if thing is not None:
        allowed = asked.move.allowed(thing, by)
    else:
        allowed = any(each.role in permissions.TABLE.get(right, ()) for each in holdings(by))
    if not allowed:
        raise permissions.NotAllowed(right, permissions.TABLE.get(right, frozenset()))


def form(request: HttpRequest, asked: Asked, thing: Any, by: Person, refused: Refused | None = None) -> FormView:
    """The form as it stands now: with what is on record, or with what was sent and refused."""
    given = (asked.move.given or Input)(context={"request": request})
    parent = None if thing is not None else _parent(request, given, by)
    stands, sent = _on_record(given, thing, asked), request.POST if request.method == "POST" else None
    since, newest, others = _meanwhile(refused, given, stands, sent)
    lacks = tuple(refused.as_list()) if refused else ()
    shown = _Shown(stands if sent is None else sent, newest, request.GET if thing is None else {})
    drawn = fields.Drawn(
        model=asked.model,
        typed=shown.text,
        several=shown.several,
        among=_among(thing or parent, by),
        rows=lambda key: fields.rows_of(shown.posted, key),
        lacks=fields.by_field(lacks),
        meanwhile=others,
    )
    return FormView(
        asked=asked,
        thing=thing,
        heading=named(thing) if thing is not None else "",
        trail=places.trail(thing or parent),
        parts=tuple(sorted(fields.parts(given, drawn), key=fields.place)),
        version=getattr(thing, "version", None),
        key=retries.new_key(),
        lacks=lacks,
        since=since,
        status=refused.status if refused else 200,
    )


@dataclass(frozen=True)
class _Shown:
    """What the fields show: what somebody has saved meanwhile, what was sent or is on record, what the address says."""

    posted: Any
    newest: Mapping[str, str]
    address: Any

    def text(self, name: str) -> str:
        found = self.newest.get(name, self.posted.get(name))
        return str(self.address.get(name, "") if found is None else found)

    def several(self, name: str) -> Sequence[str]:
        found: Sequence[str] = self.posted.getlist(name)
        return found


def _parent(request: HttpRequest, given: Input, by: Person) -> Model | None:
    """What a new record is to belong to, as the address that led here says."""
    for name, each in given.fields.items():
        if isinstance(each, Ref) and (pk := whole(request.GET.get(name, request.POST.get(name, "")))):
            found: Model | None = each.among(each.model._default_manager.filter(pk=pk), by).first()
            if found is not None:
                return found
    return None


def _on_record(given: Input, thing: Any, asked: Asked) -> QueryDict:
    """What stands on record of what the form asks, as it would be typed; reasons are given anew."""
    found = QueryDict(mutable=True)
    if thing is not None and not asked.move.creates:
        _tell(given, thing, found, "")
    return found


def _tell(given: Input, thing: Any, found: QueryDict, prefix: str) -> None:
    for name, each in given.fields.items():
        source = LINES.get(name, name)
        if name in AGAIN or not hasattr(thing, source):
            continue
        key = f"{prefix}{name}"
        if (child := fields.listed(each)) is not None:
            lines = getattr(thing, source)
            for number, each_line in enumerate(lines.all() if hasattr(lines, "all") else map(line, lines)):
                _tell(child, each_line, found, f"{key}-{number}-")
        elif hasattr(each, "child"):
            found.setlist(key, _ids(each.child, getattr(thing, source)))
        else:
            found[key] = spelling.shown(getattr(thing, f"{name}_id" if isinstance(each, Ref) else name))


def _ids(child: Any, related: Any) -> list[str]:
    """The ids of related records, also of those that a link leads to."""
    if not hasattr(related, "all") or not isinstance(child, Ref):
        return []
    to = f"{child.model._meta.model_name}_id"
    return [str(getattr(each, to, each.pk)) for each in related.all()]


def _meanwhile(
    refused: Refused | None, given: Input, stands: QueryDict, sent: QueryDict | None
) -> tuple[Mapping[str, Any] | None, dict[str, str], dict[str, str]]:
    """Who saved meanwhile; what is shown anew where nothing was typed, and both versions where something was."""
    if refused is None or sent is None or refused.code != "edit.stale":
        return None, {}, {}
    newest: dict[str, str] = {}
    others: dict[str, str] = {}
    changed: Mapping[str, Any] = refused.lacks[0].params.get("changed", {})
    for attname, (before, _now) in changed.items():
        name = attname if attname in given.fields else attname.removesuffix("_id")
        if name not in given.fields:
            continue
        typed = sent.get(name, "").replace("\r\n", "\n")
        if typed == spelling.shown(before):
            newest[name] = stands.get(name, "")
        elif typed != stands.get(name, ""):
            others[name] = stands.get(name, "")
    return errors.since(refused), newest, others


def _among(thing: Any, by: Person) -> Callable[[Ref], Sequence[tuple[str, str]]]:
    """The records that may be chosen, of the programme that the record belongs to where they belong to one."""
    programme = belonging.programme_at(thing) if thing is not None else None

    @cache
    def options(model: type[Model], among: Any) -> list[tuple[str, str]]:
        found: QuerySet[Any] = among(model._default_manager.all(), by)
        path = belonging.programme_path(model)
        if programme is not None and path and path != "id":
            found = found.filter(**{path: programme.pk})
        if issubclass(model, Decision):
            found = found.select_related("body").order_by("-decided_on", "-id")
        return [(str(each.pk), named(each)) for each in found[:MOST]]

    return lambda ref: options(ref.model, ref.among)


def said(request: HttpRequest, asked: Asked, thing: Any) -> dict[str, Any]:
    """What the form says, parsed; of an edit what was changed alone.

    Raises Refused with all that can't be read.
    """
    given = (asked.move.given or Input)(context={"request": request})
    seen = _as_seen(thing, request) if edits(asked) else None
    only = _changed(given, request.POST, _on_record(given, seen, asked)) if edits(asked) else None
    data = fields.said(given, request.POST, only=only)
    data = {name: value for name, value in data.items() if name not in fields.UNASKED}
    parsed = (asked.move.given or Input)(data=data, partial=asked.move.is_edit, context={"request": request})
    if not parsed.is_valid():
        raise errors.unread(parsed.errors)
    return dict(parsed.validated_data)


def _as_seen(thing: Any, request: HttpRequest) -> Any:
    """The record with the columns that it had when the form was shown; somebody may have saved since."""
    seen = whole(request.POST.get("version", ""), digits=9)
    if seen is None or seen == thing.version:
        return thing
    past = type(thing).history.model.objects.filter(id=thing.pk, version=seen).order_by("history_seq").last()
    found = copy(thing)
    for column in thing._meta.concrete_fields if past else ():
        setattr(found, column.attname, getattr(past, column.attname))
    return found


def edits(asked: Asked) -> bool:
    """Whether the form shows a record to be changed, so that what nobody touched is not said."""
    given = (asked.move.given or Input)()
    free = (name for name, each in given.fields.items() if name not in AGAIN)
    return asked.move.is_edit or (
        asked.move.name == "correct" and all(not given.fields[name].required for name in free)
    )


def _changed(given: Input, sent: QueryDict, stands: QueryDict) -> Collection[str]:
    """The fields that say something else than what is on record, and the reason."""
    now, before = (fields.said(given, each, only=given.fields) for each in (sent, stands))
    return {name for name, value in now.items() if name in AGAIN or _plain(value) != _plain(before.get(name))}


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def carry_out(request: HttpRequest, asked: Asked, thing: Any, by: Person) -> str:
    """Make the move and tell where it leads. Raises Refused, NotAllowed."""
    given = said(request, asked, thing)
    asked.move.require(given)
    if thing is None:
        return places.place(asked.move.command(**given, by=by)).address
    seen = {"seen": _seen(request)} if asked.move.after_reading else {}
    made = asked.move.command(thing, **given, by=by, **seen)
    return places.place(made if isinstance(made, Model) else thing).address


def _seen(request: HttpRequest) -> int:
    seen = whole(request.POST.get("version", ""), digits=9)
    if seen is None:
        raise Refused("edit.if_match")
    return seen


def links(model: type[Model], pk: int, by: Person) -> Iterator[tuple[Any, str]]:
    """What somebody can do with a record now: the moves that have a form, and what can be added to it."""
    thing = model._default_manager.filter(pk=pk).first()
    if thing is None:
        return
    resource = rooms.resource_of(model)
    for each in rooms.here().values():
        if each.resource == resource and not each.move.is_creation:
            if each.move.fits(thing) and each.move.allowed(thing, by):
                yield each, reverse("move", args=[resource, pk, each.word])
    for each in rooms.here().values():
        if each.move.is_creation and (name := _names(each, model)) and _may_add(each, thing, by):
            yield each, f"{reverse('create', args=[each.resource])}?{name}={pk}"


@cache
def _names(asked: Asked, model: type[Model]) -> str:
    """The field by which a new record of a kind names the record that it belongs to."""
    given = (asked.move.given or Input)().fields
    own = getattr(asked.model, "belongs_to", "")
    found = (name for name, each in given.items() if isinstance(each, Ref) and each.model is model)
    return next((name for name in found if name == own or model._meta.model_name == name), "")


def _may_add(asked: Asked, thing: Any, by: Person) -> bool:
    where = thing if belonging.belongs(type(thing)) else None
    programme = belonging.programme_at(thing)
    if programme is not None and programme.freezes(None):
        return False
    return permissions.may(by, asked.move.right, where)
