"""Worlds no wider than what is looked at: one programme's own rows and what they name, or what a list of all needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.db.models import Q

from portfolio import belonging, history
from portfolio.approvals import APPROVED
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, PathPoint, TargetVersion
from portfolio.benefits.standing import Kind
from portfolio.decisions.models import Body, Decision, DecisionPoint, PointProgramme
from portfolio.history.tables import Only, Rows, tables
from portfolio.people.models import Person, RoleAssignment
from portfolio.programmes.models import PhaseMove, Programme
from portfolio.steering.models import Seat, SteeringGroup, Tenure
from portfolio.strategy.models import CouncilTerm
from projects.register.models import Project, ProjectMove
from reporting.schedule.models import ReportSchedule, ScheduledProgramme
from reporting.snapshot import kinds
from reporting.snapshot.kinds import MODELS, NAMED, OWN, SHARED, Table
from reporting.snapshot.world import World, first_recordings, restatements

EVER = date(1, 1, 1)

# What a programme's page says beyond a report: who is responsible, and when the city reports.
BELONGING: dict[Table, str] = {**kinds.BELONGING, **kinds.LINKED, RoleAssignment: "programme_id"}
REPORTED: tuple[Table, ...] = (ReportSchedule, ScheduledProgramme, apps.get_model("reporting.Report"))

STANDING: tuple[Table, ...] = (PhaseMove, BenefitTarget, TargetVersion, Indicator, IndicatorPlan, PathPoint)
LISTED: tuple[Table, ...] = (
    CouncilTerm, Programme, *STANDING, SteeringGroup, Seat, Tenure, Person, Project, ProjectMove,
    Decision, DecisionPoint, PointProgramme, Body,
)  # fmt: skip


def of_programme(pk: int, cut: int, on: date) -> World:
    """All that is told of a programme, and when the city reports: four statements at any size."""
    rows = _own(pk, cut, BELONGING, (*SHARED, *REPORTED))
    only = {kind: Only("id", ids) for kind, ids in _named(rows).items()}
    for kind, found in tables(cut, *NAMED, only=only).items():
        rows[kind] = rows.get(kind, []) + found
    return _world(cut, on, rows, corrected=True)


def head_of_programme(pk: int, cut: int, on: date) -> World:
    """A programme's name, phase and standing: two statements at any size."""
    return _world(cut, on, _own(pk, cut, (*STANDING, Measurement), (CouncilTerm,)))


def of_all(cut: int, on: date) -> World:
    """All programmes with their standing, the seats of their groups and the states of their projects: three statements.

    Of the measurements only those that a standing rests on.
    """
    rows = tables(cut, *LISTED)
    averages = [row.id for row in rows[Indicator] if row.kind == Kind.AVERAGE]
    rows[Measurement] = _weighing(cut, on, averages)
    return _world(cut, on, rows)


def _weighing(cut: int, on: date, averages: list[int]) -> list[Measurement]:
    """Of each indicator the newest approved value, of an average all of them."""
    approved = history.rows(Measurement, cut).filter(APPROVED, measured_on__lte=on)
    newest = approved.order_by("indicator_id", "-measured_on").distinct("indicator_id")
    return list(approved.filter(Q(history_id__in=newest.values("history_id")) | Q(indicator_id__in=averages)))


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
    measured = [row.id for row in rows[Measurement]]
    states = restatements(cut, measured) if corrected else {}
    empty = Rows((kind, []) for kind in MODELS)
    return World(cut, on, EVER, Rows(empty | rows), first_recordings(cut, (Measurement,), measured), states)
