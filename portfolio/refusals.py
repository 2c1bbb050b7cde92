"""Every refusal of the program in one table: code, status, rule, and the sentence that says what would be accepted."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.field_words import called

ROOMS = ("people", "strategy", "decisions", "programmes", "steering", "benefits", "translations")


class Refusal(NamedTuple):
    """One row of the table: HTTP status, the invariant behind it, the sentence, and the way out."""

    status: int
    rule: str
    sentence: str | Promise
    hint: str | Promise = ""


REFUSALS: dict[str, Refusal] = {
    "field.required": Refusal(400, "", _("This is required.")),
    "field.invalid": Refusal(400, "", _("This value can't be understood.")),
    "field.choice": Refusal(400, "", _("This is not one of the values that are accepted.")),
    "field.range": Refusal(400, "", _("The value is outside what is accepted.")),
    "field.too_long": Refusal(400, "", _("The text is longer than the place for it.")),
    "field.unknown": Refusal(400, "", _("There is no such field here."), _("Accepted: {accepted}.")),
    "field.control_character": Refusal(400, "", _("The text has a character that can't be stored.")),
    "text.unreadable": Refusal(
        400,
        "",
        _("The text has a character that can't be read: {characters}."),
        _("Type in its place what it should be. It is often left by another program’s fonts or by a conversion."),
    ),
    "record.duplicate": Refusal(409, "", _("There is already a record with this value.")),
    "reference.unknown": Refusal(400, "", _("No such record is known, or it is not yours to see.")),
    "filter.unknown": Refusal(400, "", _("The list can't be filtered by this."), _("Accepted: {accepted}.")),
    "query.unknown": Refusal(400, "", _("The address asks for what isn't known here."), _("Accepted: {accepted}.")),
    "query.twice": Refusal(400, "", _("The address names this twice."), _("Give each name once.")),
    "filter.not_in_the_past": Refusal(400, "", _("A list of the past can't be filtered by this.")),
    "filter.invalid": Refusal(400, "", _("The list can't be filtered by this value.")),
    "order.unknown": Refusal(400, "", _("The list can't be ordered by this."), _("Accepted: {accepted}.")),
    "page.invalid": Refusal(400, "", _("There is no such page.")),
    "as_of.format": Refusal(400, "", _("Give a day, an instant or a change number such as seq:123.")),
    "as_of.day": Refusal(400, "", _("The date can't be read."), _("Choose a day, or write it like 2022-12-31.")),
    "as_of.no_past": Refusal(400, "", _("Of this only the present is kept.")),
    "as_of.future": Refusal(400, "", _("That moment is still to come.")),
    "edit.stale": Refusal(
        412, "INV-116", _("This was changed since you opened it."), _("Read the newest version, then save again.")
    ),
    "edit.if_match": Refusal(
        428, "INV-116", _("Say which version you have seen."), _("Send its ETag in the If-Match header.")
    ),
    "edit.weak": Refusal(
        412,
        "INV-116",
        _("A weak ETag doesn't say which version you have seen."),
        _("Send the ETag as it was given, without W/."),
    ),
    "edit.frozen": Refusal(423, "", _("This record is frozen.")),
    "history.no_change_set": Refusal(409, "INV-110", _("A change needs to say who makes it and why.")),
    "history.append_only": Refusal(423, "INV-110", _("What is written in the history stays as it was written.")),
    "history.identity": Refusal(409, "INV-110", _("The identity of a record never changes.")),
    "history.reason": Refusal(400, "INV-110", _("Give the reason for this change.")),
    "history.corrected": Refusal(
        409, "INV-116", _("This entry has been corrected already."), _("Correct the newest entry instead.")
    ),
    "approve.own": Refusal(409, "INV-113", _("Nobody approves what they have submitted themselves.")),
    "transition.invalid": Refusal(409, "INV-112", _("This can't follow from the present state.")),
    "busy.retry": Refusal(503, "", _("Someone else is saving right now."), _("Try again in a moment.")),
    "database.away": Refusal(
        503,
        "",
        _("The database does not answer right now. What was sent may not have been saved."),
        _("Try again in a moment."),
    ),
    "idempotency.reused": Refusal(409, "", _("This Idempotency-Key was used for another request.")),
    "idempotency.format": Refusal(400, "", _("An Idempotency-Key has at most 120 plain characters.")),
    "body.malformed": Refusal(400, "", _("The request can't be read.")),
    "body.named_twice": Refusal(400, "", _("The request names this twice in one object."), _("Give each name once.")),
    "body.too_large": Refusal(413, "", _("The request is larger than what is accepted.")),
    "media.unsupported": Refusal(415, "", _("Send JSON.")),
    "method.not_allowed": Refusal(405, "", _("This can't be done here.")),
    "rate.exceeded": Refusal(429, "", _("Too many requests."), _("Wait a while, then try again.")),
    "signin.required": Refusal(401, "", _("Sign in first.")),
    "signin.token": Refusal(401, "", _("The token is not known or has run out.")),
    "signin.forged": Refusal(403, "", _("This page has been open for too long."), _("Load it again, then save.")),
    "signin.invalid": Refusal(401, "", _("The name and the password don't belong together.")),
    "permission.role": Refusal(403, "INV-114", _("Your role doesn't allow this."), _("Roles that may: {roles}.")),
    "permission.nobody": Refusal(403, "INV-114", _("This isn't done by hand.")),
    "not_found": Refusal(404, "", _("There is no such thing here, or it is not yours to see.")),
    "format.not_acceptable": Refusal(406, "", _("This can't be given in the form that was asked for.")),
}


def register(rows: Mapping[str, Refusal]) -> None:
    """Add the refusals of a room or package."""
    REFUSALS.update(rows)


def register_rooms() -> None:
    """Add the refusals of the rooms of this package; called once the apps are ready."""
    for room in ROOMS:
        try:
            module = importlib.import_module(f"portfolio.{room}.refusals")
        except ModuleNotFoundError as error:
            if error.name != f"portfolio.{room}.refusals":
                raise
        else:
            register(module.REFUSALS)


@dataclass(frozen=True)
class Lack:
    """One thing that stands in the way."""

    code: str
    field: str = ""
    params: Mapping[str, Any] = attribute(default_factory=dict)

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "params", params)

    @property
    def row(self) -> Refusal:
        """Its row of the table; a code without one is an error of the program."""
        return REFUSALS[self.code]

    def as_dict(self) -> dict[str, Any]:
        """The one shape of an error, in the reader's language; what is wrong with a field names it."""
        named = called(self.field) if self.code.startswith("field.") else ""
        message = _filled(self.row.sentence, self.params)
        return {
            "code": self.code,
            "message": f"{named}: {message}" if named else message,
            "field": self.field or None,
            "rule": self.row.rule or None,
            "params": {name: _plain(value) for name, value in self.params.items()},
            "hint": _filled(self.row.hint, self.params) or None,
        }


class Refused(Exception):
    """A rule stands in the way of what was asked; nothing was changed."""

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        self.lacks: tuple[Lack, ...] = (Lack(code, field=field, **params),)
        super().__init__(code)

    @classmethod
    def all(cls, lacks: Iterable[Lack]) -> Refused:
        """A gate's answer: everything that is missing, at once."""
        first, *rest = list(lacks)
        refused = cls(first.code, field=first.field, **first.params)
        refused.lacks = (first, *rest)
        return refused

    @property
    def code(self) -> str:
        return self.lacks[0].code

    @property
    def field(self) -> str:
        return self.lacks[0].field

    @property
    def status(self) -> int:
        """The status of the whole: that of the first, gates answering 409 when rows differ."""
        statuses = {lack.row.status for lack in self.lacks}
        return statuses.pop() if len(statuses) == 1 else 409 if 409 in statuses else self.lacks[0].row.status

    def as_list(self) -> list[dict[str, Any]]:
        return [lack.as_dict() for lack in self.lacks]

    def __str__(self) -> str:
        return "; ".join(f"{lack.code} {dict(lack.params) or ''}".strip() for lack in self.lacks)


def require(lacks: Iterable[Lack]) -> None:
    """Raise one Refused with all that is missing, if anything is."""
    if missing := list(lacks):
        raise Refused.all(missing)


def _filled(sentence: str | Promise, params: Mapping[str, Any]) -> str:
    text = str(sentence)
    try:
        return text.format(**{name: _plain(value) for name, value in params.items()})
    except (KeyError, IndexError, ValueError):
        return text


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return value if value is None or isinstance(value, str | int) else str(value)


# Django's and PostgreSQL's own words for what a field or a row can't be.
FIELD_CODES = {
    "required": "field.required",
    "blank": "field.required",
    "null": "field.required",
    "invalid_choice": "field.choice",
    "max_length": "field.too_long",
    "min_value": "field.range",
    "max_value": "field.range",
    "max_digits": "field.range",
    "max_decimal_places": "field.range",
    "max_whole_digits": "field.range",
    "unique": "record.duplicate",
    "unique_together": "record.duplicate",
    "null_characters_not_allowed": "field.control_character",
}


def from_error(error: ValidationError | DatabaseError, model: type[models.Model]) -> Exception:
    """The refusal that a validation or database error stands for; an unknown database error stays itself."""
    if isinstance(error, ValidationError):
        return Refused.all(_lacks(error))
    return from_database(error, model) or error


def _lacks(error: ValidationError) -> Iterable[Lack]:
    errors = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, found in errors.items():
        for each in found:
            code = each.code if each.code in REFUSALS else FIELD_CODES.get(each.code or "", "field.invalid")
            params = each.params or {} if each.code in REFUSALS else {}
            yield Lack(code, field="" if name == NON_FIELD_ERRORS else name, **params)


# Waited too long, was in another's way, or was ended for keeping others waiting.
BUSY = ("55P03", "57014", "40001", "40P01", "25P03", "25P04")


def from_database(error: DatabaseError, model: type[models.Model] | None = None) -> Refused | None:
    """The refusal behind a trigger's or a constraint's error, if there is one."""
    diagnosis = getattr(error.__cause__, "diag", None)
    state = getattr(error.__cause__, "sqlstate", "") or ""
    if state.startswith("SK") and diagnosis is not None:
        return Refused(diagnosis.message_primary)
    if state in BUSY:
        return Refused("busy.retry")
    if diagnosis is not None and diagnosis.constraint_name and model is not None:
        for constraint in model._meta.constraints:
            if constraint.name == diagnosis.constraint_name and constraint.violation_error_code in REFUSALS:
                return Refused(str(constraint.violation_error_code))
    return Refused("record.duplicate") if state == "23505" else None
