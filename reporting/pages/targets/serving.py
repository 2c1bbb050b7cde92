"""The projects that serve a target, and how much of it they take on together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portfolio.benefits.models import BenefitTarget
from projects.register.models import Project, ProjectTarget
from reporting.compilation.work import project_standing
from reporting.facts import Standing, Text
from reporting.pages.links import Under, under
from reporting.pages.moment import View
from reporting.pages.periods import period_begins
from reporting.snapshot import projects
from reporting.snapshot.world import World, ordered

WHOLE = 100


@dataclass(frozen=True)
class Serving:
    """A project and its share; one that the reader may not see has no name, and its share counts all the same."""

    id: int | None
    code: str
    name: Text
    under: Under | None
    state: str
    standing: Standing | None
    share: int | None
    supports: bool
    offered: bool


@dataclass(frozen=True)
class Service:
    """All of them; `together` is the sum of the shares that are known."""

    projects: tuple[Serving, ...]
    together: int | None

    @property
    def too_much(self) -> bool:
        """Whether more is promised than the whole."""
        return self.together is not None and self.together > WHOLE


def service(found: View, target: BenefitTarget, on: date) -> Service:
    """Who serves the target on a day."""
    links = holding(found.whole.where(ProjectTarget, target_id=target.id), on)
    rows = (_serving(found, target, link, on) for link in links)
    first = sorted(rows, key=lambda one: (one.id is None, one.under is not None, one.code))
    return Service(tuple(first), together(links))


def holding(links: Iterable[ProjectTarget], on: date) -> list[ProjectTarget]:
    """The ties that hold on a day, and the offers of support that wait for an answer."""
    return [link for link in ordered(links) if link.ended_on is None or link.ended_on > on]


def together(links: Iterable[ProjectTarget]) -> int | None:
    """The sum of the shares that are known, without what is only offered; nothing known is no sum."""
    known = [link.share for link in links if link.share is not None and not offered(link)]
    return sum(known) if known else None


def offered(link: ProjectTarget) -> bool:
    """Whether it is support that the target's programme has not accepted."""
    return link.role == ProjectTarget.Role.SUPPORTS and link.accepted_on is None


def _serving(found: View, target: BenefitTarget, link: ProjectTarget, on: date) -> Serving:
    world: World = found.world
    row = world.get(Project, link.project_id)
    facts = projects.project(world, row) if row else None
    running = row is not None and facts is not None and facts.state == "running"
    since = period_begins(world, row.programme_id, on) if row and running else on
    return Serving(
        id=row.id if row else None,
        code=row.code if row else "",
        name=facts.name if facts else Text(),
        under=under(world, row.programme_id) if row and row.programme_id != target.programme_id else None,
        state=str(Project.State(facts.state).label) if facts else "",
        standing=project_standing(facts, since=since) if facts and running else None,
        share=link.share,
        supports=link.role == ProjectTarget.Role.SUPPORTS,
        offered=offered(link),
    )
