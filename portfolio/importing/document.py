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

Record = dict[str, Any]

# Lists at the head of the file, and the lists of keyed records inside their records: kind → (list, kind inside).
INSIDE: dict[str, tuple[tuple[str, str], ...]] = {
    "people": (("roles", "roles"),),
    "decisions": (
        ("points", "points"), ("preparers", "preparers"), ("annexes", "annexes"), ("recipients", "recipients"),
        ("amendments", "amendments"), ("wishes", "wishes"), ("minutes_versions", "minutes_versions"),
    ),
    "strategies": (("focus_areas", "focus_areas"),),
    "focus_areas": (("goals", "goals"),),
    "goals": (("actions", "council_actions"),),
    "programmes": (("phases", "phases"), ("plan", "plan_versions")),
    "steering_groups": (("seats", "seats"), ("resizings", "resizings")),
    "benefit_targets": (("versions", "target_versions"), ("indicators", "indicators")),
    "target_versions": (("plans", "indicator_plans"),),
    "indicator_plans": (("path", "path_points"),),
    "projects": (("moves", "project_moves"), ("pilot", "pilots")),
    "schedules": (("entries", "schedule_entries"),),
}  # fmt: skip
KINDS = (
    "council_terms", "sdgs", "bodies", "people", "decisions", "strategies", "programmes", "steering_groups", "tenures",
    "chairships", "quota_checks", "joint_events", "benefit_targets", "measurements", "partners", "projects",
    "milestones", "risks", "status_reports", "programme_updates", "fundings", "schedules", "documents",
)  # fmt: skip
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
        for kind in KINDS:
            for number, record in enumerate(self.data.get(kind) or ()):
                if f"/{kind}/{number}" not in self.leaving_out:
                    self._enter(Placed(kind, f"/{kind}/{number}", record))

    def _enter(self, placed: Placed) -> None:
        self.by_kind.setdefault(placed.kind, []).append(placed)
        self.by_key.setdefault((placed.kind, placed.key), placed)
        if placed.parent:
            self.by_parent.setdefault((placed.parent.place, placed.kind), []).append(placed)
        for name, kind in INSIDE.get(placed.kind, ()):
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
    def source(self) -> str:
        return str(self.data["source"])


class Unreadable(Exception):
    """The file is no JSON, or names something twice in one object."""


def read(path: Path) -> Record:
    """The file's JSON, its texts cleaned; a name that stands twice in one object is an error."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (ValueError, OSError, RecursionError) as error:
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
    for name, kind in REFERENCES.get(placed.kind, {}).items():
        value = placed.record.get(name)
        for number, key in enumerate(value if isinstance(value, list) else [value] if value is not None else []):
            target = key.get("target") if isinstance(key, dict) else key
            target = key.get("partner") if isinstance(key, dict) and target is None else target
            if isinstance(target, str):
                yield (f"{name}/{number}" if isinstance(value, list) else name), kind, target


REFERENCES: dict[str, dict[str, str]] = {
    "roles": {"programme": "programmes", "project": "projects", "unit": "bodies"},
    "decisions": {"body": "bodies", "continues": "decisions"},
    "points": {"programmes": "programmes"},
    "wishes": {"programme": "programmes", "owner": "people"},
    "strategies": {"council_term": "council_terms", "adopted_by": "decisions"},
    "programmes": {
        "council_term": "council_terms", "set_by": "decisions", "closed_by": "decisions", "sectors": "bodies",
    },
    "phases": {"decision": "decisions"},
    "plan_versions": {"approved_by": "decisions"},
    "steering_groups": {"programme": "programmes", "sized_by": "decisions"},
    "tenures": {"seat": "seats", "person": "people", "appointed_by": "decisions", "ended_by": "decisions"},
    "resizings": {"sized_by": "decisions"},
    "chairships": {
        "group": "steering_groups", "person": "people", "named_by": "decisions", "ended_by": "decisions",
    },
    "quota_checks": {"group": "steering_groups", "checked_by": "people"},
    "joint_events": {"groups": "steering_groups"},
    "benefit_targets": {
        "programme": "programmes", "goals": "goals", "sdgs": "sdgs", "proposed_by": "decisions",
        "approved_by": "decisions", "ended_by": "decisions", "replaced_by": "benefit_targets",
    },
    "target_versions": {"owner": "people", "owner_unit": "bodies", "approved_by": "decisions"},
    "indicators": {"owner": "people", "successor": "people"},
    "indicator_plans": {"indicator": "indicators"},
    "measurements": {"indicator": "indicators", "approved_by": "people"},
    "projects": {
        "programme": "programmes", "unit": "bodies", "manager": "people", "targets": "benefit_targets",
        "partners": "partners", "continues_in": "bodies",
    },
    "pilots": {"decision": "decisions", "adopted_unit": "bodies", "adopted_partner": "partners"},
    "milestones": {"project": "projects"},
    "risks": {"programme": "programmes", "project": "projects", "owner": "people"},
    "status_reports": {"project": "projects", "submitted_by": "people"},
    "programme_updates": {"programme": "programmes"},
    "fundings": {"programme": "programmes", "project": "projects"},
    "schedules": {"council_term": "council_terms", "programmes": "programmes", "decision": "decisions"},
}  # fmt: skip
