"""One shape for every refusal: `{"errors": [{code, message, field, rule, params, hint}]}`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from portfolio.field_words import called
from portfolio.people.models import Person, Role
from portfolio.people.permissions import NotAllowed
from portfolio.refusals import FIELD_CODES, REFUSALS, Lack, Refused, from_database

logger = logging.getLogger(__name__)
AGAIN_AFTER = 5  # seconds, where nobody knows better

# What a page of a refusal is headed with, by its code or else its status.
TITLES: dict[str | int, str | Promise] = {
    "as_of.day": _("The date is in the wrong form"),
    "as_of.future": _("That day is still to come"),
    "signin.forged": _("The form is too old"),
    400: _("Check what was given"),
    403: _("This is not yours to do"),
    404: _("Not found"),
}
# What the framework raises, and the refusal it stands for.
FRAMEWORK: dict[type[Exception], str] = {
    Http404: "not_found",
    ObjectDoesNotExist: "not_found",
    exceptions.NotFound: "not_found",
    exceptions.NotAuthenticated: "signin.required",
    exceptions.AuthenticationFailed: "signin.token",
    exceptions.ParseError: "body.malformed",
    exceptions.MethodNotAllowed: "method.not_allowed",
    exceptions.UnsupportedMediaType: "media.unsupported",
    exceptions.NotAcceptable: "format.not_acceptable",
    exceptions.Throttled: "rate.exceeded",
    RequestDataTooBig: "body.too_large",
    exceptions.PermissionDenied: "signin.forged",
    PermissionDenied: "permission.nobody",
    OperationalError: "database.away",
    DataError: "field.invalid",
}

TOLD = {"field.unknown": "accepted", "text.unreadable": "characters"}  # what the detail of an error is


def refused(error: Exception) -> Refused | None:
    """The refusal that an exception stands for, or None when it is an error of the program."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, NotAllowed):
        if not error.roles:
            return Refused("permission.nobody")
        return Refused("permission.role", roles=", ".join(str(Role(role).label) for role in sorted(error.roles)))
    if isinstance(error, exceptions.ValidationError):
        return unread(error.detail)
    if isinstance(error, DatabaseError) and (found := from_database(error)):
        return found
    if away(error):
        return Refused("database.away")
    for kind, code in FRAMEWORK.items():
        if isinstance(error, kind):
            return Refused(code)
    return None


def unread(detail: Any) -> Refused:
    """What an input could not read of what was given, all at once."""
    return Refused.all(_lacks(detail))


def away(error: BaseException | None) -> bool:
    """Whether the database itself can't be reached, has just gone, or takes nobody in."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = str(getattr(error.__cause__, "sqlstate", None) or "08")
    return state.startswith(("08", "57P")) or state == "53300"


def known(error: Exception) -> bool:
    """Whether an exception is an answer and not an error of the program."""
    return refused(error) is not None


def _lacks(detail: Any, path: str = "") -> Iterator[Lack]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _lacks(inner, f"{path}.{name}" if path and name != "non_field_errors" else path or str(name))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _lacks(inner, f"{path}.{number}" if isinstance(inner, dict | list) else path)
    else:
        code = getattr(detail, "code", "invalid")
        code = code if code in REFUSALS else FIELD_CODES.get(code, "field.invalid")
        params = {TOLD[code]: str(detail)} if code in TOLD else {}
        yield Lack(code, field="" if path == "non_field_errors" else path, **params)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler."""
    found = refused(error)
    if found is None:
        return None
    response = Response({"errors": found.as_list()}, status=found.status)
    if found.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if found.status in (429, 503):
        response["Retry-After"] = str(found.lacks[0].params.get("seconds", AGAIN_AFTER))
    return response


def since(refused: Refused) -> dict[str, Any] | None:
    """Of a record that was changed meanwhile: who did it, when, and what differs, by the names of the fields."""
    told = refused.lacks[0].params
    if refused.code != "edit.stale":
        return None
    who = Person.objects.filter(pk=told.get("changed_by") or 0).first()
    names = dict.fromkeys(name for field in told.get("changed", ()) if (name := called(field)))
    return {"who": who.name if who else "", "at": told.get("changed_at"), "fields": ", ".join(names)}


def page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """A refusal as a page: what is refused, what would be accepted, the way back."""
    found = refused(error)
    if found is None:
        return None
    title = TITLES.get(found.code) or TITLES.get(found.status, _("This can’t be done now"))
    shown = {"refused": found, "lacks": found.as_list(), "title": title, "since": since(found)}
    return render(request, "refused.html", shown, status=found.status)
