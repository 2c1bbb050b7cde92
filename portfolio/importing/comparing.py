"""What a file says of the records that were here before it, held against them: nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from portfolio.importing.declared import references
from portfolio.importing.desk import Desk, Given, day, precision
from portfolio.importing.document import Placed
from portfolio.importing.since import shown
from portfolio.languages import LANGUAGES

# Links that a list of references became: the kind and its list → the relation and what it links to.
LINKS = {
    ("programmes", "sectors"): ("sectors", "body"),
    ("decisions", "continues"): ("continues", "earlier"),
    ("points", "programmes"): ("programme_links", "programme"),
    ("benefit_targets", "goals"): ("target_goals", "goal"),
    ("benefit_targets", "sdgs"): ("target_sdgs", "sdg"),
    ("joint_events", "groups"): ("participants", "group"),
    ("projects", "targets"): ("target_links", "target"),
    ("projects", "partners"): ("partner_links", "partner"),
    ("schedules", "programmes"): ("programmes", "programme"),
}
# Lists of what followed upon each other, of which only the last stands in the row: the list → property and column.
FOLLOWED = {
    ("milestones", "replans"): {"forecast_on": "forecast_on", "because": "replanned_because"},
    ("risks", "scores"): {"likelihood": "likelihood", "impact": "impact"},
    ("fundings", "uses"): {"used": "used", "used_on": "used_on"},
}
# What a later part of the same record has overtaken: the value first told need not be the one that stands.
OVERTAKEN = {"likelihood", "impact", "elected_seats", "official_seats", "deputies", "sized_by"}
STAYS = {"key", "sources", "source_note"}


def compare(desk: Desk) -> None:
    """Name what the file has otherwise and no taker has asked about: left where it was changed here, else frozen."""
    for kind, model in desk.kinds.items():
        there = desk.all_there(model)
        found = [(placed, there.get(desk.key(placed.key))) for placed in desk.document.of(kind)]
        known = [(placed, row) for placed, row in found if row is not None and not desk.is_new(row)]
        for name in sorted({name for placed, _ in known for name in placed.record if (kind, name) in LINKS}):
            models.prefetch_related_objects([row for _, row in known], LINKS[kind, name][0])
        for placed, row in known:
            if (placed.place, "") not in desk.told:
                _compare(desk, placed, row)


def _compare(desk: Desk, placed: Placed, row: Any) -> None:
    """Each property of the record that is a column of its row, a list of links or a list of what followed."""
    fields = {field.name: field for field in row._meta.concrete_fields}
    other: Given = {}
    for name, told in placed.record.items():
        if name in STAYS or told is None:
            continue
        if (placed.kind, name) in LINKS:
            _links(desk, placed, row, name)
        elif (placed.kind, name) in FOLLOWED:
            _followed(desk, placed, row, name)
        else:
            other |= {column: value for column, value in _columns(desk, placed, row, name) if column in fields}
    other = {column: value for column, value in other.items() if not desk.settled(placed, row, column, value)}
    ours = desk.ours(row, [*other])
    for column in sorted(ours):
        desk.leave(placed, column, getattr(row, column), other.pop(column))
    frozen = {name: value for name, value in other.items() if not (name in OVERTAKEN and _was(row, {name: value}))}
    if frozen:
        desk.freeze(placed, frozen, row)


def _columns(desk: Desk, placed: Placed, row: Any, name: str) -> Iterator[tuple[str, Any]]:
    """A property as the columns that hold it."""
    told = placed.record[name]
    if kind := references(placed.kind).get(name):
        if isinstance(told, str) and (found := desk.get(kind, told)) is not None:
            yield name, found
    elif (isinstance(told, dict) and "precision" in told) or name in ("effective_on", "starts_on"):
        yield from _dated(row, name, told) if placed.kind != "decisions" else ()  # those are asked about by their taker
    elif isinstance(told, dict) and told.keys() & {*LANGUAGES}:
        yield from ((column, words) for column, words in desk.texts(placed, name).items() if words)
    else:
        field = {field.name: field for field in row._meta.concrete_fields}.get(name)
        yield name, _read(field, told)


def _dated(row: Any, name: str, told: Any) -> Iterator[tuple[str, Any]]:
    """A day; where it stands with the words of its source, these too."""
    yield name, day(told)
    of = "starts" if name == "starts_on" else "date"
    if getattr(row, f"{of}_precision", "day") != "day":
        words = precision(told) or {"date_precision": "day"}
        yield from ((column.replace("date", of, 1), value) for column, value in words.items())


def _read(field: Any, told: Any) -> Any:
    try:
        return told if field is None or field.is_relation else field.to_python(told)
    except ValidationError:
        return told


def _links(desk: Desk, placed: Placed, row: Any, name: str) -> None:
    """What the list names and isn't linked is a fault; what is linked and not named stays, and is told."""
    relation, column = LINKS[placed.kind, name]
    kind = references(placed.kind)[name]
    named = [_named(link) for link in placed.record[name]]
    told = {found.pk: key for key in named if (found := desk.get(kind, key)) is not None}
    here = {getattr(link, f"{column}_id"): link for link in getattr(row, relation).all()}
    lacking = [key for pk, key in told.items() if pk not in here]
    if lacking and (placed.place, name) not in desk.told and not desk.refused(placed):
        desk.freeze(placed, {name: ", ".join(lacking)})
    for pk, link in here.items():
        if pk not in told and getattr(link, "ended_on", None) is None:
            desk.stay(placed, name, getattr(link, column), ", ".join(named) or "none")


def _named(link: Any) -> str:
    return str(link.get("target") or link.get("partner")) if isinstance(link, dict) else str(link)


def _followed(desk: Desk, placed: Placed, row: Any, name: str) -> None:
    """Each entry of the list has stood in the row once, unless somebody here has gone another way since."""
    columns = FOLLOWED[placed.kind, name]
    if desk.ours(row, [*columns.values()]):
        return
    fields = {field.name: field for field in row._meta.concrete_fields}
    for number, entry in enumerate(placed.record[name]):
        state = {column: fields[column].to_python(entry[told]) for told, column in columns.items() if told in entry}
        if not _was(row, state):
            desk.freeze(placed, {f"{name}/{number}": ", ".join(shown(value) for value in state.values())})


def _was(row: Any, state: Given) -> bool:
    """Whether the row has ever stood so."""
    if all(getattr(row, column) == value for column, value in state.items()):
        return True
    return bool(row.history.filter(**state).exists()) if hasattr(row, "history") else False
