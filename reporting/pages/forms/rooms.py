"""The moves that have a form of their own address here: those of every resource, but the few that stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model
from django.urls import URLResolver, get_resolver
from django.utils.translation import gettext_lazy as _

from portfolio.api import RoomViewSet
from portfolio.api.moves import Move, moves_of
from reporting.pages.forms.words import CALLED

Room = type[RoomViewSet]
NEW = "new"
# Moves without a form here, each with the reason; a test holds the list against what the rooms declare.
ELSEWHERE: Mapping[str, str] = {
    "people": "stands on the page of the person, with what it asks of namesakes and accounts",
    "roles": "stands on the page of the person, where a role's place depends on the role",
    "tokens": "stands on the page of the own account and of the person",
    "reports confirm": "has a page of its own, with the files that are confirmed",
    "reports send": "has a page of its own, with the files that are sent",
    "reports propose": "has a page of its own, with the decisions that fit",
    "reports note": "has a page of its own, with the decisions that fit",
    "reports unpark": "stands on the page of the report whose work was given up",
    "report-schedules correct-cut-off": "stands on the page of the report that collects until then",
    "translated-remarks": "stands on the page of a report's remarks, beside the text",
    "plan-versions new": "a plan is written in its editor",
    "plan-versions edit": "a plan is written in its editor",
}


# The kinds of record that are read in a plain register, for no page tells of them.
REGISTERS: Mapping[str, Any] = {
    "bodies": _("Bodies and units"),
    "partners": _("Partners"),
    "council-terms": _("Council terms"),
    "strategies": _("Strategies"),
    "focus-areas": _("Focus areas"),
    "goals": _("Goals"),
    "council-actions": _("Actions of the council"),
    "report-schedules": _("Schedules of reports"),
    "joint-events": _("Joint events"),
}


class Asked(NamedTuple):
    """A move of a resource, by the words of its address."""

    resource: str
    move: Move
    room: Room

    @property
    def model(self) -> type[Model]:
        found: type[Model] = self.room.model
        return found

    @property
    def word(self) -> str:
        """The last word of its address."""
        return NEW if self.move.is_creation else self.move.address


@cache
def resources() -> dict[str, Room]:
    """The view sets of every resource, by its name in addresses."""
    found = (each.callback for each in _patterns(get_resolver()))
    rooms = (each for each in found if issubclass(getattr(each, "cls", object), RoomViewSet))
    return {each.initkwargs["basename"]: each.cls for each in rooms if "basename" in each.initkwargs}


def _patterns(resolver: Any) -> Iterator[Any]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


@cache
def resource_of(model: type[Model]) -> str:
    """The name of a model's resource; nothing where it has none."""
    found = (name for name, room in resources().items() if room.model is model and "visible" not in room.__dict__)
    return next(found, "")


def registered(model: type[Model]) -> str:
    """The name of the register in which a kind of record is read; nothing where it has none."""
    name = resource_of(model)
    return name if name in REGISTERS else ""


# Kinds of record that only their own pages tell of.
PRIVATE = frozenset({"people", "directory", "roles", "accounts", "account-acts", "tokens", "translated-remarks"})


@cache
def recorded() -> dict[str, Room]:
    """The resources whose records can be opened with all their columns, parts and moves."""
    return {name: room for name, room in resources().items() if name not in PRIVATE and "visible" not in room.__dict__}


def called(resource: str) -> Any:
    """What a register is called."""
    return REGISTERS[resource]


def every() -> Iterator[Asked]:
    """The moves that the rooms declare, creation first, each once."""
    for name, room in resources().items():
        if "visible" in room.__dict__:
            continue
        creation: Any = getattr(getattr(room, "create", None), "move", None)
        yield from (Asked(name, each, room) for each in (*([creation] if creation else []), *moves_of(room.model)))


def move_of(model: type[Model], name: str) -> Move:
    """A move of a kind of record, by its own name."""
    return next(each for each in moves_of(model) if each.name == name)


def elsewhere(asked: Asked) -> str:
    """Why a move has no form here; nothing where it has one."""
    return ELSEWHERE.get(asked.resource, "") or ELSEWHERE.get(f"{asked.resource} {asked.word}", "")


@cache
def here() -> dict[tuple[str, str], Asked]:
    """The moves with a form, by resource and word."""
    return {(each.resource, each.word): each for each in every() if not elsewhere(each)}


def title(asked: Asked) -> Any:
    """What the move is called on buttons and over its form."""
    return CALLED.get(f"{asked.resource} {asked.word}") or asked.move.called
