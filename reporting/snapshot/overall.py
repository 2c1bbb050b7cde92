"""What a line of the portfolio tells of a programme, read no wider than that: projects, money, risks, seats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Model, Q, QuerySet

from portfolio import history
from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.decisions.models import Decision, DecisionPoint, PointProgramme
from portfolio.people.models import Person, RoleAssignment
from portfolio.programmes.models import PhaseMove, Plan, PlanVersion, Programme
from portfolio.steering.models import Chairship, Seat, SteeringGroup, Tenure
from projects.money.models import Funding
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project, ProjectMove
from reporting.snapshot.projects import set_up_by

PROJECTS = """
    SELECT project.id, project.programme_id, coalesce(now.state, 'planned'), now.state IS NOT NULL,
        later.project_id IS NOT NULL, project.starts_on, ahead.id, ahead.planned_on, ahead.forecast_on, told.status_on,
        told.standing, project.code
    FROM project
    LEFT JOIN (
        SELECT DISTINCT ON (project_id) project_id, state FROM move WHERE effective_on <= %s
        ORDER BY project_id, effective_on DESC, place DESC
    ) AS now ON now.project_id = project.id
    LEFT JOIN (SELECT DISTINCT project_id FROM move WHERE effective_on > %s) AS later ON later.project_id = project.id
    LEFT JOIN (
        SELECT DISTINCT ON (project_id) project_id, id, planned_on, forecast_on FROM milestone
        WHERE reached_on IS NULL OR reached_on > %s ORDER BY project_id, coalesce(forecast_on, planned_on), id
    ) AS ahead ON ahead.project_id = project.id
    LEFT JOIN (
        SELECT DISTINCT ON (project_id) project_id, status_on, standing FROM report
        WHERE submitted_on IS NOT NULL AND status_on <= %s ORDER BY project_id, status_on DESC, id DESC
    ) AS told ON told.project_id = project.id
    WHERE project.programme_id = %s OR %s
    ORDER BY project.programme_id, project.code, project.id
"""
SEATS = """
    SELECT sized.programme_id, sized.elected_seats, sized.official_seats, count(DISTINCT seat.id)
    FROM sized
    LEFT JOIN (
        seat JOIN tenure ON tenure.seat_id = seat.id AND tenure.capacity = 'member'
            AND tenure.starts_on <= %s AND (tenure.ends_on IS NULL OR tenure.ends_on >= %s)
    ) ON seat.group_id = sized.id AND seat.kind <> 'attending'
        AND seat.starts_on <= %s AND (seat.ends_on IS NULL OR seat.ends_on >= %s)
    WHERE sized.programme_id = %s OR %s
    GROUP BY sized.programme_id, sized.elected_seats, sized.official_seats
"""
ELECTED = """
    SELECT point.decision_id, link.programme_id FROM point JOIN made ON made.id = point.decision_id
    LEFT JOIN link ON link.point_id = point.id
    WHERE point.kind = 'elect' AND made.outcome <> 'planned'
        AND coalesce(made.decided_on, made.latest_on, '-infinity') <= %s
"""
NAMED = """
    , programme AS (SELECT * FROM known WHERE id = %s), target AS (SELECT * FROM any_target WHERE programme_id = %s),
    sized AS (SELECT * FROM any_group WHERE programme_id = %s)
    SELECT set_by_id FROM programme UNION SELECT closed_by_id FROM programme
    UNION SELECT move.decision_id FROM move JOIN programme ON programme.id = move.programme_id
    UNION SELECT point.decision_id FROM point JOIN link ON link.point_id = point.id
        JOIN programme ON programme.id = link.programme_id
    UNION SELECT proposed_by_id FROM target UNION SELECT ended_by_id FROM target
    UNION SELECT version.approved_by_id FROM version JOIN target ON target.id = version.target_id
    UNION SELECT edition.approved_by_id FROM edition JOIN plan ON plan.id = edition.plan_id
        JOIN programme ON programme.id = plan.programme_id
    UNION SELECT sized_by_id FROM sized
    UNION SELECT tenure.appointed_by_id FROM tenure JOIN sized ON sized.id = tenure.group_id
    UNION SELECT chair.named_by_id FROM chair JOIN sized ON sized.id = chair.group_id
"""


class ProjectLine(NamedTuple):
    """A project that had been set up by a day: its state then, its next milestone, the newest status told of it."""

    id: int
    programme_id: int
    state: str
    milestone_id: int | None
    planned_on: date | None
    forecast_on: date | None
    told_on: date | None
    told: str
    code: str


class MoneyLine(NamedTuple):
    """A source of a programme's money in a year."""

    id: int
    programme_id: int
    project_id: int | None
    year: int
    source: str
    budget: Decimal
    granted: Decimal | None
    used: Decimal | None
    used_on: date | None


class RiskLine(NamedTuple):
    """An open risk."""

    id: int
    programme_id: int
    project_id: int | None
    owner_id: int | None
    likelihood: int
    impact: int
    mitigate_by: date | None


class SeatsLine(NamedTuple):
    """The decided seats of a programme's group, and how many of them somebody holds."""

    elected: int
    official: int
    held: int

    @property
    def vacant(self) -> int:
        """Decided seats that nobody holds."""
        return max(self.elected + self.official - self.held, 0)


def projects(cut: int | None, on: date, *, programme_id: int | None = None) -> list[ProjectLine]:
    """The projects that had been set up by a day, by programme and code: one statement."""
    parts = {
        "project": history.part(Project, cut, "id", "programme_id", "code", "starts_on"),
        "move": history.part(ProjectMove, cut, "project_id", "state", "effective_on", "place"),
        "milestone": history.part(Milestone, cut, "id", "project_id", "planned_on", "forecast_on", "reached_on"),
        "report": history.part(StatusReport, cut, "id", "project_id", "status_on", "standing", "submitted_on"),
    }
    rows = history.joined(PROJECTS, parts, on, on, on, on, programme_id, programme_id is None)
    return [
        ProjectLine(pk, programme, state, *rest)
        for pk, programme, state, moved, later, starts_on, *rest in rows
        if set_up_by(on, moved=moved, moves_later=later, starts_on=starts_on)
    ]


def money(cut: int | None, on: date, *, programme_id: int | None = None) -> list[MoneyLine]:
    """The sources of the year of a day, of one programme also those of the years before: one statement."""
    found = _of(Funding, cut, programme_id).order_by("year", "source", "id")
    told = found.filter(year=on.year) if programme_id is None else found.filter(year__lte=on.year)
    return [MoneyLine(*row) for row in told.values_list(*MoneyLine._fields)]


def risks(cut: int | None, on: date, *, programme_id: int | None = None) -> list[RiskLine]:
    """The risks that were open on a day, the highest first: one statement."""
    found = _of(Risk, cut, programme_id).filter(identified_on__lte=on)
    still = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    ordered = still.order_by(-F("likelihood") * F("impact"), "id")
    return [RiskLine(*row) for row in ordered.values_list(*RiskLine._fields)]


def seats(cut: int | None, on: date, *, programme_id: int | None = None) -> dict[int, SeatsLine]:
    """By programme the seats of its group, those with the right to attend left out: one statement."""
    parts = {
        "sized": history.part(SteeringGroup, cut, "id", "programme_id", "elected_seats", "official_seats"),
        "seat": history.part(Seat, cut, "id", "group_id", "kind", "starts_on", "ends_on"),
        "tenure": history.part(Tenure, cut, "seat_id", "capacity", "starts_on", "ends_on"),
    }
    rows = history.joined(SEATS, parts, on, on, on, on, programme_id, programme_id is None)
    return {programme: SeatsLine(*told) for programme, *told in rows}


def elections(cut: int | None, on: date) -> dict[int, set[int]]:
    """By decision that elected somebody and had been made by a day the programmes that it names: one statement."""
    parts = {
        "made": history.part(Decision, cut, "id", "outcome", "decided_on", "latest_on"),
        "point": history.part(DecisionPoint, cut, "id", "decision_id", "kind"),
        "link": history.part(PointProgramme, cut, "point_id", "programme_id"),
    }
    found: dict[int, set[int]] = {}
    for decision, programme in history.joined(ELECTED, parts, on):
        found.setdefault(decision, set()).update({programme} - {None})
    return found


def decisions(cut: int | None, programme_id: int) -> set[int]:
    """The ids of the decisions that made a programme what it is, or are to: one statement."""
    parts = {
        "known": history.part(Programme, cut, "id", "set_by_id", "closed_by_id"),
        "move": history.part(PhaseMove, cut, "programme_id", "decision_id"),
        "point": history.part(DecisionPoint, cut, "id", "decision_id"),
        "link": history.part(PointProgramme, cut, "point_id", "programme_id"),
        "any_target": history.part(BenefitTarget, cut, "id", "programme_id", "proposed_by_id", "ended_by_id"),
        "version": history.part(TargetVersion, cut, "target_id", "approved_by_id"),
        "plan": history.part(Plan, cut, "id", "programme_id"),
        "edition": history.part(PlanVersion, cut, "plan_id", "approved_by_id"),
        "any_group": history.part(SteeringGroup, cut, "id", "programme_id", "sized_by_id"),
        "tenure": history.part(Tenure, cut, "group_id", "appointed_by_id"),
        "chair": history.part(Chairship, cut, "group_id", "named_by_id"),
    }
    return {pk for (pk,) in history.joined(NAMED, parts, *[programme_id] * 3) if pk is not None}


def proposals(cut: int | None, programme_id: int) -> list[int]:
    """The ids of the decisions by which targets of a programme were proposed: one statement."""
    found = _of(BenefitTarget, cut, programme_id).filter(proposed_by_id__isnull=False)
    return list(found.values_list("proposed_by_id", flat=True).distinct())


def managers(cut: int | None, on: date, programme_id: int) -> list[tuple[str, date]]:
    """Who manages a programme on a day, by the names of then: one statement."""
    roles = history.known(RoleAssignment, cut).filter(_lasting(on), programme_id=programme_id, role="programme_manager")
    parts = {
        "held": roles.values_list("id", "person_id", "starts_on"),
        "person": history.known(Person, cut).values_list("id", "name"),
    }
    told = "SELECT name, starts_on FROM held JOIN person ON person.id = person_id ORDER BY starts_on, held.id"
    return [(name, since) for name, since in history.joined(told, parts)]


def _of(kind: type[Model], cut: int | None, programme_id: int | None) -> QuerySet[Model]:
    found: QuerySet[Model] = history.known(kind, cut)
    return found if programme_id is None else found.filter(programme_id=programme_id)


def _lasting(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
