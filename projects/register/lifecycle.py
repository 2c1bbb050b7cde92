"""What may follow in the life of a project, and what it must have before it starts."""

from collections.abc import Iterable
from datetime import date

from portfolio.history import Provenance
from portfolio.programmes.models import Phase, Programme
from portfolio.refusals import Lack, Refused
from projects.register.models import Project

State = Project.State

NEXT_STATES: dict[str, frozenset[str]] = {
    State.PLANNED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.SUSPENDED, State.ENDED, State.CANCELLED}),
    State.SUSPENDED: frozenset({State.RUNNING, State.ENDED, State.CANCELLED}),
    State.ENDED: frozenset(),
    State.CANCELLED: frozenset(),
}
FINAL_STATES = frozenset(state for state, following in NEXT_STATES.items() if not following)
OPEN_STATES = frozenset(NEXT_STATES) - FINAL_STATES
# Two moves lead to *running*.
STARTS_FROM, RESUMES_FROM = frozenset({State.PLANNED}), frozenset({State.SUSPENDED})


def require_move(at: str, to: str, *, came_from: Iterable[str]) -> None:
    """Refuse a state that may not follow, or may follow but by another command (INV-112)."""
    if to not in NEXT_STATES[at] or at not in came_from:
        raise Refused("transition.invalid", at=at, to=to)


def require_day(day: date, *, today: date, last: date | None, following: date | None = None) -> None:
    """A move takes effect on a day that has come, not before the move it follows nor after the one that follows."""
    if day > today:
        raise Refused("project.move_future", field="effective_on", day=day)
    if last is not None and day < last:
        raise Refused("project.move_order", field="effective_on", day=day, last=last)
    if following is not None and day > following:
        raise Refused("project.move_before_next", field="effective_on", day=day, following=following)


def start_lacks(project: Project, programme: Programme, *, plan_approved: bool, served: bool) -> list[Lack]:
    """All that keeps a project from starting (INV-70, INV-74).

    The state of the programme is overlooked for a project carried over with a reason, and for one taken over from an
    older register, whose programme's papers may not be known.
    """
    if project.provenance == Provenance.TAKEN_OVER:
        return []
    lacks = [] if served else [Lack("project.no_target", field="targets")]
    if project.carried_over_because:
        return lacks
    if programme.phase != Phase.RUNNING:
        lacks.append(Lack("project.programme_not_active", phase=programme.phase))
    if not plan_approved:
        lacks.append(Lack("project.plan_not_approved"))
    return lacks
