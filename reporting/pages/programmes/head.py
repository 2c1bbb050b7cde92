"""What stands above every page of a programme: its name, term, phase, and the verdict of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

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
    def began(self) -> bool:
        """Past the phases in which no target is approved yet."""
        return self.phase_code not in ("topic_set", "organised")

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """Its pages, in the order of the bar."""
        return TABS


@dataclass(frozen=True)
class Read:
    """What every page of a programme has read first: its row, how its targets stand, what of it is hidden."""

    shown: Moment
    by: Person
    world: World
    row: Programme
    targets: list[JudgedTarget]
    seen: Sight

    @property
    def head(self) -> Head:
        """What stands above."""
        return of_row(self.world, self.row, self.targets, self.seen)

    @property
    def shown_targets(self) -> list[JudgedTarget]:
        """Those that the reader may see."""
        return [target for target in self.targets if self.seen.sees(BenefitTarget, target.id)]

    def partly(self, kind: type[Model]) -> bool:
        """Whether rows of a kind that is summed are hidden: then no sum of it is told."""
        return self.row.id in self.seen.partial[kind]


def read(pk: int, shown: Moment, by: Person, *kinds: type[Model]) -> Read:
    """A programme as every page of it begins, and of more kinds what is hidden; four statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    seen = sight(shown, by, Programme, BenefitTarget, *kinds, programme_id=pk)
    world = narrow.heads(shown.cut, shown.on, pk)
    row = world.get(Programme, pk)
    if row is None or not seen.sees(Programme, pk):
        raise Refused("not_found")
    return Read(shown, by, world, row, judged(shown.known_at, shown.on, programme_id=pk), seen)


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
