"""What may follow for a report."""

from __future__ import annotations

from portfolio.refusals import Refused
from reporting.reports.models import Report

State = Report.State

NEXT = Report.next_states  # the database holds it too
FINAL = (State.CONFIRMED, State.SENT, State.NOTED)
PROPOSED_FROM = (State.CONFIRMED, State.SENT)  # the board's proposal is no state of the report


def require_move(report: Report, to: str) -> None:
    """Refuse what can't follow from the present state (INV-112); what is confirmed never goes back (INV-97)."""
    if to in NEXT[report.state]:
        return
    if to in (State.OPEN, State.FROZEN, State.DRAFT) and report.state in FINAL:
        raise Refused("report.frozen", field="state")
    accepted = ", ".join(str(State(state).label) for state in sorted(NEXT[report.state])) or "–"
    raise Refused("report.transition", field="state", at=str(State(report.state).label), accepted=accepted)
