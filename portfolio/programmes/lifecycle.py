"""Which phase of a programme follows which, and how plan versions are numbered: tables and pure rules."""

from datetime import date

from portfolio import clock
from portfolio.decisions.models import Decision
from portfolio.programmes.models import Phase, PlanVersion

NEXT_PHASE: dict[str, str] = {
    Phase.TOPIC_SET: Phase.ORGANISED,
    Phase.ORGANISED: Phase.TARGETS_APPROVED,
    Phase.TARGETS_APPROVED: Phase.RUNNING,
    Phase.RUNNING: Phase.CLOSING,
    Phase.CLOSING: Phase.CLOSED,
}

ORDER: tuple[str, ...] = (Phase.TOPIC_SET, *NEXT_PHASE.values())

NEXT_PLAN_STATES: dict[str, frozenset[str]] = {
    PlanVersion.State.DRAFT: frozenset({PlanVersion.State.SUBMITTED}),
    PlanVersion.State.SUBMITTED: frozenset({PlanVersion.State.SUPERSEDED}),
    PlanVersion.State.APPROVED: frozenset({PlanVersion.State.SUPERSEDED}),
    PlanVersion.State.SUPERSEDED: frozenset(),
}


def follows(phase: str, to: str) -> bool:
    """Whether a programme in one phase may enter the other; no step is skipped (INV-112)."""
    return NEXT_PHASE.get(phase) == to


def before(phase: str, other: str) -> bool:
    """Whether the first phase comes earlier in a programme's life."""
    return ORDER.index(phase) < ORDER.index(other)


def day_of(decision: Decision | None) -> date:
    """The day of a decision, the last it can have been where an older register is inexact; else today."""
    return (decision and (decision.decided_on or decision.latest_on)) or clock.today()


def next_draft_number(newest: str | None) -> str:
    """0.1 for the first draft, then one more behind the point: 0.2, and 1.1 after 1.0 (INV-72)."""
    if newest is None:
        return "0.1"
    whole, part = newest.split(".")
    return f"{whole}.{int(part) + 1}"


def approved_number(draft: str) -> str:
    """The whole number that a draft becomes when the board approves it: 0.5 → 1.0, 1.2 → 2.0 (INV-72)."""
    return f"{int(draft.split('.')[0]) + 1}.0"
