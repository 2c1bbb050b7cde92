"""The shape of the file: schema.json read strictly, in linear time, each misfit told with what would be accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema import ValidationError as Misfit
from jsonschema.validators import extend

from portfolio import written
from portfolio.importing.declared import schema
from portfolio.importing.document import Record

FORMS = FormatChecker(formats=())


@cache
def validator() -> Any:
    """The schema ready to judge; its definitions stand where they are used, so that none is looked up again."""
    whole = dict(schema())
    return Strict(_put_in(whole, whole.pop("$defs")), format_checker=FORMS)


def _put_in(part: Any, definitions: Record) -> Any:
    if isinstance(part, list):
        return [_put_in(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        found = _put_in(definitions[part["$ref"].removeprefix("#/$defs/")], definitions)
        beside = {name: value for name, value in part.items() if name not in ("$ref", "description", "of")}
        return {"allOf": [found], **_put_in(beside, definitions)} if beside else found
    return {name: _put_in(each, definitions) for name, each in part.items()}


def _pattern(judge: Any, pattern: str, text: Any, part: Record) -> Iterator[Misfit]:
    # A pattern's end is the text's, not a line's, and a digit is one of ten; where a format is asked for, it tells.
    told = "format" in part and not FORMS.conforms(text, part["format"])
    if isinstance(text, str) and not told and not re.search(re.sub(r"\$$", r"\\Z", pattern), text, re.ASCII):
        yield Misfit(f"is not of the form {pattern}")


def _unique(judge: Any, wanted: bool, rows: Any, part: Record) -> Iterator[Misfit]:
    if wanted and isinstance(rows, list) and len({json.dumps(row, sort_keys=True) for row in rows}) < len(rows):
        yield Misfit("names something twice")


# A whole number is written as one: 1.0 is not, and neither is true.
WHOLE = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
Strict = extend(Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique}, type_checker=WHOLE)


@FORMS.checks("date", raises=ValueError)
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(written.day(value))


@FORMS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or written.instant(value).tzinfo is not None


@FORMS.checks("uri", raises=ValidationError)
def _is_address(value: object) -> bool:
    URLValidator(schemes=["http", "https"])(value) if isinstance(value, str) else None
    return True


@FORMS.checks("email", raises=ValidationError)
def _is_email(value: object) -> bool:
    validate_email(value) if isinstance(value, str) else None
    return True


def misfits(data: Record) -> Iterator[tuple[list[Any], object, str, str]]:
    """Where the data does not fit: the path, the value there, the code of the rule, what would be accepted."""
    for error in validator().iter_errors(data):
        found = _deepest(error)
        code = "field.too_long" if found.validator == "maxLength" else "import.schema"
        yield list(found.absolute_path), found.instance, code, _accepted(found)


def _deepest(error: Any) -> Any:
    while context := error.context:
        error = max(context, key=lambda inner: len(inner.absolute_path))
    return error


def _accepted(error: Any) -> str:
    limit = error.validator_value
    told = {
        "maxLength": lambda: f"{len(error.instance)} characters, at most {limit} are taken",
        "minLength": lambda: "is empty; leave out what is not known",
        "maximum": lambda: f"at most {limit}",
        "minimum": lambda: f"at least {limit}",
        "enum": lambda: f"one of {', '.join(map(str, limit))}",
        "type": lambda: f"of type {limit}" if isinstance(limit, str) else f"of type {' or '.join(limit)}",
        "format": lambda: FORM_WORDS[limit],
    }
    return told[error.validator]() if error.validator in told else str(error.message)[:300]


FORM_WORDS = {
    "date": "a day of the calendar, as 2021-06-07",
    "date-time": "an instant with its offset, as 2023-01-20T12:00:00+02:00",
    "uri": "an address that begins with http:// or https://",
    "email": "an e-mail address",
}
