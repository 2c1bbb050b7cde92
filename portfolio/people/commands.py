"""Writing about people: registering them, their roles for dated periods, their accounts."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any, TypeAlias

from django.contrib.auth.hashers import make_password
from django.db.models import F

from portfolio import city, clock, history, permissions
from portfolio.people.models import Account, Person, Role, RoleAssignment, Token
from portfolio.refusals import Refused
from portfolio.texts import in_step

ATTEMPTS = 5
LOCKED_FOR = timedelta(minutes=15)
LONGEST_TOKEN = 366
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
        for name, value in in_step(current, given, *NAMES).items():
            setattr(current, name, value)
        return current.checked_save()


def deactivate_person(person: Person, *, by: Actor, because: str, seen: int | None = None) -> Person:
    """End a person's access; the name stays with what was done (nothing is deleted)."""
    return edit_person(person, by=by, seen=seen, because=because, active=False)


def reactivate_person(person: Person, *, by: Actor, because: str, seen: int | None = None) -> Person:
    """Let a person who had left in again, with the reason; roles that have ended stay ended (INV-110, INV-114).

    Keys for programs from before open nothing any more.
    """
    with history.change(by=by, because=because):
        permissions.require(by, "manage_people")
        current = history.lock(Person, person.pk, seen=seen)
        if not because.strip():
            raise Refused("history.reason", field="because")
        if current.active:
            raise Refused("person.active")
        Token.objects.filter(account__person=current).delete()
        current.active = True
        return current.checked_save()


def assign_role(
    person: Person, *, role: str, starts_on: date, by: Actor, ends_on: date | None = None, **scope: Any
) -> RoleAssignment:
    """Give a person a role for a period, on one programme or project or on all (INV-114, INV-115).

    Nobody gives a role to themselves (INV-113).
    """
    with history.change(by=by):
        permissions.require(by, "assign_role")
        if not history.lock(Person, person.pk).active:
            raise Refused("person.inactive", field="person")
        if isinstance(by, Person) and by.pk == person.pk:
            raise Refused("approve.own", field="person")
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


def open_account(person: Person, *, username: str, password: str | None, by: Actor, language: str = "") -> Account:
    """Let a person sign in. The account itself is operational: its password never enters the history (decision 7).

    One without a password (None) opens to nobody until it is given one.
    """
    permissions.require(by, "manage_people")
    if Account.objects.filter(person=person).exists():
        raise Refused("account.exists", field="person")
    if Account.objects.filter(username=username).exists():
        raise Refused("account.username_taken", field="username")
    if password is not None and len(password) < 12:
        raise Refused("account.password_weak", field="password")
    account = Account(person=person, username=username, language=language or city.identity().first)
    account.set_password(password)
    account.save()
    return account


def issue_token(account: Account, *, days: int = 90, label: str = "") -> str:
    """A key for a program that acts for a person; it is shown once, and only its hash is kept (decision 7)."""
    if not account.is_active:
        raise Refused("person.inactive", field="person")
    if not 1 <= days <= LONGEST_TOKEN:
        raise Refused("token.days", field="days", most=LONGEST_TOKEN)
    secret = secrets.token_urlsafe(32)
    expires_at = clock.real_now() + timedelta(days=days)
    Token.objects.create(account=account, digest=Token.digest_of(secret), label=label[:80], expires_at=expires_at)
    return secret


def check_sign_in(*, username: str, password: str) -> Account:
    """The account of a name and its password; after five failures in a row it is closed for a quarter of an hour.

    Raises Refused `signin.invalid`, the same and as slowly for an unknown name, a wrong password, an inactive person
    and a closed account, so that neither words nor time tell who has an account. Counts by the machine's own clock.
    """
    account = Account.objects.select_related("person").filter(username=username.strip()).first()
    if account is None:
        make_password(password)  # the work of a wrong password
        raise Refused("signin.invalid")
    right = account.check_password(password) and account.is_active
    if account.locked_until and account.locked_until > clock.real_now():
        raise Refused("signin.invalid")
    if not right:
        _count_failure(account)
        raise Refused("signin.invalid")
    Account.objects.filter(pk=account.pk).update(failed_attempts=0, locked_until=None)
    return account


def _count_failure(account: Account) -> None:
    mine = Account.objects.filter(pk=account.pk)
    mine.update(failed_attempts=F("failed_attempts") + 1)
    full = mine.filter(failed_attempts__gte=ATTEMPTS)
    full.update(failed_attempts=0, locked_until=clock.real_now() + LOCKED_FOR)
