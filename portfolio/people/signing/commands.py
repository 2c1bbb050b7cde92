"""Signing in: a name and its password, and how many tries a door has before it stays shut for a while."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from portfolio import clock
from portfolio.people.models import Account, SignInPlace, SignInTries
from portfolio.people.signing.places import as_kept, name_hash
from portfolio.refusals import Refused

SHUT_FOR = timedelta(minutes=15)
# How many tries that fail each door has in that time.
TRIES = {
    "here": 5,  # a name from one address
    "device": 5,  # a name on a device on which it has signed in before
    "address": 20,  # all names from one address
    "name": 40,  # a name from all addresses together that it has never signed in from
    "own": 5,  # the present password of whoever is signed in
}
KNOWN_FOR = timedelta(days=90)
COUNT = """
INSERT INTO portfolio_signintries AS row (door, tries, began_at) VALUES (%(door)s, 1, %(now)s)
ON CONFLICT (door) DO UPDATE SET
  tries = CASE WHEN row.began_at <= %(over)s THEN 1 ELSE row.tries + 1 END,
  began_at = CASE WHEN row.began_at <= %(over)s THEN %(now)s ELSE row.began_at END
RETURNING tries
"""


@dataclass(frozen=True)
class Door:
    """What tries are counted by."""

    kind: str
    of: tuple[str, ...]

    @property
    def key(self) -> str:
        return salted_hmac("portfolio.people.door", "\n".join((self.kind, *self.of)), algorithm="sha256").hexdigest()

    @property
    def most(self) -> int:
        return TRIES[self.kind]


def check_sign_in(*, username: str, password: str, address: str = "", device: str = "") -> Account:
    """The account of a name and its password.

    A try is counted before the password is looked at, by the name as it was typed, so that an unknown name, a wrong
    password, an inactive person and a password that has run out are answered alike, as slowly and as often. Who tries
    from elsewhere shuts nobody out of the device or the address that the name has signed in from.

    Raises Refused `signin.invalid`, and `signin.shut` with how many `minutes` and `seconds` remain.
    """
    doors = _doors(name_hash(username), address, device)
    knock(doors)
    account = Account.objects.select_related("person").filter(username__iexact=as_kept(username)).first()
    if account is None or name_hash(account.username) != name_hash(username):  # PostgreSQL takes ı for i
        make_password(password)  # the work of a wrong password
        raise Refused("signin.invalid")
    if not account.check_password(password) or not account.is_active or _run_out(account):
        raise Refused("signin.invalid")
    opened(doors)
    SignInPlace.objects.update_or_create(
        place=_place(name_hash(username), address), defaults={"seen_at": clock.real_now()}
    )
    return account


def _run_out(account: Account) -> bool:
    return account.temporary_until is not None and account.temporary_until < clock.real_now()


def _doors(name: str, address: str, device: str) -> list[Door]:
    if device:
        return [Door("device", (name, device))]
    doors = [Door("here", (name, address)), Door("address", (address,))]
    seen_since = clock.real_now() - KNOWN_FOR
    if SignInPlace.objects.filter(place=_place(name, address), seen_at__gt=seen_since).exists():
        return doors
    return [*doors, Door("name", (name,))]


def _place(name: str, address: str) -> str:
    return Door("place", (name, address)).key


def knock(doors: Iterable[Door]) -> None:
    """Count a try at each door. One that is shut counts no further, so it opens a quarter of an hour after it began.

    Raises Refused `signin.shut`.
    """
    most = {door.key: door.most for door in doors}
    over = clock.real_now() - SHUT_FOR
    shut = [row for row in SignInTries.objects.filter(door__in=most, began_at__gt=over) if row.tries >= most[row.door]]
    if shut:
        raise _shut(max((row.began_at - over).total_seconds() for row in shut))
    if any(_count(key) > tries for key, tries in most.items()):  # somebody came in between
        raise _shut(SHUT_FOR.total_seconds())


def _shut(seconds: float) -> Refused:
    return Refused("signin.shut", minutes=math.ceil(seconds / 60), seconds=math.ceil(seconds))


def _count(key: str) -> int:
    now = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"door": key, "now": now, "over": now - SHUT_FOR})
        return int(cursor.fetchone()[0])


def opened(doors: Iterable[Door]) -> None:
    """A password that was right was no try; what is long over is forgotten."""
    now = clock.real_now()
    for door in doors:
        shared = door.kind in ("address", "name")
        SignInTries.objects.filter(door=door.key).update(tries=Greatest(F("tries") - 1, 0) if shared else 0)
    SignInTries.objects.filter(began_at__lt=now - timedelta(days=1)).delete()
    SignInPlace.objects.filter(seen_at__lt=now - KNOWN_FOR).delete()
