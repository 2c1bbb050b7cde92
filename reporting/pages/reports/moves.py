"""A report's moves, each asked once on a page of its own: what it does, what it still lacks, what cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portfolio.api import moves, retries
from portfolio.api.moves import Move
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting.pages.remarks.view import LackingWordings
from reporting.pages.reports import view as reports
from reporting.reports import queries, turns
from reporting.reports.models import Report


@dataclass(frozen=True)
class MoveView:
    """Everything the page of a move says; `refused` is what stood in the way of the form that was sent."""

    move: Move
    row: reports.ReportRow
    key: str
    lacks: list[dict[str, Any]]
    unworded: tuple[LackingWordings, ...]
    decisions: tuple[Decision, ...]
    chosen: str
    refused: Refused | None

    @property
    def wants_decision(self) -> bool:
        return bool(self.move.authority)

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.refused.as_list() if self.refused else []


def offered(report: Report, by: Person) -> tuple[Move, ...]:
    """The moves that have a page and can be made now, for who may make them."""
    return tuple(each for each in moves.offered(report, by) if each.question)


def view(move: Move, pk: int, by: Person, *, chosen: str = "", refused: Refused | None = None) -> MoveView:
    """The page of a move, for who may make it.

    Raises Refused `not_found`, NotAllowed.
    """
    row = reports.row(pk, by)
    permissions.require(by, move.right)
    confirms = move.to == Report.State.CONFIRMED
    return MoveView(
        move=move,
        row=row,
        key=retries.new_key(),
        lacks=_lacks(row) if confirms else [],
        unworded=tuple(reports.unworded(row, by)) if confirms else (),
        decisions=tuple(decisions(move, row.report)),
        chosen=chosen,
        refused=refused,
    )


def _lacks(row: reports.ReportRow) -> list[dict[str, Any]]:
    """What the command would refuse the draft for, all at once."""
    lacks = queries.lacks_of_a_draft(row.report, row.snapshot, queries.told(row.snapshot))
    before = [each.lack for each in turns.before_a_draft(row.report)]
    return [lack.as_dict() for lack in (*lacks, *before)]


def decisions(move: Move, report: Report) -> QuerySet[Decision]:
    """The decisions that could record the move: made by then, of its bodies and kinds."""
    if not move.authority:
        return Decision.objects.none()
    bodies, kinds, _ = governance.authority_of(move.authority)
    fitting = Decision.objects.filter(body__kind__in=bodies, points__kind__in=kinds, outcome="made")
    after = fitting.filter(decided_on__gte=report.status_date)
    return after.select_related("body").distinct().order_by("-decided_on")[:30]
