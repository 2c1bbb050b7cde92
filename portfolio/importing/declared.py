"""What `schema.json` declares beside the shape of records: the lists of a file, and whither references point."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.json")
# Lists of keyed records inside records: the kind of these → (list, kind inside).
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


@cache
def schema() -> dict[str, Any]:
    """The schema as it stands in its file."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return found


@cache
def kinds() -> tuple[str, ...]:
    """The lists at the head of a file, in the schema's order."""
    return tuple(name for name, part in schema()["properties"].items() if part.get("type") == "array")


@cache
def references(kind: str) -> Mapping[str, str]:
    """The properties of a kind that name records by their keys, each with the kind that it names: its `of`."""
    own = schema()["$defs"][_definitions()[kind]]["properties"]
    return {name: part["of"] for name, part in own.items() if "of" in part}


@cache
def _definitions() -> Mapping[str, str]:
    """By kind, the name of the definition of its records."""
    found = {kind: _named(schema()["properties"][kind]) for kind in kinds()}
    waiting = list(found)
    while waiting:
        whole = waiting.pop()
        for name, kind in INSIDE.get(whole, ()):
            found[kind] = _named(schema()["$defs"][found[whole]]["properties"][name])
            waiting.append(kind)
    return found


def _named(part: Mapping[str, Any]) -> str:
    """The definition that a property refers to, by itself or for each of its items."""
    return str(part.get("items", part)["$ref"]).removeprefix("#/$defs/")
