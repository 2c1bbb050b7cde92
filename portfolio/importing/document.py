"""The import file as it is read: records by kind and key, each with its place, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from portfolio import typed, written
from portfolio.importing import declared

Record = dict[str, Any]

DEEPEST = 40


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it stands, which record, what was given, which rule, what would be accepted."""

    place: str
    key: str
    given: str
    code: str
    told: str = ""

    def __str__(self) -> str:
        """One line for a person."""
        record = f" ({self.key})" if self.key else ""
        line = f"{self.place}{record}: {self.given} – {self.code}{': ' + self.told if self.told else ''}"
        return " ".join(line.split())


@dataclass(frozen=True)
class Placed:
    """A record with its place in the file and the record it stands in."""

    kind: str
    place: str
    record: Record
    parent: Placed | None = None

    @property
    def key(self) -> str:
        return str(self.record.get("key", ""))

    @property
    def provenance(self) -> str:
        """Its own, or that of the record it stands in."""
        found = self.record.get("provenance")
        return str(found) if found else self.parent.provenance if self.parent else "taken_over"


@dataclass
class Document:
    """A whole file, its records found by kind and key."""

    data: Record
    leaving_out: frozenset[str] = frozenset()  # the places of records at the head of the file that don't fit the schema
    by_kind: dict[str, list[Placed]] = field(default_factory=dict)
    by_key: dict[tuple[str, str], Placed] = field(default_factory=dict)
    by_parent: dict[tuple[str, str], list[Placed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind in declared.kinds():
            for number, record in enumerate(self.data.get(kind) or ()):
                if f"/{kind}/{number}" not in self.leaving_out:
                    self._enter(Placed(kind, f"/{kind}/{number}", record))

    def _enter(self, placed: Placed) -> None:
        self.by_kind.setdefault(placed.kind, []).append(placed)
        self.by_key.setdefault((placed.kind, placed.key), placed)
        if placed.parent:
            self.by_parent.setdefault((placed.parent.place, placed.kind), []).append(placed)
        for name, kind in declared.INSIDE.get(placed.kind, ()):
            inside = placed.record.get(name)
            if isinstance(inside, dict):
                self._enter(Placed(kind, f"{placed.place}/{name}", inside, placed))
            for number, record in enumerate(inside if isinstance(inside, list) else ()):
                if isinstance(record, dict):
                    self._enter(Placed(kind, f"{placed.place}/{name}/{number}", record, placed))

    def of(self, kind: str) -> list[Placed]:
        """The records of a kind, in the order of the file."""
        return self.by_kind.get(kind, [])

    def find(self, kind: str, key: str | None) -> Placed | None:
        """A record by its key."""
        return self.by_key.get((kind, key)) if key else None

    def inside(self, placed: Placed, kind: str) -> list[Placed]:
        """The records of a kind that stand in a record."""
        return self.by_parent.get((placed.place, kind), [])

    def in_turn(self, kind: str, field: str, turn: Callable[[Placed], str]) -> list[Placed]:
        """The records of a kind by their turn, each after those its field names; what stands in circles is left out."""
        places = {placed.key: number for number, placed in enumerate(self.of(kind))}
        sorter = TopologicalSorter({placed.key: self._named(placed, kind, field) for placed in self.of(kind)})
        with suppress(CycleError):
            sorter.prepare()
        ready: list[tuple[str, int, str]] = []
        found = []
        while sorter.is_active():
            for key in sorter.get_ready():
                heappush(ready, (turn(self.by_key[kind, key]), places[key], key))
            _, _, key = heappop(ready)
            sorter.done(key)
            found.append(self.by_key[kind, key])
        return found

    def _named(self, placed: Placed, kind: str, field: str) -> set[str]:
        return {key for key in placed.record.get(field, ()) if self.find(kind, key)}

    def in_circles(self, kind: str, field: str) -> list[Placed]:
        """The records that no order can take in, since they wait for each other."""
        reached = {placed.key for placed in self.in_turn(kind, field, lambda placed: "")}
        return [placed for placed in self.of(kind) if placed.key not in reached]

    @property
    def heads(self) -> int:
        """How many records stand at the head of the file."""
        return sum(len(self.data.get(kind) or ()) for kind in declared.kinds())

    @property
    def source(self) -> str:
        return str(self.data["source"])


class Unreadable(Exception):
    """The file is no JSON, or names something twice in one object."""


def text_of(path: Path) -> str:
    """What stands in a file. Raises Unreadable."""
    try:
        return path.read_bytes().decode()
    except (ValueError, OSError) as error:
        raise Unreadable(str(error)) from error


def read(text: str) -> Record:
    """A file's JSON, its texts cleaned; a name that stands twice in one object is an error. Raises Unreadable."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(found, dict):
        raise Unreadable("the file holds no object")
    if _depth(found) > DEEPEST:
        raise Unreadable(f"lists and objects stand more than {DEEPEST} deep in each other")
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Unreadable("a text holds half a character") from error
    clean: Record = _clean(found)
    return clean


def _clean(part: Any) -> Any:
    """Texts as they are stored (see `typed`); a key is no text, it has its form or is refused."""
    if isinstance(part, dict):
        return {name: inner if name == "key" else _clean(inner) for name, inner in part.items()}
    return [_clean(inner) for inner in part] if isinstance(part, list) else typed.cleaned_all(part)


def _once(pairs: list[tuple[str, Any]]) -> Record:
    if twice := written.named_twice(pairs):
        raise ValueError(f"twice in one object: {', '.join(twice[:5])}")
    return dict(pairs)


def _depth(data: object) -> int:
    layer, depth = [data], 0
    while layer := [
        inner
        for part in layer
        for inner in (part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())
    ]:
        depth += 1
    return depth


def references(placed: Placed) -> Iterator[tuple[str, str, str]]:
    """Each reference of a record: the field, the kind it points to, the key it names."""
    for name, kind in declared.references(placed.kind).items():
        value = placed.record.get(name)
        for number, key in enumerate(value if isinstance(value, list) else [value] if value is not None else []):
            target = key.get("target") if isinstance(key, dict) else key
            target = key.get("partner") if isinstance(key, dict) and target is None else target
            if isinstance(target, str):
                yield (f"{name}/{number}" if isinstance(value, list) else name), kind, target
