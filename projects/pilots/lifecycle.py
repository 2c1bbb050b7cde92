"""What may follow in the life of a pilot (INV-78)."""

from portfolio.refusals import Refused
from projects.pilots.models import Pilot

State = Pilot.State

NEXT_STATES: dict[str, frozenset[str]] = {
    State.PLANNED: frozenset({State.RUNNING}),
    State.RUNNING: frozenset({State.EVALUATED}),
    State.EVALUATED: frozenset({State.ADOPTED, State.ADOPTED_BY_PARTNER, State.ENDED_WITHOUT_ADOPTION}),
    State.ADOPTED: frozenset(),
    State.ADOPTED_BY_PARTNER: frozenset(),
    State.ENDED_WITHOUT_ADOPTION: frozenset(),
}
FINAL_STATES = frozenset(state for state, following in NEXT_STATES.items() if not following)


def require_move(at: str, to: str) -> None:
    """Refuse a state that may not follow."""
    if to not in NEXT_STATES[at]:
        raise Refused("pilot.transition", at=at, to=to)
