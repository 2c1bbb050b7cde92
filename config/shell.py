"""What every page carries: the city, its colours, who is signed in, the day, and whether this is a demonstration."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control

from portfolio import addresses, city, clock, field_words
from portfolio.history.models import Installation
from portfolio.people import permissions
from portfolio.people.holdings import role_names
from portfolio.people.models import Account, Role
from portfolio.texts import Words, readers, spoken
from reporting.pages.people import view as people
from reporting.templatetags.written import named


@dataclass(frozen=True)
class Tongue:
    """A language that this page can be read in."""

    code: str
    path: str

    @property
    def name(self) -> str:
        """What it calls itself."""
        return str(field_words.in_itself(self.code))

    @property
    def address(self) -> str:
        """The same page in it."""
        return addresses.in_language(self.path, self.code)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the base template."""
    account = getattr(request, "user", None)
    return {
        "city": SimpleLazyObject(_city),
        "today": SimpleLazyObject(clock.today),
        "demonstration": SimpleLazyObject(_demonstration),
        "tongues": [Tongue(code, request.get_full_path()) for code in city.identity().languages.pages],
        "reader": account.person if isinstance(account, Account) else None,
        "menu": SimpleLazyObject(lambda: list(_menu(account))),
        "task": SimpleLazyObject(lambda: _task(account)) if isinstance(account, Account) else "",
    }


def _city() -> str:
    told = city.identity()
    return told.signature.get(readers()) or told.signature[told.first]


def _demonstration() -> bool:
    return Installation.objects.filter(kind=Installation.Kind.DEMO).exists()


# What stands in the main menu, for whom: whoever has one of these roles, or anybody.
MENU: tuple[tuple[str, Words, Collection[str]], ...] = (
    ("home", _("My page"), ()),
    ("programmes", _("Programmes"), ()),
    ("reports", _("Reports"), ()),
    ("registers", _("Registers"), (*permissions.OFFICE, Role.PROGRAMME_MANAGER, Role.AUDITOR)),
    ("people", _("People"), permissions.TABLE["manage_people"]),
)
ONLY_ADMINISTERS = ("people", "programmes", "reports")


def _menu(account: Any) -> Iterator[tuple[str, Words, str]]:
    """The main menu by the reader's roles: name, word, address."""
    held = role_names(account.person) if isinstance(account, Account) else set()
    rows = {name: (name, word, reverse(name)) for name, word, roles in MENU if not roles or held.intersection(roles)}
    only = isinstance(account, Account) and people.only_administers(account.person)
    yield from (rows[name] for name in (ONLY_ADMINISTERS if only else rows))


def _task(account: Account) -> str:
    """The reader's title, else the roles of today."""
    title, language = spoken(account.person, "title")
    if title:
        return named(title, language)
    return ", ".join(sorted(str(Role(role).label) for role in role_names(account.person)))


@cache_control(public=True, max_age=3600)
def theme(request: HttpRequest) -> HttpResponse:
    """The city's colours over the stylesheet's, on a light ground."""
    names = {"brand": "--brand", "brand_strong": "--bar", "accent": "--accent"}
    set_ = "".join(f"{names[name]}:{value};" for name, value in city.identity().colours.items())
    body = f"@media (prefers-color-scheme:light){{:root{{{set_}}}}}\n" if set_ else ""
    return HttpResponse(body, content_type="text/css; charset=utf-8")
