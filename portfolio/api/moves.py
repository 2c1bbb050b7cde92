"""What people can do with the records of a room, each declared once: routes, schema, forms and buttons read it here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from inspect import signature
from typing import Any, ClassVar, get_type_hints

from django.db.models import Model
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio import belonging
from portfolio.api.inputs import Input, Says, input_of
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Lack, Refused
from portfolio.texts import Words

Command = Callable[..., Any]
OF_THE_COMMAND = "that of the command"
# A resource has two ways to write that are no moves of a record's life; REST has names of its own for them.
OF_THE_RESOURCE = {"create": "create", "edit": "partial_update"}


@dataclass(eq=False)
class Move:
    """One way to write, named by the attribute it is given to: `start = move("StartInput", commands.start_project, …)`.

    The command is asked with the record, what was given and who asks; with the version seen where it takes `seen`.
    What it takes is what the input of that name says, and what `says` adds to it. Its docstring begins with what the
    schema says, its annotation is what is answered. `right` is the one that it asks for, of the record: unless it is
    named, the one called like the command, else the room's; without one whoever sees the record may. Where the record
    says which right is asked of what, any of `rights` will do. The states that a move starts from are those that the
    room's table lets `to` follow, or `at`; `when` says what else it waits for. A closed programme lets only be done
    what may be `after_closing`. A page has a button `called` so and asks the `question` first, at an address that ends
    in `page` or the name. `authority` is the row of the table of governance that says whose decision carries it.
    """

    said: str | Says | type[Input] | None
    command: Command
    right: str = OF_THE_COMMAND
    to: str = ""
    at: Collection[str] = ()
    rights: Callable[[Any, Person], Iterable[tuple[str, Model | None]]] | None = None
    when: Callable[[Any], bool] | None = None
    after_closing: bool = False
    creates: bool = False
    authority: str = ""
    called: Words = ""
    question: Words = ""
    page: str = ""
    given: type[Input] | None = field(default=None, init=False)
    name: str = field(default="", init=False)
    room: Any = field(default=None, init=False)

    declared: ClassVar[dict[type[Model], dict[str, Move]]] = {}

    def __set_name__(self, room: Any, name: str) -> None:
        """Become a method of the view set, which answers a route under the move's name."""
        self.name, self.room, self.right = name.rstrip("_"), room, self._right(room)
        kind = room.model if name in OF_THE_RESOURCE else self.answered
        self.given = input_of(self.said, self.command, kind, room.__module__, whole=self.is_creation)

        def perform(view: Any, request: Request, pk: str = "") -> Response:
            answer: Response = view.make(self, pk)
            return answer

        made: Any = perform
        made.__name__, made.__doc__, made.move = OF_THE_RESOURCE.get(name, name), self.told, self
        if name not in OF_THE_RESOURCE:
            action(detail=True, methods=["post"], url_path=self.path)(made)
        if name != "create":
            self.declared.setdefault(room.model, {})[self.name] = self
        setattr(room, made.__name__, made)

    def _right(self, room: Any) -> str:
        """The right that is named; else the one called like the command, or that of the room."""
        if self.right != OF_THE_COMMAND:
            return self.right
        right: str = self.command.__name__
        return right if right in permissions.TABLE else room.right

    @cached_property
    def told(self) -> str:
        """What it does: the first sentence of its command."""
        return (self.command.__doc__ or "").strip().partition("\n")[0]

    @cached_property
    def answered(self) -> Any:
        """The model of the record that is answered."""
        return get_type_hints(self.command)["return"]

    @property
    def path(self) -> str:
        """What the address of its route ends in."""
        return self.name.replace("_", "-")

    @property
    def address(self) -> str:
        """What the address of its page ends in."""
        return self.page or self.path

    @property
    def is_creation(self) -> bool:
        return self.name == "create"

    @property
    def is_edit(self) -> bool:
        return self.name == "edit"

    @property
    def code(self) -> int:
        """The status of its answer."""
        return 201 if self.creates or self.is_creation else 200

    @cached_property
    def after_reading(self) -> bool:
        """Whether it asks for the version that was seen; a new record has none."""
        return not self.is_creation and "seen" in signature(self.command).parameters

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """What its command can't do without, also of an edit, which may leave out what it does not change."""
        asked = [*signature(self.command).parameters.values()]
        return tuple(each.name for each in asked if each.kind is each.KEYWORD_ONLY and each.default is each.empty)

    def require(self, said: Collection[str]) -> None:
        """Refuse what lacks something that the command can't do without. Raises Refused `field.required`."""
        lacking = [name for name in self.needed if name not in said and name not in ("by", "seen")]
        if lacking:
            raise Refused.all([Lack("field.required", field=name) for name in lacking])

    @cached_property
    def states(self) -> frozenset[str]:
        """The states that it starts from; none are named where any will do."""
        if not self.to or self.at:
            return frozenset(self.at)
        return frozenset(state for state, following in self.room.follows.items() if self.to in following)

    def fits(self, thing: Any) -> bool:
        """Whether the record has come to where the move starts, and has not made it."""
        if (self.to or self.at) and getattr(thing, self.room.state) not in self.states:
            return False
        return (self.after_closing or not _frozen(thing)) and (self.when is None or self.when(thing))

    def allowed(self, thing: Any, by: Person) -> bool:
        """Whether someone has the right to make it of the record."""
        if not self.right:
            return True
        where = thing if belonging.belongs(type(thing)) else None
        asked = self.rights(thing, by) if self.rights else [(self.right, where)]
        return any(not right or permissions.may(by, right, of) for right, of in asked)


move = Move


def until(column: str) -> Callable[[Any], bool]:
    """Whether a record has not come to its end, which a column tells: `when=until("closed_on")`."""
    return lambda thing: not getattr(thing, column)


def offered(thing: Model, by: Person) -> tuple[Move, ...]:
    """The moves that someone can make of a record as it is now, in the order of their declaration.

    The commands judge again, and may find something lacking that the state does not tell.
    """
    return tuple(each for each in moves_of(type(thing)) if each.fits(thing) and each.allowed(thing, by))


def moves_of(model: type[Model]) -> tuple[Move, ...]:
    """The moves of a kind of record, in the order of their declaration."""
    return tuple(Move.declared.get(model, {}).values())


def _frozen(thing: Any) -> bool:
    """Whether the record stands still with its programme, which has closed (INV-04)."""
    programme: Any = belonging.programme_at(thing)
    return programme is not None and programme.freezes(thing)
