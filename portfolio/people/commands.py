"""Writing about people: registering them, their roles for dated periods, the end of their access."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, TypeAlias

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from portfolio import clock, history
from portfolio.people import permissions
from portfolio.people.accounts.commands import end_access
from portfolio.people.models import Account, Person, Role, RoleAssignment
from portfolio.refusals import Refused
from portfolio.texts import in_step

NAMES = ("council_group", "unit")


Actor: TypeAlias = "Person | history.Job"


def register_person(*, by: Actor, **given: Any) -> Person:
    """Enter a person in the register; only the administrator of users may (INV-114)."""
    with history.change(by=by):
        permissions.require(by, "manage_people")
        return Person(**in_step(Person(), given, *NAMES)).checked_save()


def edit_person(person: Person, *, by: Actor, seen: int | None = None, because: str = "", **given: Any) -> Person:
    """Change what the register says of a person."""
    with history.change(by=by, because=because):
        permissions.require(by, "manage_people")
        current = history.lock(Person, person.pk, seen=seen)
        if current.active and given.get("active") is False:
            _require_administrators(current, (role for role in _administering() if role.person_id != current.pk))
        for name, value in in_step(current, given, *NAMES).items():
            setattr(current, name, value)
        if not current.active:
            end_access(current)
        return current.checked_save()


def deactivate_person(person: Person, *, by: Actor, because: str, seen: int | None = None) -> Person:
    """End a person's access, with the reason; the name stays with what was done (nothing is deleted, INV-110)."""
    with history.change(by=by, because=because, required=True):
        return edit_person(person, by=by, seen=seen, because=because, active=False)


def _is_later(day: date | None, end: date | None) -> bool:
    return day is not None and end is not None and day > end


def _administering() -> list[RoleAssignment]:
    """The roles of all active administrators of users."""
    return list(RoleAssignment.objects.filter(role=Role.USER_ADMIN, person__active=True))


def _require_administrators(person: Person, left: Iterable[RoleAssignment]) -> None:
    """On no day, as far as the record says today, the users are without an administrator who had one till now.

    Whoever is to stay has to be able to sign in; whose role ends counts with any account. Raises Refused
    `role.last_administrator`.
    """
    able = set(
        Account.objects.exclude(temporary_until__lt=clock.real_now())
        .exclude(Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX))
        .values_list("person_id", flat=True)
    )
    able |= set(Account.objects.filter(person=person).values_list("person_id", flat=True))
    before, after = ([role for role in held if role.person_id in able] for held in (_administering(), left))
    for day in _turns(before, after):
        if _anybody(before, day) and not _anybody(after, day):
            raise Refused("role.last_administrator", on=day)


def _turns(before: Iterable[RoleAssignment], after: Iterable[RoleAssignment]) -> list[date]:
    """The days from today on, on which a day without an administrator can be the first one."""
    ends = [role.ends_on for role in after if role.ends_on is not None and role.ends_on < date.max]
    days = {role.starts_on for role in before} | set(ends) | {end + timedelta(days=1) for end in ends}
    today = clock.today()
    return [today, *sorted(day for day in days if day > today)]


def _anybody(roles: Iterable[RoleAssignment], day: date) -> bool:
    return any(role.holds_on(day) for role in roles)


def reactivate_person(person: Person, *, by: Actor, because: str, seen: int | None = None) -> Person:
    """Let a person who had left in again, with the reason; roles that have ended stay ended (INV-110, INV-114).

    Sessions and keys for programs from before open nothing any more.
    """
    with history.change(by=by, because=because, required=True):
        permissions.require(by, "manage_people")
        current = history.lock(Person, person.pk, seen=seen)
        if current.active:
            raise Refused("person.active")
        end_access(current)
        current.active = True
        return current.checked_save()


def assign_role(
    person: Person, *, role: str, starts_on: date, by: Actor, ends_on: date | None = None, **scope: Any
) -> RoleAssignment:
    """Give a person a role for a period, on one programme, project or unit or on all (INV-114, INV-115).

    Nobody gives a role to themselves (INV-113). What a role is held on stands in SCOPES; the table refuses the rest.
    """
    with history.change(by=by):
        permissions.require(by, "assign_role")
        if not history.lock(Person, person.pk).active:
            raise Refused("person.inactive", field="person")
        if isinstance(by, Person) and by.pk == person.pk:
            raise Refused("approve.own", field="person")
        project_id = scope.get("project_id")
        if project_id is not None and not permissions.projects().filter(pk=project_id).exists():
            raise Refused("role.project_unknown", field="project_id")
        unit = scope.get("unit")
        if unit is not None and not (unit.kind == "line_unit" and unit.active):
            raise Refused("role.unit_kind", field="unit")
        given = scope | {"starts_on": starts_on, "ends_on": ends_on}
        return RoleAssignment(person=person, role=role, **given).checked_save()


def end_role(
    assignment: RoleAssignment, *, by: Actor, because: str, ends_on: date | None = None, seen: int | None = None
) -> RoleAssignment:
    """Let a role end, with the reason: with the day that is said, or else at once (INV-115).

    A role is only shortened; whoever is to hold it longer is given it anew, by the rules of giving. Raises Refused
    `role.ended` and `role.taken_away`.
    """
    with history.change(by=by, because=because, required=True):
        permissions.require(by, "assign_role")
        current = history.lock(RoleAssignment, assignment.pk, seen=seen)
        if current.ended_at is not None:
            raise Refused("role.taken_away")
        if _is_later(ends_on, current.ends_on):
            raise Refused("role.ended", field="ends_on")
        if ends_on is not None:
            current.ends_on = ends_on
        elif current.ends_on is None or current.ends_on >= clock.today():
            current.ends_on, current.ended_at = max(clock.today(), current.starts_on), clock.now()
        if current.role == Role.USER_ADMIN:
            others = (role for role in _administering() if role.pk != current.pk)
            _require_administrators(current.person, (*others, current))
        return current.checked_save()
