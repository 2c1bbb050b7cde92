"""What was valid by the previous status date but recorded after its cut (INV-93); measurements tell it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import models

from portfolio.decisions.models import Decision
from portfolio.history.tables import Only, index, stamp, tables
from portfolio.people.models import Person
from portfolio.programmes.models import PhaseMove, Programme
from portfolio.steering.models import SteeringGroup, Tenure
from projects.money.models import Funding
from projects.progress.models import Milestone
from projects.register.models import Project, ProjectMove
from reporting.facts import LateFacts, LateKind, Provenance, Text
from reporting.snapshot.decisions import chain
from reporting.snapshot.kinds import LATE
from reporting.snapshot.world import World, first_of, identity, one_of, plain, text

OF_PROJECTS = (ProjectMove, Milestone)
Source = Decision | PhaseMove | Tenure | ProjectMove | Milestone | Funding


class Dated(NamedTuple):
    """Something that happened on a day: the row that says so, the column with the day, and how it is told."""

    what: LateKind
    model: type[models.Model]
    row: Source
    column: str
    label: Text


def late(world: World, programmes: list[Programme], *, previous_on: date, previous_cut: int) -> tuple[LateFacts, ...]:
    """What the previous report could not know though it was so by its day, in the order of the days.

    A row that was there at the previous cut without this day, such as a resignation entered afterwards, is late too.
    """
    before, found = _Before(world, previous_cut), set()
    for programme in programmes:
        for dated in _of(world, programme):
            valid_on = _day(dated.row, dated.column)
            known = before.row(dated.model, dated.row.id)
            if valid_on is None or valid_on > previous_on or (known and _day(known, dated.column) == valid_on):
                continue
            found.add(
                LateFacts(
                    what=dated.what,
                    programme=identity(programme, "programme"),
                    label=dated.label,
                    valid_on=valid_on,
                    recorded_at=_recorded(world, dated, new=not known),
                    provenance=one_of(Provenance, dated.row.provenance),
                )
            )
    return tuple(sorted(found, key=_place))


class _Before:
    """The rows of the previous cut; what belongs to projects for as many of them as the world has at hand."""

    def __init__(self, world: World, cut: int) -> None:
        self.world, self.cut = world, cut
        self.hand: tuple[int, ...] | None = None
        whole = world.at_hand(Project) is None
        self.found = self._read(*(kind for kind in LATE if whole or kind not in OF_PROJECTS))

    def row(self, model: type[models.Model], pk: int) -> models.Model | None:
        """What the previous cut knew of a row, if anything."""
        if model in OF_PROJECTS and self.hand is not (hand := self.world.at_hand(Project)):
            self.hand = hand
            self.found |= self._read(*OF_PROJECTS, among=Only("project_id", hand or ()))
        return next(iter(self.found[model].get(pk, ())), None)

    def _read(
        self, *kinds: type[models.Model], among: Only | None = None
    ) -> dict[type[models.Model], dict[int, list[models.Model]]]:
        read = tables(self.cut, *kinds, only=dict.fromkeys(kinds, among) if among else None)
        return {kind: index(read[kind], "id") for kind in kinds}


def _place(fact: LateFacts) -> tuple[object, ...]:
    return fact.valid_on, fact.programme, fact.what, fact.label.known, fact.recorded_at


def _recorded(world: World, dated: Dated, *, new: bool) -> datetime:
    """When the row came to be, else when its day was changed: by a new state, or by a new entry of a step."""
    written = stamp(dated.row)
    if new or not written.history_date:
        return world.first_recorded(dated.model, dated.row.id if new else written.entry_id)[1]
    return written.history_date


def _day(row: models.Model, column: str) -> date | None:
    """The day a row tells; money is of a year, a planned decision of no day yet."""
    if getattr(row, "outcome", "made") == "planned":
        return None
    found: date | int | None = getattr(row, column)
    return date(found, 12, 31) if isinstance(found, int) else found


def _of(world: World, programme: Programme) -> Iterator[Dated]:
    named = {decision.key for decision in chain(world, programme)}
    for made in world.rows[Decision]:
        if identity(made, "decision") in named:
            yield Dated("decision", Decision, made, "decided_on", text(made, "title"))
    name = text(world.get(Programme, programme.id), "name")
    for move in world.where(PhaseMove, programme_id=programme.id):
        yield Dated("phase", PhaseMove, move, "effective_on", name)
    for group in world.where(SteeringGroup, programme_id=programme.id):
        yield from _tenures(world, group)
    for project in world.where(Project, programme_id=programme.id):
        yield from _of_project(world, project)
    for line in world.where(Funding, programme_id=programme.id):
        yield Dated("money", Funding, line, "year", first_of(text(line, "funder"), name))


def _tenures(world: World, group: SteeringGroup) -> Iterator[Dated]:
    for tenure in world.where(Tenure, group_id=group.id):
        who = world.get(Person, tenure.person_id)
        for column in ("starts_on", "ends_on"):
            yield Dated("tenure", Tenure, tenure, column, plain(who.name if who else ""))


def _of_project(world: World, project: Project) -> Iterator[Dated]:
    world.turn_to(Project, project.id)
    for step in world.where(ProjectMove, project_id=project.id):
        if step.state == "planned" and step.provenance != "recorded":
            continue  # the day on which a project that was taken in had been planned is not known
        yield Dated("project_move", ProjectMove, step, "effective_on", text(project, "name"))
    for milestone in world.where(Milestone, project_id=project.id):
        yield Dated("milestone", Milestone, milestone, "reached_on", text(milestone, "name"))
