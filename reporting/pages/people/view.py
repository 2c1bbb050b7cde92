"""What the pages of people show: accounts, keys, roles and what a role can be held on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from portfolio import clock, permissions, typed
from portfolio.decisions.models import Body
from portfolio.history.models import ChangeSet
from portfolio.people.models import SCOPES, SEATED_ROLES, Account, AccountAct, Person, Role, RoleAssignment, Token
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from portfolio.texts import local, shown
from portfolio.written import whole
from projects.register.models import Project

PAGE = 50
ACTS = 20
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
class Held:
    """A role and what it is held on."""

    assignment: RoleAssignment
    role: str
    on: str
    now: bool


@dataclass(frozen=True)
class Done:
    """What was done with an account: by whom and when."""

    act: str
    label: str
    who: str
    at: Any


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


def person(pk: int, by: Person) -> Person:
    """A person of the register, if the reader may see them."""
    found: Person | None = permissions.visible(Person.objects.select_related("account"), by).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def held(someone: Person) -> list[Held]:
    """The roles that a person has been given, the newest first."""
    given = list(someone.roles.select_related("programme", "unit").order_by("-starts_on", "-pk"))
    projects = Project.objects.in_bulk({each.project_id for each in given if each.project_id})
    today = clock.today()
    return [
        Held(
            each,
            str(Role(each.role).label),
            _named(each.programme or projects.get(each.project_id or 0) or each.unit),
            each.holds_on(today) or each.starts_on > today,
        )
        for each in given
    ]


def _named(thing: Any) -> str:
    return local(thing, "name") if thing is not None else ""


def places(by: Person) -> dict[str, list[tuple[int, str]]]:
    """What roles can be held on, by name: programmes, projects, units."""
    return {name: [(row.pk, _chosen(row)) for row in _places(name, by)] for name in SCOPES.values()}


def _places(name: str, by: Person) -> QuerySet[Any]:
    found: dict[str, QuerySet[Any]] = {
        "programme": Programme.objects.order_by("code"),
        "project_id": Project.objects.order_by("code"),
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


def _chosen(row: Any) -> str:
    code = getattr(row, "code", "")
    return f"{_named(row)} ({code})" if code else _named(row)


def scope(role: str) -> str:
    """The field of what a role is held on, or ""."""
    return next((name for held, name in SCOPES.items() if held == role), "")


def keys(account: Account | None) -> list[Token]:
    """The keys for programs of an account, the newest first."""
    return [] if account is None else list(Token.objects.filter(account=account).order_by("-pk"))


def done(someone: Person) -> list[Done]:
    """What was done with a person's account, the newest first."""
    acts = list(AccountAct.objects.filter(person=someone).order_by("-pk")[:ACTS])
    sets = ChangeSet.objects.in_bulk([act.seq for act in acts])
    names = _names(sets.values())
    return [
        Done(str(act.get_act_display()), act.label, names.get(sets[act.seq].actor_id, ""), sets[act.seq].recorded_at)
        for act in acts
    ]


def _names(sets: Iterable[ChangeSet]) -> dict[int | None, str]:
    who = {each.actor_id for each in sets if each.actor_id}
    return dict(Person.objects.filter(pk__in=who).values_list("pk", "name"))
