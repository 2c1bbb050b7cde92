"""What stands above every page of a programme: its name, term, phase, and the verdict of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.benefits.models import BenefitTarget
from portfolio.benefits.standing import CURRENT_RULE
from portfolio.people.models import Person
from portfolio.programmes.models import Phase, Programme
from portfolio.refusals import Refused
from portfolio.strategy.models import CouncilTerm
from reporting.compilation import standings
from reporting.facts import Standing, Text
from reporting.pages.moment import Moment, Sight, sight
from reporting.pages.programmes.tabs import TABS, Tab
from reporting.snapshot import narrow, programmes
from reporting.snapshot.judged import JudgedTarget, judged
from reporting.snapshot.world import World, text


@dataclass(frozen=True)
class Head:
    """What stands above every page of a programme."""

    id: int
    term_id: int
    term: str
    name: Text
    phase: str
    phase_code: str
    standing: Standing | None

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """Its pages, in the order of the bar."""
        return TABS


def head(pk: int, shown: Moment, by: Person) -> Head:
    """What stands above the pages of a programme; four statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    seen = sight(shown, by, Programme, BenefitTarget, programme_id=pk)
    world = narrow.heads(shown.cut, shown.on, pk)
    row = world.get(Programme, pk)
    if row is None or not seen.sees(Programme, pk):
        raise Refused("not_found")
    return of_row(world, row, judged(shown.known_at, shown.on, programme_id=pk), seen)


def of_row(world: World, row: Programme, targets: Iterable[JudgedTarget], seen: Sight) -> Head:
    """The head of a programme whose row and targets have been read."""
    term = world.get(CouncilTerm, row.council_term_id)
    move = programmes.phase(world, row)
    phase = Phase(move.phase) if move else Phase.TOPIC_SET
    return Head(
        id=row.id,
        term_id=row.council_term_id,
        term=term.label if term else "",
        name=text(row, "name"),
        phase=str(phase.label),
        phase_code=phase.value,
        standing=None if phase == Phase.CLOSED else verdict(weighed(targets, seen)),
    )


def weighed(targets: Iterable[JudgedTarget], seen: Sight) -> list[Standing]:
    """The standings that a programme's verdict is made of: of all its living targets, or none.

    Who may see some of them is told how the whole stands; who may see none is told nothing.
    """
    living = [target for target in targets if target.state == "approved"]
    if not any(seen.sees(BenefitTarget, target.id) for target in living):
        return []
    return [target.standing.value for target in living]


def verdict(stands: list[Standing]) -> Standing | None:
    """By the rule of the report; of nothing there is none."""
    return standings.of_programme(stands, CURRENT_RULE) if stands else None
