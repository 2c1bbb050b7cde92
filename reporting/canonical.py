"""Canonical JSON: one fact has one spelling, so that the same facts always give the same bytes and checksum."""

import hashlib
import json
import types
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"
Facts = TypeVar("Facts")


class Malformed(ValueError):
    """A snapshot that does not have the shape of its schema; names the place."""


def encode(value: object) -> Json:
    """A dataclass as plain JSON: decimals and dates as strings, instants in UTC, text in NFC."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", str(key)): encode(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def dumps(value: object) -> bytes:
    """Sorted keys, no spare white space, UTF-8."""
    return json.dumps(encode(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(value: object) -> str:
    return hashlib.sha256(dumps(value)).hexdigest()


def _decimal(value: Decimal) -> str:
    """Without exponent, trailing zeros or a negative zero: equal numbers are spelled alike."""
    if not value.is_finite():
        raise ValueError("a figure must be a finite number")
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def decode(kind: type[Facts], data: Json, place: str = "$") -> Facts:
    """The dataclass that `encode` wrote; refuses unknown, missing and wrongly typed members."""
    if not isinstance(data, dict):
        raise Malformed(f"{place}: an object is expected")
    hints = _hints(kind)  # type: ignore[arg-type]
    if unknown := sorted(set(data) - set(hints)):
        raise Malformed(f"{place}: unknown {', '.join(unknown)}")
    given = {name: _value(hints[name], item, f"{place}.{name}") for name, item in data.items()}
    try:
        return kind(**given)
    except TypeError as error:
        raise Malformed(f"{place}: {error}") from error


@cache
def _hints(kind: object) -> dict[str, object]:
    return dict(get_type_hints(kind))


def _value(hint: object, data: Json, place: str) -> object:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return None if data is None else _value(next(a for a in get_args(hint) if a is not type(None)), data, place)
    if origin is Literal:
        return _checked(data, data in get_args(hint), place)
    if origin is tuple:
        items = data if isinstance(data, list) else _checked(data, False, place)
        return tuple(_value(get_args(hint)[0], item, f"{place}[{n}]") for n, item in enumerate(items))  # type: ignore[arg-type]
    if isinstance(hint, type) and is_dataclass(hint):
        return decode(hint, data, place)
    if hint in (str, int, bool):
        return _checked(data, type(data) is hint, place)
    return _scalar(hint, data, place)


def _checked(data: Json, right: bool, place: str) -> Json:
    if not right:
        raise Malformed(f"{place}: {data!r} does not belong here")
    return data


def _scalar(hint: object, data: Json, place: str) -> object:
    read = {Decimal: Decimal, date: date.fromisoformat, datetime: datetime.fromisoformat}.get(hint)  # type: ignore[call-overload]
    _checked(data, isinstance(data, str) and read is not None, place)
    try:
        return read(data)
    except (ValueError, ArithmeticError) as error:
        raise Malformed(f"{place}: {data!r} does not belong here") from error
