"""Canonical JSON: one fact has one spelling, so that the same facts always give the same bytes and checksum."""

import hashlib
import io
import types
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"
Facts = TypeVar("Facts")
Default = TypeVar("Default")
LATER = "later"
DEPTH = 4  # a report, its programmes, each of them, its targets: each of these is written by itself


class Malformed(ValueError):
    """A snapshot that does not have the shape of its schema; names the place."""


def encode(value: object) -> Json:
    """A dataclass as plain JSON: decimals and dates as strings, instants in UTC, text in NFC."""
    return _writer(cast(Hashable, type(value)))(value)


def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


# The members of a dataclass, asked for once; another type has none.
names = cast("Callable[[type], tuple[str, ...]]", cache(_names))


def later(default: Default) -> Default:
    """A fact that older snapshots have not: left out where there is none, so that they keep their checksums."""
    return field(default=default, metadata={LATER: True})


@cache
def unless_told(kind: type) -> dict[str, object]:
    """The facts of a kind that came later, with what they are where nothing is told."""
    return {one.name: one.default for one in fields(kind) if one.metadata.get(LATER)}


def dumps(value: object) -> bytes:
    """Sorted keys, no spare white space, UTF-8; made part by part, for plain JSON takes many times as much memory."""
    written = io.BytesIO()
    for part in _parts(value, DEPTH):
        written.write(part)
    return written.getvalue()


def _parts(value: object, depth: int) -> Iterator[bytes]:
    if not depth or not (isinstance(value, tuple) or is_dataclass(value)):
        yield spelled(encode(value))
    elif isinstance(value, tuple):
        yield b"["
        for number, item in enumerate(value):
            yield b"," * bool(number)
            yield from _parts(item, depth - 1)
        yield b"]"
    else:
        yield b"{"
        for number, (name, member) in enumerate(sorted(_members(cast(Hashable, type(value)))(value).items())):
            yield b'%s"%s":' % (b"," * bool(number), name.encode())
            yield from _parts(member, depth - 1)
        yield b"}"


def spelled(data: Json) -> bytes:
    """Canonical JSON that was read, written out again: the bytes that it was read from.

    Raises Malformed for what it can't have been read from: half of a letter, a number of more than 64 bits.
    """
    try:
        return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise Malformed(f"$: {error}") from error


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


Writer: TypeAlias = Callable[[object], Json]


@cache
def _writer(kind: type) -> Writer:
    """What writes the values of a type: looked up once a type, for a snapshot has many thousands of values."""
    if is_dataclass(kind):
        return _of_a_dataclass(kind)
    for known, write in WRITERS:
        if issubclass(kind, known):
            return cast(Writer, write)
    raise TypeError(f"{kind.__name__} has no canonical form")


def _of_a_dataclass(kind: type) -> Writer:
    members = _members(cast(Hashable, kind))
    return lambda value: {name: encode(member) for name, member in members(value).items()}


@cache
def _members(kind: type) -> Callable[[object], dict[str, object]]:
    """What tells the members of a dataclass that are written, by name."""
    unless = unless_told(cast(Hashable, kind))
    always = [name for name in names(kind) if name not in unless]

    def members(value: object) -> dict[str, object]:
        told = {name: getattr(value, name) for name in always}
        for name, nothing in unless.items():
            if (given := getattr(value, name)) != nothing:
                told[name] = given
        return told

    return members


def _text(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _list(value: Iterable[object]) -> Json:
    return [encode(item) for item in value]


def _mapping(value: dict[object, object]) -> Json:
    return {_text(str(key)): encode(item) for key, item in value.items()}


# An instant is a day too: the narrower stands first.
WRITERS: tuple[tuple[type | tuple[type, ...], object], ...] = (
    ((type(None), int), lambda value: value),
    (str, _text),
    (Decimal, _decimal),
    (datetime, _instant),
    (date, date.isoformat),
    ((tuple, list), _list),
    (dict, _mapping),
)


Reader: TypeAlias = Callable[[Json], object]


def decode(kind: type[Facts], data: Json) -> Facts:
    """The dataclass that `encode` wrote; refuses unknown, missing and wrongly typed members, and names the place."""
    try:
        return cast(Facts, _reader(cast(Hashable, kind))(data))
    except _Misplaced as error:
        raise Malformed("".join(["$", *reversed(error.place)]) + f": {error}") from error


class _Misplaced(Exception):
    """What is wrong; each reader on the way out adds its step to the place."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.place: list[str] = []


def _wrong(data: Json) -> _Misplaced:
    return _Misplaced(f"{data!r} does not belong here")


@cache
def _reader(hint: object) -> Reader:
    """What reads a value of a type: made once a type, for a snapshot has many thousands of values."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(hint))
    if origin is Literal:
        return _among(frozenset(get_args(hint)))
    if origin is tuple:
        return _in_a_row(get_args(hint))
    if isinstance(hint, type) and is_dataclass(hint):
        return _object(hint)
    if hint in (str, int, bool):
        return _exactly(cast(type, hint))
    return _spelled(SPELLED[cast(type, hint)])


SPELLED: dict[type, Callable[[str], object]] = {
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def _one_of(hints: tuple[object, ...]) -> Reader:
    """What fits a value of several types: the first of them that reads it; None where it may be missing."""
    readers = [_reader(each) for each in hints if each is not type(None)]
    read = readers[0] if len(readers) == 1 else _first(readers)
    return (lambda data: None if data is None else read(data)) if type(None) in hints else read


def _first(readers: list[Reader]) -> Reader:
    def read(data: Json) -> object:
        for each in readers:
            try:
                return each(data)
            except _Misplaced:
                continue
        raise _wrong(data)

    return read


def _among(values: frozenset[object]) -> Reader:
    def read(data: Json) -> object:
        if isinstance(data, dict | list) or data not in values:
            raise _wrong(data)
        return data

    return read


def _exactly(kind: type) -> Reader:
    def read(data: Json) -> object:
        if type(data) is not kind:
            raise _wrong(data)
        return data

    return read


def _spelled(parse: Callable[[str], object]) -> Reader:
    def read(data: Json) -> object:
        try:
            if isinstance(data, str):
                return parse(data)
        except (ValueError, ArithmeticError) as error:
            raise _wrong(data) from error
        raise _wrong(data)

    return read


def _in_a_row(hints: tuple[object, ...]) -> Reader:
    """Any number of one type, or one of each of several."""
    if hints[-1] is Ellipsis:
        return _several(_reader(hints[0]))
    readers = [_reader(each) for each in hints]

    def read(data: Json) -> object:
        if not isinstance(data, list) or len(data) != len(readers):
            raise _wrong(data)
        return tuple(each(item) for each, item in zip(readers, data, strict=True))

    return read


def _several(read_one: Reader) -> Reader:
    def read(data: Json) -> object:
        if not isinstance(data, list):
            raise _wrong(data)
        found: list[object] = []
        try:
            found.extend(map(read_one, data))
        except _Misplaced as error:
            error.place.append(f"[{len(found)}]")
            raise
        return tuple(found)

    return read


def _object(kind: type) -> Reader:
    readers: dict[str, Reader] = {}

    def read(data: Json) -> object:
        if not isinstance(data, dict):
            raise _Misplaced("an object is expected")
        readers or readers.update({name: _reader(hint) for name, hint in get_type_hints(kind).items()})
        if unknown := sorted(data.keys() - readers.keys()):
            raise _Misplaced(f"unknown {', '.join(unknown)}")
        try:
            return kind(**{name: _member(readers[name], name, item) for name, item in data.items()})
        except TypeError as error:
            raise _Misplaced(str(error)) from error

    return read


def _member(read: Reader, name: str, item: Json) -> object:
    try:
        return read(item)
    except _Misplaced as error:
        error.place.append(f".{name}")
        raise
