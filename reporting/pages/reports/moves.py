"""A report's moves, each asked once on a page of its own: what it does, what it still lacks, what cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from portfolio.api import retries
from portfolio.decisions.models import Decision
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting.pages.remarks.view import Lacking
from reporting.pages.reports import view as reports
from reporting.reports import queries, turns
from reporting.reports.models import Report


class Move(NamedTuple):
    """From which states, by whom, and with whose decision of what kind, if with any."""

    states: tuple[str, ...]
    verb: str
    body: str = ""
    kind: str = ""


MOVES = {
    "confirm": Move(("draft",), reports.GATES["confirmed"]),
    "send": Move(("confirmed",), reports.GATES["sent"]),
    "propose": Move(("confirmed", "sent"), reports.GATES["proposed"], "board", "propose"),
    "note": Move(("sent",), reports.GATES["noted"], "council", "note"),
}


@dataclass(frozen=True)
class MoveView:
    """Everything the page of a move says; `refused` is what stood in the way of the form that was sent."""

    move: str
    row: reports.ReportRow
    key: str
    lacks: list[dict[str, Any]]
    unworded: tuple[Lacking, ...]
    decisions: tuple[Decision, ...]
    chosen: str
    refused: Refused | None

    @property
    def wants_decision(self) -> bool:
        return bool(MOVES[self.move].kind)

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.refused.as_list() if self.refused else []


def offered(report: Report, by: Person) -> tuple[str, ...]:
    """The moves that can be made now, for who may make them."""
    return tuple(move for move in MOVES if fits(move, report) and permissions.may(by, MOVES[move].verb))


def fits(move: str, report: Report) -> bool:
    """Whether the report has come to where the move starts, and has not made it."""
    return report.state in MOVES[move].states and not (move == "propose" and report.proposed_by_id)


def view(move: str, pk: int, by: Person, *, chosen: str = "", refused: Refused | None = None) -> MoveView:
    """The page of a move, for who may make it.

    Raises Refused `not_found`, NotAllowed.
    """
    row = reports.row(pk, by)
    permissions.require(by, MOVES[move].verb)
    return MoveView(
        move=move,
        row=row,
        key=retries.new_key(),
        lacks=_lacks(row) if move == "confirm" else [],
        unworded=tuple(reports.unworded(row, by)) if move == "confirm" else (),
        decisions=tuple(decisions(move, row.report)),
        chosen=chosen,
        refused=refused,
    )


def _lacks(row: reports.ReportRow) -> list[dict[str, Any]]:
    """What the command would refuse the draft for, all at once."""
    lacks = queries.lacks_of_a_draft(row.report, row.snapshot, queries.told(row.snapshot))
    before = [each.lack for each in turns.before_a_draft(row.report)]
    return [lack.as_dict() for lack in (*lacks, *before)]


def decisions(move: str, report: Report) -> QuerySet[Decision]:
    """The decisions that could record the move: made by then, of its body and kind."""
    wanted = MOVES[move]
    if not wanted.kind:
        return Decision.objects.none()
    fitting = Decision.objects.filter(body__kind=wanted.body, points__kind=wanted.kind, outcome="made")
    after = fitting.filter(decided_on__gte=report.status_date)
    return after.select_related("body").distinct().order_by("-decided_on")[:30]
