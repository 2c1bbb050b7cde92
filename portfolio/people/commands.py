"""Writing about people: registering them, their roles for dated periods, the end of their access."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

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
            _require_another_administrator(current)
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


def _require_another_administrator(person: Person) -> None:
    """Somebody administers the users at any time: another active person who can sign in, or else this one.

    Raises Refused `role.last_administrator`.
    """
    today = clock.today()
    able = Account.objects.exclude(temporary_until__lt=clock.real_now()).values("person_id")
    held = RoleAssignment.objects.filter(role=Role.USER_ADMIN, person__active=True, person_id__in=able)
    if {each.person_id for each in held if each.holds_on(today)} == {person.pk}:
        raise Refused("role.last_administrator")


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
    `role.ended`.
    """
    with history.change(by=by, because=because, required=True):
        permissions.require(by, "assign_role")
        current = history.lock(RoleAssignment, assignment.pk, seen=seen)
        if current.ended_at is not None or _is_later(ends_on, current.ends_on):
            raise Refused("role.ended", field="ends_on")
        if current.role == Role.USER_ADMIN and current.holds_on(clock.today()):
            _require_another_administrator(current.person)
        if ends_on is not None:
            current.ends_on = ends_on
        elif current.ends_on is None or current.ends_on >= clock.today():
            current.ends_on, current.ended_at = max(clock.today(), current.starts_on), clock.now()
        return current.checked_save()
