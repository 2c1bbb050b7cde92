"""Checks a whole import file without a database: every fault is found, with its place, value and rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from portfolio import typed
from portfolio.importing import rules, shape
from portfolio.importing.declared import kinds
from portfolio.importing.document import Document, Fault, Record, references
from portfolio.languages import LANGUAGES


@dataclass(frozen=True)
class Setting:
    """What the file is held against: the installation's languages and time zone, and the city's day."""

    official_languages: tuple[str, ...]
    languages: tuple[str, ...]
    time_zone: str
    today: date
    zone_end: Callable[[date], datetime]


def check(data: Record, setting: Setting) -> list[Fault]:
    """All that is wrong with a file; rows that don't fit the schema are left out of the rules behind it."""
    faults = [*_unreadable(data), *_schema(data), *_first_language(data, setting.languages[0])]
    broken = frozenset(_row(fault.place) for fault in faults)
    if "" in broken:
        return faults
    document = Document(data, broken)
    faults += _city(data, setting)
    faults += _keys(document)
    faults += _references(document, set(_keys_in([_at(data, place) for place in broken])))
    for rule in rules.RULES:
        faults += rule(document, setting.today, setting.zone_end)
    return sorted(faults, key=_in_order)


def _first_language(data: Record, first: str) -> Iterator[Fault]:
    """Texts that are not written in the city's first language."""
    told = f"the city's first language, {first}, is required"
    for place, key, text in _texts(data, "", ""):
        if first not in text:
            yield Fault(f"{place}/{first}", key, _shown(text), "text.language_missing", told)


def _texts(part: object, place: str, key: str) -> Iterator[tuple[str, str, Record]]:
    """Each text of the file, with its place and the key of its record."""
    if isinstance(part, list):
        for number, each in enumerate(part):
            yield from _texts(each, f"{place}/{number}", key)
    if not isinstance(part, dict):
        return
    key = part["key"] if isinstance(part.get("key"), str) else key
    if part.keys() & {*LANGUAGES} and not part.keys() - {*LANGUAGES, "state"}:
        yield place, key, part
        return
    for name, each in part.items():
        if name not in ("text_states", "state"):
            yield from _texts(each, f"{place}/{name}", key)


def _in_order(fault: Fault) -> tuple[object, ...]:
    parts = fault.place.strip("/").split("/")
    kind = kinds().index(parts[0]) if parts[0] in kinds() else -1
    return (kind, [(int(part), "") if part.isdigit() else (-1, part) for part in parts[1:]], fault.code)


def _schema(data: Record) -> Iterator[Fault]:
    for path, given, code, told in shape.misfits(data):
        place = "/" + "/".join(str(step) for step in path)
        yield Fault(place, _key_at(data, path), _shown(given), code, told)


def _unreadable(part: object, place: str = "", key: str = "") -> Iterator[Fault]:
    """Texts with characters that stand for none that can be read."""
    if isinstance(part, str) and (lost := typed.refused(part)):
        yield Fault(place, key, json.dumps(part)[:80], "text.unreadable", lost)
    if isinstance(part, dict):
        key = part["key"] if isinstance(part.get("key"), str) else key
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, inner in inside:
        yield from _unreadable(inner, f"{place}/{name}", key)


def _key_at(data: object, path: list[object]) -> str:
    key = ""
    for step in path:
        data = data[step]  # type: ignore[index]
        if isinstance(data, dict) and isinstance(data.get("key"), str):
            key = data["key"]
    return key


def _shown(value: object) -> str:
    text = json.dumps(value if not isinstance(value, str) else value[:100], ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _row(place: str) -> str:
    """The record at the head of the file that a place lies in; empty for the file itself."""
    parts = place.strip("/").split("/")
    return "/" + "/".join(parts[:2]) if len(parts) >= 2 and parts[0] in kinds() else ""


def _at(data: Record, place: str) -> object:
    _, kind, number = place.split("/")
    return data[kind][int(number)]


def _keys_in(part: object) -> Iterator[str]:
    """The keys that records may have in a part of the file that doesn't fit the schema."""
    if isinstance(part, dict) and isinstance(part.get("key"), str):
        yield part["key"]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _keys_in(inner)


def _city(data: Record, setting: Setting) -> Iterator[Fault]:
    city = data.get("city") or {}
    wanted = {
        "official_languages": list(setting.official_languages),
        "service_languages": list(setting.languages),
        "time_zone": setting.time_zone,
    }
    for name, ours in wanted.items():
        given = city.get(name)
        same = sorted(given) == sorted(ours) if isinstance(given, list) else given == ours
        if not same:
            yield Fault(f"/city/{name}", "", _shown(given), "import.city", f"this installation has {_shown(ours)}")


def _keys(document: Document) -> Iterator[Fault]:
    for placed_of_kind in document.by_kind.values():
        seen: dict[str, str] = {}
        for placed in placed_of_kind:
            if placed.key in seen:
                yield Fault(
                    f"{placed.place}/key", placed.key, placed.key, "import.key_duplicate", f"also at {seen[placed.key]}"
                )
            seen.setdefault(placed.key, placed.place)


def _references(document: Document, broken: set[str]) -> Iterator[Fault]:
    """References to nothing; what names a record that is refused itself is not at fault."""
    known = {kind: {placed.key for placed in found} for kind, found in document.by_kind.items()}
    for found in document.by_kind.values():
        for placed in found:
            for name, kind, key in references(placed):
                if key not in known.get(kind, ()) and key not in broken:
                    yield Fault(
                        f"{placed.place}/{name}", placed.key, key, "import.reference_unknown", f"no such key in {kind}"
                    )
