"""What every page carries: the city, its colours, who is signed in, the day, and whether this is a demonstration."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control

from portfolio import clock, permissions
from portfolio.history.models import Installation
from portfolio.people.models import Account, Role
from portfolio.texts import local
from reporting.snapshot import identity

LANGUAGES = (("fi", "suomeksi"), ("sv", "på svenska"), ("en", "in English"))
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the base template."""
    account = getattr(request, "user", None)
    return {
        "city": SimpleLazyObject(_city),
        "today": SimpleLazyObject(clock.today),
        "demonstration": SimpleLazyObject(_demonstration),
        "languages": LANGUAGES,
        "reader": account.person if isinstance(account, Account) else None,
        "task": SimpleLazyObject(lambda: _task(account)) if isinstance(account, Account) else "",
    }


def _city() -> str:
    signature: Any = identity()["signature"]
    return str(signature.get((get_language() or "fi")[:2]) or signature["fi"])


def _demonstration() -> bool:
    return Installation.objects.filter(kind=Installation.Kind.DEMO).exists()


def _task(account: Account) -> str:
    """The reader's title, else the roles of today."""
    if title := local(account.person, "title"):
        return title
    return ", ".join(sorted(str(Role(role).label) for role in permissions.role_names(account.person)))


@cache_control(public=True, max_age=3600)
def theme(request: HttpRequest) -> HttpResponse:
    """The city's colours over the stylesheet's, on a light ground."""
    known: Any = identity().get("colours", {})
    names = {"brand": "--brand", "brand_strong": "--bar", "accent": "--accent"}
    set_ = "".join(f"{names[n]}:{value};" for n, value in known.items() if n in names and COLOUR.fullmatch(str(value)))
    body = f"@media (prefers-color-scheme:light){{:root{{{set_}}}}}\n" if set_ else ""
    return HttpResponse(body, content_type="text/css; charset=utf-8")
