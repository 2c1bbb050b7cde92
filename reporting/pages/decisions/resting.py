"""What rests on a decision: every record of other rooms that names it, said as what the decision did to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.people.models import Person
from portfolio.programmes.models import Phase, PhaseMove, Plan, PlanVersion, Programme
from portfolio.steering.models import Chairship, SteeringGroup, Tenure
from portfolio.strategy.models import Strategy
from projects.pilots.models import Pilot
from projects.register.models import Project
from reporting.facts import Text
from reporting.pages.links import Under, under
from reporting.reports.models import Report
from reporting.schedule.models import ReportSchedule
from reporting.snapshot.benefits import in_force
from reporting.snapshot.nouns import references
from reporting.snapshot.world import World, ordered, plain, text

Words = str | Promise
MOST = 40  # records of one deed in one programme


@dataclass(frozen=True)
class Thing:
    """A record by its name, its page where it has one, and what is told beside the name."""

    name: Text = Text()
    page: str = ""
    id: int = 0
    day: date | None = None
    beside: Words = ""


@dataclass(frozen=True)
class Deed:
    """What a decision did, and to what; of very many the first, and how many more there are."""

    words: Words
    things: tuple[Thing, ...]
    more: int = 0


@dataclass(frozen=True)
class Resting:
    """What a decision did in a programme, or in none of them."""

    under: Under | None
    deeds: tuple[Deed, ...]


Found = tuple[int, Words, Thing]  # in which programme (0: none), which deed, to what


# Of each kind of record and column that names a decision: what the decision did.
DEEDS: dict[tuple[type[Model], str], Words] = {
    (Programme, "set_by_id"): _("Programme set up"),
    (Programme, "closed_by_id"): _("Programme closed"),
    (PhaseMove, "decision_id"): _("Phase of the programme"),
    (BenefitTarget, "proposed_by_id"): _("Benefit target proposed"),
    (BenefitTarget, "returned_by_id"): _("Benefit target returned"),
    (BenefitTarget, "approved_by_id"): _("Benefit target approved"),
    (BenefitTarget, "ended_by_id"): _("Benefit target ended"),
    (TargetVersion, "approved_by_id"): _("Version of the target approved"),
    (PlanVersion, "approved_by_id"): _("Programme plan approved"),
    (SteeringGroup, "sized_by_id"): _("Size of the steering group"),
    (Tenure, "appointed_by_id"): _("Seat filled"),
    (Tenure, "ended_by_id"): _("Seat left"),
    (Chairship, "named_by_id"): pgettext_lazy("of a steering group", "Chair named"),
    (Chairship, "ended_by_id"): pgettext_lazy("of a steering group", "Chair left"),
    (Pilot, "decision_id"): _("Pilot adopted"),
    (Strategy, "adopted_by_id"): _("Strategy adopted"),
    (ReportSchedule, "decision_id"): _("Reporting schedule"),
    (Report, "proposed_by_id"): _("Report proposed"),
    (Report, "noted_by_id"): _("Report noted"),
}


def resting(world: World, pk: int) -> tuple[Resting, ...]:
    """All that the reader may see: programme by programme, and deed by deed."""
    by_programme: dict[int, dict[str, list[Thing]]] = {}
    order = {str(words): number for number, words in enumerate(DEEDS.values())}
    for programme, words, thing in _found(world, pk):
        by_programme.setdefault(programme, {}).setdefault(str(words), []).append(thing)
    return tuple(
        Resting(
            under(world, programme) if programme else None,
            tuple(
                _deed(words, sorted(things, key=lambda one: (str(one.beside), one.name.known)))
                for words, things in sorted(deeds.items(), key=lambda one: order[one[0]])
            ),
        )
        for programme, deeds in sorted(by_programme.items(), key=lambda one: (not one[0], one[0]))
    )


def _deed(words: str, things: list[Thing]) -> Deed:
    return Deed(words, tuple(things[:MOST]), max(len(things) - MOST, 0))


def count(found: tuple[Resting, ...]) -> int:
    """How many records there are."""
    return sum(len(deed.things) + deed.more for each in found for deed in each.deeds)


def _found(world: World, pk: int) -> Iterator[Found]:
    for kind, columns in references().items():
        for row, column in ((row, column) for row in ordered(world.rows[kind]) for column in columns):
            if getattr(row, column) != pk or _told_by_another(world, row, kind, pk):
                continue
            if told := THINGS[kind](world, row):
                programme, thing = told
                yield programme, DEEDS[kind, column], thing


def _told_by_another(world: World, row: Any, kind: type[Model], pk: int) -> bool:
    """A target's version is approved with the target, and a phase begins with the decision that set or closed."""
    if kind is TargetVersion:
        target = world.get(BenefitTarget, row.target_id)
        return target is not None and target.approved_by_id == pk
    if kind is PhaseMove:
        programme = world.get(Programme, row.programme_id)
        return programme is not None and pk in (programme.set_by_id, programme.closed_by_id)
    return False


Told = tuple[int, Thing] | None


def _programme(world: World, row: Any) -> Told:
    return row.id, Thing(beside=row.code)


def _phase(world: World, row: Any) -> Told:
    return row.programme_id, Thing(beside=Phase(row.phase).label, day=row.effective_on)


def _target(world: World, row: Any) -> Told:
    versions = ordered(world.where(TargetVersion, target_id=row.id), "number")
    version = in_force(world, row) or (versions[-1] if versions else None)
    return row.programme_id, Thing(text(version, "title"), "target", row.id, beside=row.code)


def _version(world: World, row: Any) -> Told:
    target = world.get(BenefitTarget, row.target_id)
    if target is None:
        return None
    beside = f"{target.code} · {_numbered(row.number)}"
    return target.programme_id, Thing(text(row, "title"), "target", target.id, beside=beside)


def _plan(world: World, row: Any) -> Told:
    plan = world.get(Plan, row.plan_id)
    return (plan.programme_id, Thing(beside=_numbered(row.number), day=row.approved_on)) if plan else None


def _numbered(number: str | int) -> str:
    return _("version %(number)s") % {"number": number}


def _group(world: World, row: Any) -> Told:
    return row.programme_id, Thing(beside=f"{row.elected_seats} + {row.official_seats}")


def _holder(world: World, row: Any) -> Told:
    """A person in a group that the reader may see."""
    group, someone = world.get(SteeringGroup, row.group_id), world.get(Person, row.person_id)
    if group is None or someone is None:
        return None
    word = Tenure.Capacity(row.capacity) if hasattr(row, "capacity") else Chairship.Office(row.office)
    return group.programme_id, Thing(plain(someone.name), day=row.starts_on, beside=word.label)


def _pilot(world: World, row: Any) -> Told:
    project = world.get(Project, row.project_id)
    if project is None:
        return None
    return project.programme_id, Thing(text(project, "name"), "project", project.id, beside=project.code)


def _named(world: World, row: Any) -> Told:
    return 0, Thing(text(row, "name"))


def _report(world: World, row: Any) -> Told:
    return 0, Thing(page="report", id=row.id, day=row.status_date)


THINGS: dict[type[Model], Callable[[World, Any], Told]] = {
    Programme: _programme,
    PhaseMove: _phase,
    BenefitTarget: _target,
    TargetVersion: _version,
    PlanVersion: _plan,
    SteeringGroup: _group,
    Tenure: _holder,
    Chairship: _holder,
    Pilot: _pilot,
    Strategy: _named,
    ReportSchedule: _named,
    Report: _report,
}
