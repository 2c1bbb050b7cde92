"""What a programme still lacks for its next phase, all at once: read from groups, targets, plans and decisions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import QuerySet

from portfolio import clock
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.history import Provenance
from portfolio.programmes import lifecycle, queries
from portfolio.programmes.models import Phase, PhaseMove, PlanVersion, Programme
from portfolio.refusals import Lack
from portfolio.steering.models import Chairship, SeatKind, SteeringGroup, Tenure
from portfolio.steering.queries import during

Move = Literal["approve_targets", "begin_closing", "close", "organise", "start_running"]
MOVES: dict[Move, str] = {
    "organise": Phase.ORGANISED,
    "approve_targets": Phase.TARGETS_APPROVED,
    "start_running": Phase.RUNNING,
    "begin_closing": Phase.CLOSING,
    "close": Phase.CLOSED,
}


@dataclass(frozen=True)
class Gate:
    """Whether a move would be let through on a day, and all that it lacks."""

    move: Move
    to: str
    on: date
    open: bool
    lacks: list[Lack]


def asked(programme: Programme, *, move: Move, on: date | None = None, decision: Decision | None = None) -> Gate:
    """What the programme lacks for a move, without moving it."""
    to, day = MOVES[move], on or clock.today()
    lacks = move_lacks(programme, to, on=day, decision=carrying_decision(programme, to, decision))
    return Gate(move=move, to=to, on=day, open=not lacks, lacks=lacks)


def move_lacks(programme: Programme, to: str, *, on: date, decision: Decision | None = None) -> list[Lack]:
    """All that stands between the programme and a phase on a day; empty when it may enter it."""
    if programme.phase == Phase.CLOSED:
        return [Lack("programme.frozen")]
    return [*_out_of_turn(programme, to), *GATES[to](programme, on, decision), *_dates(programme, on, decision)]


def correction_lacks(move: PhaseMove, *, on: date) -> list[Lack]:
    """All that speaks against another day for a phase that a programme has entered (INV-110)."""
    programme = move.programme
    recorded = programme.provenance == Provenance.RECORDED
    seated = _organised(programme, on, None) if recorded and move.phase == Phase.ORGANISED else []
    before, after = move.beside()
    late = (
        [Lack("programme.move_before_next", field="effective_on", given=on, next=after)] if after and on > after else []
    )
    return [*seated, *_day(on, before, move.decision), *late, *_plans_before_targets(move, on)]


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
    version = queries.valid_plan(programme) if to == Phase.RUNNING else None
    return version.approved_by if version else None


def _out_of_turn(programme: Programme, to: str) -> list[Lack]:
    if lifecycle.follows(programme.phase, to):
        return []
    accepted = lifecycle.NEXT_PHASE.get(programme.phase)
    return [Lack("programme.transition", field="phase", at=programme.phase, to=to, accepts=accepted)]


def _dates(programme: Programme, on: date, decision: Decision | None) -> list[Lack]:
    entered = PhaseMove.objects.standing().filter(programme=programme)
    return _day(on, entered.order_by("-effective_on").values_list("effective_on", flat=True).first(), decision)


def _day(on: date, last: date | None, decision: Decision | None) -> list[Lack]:
    """A phase begins on a day that has come, not before the phase before it nor before its decision (INV-112)."""
    if on > clock.today():
        return [Lack("programme.move_future", field="effective_on", given=on)]
    early = last is not None and on < last
    lacks = [Lack("programme.move_order", field="effective_on", given=on, last=last)] if early else []
    decided = decision.decided_on if decision else None
    if decided is None or on >= decided:
        return lacks
    return [*lacks, Lack("programme.move_before_decision", field="effective_on", given=on, decided=decided)]


def _plans_before_targets(move: PhaseMove, on: date) -> list[Lack]:
    """A plan approved without a reason for the other order was not approved before the targets (INV-73)."""
    approved = PlanVersion.objects.filter(plan__programme=move.programme_id, approved_on__lt=on, override_because="")
    if move.phase == Phase.TARGETS_APPROVED and approved.filter(approved_on__gte=move.effective_on).exists():
        return [Lack("plan.targets_not_approved", field="effective_on")]
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
    return [] if queries.valid_plan(programme) else [Lack("programme.no_approved_plan")]


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
