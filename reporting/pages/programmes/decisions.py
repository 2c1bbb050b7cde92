"""The decisions that made a programme what it is, and the chain of gates that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from portfolio.decisions.models import Body, Decision, DecisionPoint
from portfolio.history.tables import Only
from portfolio.programmes.models import Plan, PlanVersion
from portfolio.steering.models import SteeringGroup
from reporting.facts import DecisionFacts
from reporting.pages.links import Made
from reporting.pages.programmes.head import Read
from reporting.snapshot import decisions, narrow, overall, programmes
from reporting.snapshot.decisions import decision
from reporting.snapshot.world import World, identity

Words = str | Promise


@dataclass(frozen=True)
class StepOfTheChain:
    """A step of the chain: the decision that made it so, or none yet."""

    title: Words
    decision: Made | None
    done: bool
    now: bool = False


def world(found: Read, more: Mapping[type[Model], Only] = MappingProxyType({})) -> World:
    """The decisions of a programme with their bodies and points, its plan and group, and more rows: two statements."""
    ids = list(overall.decisions(found.shown.known_at, found.row.id))
    only: dict[type[Model], Only] = {
        Decision: Only("id", ids),
        DecisionPoint: Only("decision_id", ids),
        SteeringGroup: Only("programme_id", [found.row.id]),
        Plan: Only("programme_id", [found.row.id]),
        PlanVersion: Only("plan_id", Plan),
    }
    return narrow.named(found.shown.cut, found.shown.on, only | dict(more), Body, beside=found.world.rows)


def made(known: World) -> tuple[DecisionFacts, ...]:
    """The decisions that had been made, the earliest first."""
    return decisions.in_order(known, (row for row in known.rows[Decision] if decisions.made_by(known, row)))


def listed(known: World) -> list[Made]:
    """The same, each with the number of its page."""
    ids = _ids(known)
    return [Made(ids[each.key], each) for each in made(known)]


def _ids(known: World) -> dict[str, int]:
    return {identity(row, "decision"): row.id for row in known.rows[Decision]}


def steps(found: Read, known: World) -> tuple[StepOfTheChain, ...]:
    """The gates of a programme's life; the first after the last decision is where the programme is now.

    A gate is a body's own decision, which whoever sees the programme may know, also where it is about targets or a plan
    that are not theirs to see: so the chain is told from the whole.
    """
    told, row = made(known), found.row
    groups, plan = known.where(SteeringGroup, programme_id=row.id), programmes.plan(known, row)
    elected = next((each for each in told if "elect" in each.kinds), None)
    sized = decision(known, groups[0].sized_by_id) if groups else None
    chain: list[tuple[Words, DecisionFacts | None]] = [
        (_("Topic set"), decision(known, row.set_by_id)),
        (_("Steering group"), elected or sized),
        (_("Targets proposed"), _proposed(found, known, told)),
        (_("Targets approved"), _approved(found, known, told)),
        (_("Programme plan"), plan.approved_by if plan else _approval(told, "board")),
        (pgettext("a decision", "Closing"), decision(known, row.closed_by_id)),
    ]
    last = max((number for number, (_title, each) in enumerate(chain) if each), default=-1)
    done = [bool(each) or number < last for number, (_title, each) in enumerate(chain)]
    now, ids = done.index(False) if False in done else -1, _ids(known)
    named = [Made(ids[each.key], each) if each else None for _title, each in chain]
    return tuple(StepOfTheChain(title, named[n], done[n], n == now) for n, (title, _) in enumerate(chain))


def _approval(told: tuple[DecisionFacts, ...], body: str) -> DecisionFacts | None:
    """A body's approval in the programme, where what it approved is not on record itself."""
    return next((each for each in told if each.body_kind == body and "approve" in each.kinds), None)


def _approved(found: Read, known: World, told: tuple[DecisionFacts, ...]) -> DecisionFacts | None:
    first = next(iter(found.targets), None)
    return decision(known, first.approved_by_id) if first else _approval(told, "council")


def _proposed(found: Read, known: World, told: tuple[DecisionFacts, ...]) -> DecisionFacts | None:
    """The earliest proposal of its targets, those on their way included."""
    ids = overall.proposals(found.shown.known_at, found.row.id)
    keys = {each.key for each in told}
    facts = [fact for pk in ids if (fact := decision(known, pk)) and fact.key in keys]
    return min(facts, key=lambda fact: (fact.decided_on or date.max, fact.key), default=None)
