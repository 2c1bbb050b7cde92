"""What a line of the portfolio tells of a programme, read no wider than that: projects, money, risks, seats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce

from portfolio import history
from portfolio.decisions.models import Decision, DecisionPoint, PointProgramme
from portfolio.steering.models import Seat, SteeringGroup, Tenure
from projects.money.models import Funding
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project, ProjectMove
from reporting.snapshot.projects import set_up_by

PROJECTS = """
    SELECT project.id, project.programme_id, coalesce(now.state, 'planned'), now.state IS NOT NULL,
        later.project_id IS NOT NULL, project.starts_on, ahead.id, ahead.planned_on, ahead.forecast_on, told.status_on
    FROM project
    LEFT JOIN now ON now.project_id = project.id
    LEFT JOIN later ON later.project_id = project.id
    LEFT JOIN ahead ON ahead.project_id = project.id
    LEFT JOIN told ON told.project_id = project.id
    ORDER BY project.programme_id, project.code, project.id
"""
SEATS = """
    SELECT sized.programme_id, sized.elected_seats, sized.official_seats, count(DISTINCT seat.id)
    FROM sized
    LEFT JOIN (seat JOIN tenure ON tenure.seat_id = seat.id) ON seat.group_id = sized.id
    GROUP BY sized.programme_id, sized.elected_seats, sized.official_seats
"""
ELECTED = """
    SELECT point.decision_id, link.programme_id FROM point JOIN made ON made.id = point.decision_id
    LEFT JOIN link ON link.point_id = point.id
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


class MoneyLine(NamedTuple):
    """A source of a programme's money in a year."""

    id: int
    programme_id: int
    source: str
    budget: Decimal
    granted: Decimal | None
    used: Decimal | None
    used_on: date | None


class RiskLine(NamedTuple):
    """An open risk."""

    id: int
    programme_id: int
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
    rows = history.joined(PROJECTS, _project_parts(cut, on, programme_id))
    return [
        ProjectLine(pk, programme, state, *rest)
        for pk, programme, state, moved, later, starts_on, *rest in rows
        if set_up_by(on, moved=moved, moves_later=later, starts_on=starts_on)
    ]


def _project_parts(cut: int | None, on: date, programme_id: int | None) -> dict[str, QuerySet[Model]]:
    found, moves = _of(Project, cut, programme_id), history.known(ProjectMove, cut)
    expected = Coalesce("forecast_on", "planned_on")
    ahead = history.known(Milestone, cut).filter(Q(reached_on__isnull=True) | Q(reached_on__gt=on))
    told = history.known(StatusReport, cut).filter(submitted_on__isnull=False, status_on__lte=on)
    return {
        "project": found.values_list("id", "programme_id", "code", "starts_on"),
        "now": _newest(moves.filter(effective_on__lte=on), "-effective_on", "-place").values_list(
            "project_id", "state"
        ),
        "later": moves.filter(effective_on__gt=on).distinct("project_id").values_list("project_id"),
        "ahead": _newest(ahead, expected, "id").values_list("project_id", "id", "planned_on", "forecast_on"),
        "told": _newest(told, "-status_on", "-id").values_list("project_id", "status_on"),
    }


def _newest(found: QuerySet[Model], *order: str | Coalesce) -> QuerySet[Model]:
    """Of each project one row, the first in an order."""
    return found.order_by("project_id", *order).distinct("project_id")


def money(cut: int | None, year: int, *, programme_id: int | None = None) -> list[MoneyLine]:
    """The sources of a year: one statement."""
    found = _of(Funding, cut, programme_id).filter(year=year)
    return [MoneyLine(*row) for row in found.values_list(*MoneyLine._fields)]


def risks(cut: int | None, on: date, *, programme_id: int | None = None) -> list[RiskLine]:
    """The risks that were open on a day, the highest first: one statement."""
    found = _of(Risk, cut, programme_id).filter(identified_on__lte=on)
    still = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    ordered = still.order_by(-F("likelihood") * F("impact"), "id")
    return [RiskLine(*row) for row in ordered.values_list(*RiskLine._fields)]


def seats(cut: int | None, on: date) -> dict[int, SeatsLine]:
    """By programme the seats of its group, those with the right to attend left out: one statement."""
    lasting = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    decided = history.known(Seat, cut).filter(lasting).exclude(kind="attending")
    held = history.known(Tenure, cut).filter(lasting, capacity="member")
    parts = {
        "sized": history.known(SteeringGroup, cut).values_list("id", "programme_id", "elected_seats", "official_seats"),
        "seat": decided.values_list("id", "group_id"),
        "tenure": held.values_list("seat_id"),
    }
    return {programme: SeatsLine(*told) for programme, *told in history.joined(SEATS, parts)}


def elections(cut: int | None, on: date) -> dict[int, set[int]]:
    """By decision that elected somebody and had been made by a day the programmes that it names: one statement."""
    day = Coalesce("decided_on", "latest_on")
    made = history.known(Decision, cut).exclude(outcome="planned").annotate(day=day)
    parts = {
        "made": made.filter(Q(day__isnull=True) | Q(day__lte=on)).values_list("id"),
        "point": history.known(DecisionPoint, cut).filter(kind="elect").values_list("id", "decision_id"),
        "link": history.known(PointProgramme, cut).values_list("point_id", "programme_id"),
    }
    found: dict[int, set[int]] = {}
    for decision, programme in history.joined(ELECTED, parts):
        found.setdefault(decision, set()).update({programme} - {None})
    return found


def _of(kind: type[Model], cut: int | None, programme_id: int | None) -> QuerySet[Model]:
    found: QuerySet[Model] = history.known(kind, cut)
    return found if programme_id is None else found.filter(programme_id=programme_id)
