"""Writing about people: registering them, their roles for dated periods, their accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from portfolio import clock, history, permissions
from portfolio.history.changes import Actor
from portfolio.people.models import Account, Person, Role, RoleAssignment
from portfolio.refusals import Refused


def register_person(*, by: Actor, **given: Any) -> Person:
    """Enter a person in the register; only the administrator of users may (INV-114)."""
    with history.change(by=by):
        permissions.require(by, "manage_people")
        return Person(**given).checked_save()


def edit_person(person: Person, *, by: Actor, seen: int | None = None, because: str = "", **given: Any) -> Person:
    """Change what the register says of a person."""
    with history.change(by=by, because=because):
        permissions.require(by, "manage_people")
        current = history.lock(Person, person.pk, seen=seen)
        for name, value in given.items():
            setattr(current, name, value)
        return current.checked_save()


def deactivate_person(person: Person, *, by: Actor, because: str, seen: int | None = None) -> Person:
    """End a person's access; the name stays with what was done (nothing is deleted)."""
    return edit_person(person, by=by, seen=seen, because=because, active=False)


def assign_role(
    person: Person, *, role: str, starts_on: date, by: Actor, ends_on: date | None = None, **scope: Any
) -> RoleAssignment:
    """Give a person a role for a period, on one programme or project or on all (INV-114, INV-115)."""
    with history.change(by=by):
        permissions.require(by, "assign_role")
        if not history.lock(Person, person.pk).active:
            raise Refused("person.inactive", field="person")
        if role == Role.PROJECT_MANAGER and not scope.get("project_id"):
            raise Refused("role.project_missing", field="project_id")
        given = scope | {"starts_on": starts_on, "ends_on": ends_on}
        return RoleAssignment(person=person, role=role, **given).checked_save()


def end_role(
    assignment: RoleAssignment, *, by: Actor, because: str = "", ends_on: date | None = None, seen: int | None = None
) -> RoleAssignment:
    """Let a role end; rights end with the day (INV-115)."""
    with history.change(by=by, because=because):
        permissions.require(by, "assign_role")
        current = history.lock(RoleAssignment, assignment.pk, seen=seen)
        current.ends_on = ends_on or clock.today()
        return current.checked_save()


def open_account(person: Person, *, username: str, password: str, by: Actor, language: str = "fi") -> Account:
    """Let a person sign in. The account itself is operational: its password never enters the history (decision 7)."""
    permissions.require(by, "manage_people")
    if Account.objects.filter(person=person).exists():
        raise Refused("account.exists", field="person")
    if Account.objects.filter(username=username).exists():
        raise Refused("account.username_taken", field="username")
    if len(password) < 12:
        raise Refused("account.password_weak", field="password")
    account = Account(person=person, username=username, language=language)
    account.set_password(password)
    account.save()
    return account
