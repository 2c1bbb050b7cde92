"""What can be done to a benefit target and its versions, from the first draft to its end."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple, TypedDict, Unpack

from portfolio import clock, history
from portfolio.benefits import gate, lifecycle
from portfolio.benefits.drafting import require_draft
from portfolio.benefits.models import BenefitTarget, IndicatorPlan, PathPoint, TargetGoal, TargetSdg, TargetVersion
from portfolio.decisions.models import Body, Decision
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.access import Actor, opened
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused, require
from portfolio.strategy.models import SDG, Goal

State = BenefitTarget.State
PLANNED = (
    "kind", "direction", "baseline_value", "baseline_on", "baseline_source", "target_value", "target_on",
    "lower", "upper", "group_size", "period_starts_on", "period_ends_on",
)  # fmt: skip


class Wording(TypedDict, total=False):
    """What a version says, besides its figures, and who answers for it."""

    title_fi: str
    title_sv: str
    title_en: str
    description_fi: str
    description_sv: str
    description_en: str
    source_language: str
    texts: dict[str, Any]
    owner: Person | None
    owner_unit: Body | None


class Ending(NamedTuple):
    """How an approved target ends: when, why, and what takes its place."""

    to: str
    decision: Decision | None
    ended_on: date
    because: str
    successor: BenefitTarget | None = None


class Identity(TypedDict, total=False):
    """What names a target, whatever its versions say."""

    code: str
    order: int
    sign: str


def draft_target(
    programme: Programme,
    *,
    code: str,
    by: Actor,
    order: int = 0,
    sign: str = BenefitTarget.Sign.BENEFIT,
    goals: Collection[Goal] = (),
    sdgs: Collection[int] = (),
    **wording: Unpack[Wording],
) -> BenefitTarget:
    """Begin a benefit target, or a dis-benefit, as a draft with its first version.

    The code is unique in the programme (INV-50); the goals of the United Nations are numbered 1 to 17 (INV-59);
    a dis-benefit has the same data and its sign (INV-60).
    """
    with history.change(by=by):
        opened(programme.pk, "draft_target", by)
        target = BenefitTarget(programme=programme, code=code, order=order, sign=sign).checked_save()
        TargetVersion(target=target, **wording).checked_save()
        for goal in goals:
            TargetGoal(target=target, goal=goal).checked_save()
        for number in sdgs:
            TargetSdg(target=target, sdg=_sdg(number)).checked_save()
        return target


def edit_target(
    target: BenefitTarget, *, by: Actor, seen: int | None = None, **changes: Unpack[Identity]
) -> BenefitTarget:
    """Change code, order or sign while the target is being prepared (INV-54)."""
    with history.change(by=by):
        target = _in_preparation(target, by, seen)
        for name, value in changes.items():
            setattr(target, name, value)
        return target.checked_save()


def edit_draft(
    version: TargetVersion, *, by: Actor, seen: int | None = None, **wording: Unpack[Wording]
) -> TargetVersion:
    """Change the wording of a draft; an approved version is frozen, one before the council waits (INV-54)."""
    with history.change(by=by):
        version = history.lock(TargetVersion, version.pk, seen=seen)
        opened(version.target.programme_id, "draft_target", by)
        require_draft(version)
        for name, value in wording.items():
            setattr(version, name, value)
        return version.checked_save()


def link_goal(target: BenefitTarget, *, goal: Goal, by: Actor, seen: int | None = None) -> BenefitTarget:
    """Say that the target serves a goal of the strategy (INV-59)."""
    with history.change(by=by):
        target = _in_preparation(target, by, seen)
        if target.target_goals.filter(goal=goal).exists():
            raise Refused("benefit.goal_linked", field="goal")
        TargetGoal(target=target, goal=goal).checked_save()
        return target


def unlink_goal(target: BenefitTarget, *, goal: Goal, by: Actor, seen: int | None = None) -> BenefitTarget:
    """Take back that the target serves a goal, while it is being prepared (INV-54)."""
    with history.change(by=by):
        target = _in_preparation(target, by, seen)
        target.target_goals.filter(goal=goal).delete()
        return target


def link_sdg(target: BenefitTarget, *, number: int, by: Actor, seen: int | None = None) -> BenefitTarget:
    """Say which of the seventeen goals of the United Nations the target serves (INV-59)."""
    with history.change(by=by):
        target = _in_preparation(target, by, seen)
        sdg = _sdg(number)
        if target.target_sdgs.filter(sdg=sdg).exists():
            raise Refused("benefit.goal_linked", field="number")
        TargetSdg(target=target, sdg=sdg).checked_save()
        return target


def unlink_sdg(target: BenefitTarget, *, number: int, by: Actor, seen: int | None = None) -> BenefitTarget:
    """Take back that the target serves a goal of the United Nations, while it is being prepared (INV-54)."""
    with history.change(by=by):
        target = _in_preparation(target, by, seen)
        target.target_sdgs.filter(sdg=_sdg(number)).delete()
        return target


def record_drafting(
    target: BenefitTarget, *, drafted_on: date | None, by: Actor, seen: int | None = None
) -> BenefitTarget:
    """Record that the steering group has drafted the target, on a day that has come (INV-51).

    Of a target taken over from an older register the day may be unknown.
    """
    with history.change(by=by):
        target = _for_move(target, "record_drafting", by, seen, to=State.DRAFTED, at=lifecycle.DRAFTED_FROM)
        if drafted_on is None and target.provenance != history.Provenance.TAKEN_OVER:
            raise Refused("field.required", field="drafted_on")
        if drafted_on and drafted_on > clock.today():
            raise Refused("benefit.date", field="drafted_on")
        target.state, target.drafted_on = State.DRAFTED, drafted_on
        return target.checked_save()


def propose_target(
    target: BenefitTarget, *, decision: Decision | None, by: Actor, seen: int | None = None
) -> BenefitTarget:
    """Record that the city board proposes the target to the council.

    Needs a board decision that proposes (INV-53), title and description in the official languages (INV-50),
    complete indicators (INV-55) and a goal (INV-59); all that is missing is told at once. Of a target taken over
    from an older register the board's decision may be unknown.
    """
    with history.change(by=by):
        target = _for_move(target, "propose_target", by, seen, to=State.PROPOSED)
        require(gate.proposal_lacks(target, decision))
        target.state, target.proposed_by, target.returned_by = State.PROPOSED, decision, None
        return target.checked_save()


def approve_target(
    target: BenefitTarget, *, decision: Decision | None, by: Actor, seen: int | None = None
) -> BenefitTarget:
    """Record that the council has approved the target; its first version is frozen with it.

    Needs a council decision that approves, made, about this programme in its term (INV-52); a decision that
    returned the matter or left it on the table never approves (INV-11).
    """
    with history.change(by=by):
        target = _for_move(target, "approve_target", by, seen, to=State.APPROVED)
        version = target.versions.get(state=TargetVersion.State.DRAFT)
        require([*gate.version_lacks(version), *gate.approval_lacks(target, decision)])
        _freeze(version, decision)
        target.state, target.approved_by = State.APPROVED, decision
        return target.checked_save()


def return_target(target: BenefitTarget, *, decision: Decision, by: Actor, seen: int | None = None) -> BenefitTarget:
    """Record that a body returned the proposed target, or left it on the table.

    What is returned goes back to where the group drafted it; what is left on the table stays proposed (INV-11).
    """
    with history.change(by=by):
        target = _for_move(target, "return_target", by, seen, to=State.DRAFTED, at=lifecycle.RETURNED_FROM)
        if decision.outcome not in (Decision.Outcome.RETURNED, Decision.Outcome.TABLED):
            raise Refused("benefit.not_returned", field="decision")
        target.returned_by = decision
        if decision.outcome == Decision.Outcome.RETURNED:
            target.state, target.proposed_by = State.DRAFTED, None
        return target.checked_save()


def end_target(
    target: BenefitTarget,
    *,
    decision: Decision | None,
    ended_on: date,
    because: str,
    by: Actor,
    seen: int | None = None,
) -> BenefitTarget:
    """End an approved target by a council decision, on a day and with a reason; its measurements stay (INV-51, INV-54).

    A programme that has closed does not stand in the way: its benefits are followed up until they are verified.
    """
    with history.change(by=by, because=because, required=True):
        move = Ending(to=State.ENDED, decision=decision, ended_on=ended_on, because=because)
        return _end(target, "end_target", move, by, seen)


def replace_target(
    target: BenefitTarget,
    *,
    successor: BenefitTarget,
    decision: Decision | None,
    ended_on: date,
    because: str,
    by: Actor,
    seen: int | None = None,
) -> BenefitTarget:
    """End an approved target because another one of the programme, approved too, takes its place (INV-51).

    The council decides it, by the decision that approved the successor or by one of its own (INV-54).
    """
    with history.change(by=by, because=because, required=True):
        opened(target.programme_id, "replace_target", by)
        same_programme = successor.programme_id == target.programme_id and successor.pk != target.pk
        if not same_programme or successor.state != State.APPROVED:
            raise Refused("benefit.successor", field="successor")
        move = Ending(State.REPLACED, decision, ended_on, because, successor)
        return _end(target, "replace_target", move, by, seen)


def open_version(target: BenefitTarget, *, because: str, by: Actor, seen: int | None = None) -> TargetVersion:
    """Begin a new version of an approved target: a copy to be changed, in force once the council approves (INV-54)."""
    with history.change(by=by, because=because, required=True):
        target = history.lock(BenefitTarget, target.pk, seen=seen)
        opened(target.programme_id, "draft_target", by)
        current = _current(target)
        return _copy(current, number=current.number + 1, because=because)


def approve_version(
    version: TargetVersion, *, decision: Decision | None, by: Actor, seen: int | None = None
) -> TargetVersion:
    """Put a new version in force by a council decision of its own; the earlier one is superseded (INV-52, INV-54)."""
    with history.change(by=by):
        version = history.lock(TargetVersion, version.pk, seen=seen)
        opened(version.target.programme_id, "approve_target", by)
        current = _current(version.target)
        if version.state != TargetVersion.State.DRAFT:
            raise Refused("benefit.frozen")
        require([*gate.version_lacks(version), *gate.approval_lacks(version.target, decision)])
        current.state = TargetVersion.State.SUPERSEDED
        current.checked_save()
        return _freeze(version, decision)


def correct_version(
    version: TargetVersion, *, because: str, by: Actor, seen: int | None = None, **wording: Unpack[Wording]
) -> TargetVersion:
    """Correct a typing error, or name another owner, in a version in force.

    The correction is a version of its own under the same council decision, with a reason; figures are copied and
    never corrected this way (INV-54, INV-110).
    """
    with history.change(by=by, because=because, required=True):
        version = history.lock(TargetVersion, version.pk, seen=seen)
        opened(version.target.programme_id, "correct_version", by)
        if version.state != TargetVersion.State.APPROVED:
            raise Refused("benefit.transition", at=version.get_state_display(), to=TargetVersion.State.APPROVED.label)
        if all(getattr(version, name) == value for name, value in wording.items()):
            raise Refused("benefit.no_correction")
        return _in_force_instead_of(version, because, wording)


def _in_preparation(target: BenefitTarget, by: Actor, seen: int | None) -> BenefitTarget:
    target = history.lock(BenefitTarget, target.pk, seen=seen)
    opened(target.programme_id, "draft_target", by)
    lifecycle.require_in_preparation(target)
    return target


def _for_move(
    target: BenefitTarget, verb: str, by: Actor, seen: int | None, *, to: str, at: Collection[str] = ()
) -> BenefitTarget:
    """The target, locked for a move; two moves lead to the same state, so the one before can be named."""
    target = history.lock(BenefitTarget, target.pk, seen=seen)
    opened(target.programme_id, verb, by)
    lifecycle.require_move(target, to, at=at)
    return target


def _end(target: BenefitTarget, verb: str, move: Ending, by: Actor, seen: int | None) -> BenefitTarget:
    target = history.lock(BenefitTarget, target.pk, seen=seen)
    permissions.require(by, verb, target.programme)
    lifecycle.require_move(target, move.to)
    approved_on = target.approved_by.decided_on if target.approved_by else None
    if move.ended_on > clock.today() or (approved_on and move.ended_on < approved_on):
        raise Refused("benefit.date", field="ended_on")
    require(gate.ending_lacks(target, move.decision, ended_on=move.ended_on))
    target.state, target.ended_by, target.ended_on = move.to, move.decision, move.ended_on
    target.replaced_by = move.successor
    return target.checked_save()


def _sdg(number: int) -> SDG:
    if not (sdg := SDG.objects.filter(number=number).first()):
        raise Refused("sdg.range", field="sdgs", number=number)
    return sdg


def _current(target: BenefitTarget) -> TargetVersion:
    """The version in force; a target that was never approved, or has ended, has no next one."""
    if target.state != State.APPROVED:
        raise Refused("benefit.transition", at=target.get_state_display(), to=State.APPROVED.label)
    return target.versions.get(state=TargetVersion.State.APPROVED)


def _freeze(version: TargetVersion, decision: Decision | None) -> TargetVersion:
    """Approve a version and settle its indicators: from now on the triggers refuse every change."""
    version.state, version.approved_by = TargetVersion.State.APPROVED, decision
    version.approved_on = decision.decided_on if decision else None
    for plan in IndicatorPlan.objects.filter(target_version=version, indicator__settled_on=None):
        plan.indicator.settled_on = version.approved_on or clock.today()
        plan.indicator.checked_save()
    return version.checked_save()


def _in_force_instead_of(version: TargetVersion, because: str, wording: Wording) -> TargetVersion:
    """A corrected copy in force; a draft of a later version, if one is open, moves behind it."""
    if later := version.target.versions.filter(state=TargetVersion.State.DRAFT).first():
        later.number += 1
        later.checked_save()
    version.state = TargetVersion.State.SUPERSEDED
    version.checked_save()
    approval = {"state": "approved", "approved_by": version.approved_by, "approved_on": version.approved_on}
    return _copy(version, number=version.number + 1, because=because, corrects=version, **approval, **wording)


def _copy(version: TargetVersion, **fields: Any) -> TargetVersion:
    """A version with the wording, figures and paths of another; what is named differs."""
    kept = {name: getattr(version, name) for name in Wording.__annotations__}
    made = TargetVersion(target=version.target, **(kept | fields)).checked_save()
    for plan in version.indicator_plans.all():
        points = list(plan.path_points.all())
        figures = {name: getattr(plan, name) for name in PLANNED}
        copied = IndicatorPlan(target_version=made, indicator=plan.indicator, **figures).checked_save()
        for point in points:
            PathPoint(plan=copied, on=point.on, value=point.value).checked_save()
    return made
