"""What was typed in a form under which the session ended: kept in the browser, given back after signing in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.crypto import constant_time_compare, salted_hmac

from portfolio import addresses
from portfolio.field_words import Words, called
from portfolio.languages import LANGUAGES
from portfolio.people.asked import is_asked
from portfolio.people.models import Account, Person

SALT, KEPT_FOR = "held", 12 * 3600
NOT_KEPT = "csrfmiddlewaretoken"
Naming = Callable[[str, str, Person], str]


@dataclass(frozen=True)
class Form:
    """What the fields of a page are called on it, and what a choice among records or roles is called."""

    labels: Mapping[str, Words]
    naming: Naming = lambda field, value, by: value


# By the name of the page's address; a page above says it of itself.
FORMS: dict[str, Form] = {}


@dataclass(frozen=True)
class Held:
    """A form as it was sent: whose it was, where to, every field, and of these what a person typed."""

    whose: str
    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def form(self) -> Form | None:
        """What the page says of its fields, if it does."""
        try:
            return FORMS.get(resolve(addresses.split(self.path.split("?")[0])[1]).view_name)
        except Resolver404:
            return None

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Each text with what its field is called; a choice among records or languages is no text."""
        if form := self.form:
            return [(str(form.labels[name]), value) for name, value in self.fields if name in form.labels and value]
        told = ((called(name), value) for name, value in self.fields)
        return [each for each in told if all(each) and not each[1].isdigit() and each[1] not in LANGUAGES]

    def shown(self, by: Person) -> list[tuple[str, str]]:
        """What was typed, as the page names it: each choice by its name, as far as the reader may know it."""
        if (form := self.form) is None:
            return self.typed
        chosen = [(name, value) for name, value in self.fields if name in form.labels and value]
        return [(str(form.labels[name]), form.naming(name, value, by)) for name, value in chosen]


def has_password(request: HttpRequest) -> bool:
    """Whether the form that was sent has a password in it, which is kept nowhere."""
    secret = getattr(request, "sensitive_post_parameters", None) or ()
    return secret == "__ALL__" or any(name in request.POST for name in secret)


def cookie() -> str:
    """The name of the cookie that says who was the last to be signed in in this browser."""
    return "__Host-salkku_reader" if settings.SECURE_COOKIES else "salkku_reader"


def mark(account: Account) -> str:
    """An account as the cookie and a kept form name it; nobody else can make it."""
    return salted_hmac("portfolio.people.held", str(account.pk), algorithm="sha256").hexdigest()


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser name its reader, also after the session has ended.

    Signing in changes the token of every form. So a form that passes was served to whom the cookie names, or to nobody.
    """
    html = response.headers.get("Content-Type", "").startswith("text/html")
    if html and isinstance(request.user, Account) and request.COOKIES.get(cookie()) != (now := mark(request.user)):
        response.set_cookie(cookie(), now, httponly=True, samesite="Lax", secure=settings.SECURE_COOKIES)


def keep(request: HttpRequest) -> str:
    """The form, signed, so that the sign-in page can carry it, for the one to whom it was served.

    Nothing is kept of a form with a password, without a text, or of somebody unknown.
    """
    if not (whose := request.COOKIES.get(cookie(), "")):
        return ""
    if has_password(request):
        return ""
    fields = [(name, str(value)) for name, values in request.POST.lists() for value in values if name != NOT_KEPT]
    held = Held(whose, request.get_full_path(), tuple(fields))
    return signing.dumps([whose, held.path, fields], salt=SALT, compress=True) if held.typed else ""


def given_back(signed: str) -> Held | None:
    """What was kept, if we have kept it and not too long ago, without what no form of ours asks for."""
    try:
        whose, path, fields = signing.loads(signed, salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return Held(whose, path, tuple((name, value) for name, value in fields if is_asked(name)))


def keep_what_was_typed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Where a sent form would lead to the sign-in page and be lost, show that page with the form in it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        led = response.status_code == 302 and response.headers["Location"].split("?")[0] == resolve_url("sign-in")
        if not (led and request.method == "POST" and ((held := keep(request)) or has_password(request))):
            remember(request, response)
            return response
        context: dict[str, Any] = {"next": request.get_full_path(), "held": held, "lost": not held}
        answer = render(request, "sign_in.html", context, status=401)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return middleware


def page(request: HttpRequest, onwards: str) -> HttpResponse | None:
    """The page that gives a kept form back, if one came with the sign-in; whoever it was not served to is told so."""
    held = given_back(request.POST.get("held", ""))
    if held is None or not isinstance(request.user, Account):
        return None
    if not constant_time_compare(held.whose, mark(request.user)):
        return render(request, "held_of_another.html", {"onwards": onwards})
    return render(request, "held.html", {"held": held, "shown": held.shown(request.user.person), "onwards": onwards})
