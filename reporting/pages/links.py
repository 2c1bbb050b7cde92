"""What pages name and link to: a programme over a page, a decision anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from portfolio.strategy.models import CouncilTerm
from reporting.facts import DecisionFacts, Text
from reporting.snapshot.decisions import decision
from reporting.snapshot.world import World, text


@dataclass(frozen=True)
class Made:
    """A decision that is named, with the number of its page."""

    id: int
    facts: DecisionFacts


@dataclass(frozen=True)
class Under:
    """The programme that a record belongs to, for the way back."""

    id: int
    name: Text
    term: str


def made(world: World, pk: int | None) -> Made | None:
    """A decision by id."""
    facts = decision(world, pk)
    return Made(pk, facts) if pk is not None and facts is not None else None


def under(world: World, pk: int) -> Under:
    """A programme by id.

    Raises Refused `not_found` where none was known.
    """
    row = world.get(Programme, pk)
    if row is None:
        raise Refused("not_found")
    term = world.get(CouncilTerm, row.council_term_id)
    return Under(row.id, text(row, "name"), term.label if term else "")
