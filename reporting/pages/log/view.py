"""The change log of a record and of what belongs to it: day, time, who, in which role, what, why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import CharField, IntegerField, Model, QuerySet, Value

from portfolio import belonging, clock
from portfolio.decisions.models import (
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
from portfolio.history.models import Record
from portfolio.people import drafts, permissions
from portfolio.people.models import Person, Role
from portfolio.texts import fingerprint
from portfolio.translations.models import TranslatedRemark, as_known
from projects.register.models import Project, ProjectTarget
from reporting.facts import Text
from reporting.pages.log.states import States, ToldRow
from reporting.pages.log.words import JOBS
from reporting.pages.moment import Moment
from reporting.snapshot.world import worded

PAGE = 20
TOLD_AT_ONCE = 8
DECISION = Decision._meta.label
PARTS: tuple[type[Model], ...] = (
    DecisionPoint, DecisionPreparer, DecisionAnnex, DecisionRecipient, MinutesVersion, DecisionAmendment, Wish,
    Continuation,
)  # fmt: skip
# The room in which a model stands → the part of a programme's pages; the longest name counts.
AREAS = {
    "portfolio.programmes": "decisions", "portfolio.decisions": "decisions", "portfolio.steering": "group",
    "portfolio.benefits": "targets", "projects": "projects", "projects.money": "money",
}  # fmt: skip
# Whose history it is, by label → of kinds that belong to it otherwise than `belongs_to` says, the way to it.
PATHS: dict[str, dict[type[Model], str]] = {
    belonging.PROGRAMME: {Decision: "points__programme_links__programme_id"},
    belonging.PROJECT: {},
    belonging.TARGET: {ProjectTarget: "target_id"},
    DECISION: {
        Decision: "id",
        PointProgramme: "point__decision_id",
        **dict.fromkeys(PARTS, "decision_id"),
    },
}


@dataclass(frozen=True)
class Subject:
    """Whose history is read: a programme, project, target or decision, by its model's label and its number."""

    label: str
    id: int


@dataclass(frozen=True)
class Change:
    """One change set as far as it touched the record."""

    seq: int
    at: datetime
    who: str
    role: str
    machine: bool
    because: Text
    told: tuple[ToldRow, ...]
    more: int


@dataclass(frozen=True)
class Day:
    """The changes of one day, the newest first."""

    on: date
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Log:
    """One page of the log; `partial` where there are changes that this reader may not see."""

    days: tuple[Day, ...]
    total: int
    page: int
    pages: int
    partial: bool


Entry = tuple[int, str, int, str, int | None]
Records = tuple[list[str], list[int]]  # tables' names, and the ids beside them


def log(of: Subject, shown: Moment, by: Person, *, area: str = "", page: int = 1) -> Log:
    """A page of the log, the newest first, of the rows that the reader may see now: eight statements at any size."""
    seen, unseen, early = _belonging(of, by, area)
    total, partial = _count(seen, unseen, early, shown.cut)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    entries = _entries(seen, early, shown.cut, (page - 1) * PAGE)
    changes = _changes(entries, logged(of.label))
    days = groupby(changes, key=lambda change: change.at.astimezone(clock.zone()).date())
    return Log(tuple(Day(on, tuple(each)) for on, each in days), total, page, pages, partial)


def _belonging(of: Subject, by: Person, area: str) -> tuple[Records, Records, Records]:
    """The rows of it that the reader may see, those not, and states of the first that were drafts: one statement.

    A state that was somebody else's draft stays one, though what came of it is open now.
    """
    models = [model for model in logged(of.label).values() if area not in AREAS.values() or area == _area(model)]
    asked = [_told(rows, of, what) for model in models for what, rows in _asked(model, by)]
    found = set(asked[0].union(*asked[1:], all=True))
    seen, every_one, early = (
        {(rel, pk) for what, rel, pk in found if what in kinds} for kinds in ((SEEN, WHOLE), (ALL,), (DRAFT,))
    )
    return _records(seen), _records(every_one - seen), _records(early)


SEEN, ALL, WHOLE, DRAFT = range(4)  # WHOLE: the reader sees all rows of the model, which are asked for once


def _asked(model: type[Model], by: Person) -> Iterator[tuple[int, QuerySet[Any]]]:
    every = model._default_manager.order_by()
    seen = _visible(every, by)
    yield (WHOLE, every) if seen is every else (SEEN, seen)
    if seen is not every:
        yield ALL, every
    if drafts.verbs(model):
        past: Any = model.history.model.objects.order_by()  # type: ignore[attr-defined]
        told = permissions.visible(past, by, past=True)
        if told is not past:
            yield DRAFT, past.exclude(history_id__in=told.values("history_id"))


def _told(rows: QuerySet[Any], of: Subject, what: int) -> QuerySet[Any]:
    model = getattr(rows.model, "instance_type", rows.model)
    told: QuerySet[Any] = (
        rows.filter(**{_path(model, of.label): of.id})
        .annotate(what=Value(what, IntegerField()), relation=Value(model._meta.db_table, CharField()))
        .values_list("what", "relation", "pk")
    )
    return told


def _records(found: Iterable[tuple[str, int]]) -> Records:
    ordered = sorted(found)
    return [relation for relation, _pk in ordered], [pk for _relation, pk in ordered]


@cache
def logged(label: str = belonging.PROGRAMME) -> dict[str, type[Model]]:
    """All models whose rows belong to a programme, project, target or decision, by their tables."""
    known = (model for model in apps.get_models() if issubclass(model, Record) and _path(model, label))
    return {model._meta.db_table: model for model in known}


def _area(model: type[Model]) -> str:
    return (
        getattr(model, "area", "") or AREAS[max((room for room in AREAS if model.__module__.startswith(room)), key=len)]
    )


def _path(model: type[Model], label: str) -> str:
    """From a row to what it belongs to in the end; money and risks name a project without belonging to it."""
    if way := PATHS[label].get(model) or belonging.path_to(label, model):
        return way
    names_one = label == belonging.PROJECT and belonging.programme_path(model)
    way = belonging.way_to_project(model) if names_one else None
    return f"{way}id" if way else ""


def _visible(every: QuerySet[Any], by: Person) -> QuerySet[Any]:
    """The rows that the reader may see; a link to a project only with the project, whose name it tells."""
    found, projects = permissions.visible(every, by), Project.objects.all()
    if every.model is not ProjectTarget or (seen := permissions.visible(projects, by)) is projects:
        return found
    return found.filter(project__in=seen)


_MINE = (
    "FROM portfolio_changeentry e JOIN unnest(%s::text[], %s::bigint[]) AS mine(relation, object_id) "
    "ON e.relation = mine.relation AND e.object_id = mine.object_id "
    "LEFT JOIN unnest(%s::text[], %s::bigint[]) AS early(relation, history_id) "
    "ON e.relation = early.relation AND e.history_id = early.history_id "
    "WHERE early.history_id IS NULL AND e.seq <= %s"
)


def _count(seen: Records, unseen: Records, early: Records, cut: int) -> tuple[int, bool]:
    """How many change sets the reader sees, and whether there are any that the reader does not see all of."""
    with connection.cursor() as cursor:
        sql = f"SELECT (SELECT count(DISTINCT e.seq) {_MINE}), EXISTS (SELECT 1 {_MINE})"
        cursor.execute(sql, [*seen, *early, cut, *unseen, [], [], cut])
        total, partial = cursor.fetchone()
    return int(total), bool(partial or early[0])


def _entries(records: Records, early: Records, cut: int, offset: int) -> list[Entry]:
    """The lines of one page of change sets, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS (SELECT e.id, e.seq, e.relation, e.object_id, e.op, e.history_id " + _MINE + "), "
            "chosen AS (SELECT DISTINCT seq FROM mine ORDER BY seq DESC LIMIT %s OFFSET %s) "
            "SELECT seq, relation, object_id, op, history_id FROM mine JOIN chosen USING (seq) "
            "ORDER BY seq DESC, mine.id",
            [*records, *early, cut, PAGE, offset],
        )
        return [(seq, relation, pk, op, number) for seq, relation, pk, op, number in cursor.fetchall()]


def _changes(entries: list[Entry], kinds: Mapping[str, type[Model]]) -> Iterable[Change]:
    by_seq = {seq: list(each) for seq, each in groupby(entries, key=lambda entry: entry[0])}
    shown = [entry for each in by_seq.values() for entry in each[:TOLD_AT_ONCE]]
    states = States.of([(kinds[relation], pk, op, history_id) for _seq, relation, pk, op, history_id in shown])
    signatures = _signatures(list(by_seq))
    reasons = _reasons({signed[-1] for signed in signatures.values()})
    for seq, (at, who, role, job, because) in signatures.items():
        lines = by_seq[seq]
        told = [states.told(kinds[rel], pk, op, number) for _s, rel, pk, op, number in lines[:TOLD_AT_ONCE]]
        yield Change(
            seq=seq,
            at=at,
            who=str(JOBS.get(job, job)) if job else who,
            role=_roles(role),
            machine=bool(job),
            because=reasons[because],
            told=tuple(each for each in told if each),
            more=max(len(lines) - TOLD_AT_ONCE, 0),
        )


def _signatures(seqs: list[int]) -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.seq, c.recorded_at, coalesce(p.name, ''), c.role, c.job, c.reason FROM portfolio_changeset c "
            "LEFT JOIN portfolio_person p ON p.id = c.actor_id WHERE c.seq = ANY(%s) ORDER BY c.seq DESC",
            [seqs],
        )
        return {seq: tuple(rest) for seq, *rest in cursor.fetchall()}


def _reasons(told: Collection[str]) -> dict[str, Text]:
    """Reasons with their language, and with the wording that they have in others: one statement."""
    sums = {fingerprint(as_known(because)): because for because in told if because}
    found = {row.source_sha256: row for row in TranslatedRemark.objects.filter(source_sha256__in=sums)}
    return {because: worded(because, found.get(sha256)) for sha256, because in sums.items()} | {"": Text()}


def _roles(signed: str) -> str:
    known = set(Role.values)
    return ", ".join(str(Role(role).label) for role in signed.split(",") if role in known)
