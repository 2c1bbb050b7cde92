"""Which state of a benefit target may follow which, and in which states its wording may still be worked on."""

from collections.abc import Collection

from portfolio.benefits.models import BenefitTarget
from portfolio.refusals import Refused

State = BenefitTarget.State

NEXT_STATES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.DRAFTED}),
    State.DRAFTED: frozenset({State.PROPOSED}),
    State.PROPOSED: frozenset({State.APPROVED, State.DRAFTED}),
    State.APPROVED: frozenset({State.REPLACED, State.ENDED}),
    State.REPLACED: frozenset(),
    State.ENDED: frozenset(),
}
# Two moves lead to *drafted*.
DRAFTED_FROM, RETURNED_FROM = frozenset({State.DRAFT}), frozenset({State.PROPOSED})
IN_PREPARATION = frozenset({State.DRAFT, State.DRAFTED})


def require_move(target: BenefitTarget, to: str, *, at: Collection[str] = ()) -> None:
    """No step is skipped; back goes only what a body has returned (INV-51).

    Two moves lead to *drafted*, so the states they start from can be named.
    """
    if to not in NEXT_STATES[target.state] or (at and target.state not in at):
        raise Refused("benefit.transition", at=target.get_state_display(), to=State(to).label)


def require_in_preparation(target: BenefitTarget) -> None:
    """What the board has proposed waits for the council; what the council has approved is frozen (INV-54)."""
    if target.state == State.PROPOSED:
        raise Refused("benefit.proposed")
    if target.state not in IN_PREPARATION:
        raise Refused("benefit.frozen")
