"""What can be asked of programmes: the phase on a day as known at a cut, and the plan that was valid then."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from portfolio.programmes import lifecycle
from portfolio.programmes.models import Phase, PhaseMove, PlanVersion, Programme


def phase_on(programme_id: int, on: date, cut: int | None = None) -> str | None:
    """The phase of a programme on a day, as known at `cut` (now without one); None before it was set."""
    return phases_on(on, cut, programmes=[programme_id]).get(programme_id)


def phases_on(on: date, cut: int | None = None, *, programmes: Iterable[int] | None = None) -> dict[int, str]:
    """The phase of each programme on a day, as known at `cut`; those not yet set are left out."""
    moves = PhaseMove.objects.standing(cut).filter(effective_on__lte=on)
    if programmes is not None:
        moves = moves.filter(programme_id__in=list(programmes))
    known: dict[int, str] = {}
    for programme_id, phase in moves.order_by("effective_on", "place").values_list("programme_id", "phase"):
        if programme_id not in known or lifecycle.before(known[programme_id], phase):
            known[programme_id] = phase
    return known


def next_phase(programme: Programme) -> str | None:
    """The phase that a programme enters next; None once it has closed."""
    return lifecycle.NEXT_PHASE.get(programme.phase)


def phase_moves(programme: Programme) -> QuerySet[PhaseMove]:
    """The steps of a programme's life that stand, in their order."""
    return PhaseMove.objects.standing().filter(programme=programme).order_by("effective_on", "place")


def programmes_alive(on: date, cut: int | None = None) -> list[int]:
    """The programmes that were set and not yet closed on a day, as known at `cut` (INV-90, INV-95)."""
    return [programme_id for programme_id, phase in phases_on(on, cut).items() if phase != Phase.CLOSED]


def targets_approved_by(programme: Programme, on: date) -> bool:
    """Whether the council had approved the benefit targets by a day (INV-73)."""
    moved = PhaseMove.objects.standing().filter(programme=programme, phase=Phase.TARGETS_APPROVED)
    return bool(moved.filter(effective_on__lte=on).exists())


def valid_plan(programme: Programme) -> PlanVersion | None:
    """The version of the plan that is in force."""
    return PlanVersion.objects.filter(plan__programme=programme, state=PlanVersion.State.APPROVED).first()
