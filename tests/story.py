"""What the tests' stories are told with: people, their programs, and refusals seen in three languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.test import Client as DjangoClient
from django.utils import translation

from portfolio import history
from portfolio.history import Job
from portfolio.people.accounts.commands import issue_token
from portfolio.people.models import Account, Person, Role, RoleAssignment
from portfolio.refusals import Lack

SETUP = Job("setup")
People = dict[str, Person]
P, T = ParamSpec("P"), TypeVar("T")
PASSWORD = "a long enough word"


class QuickHasher(PBKDF2PasswordHasher):
    """The service's own way to keep a password with one turn instead of a million: any process can still check it."""

    iterations = 1


@cache
def hashed_password() -> str:
    """The cast's password as an account keeps it: hashed once, for a hash takes half a second."""
    return make_password(PASSWORD)


def at_once(tells: Callable[P, T]) -> Callable[P, T]:
    """What a story enters before it begins is one change set, with no savepoint for each of its rows."""

    @wraps(tells)
    def told(*given: P.args, **named: P.kwargs) -> T:
        with history.change(by=SETUP, whole=True):
            return tells(*given, **named)

    return told


def person(name: str, *roles: str, **scope: Any) -> Person:
    """Someone with roles since 2017."""
    (someone,) = _cast({name: roles}, **scope)
    return someone


def people() -> People:
    """The cast that most stories need."""
    cast = {
        "ana": Role.DIRECTOR,
        "bo": Role.COUNCIL_MEMBER,
        "sirpa": Role.SECRETARY,
        "uma": Role.USER_ADMIN,
        "aud": Role.AUDITOR,
        "dee": None,
    }
    return dict(zip(cast, _cast({name.title(): [role] if role else [] for name, role in cast.items()}), strict=True))


def _cast(roles: Mapping[str, Iterable[str]], **scope: Any) -> list[Person]:
    """All in three statements, for most tests begin with this."""
    with history.change(by=SETUP, because="setup", whole=True):
        cast = Person.objects.bulk_create([Person(name=name, title_fi="Esimerkki") for name in roles])
        RoleAssignment.objects.bulk_create(
            RoleAssignment(person=someone, role=role, starts_on=date(2017, 1, 1), **scope)
            for someone, held in zip(cast, roles.values(), strict=True)
            for role in held
        )
    return cast


class Client:
    """A program that acts for a person through the API, as anybody's would."""

    def __init__(self, someone: Person | None, language: str = "en") -> None:
        self.person, self.language, self.http = someone, language, DjangoClient()
        self.headers: dict[str, str] = {}
        if someone is not None:
            account, _ = Account.objects.get_or_create(
                person=someone, defaults={"username": f"{someone.name}-{someone.pk}"}
            )
            self.headers["Authorization"] = f"Bearer {issue_token(account)}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {"Accept-Language": self.language, **self.headers} | {
            n.replace("_", "-"): v for n, v in headers.items()
        }
        path = path if path.startswith("/") else f"/api/v1/{path}"
        if body is None:
            return getattr(self.http, method)(path, headers=given)
        return getattr(self.http, method)(path, body, content_type="application/json", headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("get", path, **headers)

    def post(self, path: str, body: Any = None, *, seen: int | None = None, **headers: str) -> Any:
        return self.call(
            "post", path, body or {}, **(headers | ({"If_Match": f'"{seen}"'} if seen is not None else {}))
        )

    def patch(self, path: str, body: Any, *, seen: int | None = None, **headers: str) -> Any:
        return self.call("patch", path, body, **(headers | ({"If_Match": f'"{seen}"'} if seen is not None else {})))


def assert_refused(
    client: Client, method: str, path: str, body: Any = None, *, code: str, status: int, seen: int | None = None
) -> list[dict[str, Any]]:
    """Refused by this code, with three different sentences in three languages; nothing changed.

    The request is made once, in English. That a sentence comes in the reader's language is one path for all codes, and
    has a test of its own (`test_a_refusal_is_told_in_the_readers_language`).
    """
    head, language, client.language = history.head(), client.language, "en"
    headers = {"If_Match": f'"{seen}"'} if seen is not None else {}
    response = client.call(method, path, {} if body is None and method != "get" else body, **headers)
    client.language = language
    assert response.status_code == status, (response.status_code, response.content[:600])
    errors = response.json()["errors"]
    found = next((error for error in errors if error["code"] == code), None)
    assert found, f"{code} not among {[error['code'] for error in errors]}"
    told = {_told(found, language) for language in ("fi", "sv", "en")}
    assert len(told) == 3 and found["message"] in told, told
    assert all(told) and "{" not in "".join(told), told
    assert history.head() == head, "a refused request changed something"
    return errors  # type: ignore[no-any-return]


def _told(error: dict[str, Any], language: str) -> str:
    with translation.override(language):
        lack = Lack(error["code"], field=error["field"] or "", **error["params"])
        return str(lack.as_dict()["message"])
