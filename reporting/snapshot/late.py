"""What was valid by the previous status date but recorded after its cut (INV-93); measurements tell it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from portfolio.decisions.models import Decision
from portfolio.history.tables import Row
from portfolio.people.models import Person
from portfolio.programmes.models import PhaseMove, Programme
from portfolio.steering.models import SteeringGroup, Tenure
from projects.register.models import Project, ProjectMove
from reporting.facts import LateFacts, Text
from reporting.snapshot.decisions import chain
from reporting.snapshot.world import World, identity, plain, text


def late(world: World, programmes: list[Row], *, previous_on: date, previous_cut: int) -> tuple[LateFacts, ...]:
    """Entries that the previous report could not know, in the order of their days."""
    found = [fact for row in programmes for fact in _of(world, row, previous_on, previous_cut)]
    return tuple(sorted(found, key=lambda fact: (fact.valid_on, fact.programme, fact.what, fact.label.fi)))


def _of(world: World, row: Row, on: date, cut: int) -> Iterator[LateFacts]:
    for what, model, entry, valid_on, label in _entries(world, row):
        seq, recorded_at = world.first_recorded(model, entry.id)
        if valid_on is not None and valid_on <= on and seq > cut:
            yield LateFacts(
                what=what,
                programme=identity(row, "programme"),
                label=label,
                valid_on=valid_on,
                recorded_at=recorded_at,  # type: ignore[arg-type]
            )


Entry = tuple[str, type, Row, date | None, Text]


def _entries(world: World, row: Row) -> Iterator[Entry]:
    named = {decision.key for decision in chain(world, row)}
    for made in world.rows[Decision]:
        if identity(made, "decision") in named:
            yield "decision", Decision, made, made.decided_on, text(made, "title")
    for move in world.where(PhaseMove, programme_id=row.id):
        yield "phase", PhaseMove, move, move.effective_on, text(world.get(Programme, row.id), "name")
    for group in world.where(SteeringGroup, programme_id=row.id):
        for tenure in world.where(Tenure, group_id=group.id):
            who = world.get(Person, tenure.person_id)
            yield "tenure", Tenure, tenure, tenure.starts_on, plain(who.name if who else "")
    for project in world.where(Project, programme_id=row.id):
        for step in world.where(ProjectMove, project_id=project.id):
            yield "project_move", ProjectMove, step, step.effective_on, text(project, "name")
