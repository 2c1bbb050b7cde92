"""What a programme still lacks for its next phase, all at once: read from groups, targets, plans and decisions."""

from collections.abc import Callable
from datetime import date

from django.db.models import QuerySet

from portfolio import clock
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.programmes import lifecycle
from portfolio.programmes.models import Phase, PhaseMove, PlanVersion, Programme
from portfolio.refusals import Lack
from portfolio.steering.models import Chairship, SeatKind, SteeringGroup, Tenure
from portfolio.steering.queries import during

MOVES: dict[str, str] = {
    "organise": Phase.ORGANISED,
    "approve_targets": Phase.TARGETS_APPROVED,
    "start_running": Phase.RUNNING,
    "begin_closing": Phase.CLOSING,
    "close": Phase.CLOSED,
}


def move_lacks(programme: Programme, to: str, *, on: date, decision: Decision | None = None) -> list[Lack]:
    """All that stands between the programme and a phase on a day; empty when it may enter it."""
    if programme.phase == Phase.CLOSED:
        return [Lack("programme.frozen")]
    return [*_out_of_turn(programme, to), *GATES[to](programme, on, decision), *_dates(programme, on)]


def carrying_decision(programme: Programme, to: str, given: Decision | None = None) -> Decision | None:
    """The decision that a move rests on: the one given, else the one that its facts already carry."""
    if given is not None or to == Phase.CLOSED:
        return given
    if to == Phase.ORGANISED:
        chair = Chairship.objects.filter(group__programme=programme, office="chair").order_by("-starts_on").first()
        return chair.named_by if chair else None
    if to == Phase.TARGETS_APPROVED:
        target = _approved_targets(programme).order_by("-approved_by__decided_on").first()
        return target.approved_by if target else None
    version = valid_plan(programme) if to == Phase.RUNNING else None
    return version.approved_by if version else None


def targets_approved_by(programme: Programme, on: date) -> bool:
    """Whether the council had approved the benefit targets by a day (INV-73)."""
    moved = PhaseMove.objects.filter(programme=programme, phase=Phase.TARGETS_APPROVED, effective_on__lte=on)
    return moved.exists()


def valid_plan(programme: Programme) -> PlanVersion | None:
    """The version of the plan that is in force."""
    return PlanVersion.objects.filter(plan__programme=programme, state=PlanVersion.State.APPROVED).first()


def _out_of_turn(programme: Programme, to: str) -> list[Lack]:
    if lifecycle.follows(programme.phase, to):
        return []
    accepted = lifecycle.NEXT_PHASE.get(programme.phase)
    return [Lack("programme.transition", field="phase", at=programme.phase, to=to, accepts=accepted)]


def _dates(programme: Programme, on: date) -> list[Lack]:
    if on > clock.today():
        return [Lack("programme.move_future", field="effective_on", given=on)]
    last = PhaseMove.objects.filter(programme=programme).order_by("-effective_on").first()
    if last and on < last.effective_on:
        return [Lack("programme.move_order", field="effective_on", given=on, last=last.effective_on)]
    return []


def _organised(programme: Programme, on: date, decision: Decision | None) -> list[Lack]:
    """The council has sized the group and named its chair; both halves have members (INV-20…28)."""
    if not (group := SteeringGroup.objects.filter(programme=programme).first()):
        return [Lack("programme.no_group")]
    held = Tenure.objects.filter(during(on), group=group, capacity=Tenure.Capacity.MEMBER)
    kinds = set(held.values_list("seat__kind", flat=True))
    chaired = Chairship.objects.filter(during(on), group=group, office=Chairship.Office.CHAIR).exists()
    lacking = {
        "programme.no_elected_members": SeatKind.ELECTED not in kinds,
        "programme.no_official_members": SeatKind.OFFICIAL not in kinds,
        "programme.no_chair": not chaired,
    }
    return [Lack(code, on=on) for code, lacks in lacking.items() if lacks]


def _targets_approved(programme: Programme, on: date, decision: Decision | None) -> list[Lack]:
    """The council has approved benefit targets of the programme (INV-52)."""
    carried = carrying_decision(programme, Phase.TARGETS_APPROVED, decision)
    wrong = governance.lacks(carried, "benefit.approve", programme=programme) if carried or decision else []
    return wrong if _approved_targets(programme).exists() else [*wrong, Lack("programme.no_approved_targets")]


def _running(programme: Programme, on: date, decision: Decision | None) -> list[Lack]:
    """The board has approved the programme plan (INV-72)."""
    return [] if valid_plan(programme) else [Lack("programme.no_approved_plan")]


def _closing(programme: Programme, on: date, decision: Decision | None) -> list[Lack]:
    return []


def _closed(programme: Programme, on: date, decision: Decision | None) -> list[Lack]:
    """The council has decided to close the programme; before the end of its term will do (INV-04)."""
    return governance.lacks(decision, "programme.close", programme=programme)


def _approved_targets(programme: Programme) -> QuerySet[BenefitTarget]:
    return BenefitTarget.objects.filter(programme=programme, state=BenefitTarget.State.APPROVED)


GATES: dict[str, Callable[[Programme, date, Decision | None], list[Lack]]] = {
    Phase.TOPIC_SET: _closing,
    Phase.ORGANISED: _organised,
    Phase.TARGETS_APPROVED: _targets_approved,
    Phase.RUNNING: _running,
    Phase.CLOSING: _closing,
    Phase.CLOSED: _closed,
}
