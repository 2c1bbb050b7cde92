"""Worlds no wider than what is looked at: one programme's own rows and what they name, or what a list of all needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.apps import apps

from portfolio import belonging
from portfolio.benefits.measuring.models import Measurement
from portfolio.decisions.models import Decision, DecisionPoint, PointProgramme
from portfolio.history.tables import Only, Rows, tables
from portfolio.people.models import RoleAssignment
from portfolio.programmes.models import PhaseMove, Programme
from portfolio.strategy.models import CouncilTerm
from reporting.schedule.models import ReportSchedule, ScheduledProgramme
from reporting.snapshot import kinds
from reporting.snapshot.kinds import MODELS, NAMED, OWN, SHARED, Table
from reporting.snapshot.world import World, first_recordings, restatements

EVER = date(1, 1, 1)

# What a programme's page says beyond a report: who is responsible, and when the city reports.
BELONGING: dict[Table, str] = {**kinds.BELONGING, **kinds.LINKED, RoleAssignment: "programme_id"}
REPORTED: tuple[Table, ...] = (ReportSchedule, ScheduledProgramme, apps.get_model("reporting.Report"))


def of_programme(pk: int, cut: int, on: date) -> World:
    """All that is told of a programme, and when the city reports: four statements at any size."""
    rows = _own(pk, cut, BELONGING, (*SHARED, *REPORTED))
    only = {kind: Only("id", ids) for kind, ids in _named(rows).items()}
    for kind, found in tables(cut, *NAMED, only=only).items():
        rows[kind] = rows.get(kind, []) + found
    return _world(cut, on, rows, corrected=True)


def heads(cut: int, on: date, pk: int | None = None) -> World:
    """Names, terms and phases of a programme or of all: one statement."""
    only: dict[Table, Only] = {Programme: Only("id", [pk]), PhaseMove: Only("programme_id", Programme)}
    return _world(cut, on, tables(cut, CouncilTerm, Programme, PhaseMove, only={} if pk is None else only))


def named(cut: int, on: date, only: Mapping[Table, Only], *whole: Table, beside: Rows | None = None) -> World:
    """A few rows in full, for the words and figures of what has been found already: two statements."""
    return _world(cut, on, Rows((beside or Rows()) | tables(cut, *only, *whole, only=only)))


def _own(pk: int, cut: int, kinds: Iterable[Table], shared: Iterable[Table]) -> Rows:
    only = {kind: Only(BELONGING[kind], _owner(kind)) for kind in kinds}
    return tables(cut, Programme, *only, *shared, only={Programme: Only("id", [pk])} | only)


def _owner(kind: Table) -> Table:
    return belonging.owner(kind) if kind in OWN else Programme


def _named(rows: Rows) -> dict[Table, set[int]]:
    """The ids that the programme's rows name and that have not been read with them."""
    found: dict[Table, set[int]] = {kind: set() for kind in NAMED}
    points = {link.point_id for link in rows[PointProgramme]}
    found[Decision] |= {point.decision_id for point in rows[DecisionPoint] if point.id in points}
    own: list[Table] = [Programme, *BELONGING]
    for kind in own:
        for column in kind._meta.concrete_fields:
            if column.related_model in found:
                found[column.related_model] |= {getattr(row, column.attname) for row in rows[kind]}
    return {kind: ids - {None, *(row.id for row in rows.get(kind, []))} for kind, ids in found.items()}


def _world(cut: int, on: date, rows: Rows, *, corrected: bool = False) -> World:
    measured = [row.id for row in rows.get(Measurement, [])]
    states = restatements(cut, measured) if corrected else {}
    firsts = first_recordings(cut, (Measurement,), measured) if corrected or measured else {}
    empty = Rows((kind, []) for kind in MODELS)
    return World(cut, on, EVER, Rows(empty | rows), firsts, states)
