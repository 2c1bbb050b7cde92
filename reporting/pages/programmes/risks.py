"""The open risks of a programme: by likelihood and impact in a square, and one by one, the highest first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Model

from portfolio.history.tables import Only
from portfolio.people.models import Person
from projects.progress.models import Risk
from projects.progress.scale import band, level, mitigation_overdue
from projects.register.models import Project
from reporting.facts import Text
from reporting.pages.programmes.head import Read
from reporting.pages.programmes.paging import Page, paged
from reporting.snapshot import narrow, overall
from reporting.snapshot.overall import RiskLine
from reporting.snapshot.world import World, text

SCALE = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Cell:
    """A place in the square: how high its risks are, and how many there are."""

    level: int
    band: str
    count: int


@dataclass(frozen=True)
class RiskRow:
    """An open risk with what is done about it, by whom and until when."""

    title: Text
    level: int
    likelihood: int
    impact: int
    mitigation: Text
    mitigate_by: date | None
    overdue: bool
    owner: str
    project_id: int | None
    project: Text


@dataclass(frozen=True)
class RisksPage:
    """The open risks that the reader may see; `some` where others are hidden."""

    page: Page[RiskRow]
    square: tuple[tuple[int, tuple[Cell, ...]], ...]  # the likeliest first, each with its impacts
    overdue: int
    some: bool


def risks(found: Read, number: int) -> RisksPage:
    """The page of a programme's risks that was asked for: the same number of statements at any size."""
    on, lines = found.shown.on, overall.risks(found.shown.known_at, found.shown.on, programme_id=found.row.id)
    seen = [line for line in lines if found.seen.sees(Risk, line.id)]
    page = paged(seen, number)
    world = _world(found, page)
    return RisksPage(
        page=Page([_row(found, world, line) for line in page.rows], page.number, page.pages, page.total),
        square=_square(seen),
        overdue=sum(mitigation_overdue(line.mitigate_by, on=on) for line in seen),
        some=found.partly(Risk),
    )


def _world(found: Read, page: Page[RiskLine]) -> World:
    only: dict[type[Model], Only] = {
        Risk: Only("id", [line.id for line in page.rows]),
        Person: Only("id", [line.owner_id for line in page.rows if line.owner_id]),
        Project: Only("id", [line.project_id for line in page.rows if line.project_id]),
    }
    return narrow.named(found.shown.cut, found.shown.on, only)


def _square(lines: list[RiskLine]) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
    counts = Counter((line.likelihood, line.impact) for line in lines)
    return tuple(
        (likely, tuple(_cell(likely, impact, counts[likely, impact]) for impact in SCALE)) for likely in reversed(SCALE)
    )


def _cell(likelihood: int, impact: int, count: int) -> Cell:
    high = level(likelihood, impact)
    return Cell(high, band(high), count)


def _row(found: Read, world: World, line: RiskLine) -> RiskRow:
    row, owner = world.get(Risk, line.id), world.get(Person, line.owner_id)
    project = world.get(Project, line.project_id)
    known = project if line.project_id and found.seen.sees(Project, line.project_id) else None
    return RiskRow(
        title=text(row, "title"),
        level=level(line.likelihood, line.impact),
        likelihood=line.likelihood,
        impact=line.impact,
        mitigation=text(row, "mitigation"),
        mitigate_by=line.mitigate_by,
        overdue=mitigation_overdue(line.mitigate_by, on=found.shown.on),
        owner=owner.name if owner else "",
        project_id=known.id if known else None,
        project=text(known, "name"),
    )
