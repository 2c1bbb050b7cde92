"""What the pages of people show: accounts, keys, roles and what a role can be held on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from portfolio import clock, typed
from portfolio.decisions.models import Body
from portfolio.people import permissions
from portfolio.people.holdings import role_names
from portfolio.people.models import SCOPES, SEATED_ROLES, Account, Person, Role, RoleAssignment, Token
from portfolio.programmes.models import Phase, Programme
from portfolio.refusals import Refused
from portfolio.texts import local, shown
from portfolio.written import whole
from projects.register.models import Project

PAGE = 50
# Where a role is given a choice is made: nothing is chosen beforehand.
GIVEN = [(role.value, role.label) for role in Role if role not in SEATED_ROLES]


@dataclass(frozen=True)
class Listed:
    """One page of the register."""

    people: list[Person]
    words: str
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class HeldRole:
    """A role and what it is held on."""

    assignment: RoleAssignment
    role: str
    on: str
    now: bool


def listed(by: Person, words: str, page: int) -> Listed:
    """The people of the register whom the reader may see, by name, with account and roles of today."""
    found = permissions.visible(Person.objects.order_by("-active", "name", "pk"), by)
    if words := typed.cleaned(words)[:120].replace("\x00", ""):
        found = found.filter(Q(name__icontains=words) | Q(account__username__icontains=words))
    total = found.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    roles = Prefetch("roles", RoleAssignment.objects.order_by("starts_on"), to_attr="given")
    people = list(found.select_related("account").prefetch_related(roles)[(page - 1) * PAGE : page * PAGE])
    today = clock.today()
    for person in people:
        now = (Role(each.role).label for each in person.given if each.holds_on(today))
        person.held = ", ".join(dict.fromkeys(map(str, now)))
    return Listed(people, words, page, pages, total)


def only_administers(person: Person) -> bool:
    """Whether the person's one task is to administer users."""
    return role_names(person) == {Role.USER_ADMIN}


def person(pk: int, by: Person) -> Person:
    """A person of the register, if the reader may see them."""
    found: Person | None = permissions.visible(Person.objects.select_related("account"), by).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def held(someone: Person) -> list[HeldRole]:
    """The roles that a person has been given, the newest first."""
    given = list(someone.roles.select_related("programme__council_term", "unit").order_by("-starts_on", "-pk"))
    projects = projects_of(given)
    today = clock.today()
    return [
        HeldRole(
            each,
            str(Role(each.role).label),
            named(each.programme or projects.get(each.project_id or 0) or each.unit),
            each.holds_on(today) or each.starts_on > today,
        )
        for each in given
    ]


def projects_of(given: list[Any]) -> dict[int, Project]:
    """The projects that these roles are held on."""
    found = Project.objects.select_related("programme__council_term")
    return found.in_bulk({each.project_id for each in given if each.project_id})


def named(thing: Any) -> str:
    """What a role is held on: a programme with its term, a project with its code and programme, a unit by name."""
    if isinstance(thing, Programme):
        return f"{local(thing, 'name')} ({thing.council_term.label})"
    if isinstance(thing, Project):
        return f"{thing.code} {local(thing, 'name')}, {named(thing.programme)}"
    return local(thing, "name") if thing is not None else ""


def namesakes(name: str, by: Person, *, besides: int = 0) -> list[Person]:
    """Those in the register who have this very name already, whatever its letters' case."""
    cleaned = " ".join(typed.cleaned(name).replace("\x00", "").split())
    found = permissions.visible(Person.objects.order_by("pk"), by).filter(name__iexact=cleaned)
    return list(found.exclude(pk=besides)[:PAGE]) if cleaned else []


def places(by: Person) -> dict[str, list[tuple[int, str]]]:
    """What roles can be given on, by name: programmes that have not closed, their projects, units."""
    return {name: [(row.pk, named(row)) for row in _places(name, by)] for name in SCOPES.values()}


def _places(name: str, by: Person) -> QuerySet[Any]:
    found: dict[str, QuerySet[Any]] = {
        "programme": Programme.objects.exclude(phase=Phase.CLOSED)
        .select_related("council_term")
        .order_by("-council_term__starts_on", shown("name"), "pk"),
        "project_id": Project.objects.exclude(programme__phase=Phase.CLOSED)
        .select_related("programme__council_term")
        .order_by("-programme__council_term__starts_on", "code", "pk"),
        "unit": Body.objects.filter(kind=Body.Kind.LINE_UNIT, active=True).order_by(shown("name"), "pk"),
    }
    return permissions.assignable(found[name], by)


def place(name: str, told: str, by: Person) -> Any:
    """What was chosen in a form as the place of a role, as its command takes it.

    Raises Refused `reference.unknown`.
    """
    found = _places(name, by).filter(pk=whole(told) or 0).first()
    if found is None:
        raise Refused("reference.unknown", field=name)
    return found.pk if name == "project_id" else found


def scope(role: str) -> str:
    """The field of what a role is held on, or ""."""
    return next((name for held, name in SCOPES.items() if held == role), "")


def keys(account: Account | None) -> list[Token]:
    """The keys for programs of an account, the newest first."""
    return [] if account is None else list(Token.objects.filter(account=account).order_by("-pk"))
