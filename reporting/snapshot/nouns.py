"""Worlds of one target, project or decision: its own rows and what they name, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple, TypeVar

from django.apps import apps
from django.db import models

from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import (
    BenefitTarget,
    Indicator,
    IndicatorPlan,
    PathPoint,
    TargetGoal,
    TargetSdg,
    TargetVersion,
)
from portfolio.decisions.models import (
    Body,
    Continuation,
    Decision,
    DecisionAmendment,
    DecisionAnnex,
    DecisionPoint,
    DecisionPreparer,
    DecisionRecipient,
    MinutesVersion,
    PointProgramme,
    Wish,
)
from portfolio.history.tables import Kind, Only, Rows, index, tables
from portfolio.people.models import Person
from portfolio.programmes.models import Plan, PlanVersion, Programme
from portfolio.steering.models import Chairship, SteeringGroup, Tenure
from portfolio.strategy.models import SDG, CouncilTerm, FocusArea, Goal
from portfolio.texts import fingerprint
from portfolio.translations.models import TranslatedRemark, as_known
from projects.lessons.models import Lesson
from projects.money.models import Funding
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget
from reporting.schedule.models import ReportSchedule, ScheduledProgramme
from reporting.snapshot.kinds import MODELS, RECORDS, Table
from reporting.snapshot.world import World, first_recordings, ordered, restatements

EVER = date(1, 1, 1)
NUMBER = attrgetter("id")
REPORT: Table = apps.get_model("reporting.Report")
# What the whole city shares and there is little of.
WHOLE: tuple[Table, ...] = (CouncilTerm, Programme, Body)
REPORTED: tuple[Table, ...] = (ReportSchedule, ScheduledProgramme, REPORT)
# The columns with what somebody wrote once, which may have a wording in another language.
REMARKS = (
    "because", "baseline_source", "evidence", "corrected_because", "replanned_because", "closed_because",
    "carried_over_because", "continues_because", "withdrawn_because", "history_change_reason",
)  # fmt: skip

Parts = Mapping[Table, Only]
OF_TARGET: Parts = {
    TargetVersion: Only("target_id", BenefitTarget),
    TargetGoal: Only("target_id", BenefitTarget),
    TargetSdg: Only("target_id", BenefitTarget),
    Indicator: Only("target_id", BenefitTarget),
    IndicatorPlan: Only("target_version_id", TargetVersion),
    PathPoint: Only("plan_id", IndicatorPlan),
    Measurement: Only("indicator_id", Indicator),
    ProjectTarget: Only("target_id", BenefitTarget),
}
OF_PROJECT: Parts = {
    **{
        kind: Only("project_id", Project)
        for kind in (
            ProjectMove, Milestone, StatusReport, ProjectTarget, ProjectPartner, Pilot, Lesson, Risk, Funding,
        )
    },
    PilotMove: Only("pilot_id", Pilot),
}  # fmt: skip
OF_DECISION: Parts = {
    **{
        kind: Only("decision_id", Decision)
        for kind in (
            DecisionPoint, DecisionPreparer, DecisionAnnex, DecisionRecipient, MinutesVersion, DecisionAmendment, Wish,
        )
    },
    PointProgramme: Only("point_id", DecisionPoint),
}  # fmt: skip


def of_target(pk: int, cut: int, on: date, *, past: bool = True) -> World:
    """A benefit target in all its versions, with what was measured and the projects that serve it: five statements."""
    rows = _own(BenefitTarget, pk, cut, OF_TARGET, (*WHOLE, FocusArea, *REPORTED), past)
    measured = [row.id for row in rows[Measurement]]
    states = restatements(cut, measured)
    serving = {link.project_id for link in rows[ProjectTarget]}
    further: dict[Table, Only] = {
        Project: Only("id", serving),
        ProjectMove: Only("project_id", serving),
        StatusReport: Only("project_id", serving),
        **_named(rows, Person, Goal, SDG),
    }
    rows |= _further(cut, rows, further, [state for each in states.values() for state in each], past)
    return _world(cut, on, rows, first_recordings(cut, (Measurement,), measured), states)


def head_of_target(pk: int, cut: int, on: date, *, past: bool = True) -> World:
    """A target's name, programme and standing: two statements."""
    judged: Parts = {
        kind: OF_TARGET[kind] for kind in (TargetVersion, Indicator, IndicatorPlan, PathPoint, Measurement)
    }
    rows = _own(BenefitTarget, pk, cut, judged, (CouncilTerm, Programme), past)
    return _world(cut, on, rows, first_recordings(cut, (Measurement,), [row.id for row in rows[Measurement]]))


class Planned(NamedTuple):
    """What a milestone was planned for, since when that stood and why."""

    id: int
    forecast_on: date
    replanned_because: str
    history_date: datetime


class Scored(NamedTuple):
    """How a risk was scored, since when that stood and why."""

    id: int
    likelihood: int
    impact: int
    history_change_reason: str
    history_date: datetime


State = TypeVar("State", Planned, Scored)


@dataclass(frozen=True)
class Courses:
    """Every state that milestones and risks have had by a cut, the oldest first."""

    milestones: dict[int, list[Planned]]
    risks: dict[int, list[Scored]]


def of_project(pk: int, cut: int, on: date, *, past: bool = True) -> tuple[World, Courses]:
    """A project with all that belongs to it, and the targets it works for: four statements."""
    rows = _own(Project, pk, cut, OF_PROJECT, (*WHOLE, *REPORTED), past)
    courses = Courses(_states(Milestone, Planned, rows, cut), _states(Risk, Scored, rows, cut))
    served = {link.target_id for link in rows[ProjectTarget]}
    further: dict[Table, Only] = {
        BenefitTarget: Only("id", served),
        TargetVersion: Only("target_id", served),
        ProjectTarget: Only("target_id", served),  # of other projects too, whose shares add up with this one's
        **_named(rows, Person, Partner),
    }
    told = [*chain(*courses.milestones.values()), *chain(*courses.risks.values())]
    rows |= _further(cut, rows, further, told, past)
    return _world(cut, on, rows), courses


def head_of_project(pk: int, cut: int, on: date, *, past: bool = True) -> World:
    """A project's name, programme and standing: one statement."""
    parts: Parts = {kind: OF_PROJECT[kind] for kind in (ProjectMove, StatusReport)}
    return _world(cut, on, _own(Project, pk, cut, parts, (CouncilTerm, Programme, *REPORTED), past))


def _states(kind: type[models.Model], told: type[State], rows: Rows, cut: int) -> dict[int, list[State]]:
    numbers = [NUMBER(row) for row in rows[kind]]
    past = kind.history.model.objects.filter(id__in=numbers, history_seq__lte=cut)  # type: ignore[attr-defined]
    columns: tuple[str, ...] = told._fields
    found = past.order_by("history_seq", "history_id").values_list(*columns)
    return index((told(*each) for each in found), "id")


def of_decision(pk: int, cut: int, on: date, *, past: bool = True) -> World:
    """A decision with all its parts, and every record that rests on it: three statements."""
    rows = _own(Decision, pk, cut, OF_DECISION, WHOLE, past)
    resting: dict[Table, Only] = {kind: Only(columns, [pk]) for kind, columns in references().items()}
    resting |= {Continuation: Only(("decision_id", "earlier_id"), [pk])}
    for kind, found in _read(cut, resting, past).items():
        rows[kind] = _together(rows.get(kind, []), found)
    rows |= _named_by_what_rests(cut, rows, past)
    return _world(cut, on, rows)


def head_of_decision(pk: int, cut: int, on: date, *, past: bool = True) -> World:
    """A decision as it is referred to: one statement."""
    parts: Parts = {kind: OF_DECISION[kind] for kind in (DecisionPoint, PointProgramme)}
    return _world(cut, on, _own(Decision, pk, cut, parts, WHOLE, past))


def _named_by_what_rests(cut: int, rows: Rows, past: bool) -> Rows:
    """What the records that rest on a decision belong to or name, where it is not there yet."""
    targets = {row.target_id for row in rows[TargetVersion]} | {row.id for row in rows[BenefitTarget]}
    plans = {row.plan_id for row in rows[PlanVersion]}
    groups = {row.group_id for row in rows[Tenure]} | {row.group_id for row in rows[Chairship]}
    known = {row.id for row in rows[Decision]}
    decisions = {pk for row in rows[Continuation] for pk in (row.decision_id, row.earlier_id)} - known
    only: dict[Table, Only] = {
        BenefitTarget: Only("id", targets),
        TargetVersion: Only("target_id", targets),
        Plan: Only("id", plans),
        SteeringGroup: Only("id", groups | {row.id for row in rows[SteeringGroup]}),
        Decision: Only("id", decisions),
        DecisionPoint: Only("decision_id", decisions),
        **_named(rows, Person, Project),
        TranslatedRemark: Only("source_sha256", _remarks(rows, ())),
    }
    found = _read(cut, only, past)
    return Rows((kind, _together(rows.get(kind, []), each)) for kind, each in found.items())


@cache
def references() -> Mapping[Table, tuple[str, ...]]:
    """Of each kind of record of other rooms the columns that name a decision on which it rests."""
    found = {
        kind: tuple(column.attname for column in kind._meta.concrete_fields if column.related_model is Decision)
        for kind in RECORDS
        if kind.__module__ != Decision.__module__
    }
    return {kind: columns for kind, columns in found.items() if columns}


def _own(kind: Table, pk: int, cut: int, parts: Parts, whole: Iterable[Table], past: bool) -> Rows:
    """The record's own row in its history, where the reason of its last change stands, and all that belongs to it."""
    beside = (*parts, *whole)
    return tables(cut, kind, *beside, only={kind: Only("id", [pk]), **parts}, live=() if past else beside)


def _read(cut: int, only: Mapping[Table, Only], past: bool) -> Rows:
    return tables(cut, *only, only=only, live=() if past else only)


def _further(cut: int, rows: Rows, only: Mapping[Table, Only], states: Iterable[object], past: bool) -> Rows:
    """The decisions that the rows name with their points, the wordings of what was written, and what else is named."""
    decisions = _named(rows, Decision)[Decision].values
    asked = dict(only) | {
        Decision: Only("id", decisions),
        DecisionPoint: Only("decision_id", decisions),
        TranslatedRemark: Only("source_sha256", _remarks(rows, states)),
    }
    return _read(cut, asked, past)


def _named(rows: Rows, *kinds: Table) -> dict[Table, Only]:
    """Of these kinds the rows whose ids stand in rows that have been read."""
    found: dict[Table, set[int | None]] = {kind: set() for kind in kinds}
    for kind, each in rows.items():
        for column in kind._meta.concrete_fields if each and kind not in (*WHOLE, *REPORTED) else ():
            if column.related_model in found:
                found[column.related_model] |= {getattr(row, column.attname) for row in each}
    return {kind: Only("id", ids - {None}) for kind, ids in found.items()}


def _remarks(rows: Rows, states: Iterable[object]) -> set[str]:
    """The fingerprints of what somebody wrote once in these rows and in older states of them."""
    told = (getattr(row, name, None) for each in (*rows.values(), states) for row in each for name in REMARKS)
    return {fingerprint(as_known(words)) for words in set(told) if words}


def _together(these: list[Kind], those: list[Kind]) -> list[Kind]:
    """Rows of one kind that were read twice, each once, in the order of their ids."""
    return ordered({NUMBER(row): row for row in (*these, *those)}.values())


def _world(
    cut: int,
    on: date,
    rows: Rows,
    firsts: dict[tuple[str, int], tuple[int, datetime]] | None = None,
    states: dict[int, list[Measurement]] | None = None,
) -> World:
    empty = Rows((kind, []) for kind in MODELS)
    return World(cut, on, EVER, Rows(empty | rows), firsts or {}, states or {})
