"""Accounts: opening one, giving and choosing passwords, keys for programs, and the end of all of them."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta
from typing import TypeAlias

from django.db.models import F

from portfolio import city, clock, history, typed
from portfolio.people import passwords, permissions
from portfolio.people.models import Account, AccountAct, Person, Token
from portfolio.people.signing.commands import Door, knock, opened
from portfolio.people.signing.places import as_kept
from portfolio.refusals import Refused

LONGEST_TOKEN = 366
TEMPORARY_FOR = timedelta(days=7)
RESERVED = "erased-"  # the user names that an erasure leaves (`history_redact_account`)
LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})

Actor: TypeAlias = "Person | history.Job"
Act = AccountAct.Act


def open_account(
    person: Person, *, username: str, password: str | None, by: Actor, language: str = "", temporary: bool = False
) -> Account:
    """Let a person sign in. The account itself is operational: its password never enters the history (decision 7).

    One without a password (None) opens to nobody until it is given one. A temporary one is good for a week and for
    choosing an own one.
    """
    with history.change(by=by):
        permissions.require(by, "manage_people")
        if not history.lock(Person, person.pk).active:
            raise Refused("person.inactive", field="person")
        if Account.objects.filter(person=person).exists():
            raise Refused("account.exists", field="person")
        if language and language not in city.identity().languages.pages:
            raise Refused("field.choice", field="language")
        account = Account(person=person, username=free_username(username), language=language or city.identity().first)
        if password is not None:
            passwords.require_good(password, account)
        account.set_password(password)
        account.temporary_until = clock.real_now() + TEMPORARY_FOR if temporary else None
        account.save()
        _note(person, Act.OPENED)
        return account


def free_username(username: str) -> str:
    """A user name that can be typed and is nobody's, whatever its letters' case.

    Raises Refused `account.username`, `account.username_scripts`, `account.username_reserved` and
    `account.username_taken`.
    """
    name = as_kept(username)
    if not name or len(name) > 60 or not name.isprintable() or " " in name or "\0" in username:
        raise Refused("account.username", field="username")
    if len(_alphabets(name)) > 1:
        raise Refused("account.username_scripts", field="username")
    if name.casefold().startswith(RESERVED):
        raise Refused("account.username_reserved", field="username", reserved=RESERVED)
    if Account.objects.filter(username__iexact=name).exists():
        raise Refused("account.username_taken", field="username")
    return name


def _alphabets(name: str) -> set[str]:
    """Of the alphabets whose letters look alike, those that a name is written in."""
    return {unicodedata.name(one, "").partition(" ")[0] for one in name if one.isalpha()} & LOOK_ALIKE


def open_with_temporary_password(
    person: Person, *, username: str, by: Actor, language: str = ""
) -> tuple[Account, str]:
    """Let a person sign in with a password that is told once and replaced at the first sign-in."""
    word = passwords.temporary()
    opened = open_account(person, username=username, password=word, by=by, language=language, temporary=True)
    return opened, word


def reset_password(account: Account, *, by: Actor) -> str:
    """Give another's account a temporary password, told once; whoever was signed in with the old one is out.

    Raises Refused `account.own`: a key for programs would make itself a password.
    """
    with history.change(by=by):
        permissions.require(by, "manage_people")
        if isinstance(by, Person) and by.pk == account.person_id:
            raise Refused("account.own")
        if not history.lock(Person, account.person_id).active:
            raise Refused("person.inactive", field="person")
        word = passwords.temporary()
        account.set_password(word)
        account.temporary_until = clock.real_now() + TEMPORARY_FOR
        account.save(update_fields=["password", "temporary_until"])
        end_access(account.person)
        _note(account.person, Act.PASSWORD_GIVEN)
        return word


def change_password(account: Account, *, current: str, new: str, again: str, revoke: bool = False) -> Account:
    """Choose one's own password; other sessions end, and so does what was temporary, and all keys if `revoke`.

    Raises Refused `account.password_wrong`, `account.password_differs`, `account.password_same` and what is wrong
    with the new one.
    """
    _require_present(account, current)
    if new != again:
        raise Refused("account.password_differs", field="again")
    if new == current:
        raise Refused("account.password_same", field="new")
    passwords.require_good(new, account, field="new")
    judged = account.password
    account.set_password(new)
    with history.change(by=account.person):
        _require_unchanged(account, judged)
        account.temporary_until = None
        account.save(update_fields=["password", "temporary_until"])
        _note(account.person, Act.PASSWORD_CHANGED)
        for token in account.tokens.order_by("pk") if revoke else ():
            revoke_token(token, by=account.person)
    return account


def _require_present(account: Account, current: str) -> None:
    """Whoever is signed in knows the password too. Raises Refused `account.password_wrong` and `signin.shut`."""
    own = [Door("own", (str(account.pk),))]
    knock(own)
    if not account.check_password(current):
        raise Refused("account.password_wrong", field="current")
    opened(own)


def _require_unchanged(account: Account, judged: str) -> None:
    """The password that was looked at is still the account's, now that nobody can give it another one.

    Raises Refused `account.password_wrong` and `person.inactive`.
    """
    if not history.lock(Person, account.person_id).active:
        raise Refused("person.inactive", field="person")
    if not Account.objects.filter(pk=account.pk, password=judged).exists():
        raise Refused("account.password_wrong", field="current")


def end_access(person: Person) -> None:
    """End all sessions and keys of a person for good; they come back with nothing."""
    Account.objects.filter(person=person).update(sessions_ended=F("sessions_ended") + 1)
    Token.objects.filter(account__person=person).delete()


def make_token(account: Account, *, current: str, label: str, days: int = 90) -> str:
    """Make oneself a key for a program, with one's password and what it is for; it is told once (decision 7).

    A session that was left open makes none, nor does a temporary password. Raises Refused `account.temporary`,
    `account.password_wrong`, `field.required` and `field.too_long` (80 letters).
    """
    if account.temporary_until is not None:
        raise Refused("account.temporary")
    label = typed.cleaned(label, lines=False)
    if not 0 < len(label) <= 80:
        raise Refused("field.too_long" if label else "field.required", field="label")
    _require_present(account, current)
    with history.change(by=account.person):
        _require_unchanged(account, account.password)
        secret = issue_token(account, days=days, label=label)
        _note(account.person, Act.TOKEN_MADE, label)
        return secret


def issue_token(account: Account, *, days: int = 90, label: str = "") -> str:
    """A key for a program that acts for a person; it is shown once, and only its hash is kept (decision 7)."""
    if not account.is_active:
        raise Refused("person.inactive", field="person")
    if not 1 <= days <= LONGEST_TOKEN:
        raise Refused("token.days", field="days", most=LONGEST_TOKEN)
    secret = secrets.token_urlsafe(32)
    Token.objects.create(
        account=account,
        digest=Token.digest_of(secret),
        label=label[:80],
        last_four=secret[-4:],
        expires_at=clock.real_now() + timedelta(days=days),
    )
    return secret


def revoke_token(token: Token, *, by: Person) -> None:
    """Let a key open nothing any more: by whose it is, or by the administrator of users."""
    with history.change(by=by):
        if token.account.person_id != by.pk:
            permissions.require(by, "manage_people")
        token.delete()
        _note(token.account.person, Act.TOKEN_REVOKED, token.label)


def seen_in_use(token: Token) -> None:
    """Remember, to some minutes, when a key was last used."""
    now = clock.real_now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=10):
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _note(person: Person, act: Act, label: str = "") -> None:
    AccountAct(person=person, act=act, label=label).checked_save()
