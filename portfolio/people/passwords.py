"""What a password must be, how it is kept, and one that is given for the first time."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portfolio.people.models import Account
from portfolio.refusals import Lack, require

LONGEST = 256
DISTINCT = 5  # characters that a password has at the least
CODES = {
    "password_too_short": "account.password_weak",
    "password_too_common": "account.password_common",
    "password_entirely_numeric": "account.password_numeric",
    "password_too_similar": "account.password_similar",
}
# Read aloud and typed without mistaking one for another: no l, o, 0 or 1.
PLAIN = "abcdefghijkmnpqrstuvwxyz23456789"


class Argon2(Argon2PasswordHasher):
    """Argon2id in 46 MiB: dear to guess, and eight sign-ins at once still fit into a small machine."""

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1


def require_good(password: str, account: Account, *, field: str = "password") -> None:
    """Raise Refused with all that is wrong with a password: too short, too common, only digits, too like the name."""
    found = [Lack("account.password_long", field=field, most=LONGEST)] if len(password) > LONGEST else []
    try:
        validate_password(password[:LONGEST], account)
    except ValidationError as error:
        found += [Lack(CODES[each.code or ""], field=field) for each in error.error_list]
    if len(password) >= 12 and len(set(password)) < DISTINCT:
        found.append(Lack("account.password_common", field=field))
    require(found)


def temporary() -> str:
    """A password to be used once: sixteen characters in fours."""
    return "-".join("".join(secrets.choice(PLAIN) for _ in range(4)) for _ in range(4))
