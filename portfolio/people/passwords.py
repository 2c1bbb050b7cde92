"""What a password must be, how it is kept, and one that is given for the first time."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from portfolio.people.models import Account
from portfolio.refusals import Lack, require

LONGEST = 256
DISTINCT = 5  # characters that a password has at the least
BESIDE = 5  # letters that it has at the least beside one's own name
CODES = {
    "password_too_short": "account.password_weak",
    "password_too_common": "account.password_common",
    "password_entirely_numeric": "account.password_numeric",
    "password_too_similar": "account.password_similar",
}
# What people here begin a password with, beside Django's list of all the world's; without accents.
WORDS = frozenset(
    (
        "salasana salasanani tunnus tunnussana kirjaudu kirjautuminen tervetuloa moikka terve kesa kevat syksy "
        "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu "
        "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai suomi helsinki vantaa tampere turku "
        "oulu kaupunki kunta kissa koira rakas aurinko perkele saatana jaakiekko leijonat salkku ohjelma hallinta "
        "losenord losenordet mittlosenord valkommen hejsan hej sommar vinter hosten varen januari februari mars april "
        "maj juni juli augusti september oktober november december mandag tisdag onsdag torsdag fredag lordag sondag "
        "talvi finland helsingfors vanda tammerfors abo stad staden kommun katten hunden alskling solen fotboll hockey "
        "password passwort passord welcome admin administrator qwerty qwertyuiop letmein summer winter spring autumn"
    ).split()
)
ACCENTS = str.maketrans("åäáàöøéèü", "aaaaooeeu")
FIGURES = str.maketrans("013457@$!", "oieastasi")
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
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in password):
        found.append(Lack("account.password_control", field=field))
    try:
        validate_password(password[:LONGEST], account)
    except ValidationError as error:
        found += [Lack(CODES[each.code or ""], field=field) for each in error.error_list]
    if len(password) >= 12 and (len(set(password)) < DISTINCT or _guessed(password)):
        found.append(Lack("account.password_common", field=field))
    if _made_of(password, account):
        found.append(Lack("account.password_similar", field=field))
    require({each.code: each for each in found}.values())


def _guessed(password: str) -> bool:
    """One word that everybody thinks of, with figures and signs around it, once or again and again, or with 0 for o."""
    typed = password.strip("0123456789!?.,-_ ").lower()
    for text in (password.lower(), typed.translate(FIGURES)):
        words = {_once(word) for word in re.findall(r"[^\W\d_]+", text.translate(ACCENTS))}
        if len(words) == 1 and words <= WORDS | _common():
            return True
    return False


def _made_of(password: str, account: Account) -> bool:
    """The user name or the name, again and again, with less beside it than a word."""
    left = password.lower()
    names = {account.username.lower(), *re.split(r"[\W_]+", f"{account.username} {account.names}".lower())}
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, "") if len(name) >= 4 else left
    return left != password.lower() and sum(map(str.isalpha, left)) < BESIDE


def _once(word: str) -> str:
    """A word that is written again and again, once."""
    sizes = (size for size in range(1, len(word) // 2 + 1) if len(word) % size == 0)
    return next((word[:size] for size in sizes if word[:size] * (len(word) // size) == word), word)


@cache
def _common() -> frozenset[str]:
    """The words among the passwords that Django knows to be guessed first, without figures after them."""
    return frozenset(each.rstrip("0123456789") for each in CommonPasswordValidator().passwords) - {""}


def temporary() -> str:
    """A password to be used once: sixteen characters in fours."""
    return "-".join("".join(secrets.choice(PLAIN) for _ in range(4)) for _ in range(4))
