"""The pages of people: one's own account, the register, and one person with account and roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portfolio import city, clock, written
from portfolio.people import commands, permissions
from portfolio.people.accounts import commands as accounts
from portfolio.people.held import FORMS, Form
from portfolio.people.models import Account, Person, RoleAssignment, Token
from portfolio.people.passwords import LONGEST
from portfolio.refusals import Refused
from portfolio.written import whole
from reporting.pages.people import record, view
from reporting.pages.people.forms import PERSON, REGISTERED, chosen

Move = Callable[[HttpRequest, Any], str]
# Of one’s own account nothing is held: each form that is typed in there has a password.
FORMS.update({"people": Form(REGISTERED), "own-account": Form({}), "person": Form(PERSON, chosen)})
# What has been done, as the page says it after a move.
SAID = {"password": _("The password has been changed."), "revoke": _("The key has been revoked.")}


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def _refusal(refused: Refused) -> dict[str, Any]:
    """The sentences of a refusal by their field, for the form that was sent."""
    errors: dict[str, list[Any]] = {}
    for lack in refused.lacks:
        field = "title" if lack.field.startswith("title_") else lack.field
        errors.setdefault(field or "form", []).append(lack.as_dict())
    return {"errors": errors}


@sensitive_post_parameters("current", "new", "again")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_account(request: HttpRequest) -> HttpResponse:
    """One's own account: choose a password, make and revoke keys for programs."""
    account, context, status = _account(request), dict[str, Any](), 200
    if request.method == "POST":
        move = request.POST.get("move", "password")
        try:
            if move != "token":
                (_revoke if move == "revoke" else _choose)(request, account)
                return redirect(f"{reverse('own-account')}?saved={move}")
            context["secret"] = _key(request, account)
        except Refused as refused:
            context, status = _refusal(refused) | {"at": move, "given": request.POST}, refused.status
    context |= {"account": account, "keys": view.keys(account), "saved": _said(request), "here": "account"}
    return render(request, "own_account.html", context | {"done": record.done(account.person)}, status=status)


def _said(request: HttpRequest) -> str:
    """The sentence about what has just been done, if anything has."""
    return str(SAID.get(request.GET["saved"], _("Saved."))) if "saved" in request.GET else ""


def _choose(request: HttpRequest, account: Account) -> None:
    said = {name: request.POST.get(name, "")[: LONGEST + 1] for name in ("current", "new", "again")}
    revoke = "revoke" in request.POST
    update_session_auth_hash(request, accounts.change_password(account, **said, revoke=revoke))


def _key(request: HttpRequest, account: Account) -> str:
    days, label = whole(request.POST.get("days", ""), digits=4), request.POST.get("label", "")
    current = request.POST.get("current", "")[: LONGEST + 1]
    return accounts.make_token(account, current=current, label=label, days=days or 0)


def _revoke(request: HttpRequest, account: Account) -> None:
    accounts.revoke_token(_token(request, account), by=account.person)


def _token(request: HttpRequest, account: Account | None) -> Token:
    number = whole(request.POST.get("token", ""))
    found = Token.objects.select_related("account__person").filter(account=account, pk=number or 0).first()
    if found is None:
        raise Refused("not_found")
    return found


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The register of people, for the administrator of users; a new person is entered here."""
    by = _account(request).person
    permissions.require(by, "manage_people")
    context, status = dict[str, Any](), 200
    if request.method == "POST":
        try:
            if not (context := _namesakes(request, by)):
                return redirect("person", commands.register_person(**_told(request), by=by).pk)
            context, status = context | {"given": request.POST}, 409
        except Refused as refused:
            context, status = _refusal(refused) | {"given": request.POST}, refused.status
    page = whole(request.GET.get("page", "1"), digits=6) or 1
    context |= {"listed": view.listed(by, request.GET.get("q", ""), page), "here": "people"}
    return render(request, "people.html", context, status=status)


def _told(request: HttpRequest) -> dict[str, str]:
    """Name, title and address, as the form gives them; the title in the city's first language."""
    given = {name: request.POST.get(name, "") for name in ("name", "email")}
    return given | {f"title_{city.first_language()}": request.POST.get("title", "")}


def _namesakes(request: HttpRequest, by: Person, *, besides: int = 0) -> dict[str, Any]:
    """Whom to warn of: others of that name, unless the form says that it is another person."""
    told = "" if "namesake" in request.POST else request.POST.get("name", "")
    found = view.namesakes(told, by, besides=besides)
    return {"namesakes": found} if found else {}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: account, roles, keys; each move says what has been done, and a password is told once."""
    by = _account(request).person
    permissions.require(by, "manage_people")
    someone, context, status = view.person(pk, by), dict[str, Any](), 200
    if request.method == "POST" and (move := request.POST.get("move", "")) in MOVES:
        try:
            if move == "edit" and someone.name != request.POST.get("name"):
                context = _namesakes(request, by, besides=pk)
            if context:
                context, status = context | {"at": move, "given": request.POST}, 409
            elif word := MOVES[move](request, someone):
                context["word"] = word
            else:
                return redirect(f"{reverse('person', args=[pk])}?saved={move}")
        except Refused as refused:
            context, status = _refusal(refused) | {"at": move, "given": request.POST}, refused.status
        someone = view.person(pk, by)
    account = Account.objects.filter(person=someone).first()
    context |= {
        "person": someone,
        "account": account,
        "own": someone.pk == by.pk,
        "held": view.held(someone),
        "keys": view.keys(account),
        "done": record.done(someone),
        "title": getattr(someone, f"title_{city.first_language()}"),
        "roles": view.GIVEN,
        "places": view.places(by),
        "today": clock.today(),
        "saved": _said(request),
        "here": "people",
    }
    return render(request, "person.html", context, status=status)


def _by(request: HttpRequest) -> Person:
    return _account(request).person


def _version(request: HttpRequest) -> int:
    return whole(request.POST.get("version", ""), digits=9) or 0


def _open(request: HttpRequest, someone: Person) -> str:
    given = {name: request.POST.get(name, "") for name in ("username", "language")}
    return accounts.open_with_temporary_password(someone, **given, by=_by(request))[1]


def _reset(request: HttpRequest, someone: Person) -> str:
    account = Account.objects.select_related("person").filter(person=someone).first()
    if account is None:
        raise Refused("not_found")
    return accounts.reset_password(account, by=_by(request))


def _because(request: HttpRequest) -> str:
    return request.POST.get("because", "").strip()


def _edit(request: HttpRequest, someone: Person) -> str:
    commands.edit_person(someone, **_told(request), by=_by(request), seen=_version(request))
    return ""


def _deactivate(request: HttpRequest, someone: Person) -> str:
    commands.deactivate_person(someone, because=_because(request), by=_by(request), seen=_version(request))
    return ""


def _reactivate(request: HttpRequest, someone: Person) -> str:
    commands.reactivate_person(someone, because=_because(request), by=_by(request), seen=_version(request))
    return ""


def _assign(request: HttpRequest, someone: Person) -> str:
    """The one scope that the role has; what else was chosen in the form was for another role."""
    role, scope = request.POST.get("role", ""), dict[str, Any]()
    if not role:
        raise Refused("field.required", field="role")
    if (name := view.scope(role)) and (told := request.POST.get(name, "")):
        scope[name] = view.place(name, told, _by(request))
    starts_on, ends_on = _day(request, "starts_on"), _day(request, "ends_on")
    if starts_on is None:
        raise Refused("field.required", field="starts_on")
    commands.assign_role(someone, role=role, starts_on=starts_on, ends_on=ends_on, by=_by(request), **scope)
    return ""


def _day(request: HttpRequest, name: str) -> date | None:
    told = request.POST.get(name, "").strip()
    try:
        return written.day(told) if told else None
    except ValueError as error:
        raise Refused("as_of.day", field=name) from error


def _end(request: HttpRequest, someone: Person) -> str:
    number = whole(request.POST.get("assignment", "")) or 0
    assignment = RoleAssignment.objects.filter(person=someone, pk=number).first()
    if assignment is None:
        raise Refused("not_found")
    commands.end_role(assignment, because=_because(request), by=_by(request), seen=_version(request))
    return ""


def _revoke_of(request: HttpRequest, someone: Person) -> str:
    accounts.revoke_token(_token(request, Account.objects.filter(person=someone).first()), by=_by(request))
    return ""


MOVES: dict[str, Move] = {
    "edit": _edit,
    "open": _open,
    "reset": _reset,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "assign": _assign,
    "end": _end,
    "revoke": _revoke_of,
}
