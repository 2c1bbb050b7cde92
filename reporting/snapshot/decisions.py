"""Decisions, as a report refers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.decisions import governance
from portfolio.decisions.models import Body, Decision, DecisionPoint, PointProgramme, Wish
from portfolio.programmes.models import PhaseMove, Plan, PlanVersion, Programme
from portfolio.steering.models import Chairship, SteeringGroup, Tenure
from reporting.facts import BodyKind, DatePrecision, DecisionFacts, Outcome, PointKind, Provenance, Text, WishFacts
from reporting.snapshot.world import World, identity, one_of, ordered, text


def decision(world: World, pk: int | None) -> DecisionFacts | None:
    """A decision by id; what the source did not tell stays empty, never invented (decision 19)."""
    row = world.get(Decision, pk)
    if row is None:
        return None
    if row.id not in world.decisions:
        world.decisions[row.id] = _decision(world, row)
    return world.decisions[row.id]


def _decision(world: World, row: Decision) -> DecisionFacts:
    body = world.get(Body, row.body_id)
    assert body is not None
    return DecisionFacts(
        key=identity(row, "decision"),
        body=text(body, "name"),
        body_kind=one_of(BodyKind, body.kind),
        title=text(row, "title"),
        kinds=tuple(
            dict.fromkeys(
                one_of(PointKind, point.kind)
                for point in ordered(world.where(DecisionPoint, decision_id=row.id), "number")
            )
        ),
        outcome=one_of(Outcome, row.outcome),
        decided_on=row.decided_on,
        planned_on=row.planned_on,
        date_precision=one_of(DatePrecision, row.date_precision),
        date_text=text(row, "date_text"),
        section=row.section,
        case_number=row.case_number,
        provisional=_provisional(row, body),
        provenance=one_of(Provenance, row.provenance),
    )


def _provisional(row: Decision, body: Body) -> bool:
    """Made, but its minutes are not checked yet (INV-09)."""
    unchecked = row.minutes_checked_on is None and row.provenance != "taken_over"
    return row.outcome == "made" and unchecked and body.kind not in governance.WITHOUT_MINUTES


def made_by(world: World, row: Decision) -> bool:
    """Whether a decision had been made by the status date, as far as its date is known."""
    day = row.decided_on or row.latest_on
    return row.outcome != "planned" and (day is None or day <= world.status_date)


def chain(world: World, programme: Programme) -> tuple[DecisionFacts, ...]:
    """The decisions that made a programme what it is, in the order they were made."""
    ids = {pk for pk in _references(world, programme) if pk is not None}
    return in_order(world, (row for row in (world.get(Decision, pk) for pk in ids) if row and made_by(world, row)))


def in_order(world: World, rows: Iterable[Decision]) -> tuple[DecisionFacts, ...]:
    """Rows as facts, the earliest first."""
    known = sorted(
        rows, key=lambda row: (row.decided_on or row.latest_on or world.status_date, row.section or 0, row.id)
    )
    return tuple(fact for row in known if (fact := decision(world, row.id)))


def _references(world: World, programme: Programme) -> Iterable[int | None]:
    yield programme.set_by_id
    for point in world.where(PointProgramme, programme_id=programme.id):
        line = world.get(DecisionPoint, point.point_id)
        yield line.decision_id if line else None
    yield from (move.decision_id for move in world.where(PhaseMove, programme_id=programme.id))
    for target in world.where(BenefitTarget, programme_id=programme.id):
        yield from (target.proposed_by_id, target.ended_by_id)
        yield from (version.approved_by_id for version in world.where(TargetVersion, target_id=target.id))
    for plan in world.where(Plan, programme_id=programme.id):
        yield from (version.approved_by_id for version in world.where(PlanVersion, plan_id=plan.id))
    for group in world.where(SteeringGroup, programme_id=programme.id):
        yield group.sized_by_id
        yield from (row.appointed_by_id for row in world.where(Tenure, group_id=group.id))
        yield from (row.named_by_id for row in world.where(Chairship, group_id=group.id))


def wishes(world: World, printed: Sequence[WishFacts] = ()) -> tuple[WishFacts, ...]:
    """The council's wishes, each with the answer, or the reason for none, that the cut knew.

    One that was not adopted is owed no answer. `printed` is what the report before told: an answer that stood there is
    not told again, nor is a reason; without one, what was answered before the period is left out.
    """
    before = {wish.key: wish for wish in printed}
    found = []
    for row in ordered(world.rows[Wish], "decision_id", "order"):
        made = world.get(Decision, row.decision_id)
        if row.adopted is False or made is None or not made_by(world, made):
            continue
        told = before.get(identity(row, "wish"))
        if row.answered_on and (told.state == "answered" if told else row.answered_on < world.period_starts_on):
            continue
        found.append(_wish(world, row, told))
    return tuple(found)


def _wish(world: World, row: Wish, told: WishFacts | None) -> WishFacts:
    made = decision(world, row.decision_id)
    assert made is not None
    delayed = row.delayed_on is not None and not (told and told.delayed_on == row.delayed_on)
    return WishFacts(
        key=identity(row, "wish"),
        text=text(row, "text"),
        state="answered" if row.answered_on else "open",
        decision=made,
        answer=text(row, "answer"),
        answered_on=row.answered_on,
        delay=text(row, "delay") if delayed else Text(),
        delayed_on=row.delayed_on if delayed else None,
        provenance=one_of(Provenance, row.provenance),
    )
