"""Closing a programme: the one command that must see all its projects and pilots."""

from datetime import date

from portfolio import clock, history, refusals
from portfolio.decisions.models import Decision
from portfolio.people import permissions
from portfolio.phases import commands as phases
from portfolio.phases import gates
from portfolio.programmes.access import Actor
from portfolio.programmes.models import Phase, Programme
from projects import queries


def close_programme(
    programme: Programme,
    *,
    decision: Decision | None,
    effective_on: date | None = None,
    because: str = "",
    by: Actor,
    seen: int | None = None,
) -> Programme:
    """Close a programme by the council's decision, once every project and pilot has ended or goes on by name.

    Refuses with all that is open and all that the decision lacks, at once (INV-04, INV-102).
    """
    with history.change(by=by, because=because):
        programme = history.lock(Programme, programme.pk, seen=seen)
        permissions.require(by, "close_programme", programme)
        on = effective_on or (decision and decision.decided_on) or clock.today()
        lacks = gates.move_lacks(programme, Phase.CLOSED, on=on, decision=decision)
        refusals.require([*queries.open_items(programme.pk), *lacks])
        return phases.close_programme(programme, decision=decision, effective_on=effective_on, because=because, by=by)
