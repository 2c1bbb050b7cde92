"""The moment that a page shows: now, or the past as it was known at a change set; and what a reader may see of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol, cast

from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from portfolio import clock, history, written
from portfolio.benefits.models import BenefitTarget
from portfolio.history.models import ChangeSet
from portfolio.history.tables import Rows
from portfolio.people import drafts, permissions
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from projects.money.models import Funding
from projects.progress.models import Risk
from projects.register.models import Project
from reporting.snapshot.kinds import GUARDED
from reporting.snapshot.world import World, array

# Of these a page tells a sum, a count or a verdict, which has to be that of the whole.
SUMMED = frozenset({BenefitTarget, Project, Funding, Risk})
UNWEIGHED = {"draft", "drafted", "proposed"}  # targets that no verdict counts yet


class Guarded(Protocol):
    """A row that is asked for: a programme, or what belongs to one."""

    id: int
    programme_id: int
    history_id: int


@dataclass(frozen=True)
class Moment:
    """A change set and the day and instant that it stands for; `asked` is the reader's own words for the past."""

    cut: int
    on: date
    at: datetime
    asked: str = ""

    @property
    def past(self) -> bool:
        return bool(self.asked)

    @property
    def known_at(self) -> int | None:
        """The cut that rows are read at; None for what is there now."""
        return self.cut if self.past else None

    @property
    def query(self) -> str:
        """What a link adds to stay at this moment."""
        return f"?as_of={self.asked.replace('+', '%2B')}" if self.asked else ""


def moment(asked: str) -> Moment:
    """Now, or the moment that was asked for.

    Raises Refused `as_of.future` and `as_of.day`.
    """
    now = clock.now()
    if not asked:
        return Moment(history.head().seq, _day(now), now)
    cut = _seq_at(asked)
    if (day := _bare_day(asked)) is not None:
        return Moment(cut, day, clock.end_of_day(day), asked)
    at = history.instant(asked) or _known_at(cut) or now
    return Moment(cut, _day(at), at, asked)


def _bare_day(asked: str) -> date | None:
    """The day that was asked for without an hour: it is shown as it was known when it ended."""
    return written.day(asked) if written.DAY.fullmatch(asked) else None


def _seq_at(asked: str) -> int:
    """A page is asked for a day; that a change has a number is for programs to know."""
    try:
        return history.seq_at(asked)
    except Refused as refused:
        if refused.code == "as_of.format":
            raise Refused("as_of.day", field="as_of", given=asked) from refused
        raise


def _known_at(cut: int) -> datetime | None:
    return ChangeSet.objects.filter(seq=cut).values_list("recorded_at", flat=True).first()


def _day(instant: datetime) -> date:
    return instant.astimezone(clock.zone()).date()


@dataclass(frozen=True)
class View:
    """The portfolio at a moment, with nothing in it that the reader may not see.

    `whole` has the rest too, to weigh and never to show: a verdict is the whole's or none, never one of the part that
    somebody sees. Neither is a sum: `partial` are the programmes of whose rows of a kind the reader sees a part.
    """

    world: World
    whole: World = field(repr=False)
    partial: dict[type[Model], frozenset[int]]

    @property
    def hidden(self) -> frozenset[int]:
        """The programmes some of whose benefit targets this reader may not see."""
        return self.partial[BenefitTarget]


def view(world: World, by: Person, *also: type[Model], past: bool = True) -> View:
    """What was read at a moment, without what the reader's rights of today don't cover: one statement.

    A page that shows rows one by one which may be drafts names their kinds `also`. That the moment is not `past` makes
    the asking cheaper, not other.
    """
    kinds = [model for model in (*GUARDED, *also) if past or not _sees_all(model, by)]
    seen, whole = _seen(world, by, kinds, past), replace(world, rows=Rows(world.rows), _by={})
    unseen: dict[type[Model], frozenset[int]] = dict.fromkeys(SUMMED, frozenset())
    for model in kinds:
        label, rows = model._meta.label, _guarded(world, model)
        world.rows[model] = [row for row in rows if (label, row.id) in seen]
        if model in SUMMED:
            summed = [row for row in rows if getattr(row, "state", "") not in UNWEIGHED]
            unseen[model] = frozenset(row.programme_id for row in summed if (label, row.id) not in seen)
    return View(world, whole, unseen)


def _guarded(world: World, model: type[Model]) -> list[Guarded]:
    return cast("list[Guarded]", world.rows[model])


def _seen(world: World, by: Person, kinds: Iterable[type[Model]], past: bool) -> set[tuple[str, int]]:
    """Of these kinds the rows that the reader may see, in one statement."""
    asked = [
        _among_those_read(model, by, world, past)
        .annotate(label=Value(model._meta.label, CharField()))
        .values_list("label", "id")
        for model in kinds
        if world.rows[model]
    ]
    return set(asked[0].union(*asked[1:], all=True)) if asked else set()


def _sees_all(model: type[Model], by: Person) -> bool:
    """Whether the rights leave out no row of a kind that there is."""
    rows = model._default_manager.order_by()
    return permissions.visible(rows, by) is rows


def _among_those_read(model: type[Model], by: Person, world: World, past: bool) -> QuerySet[Any]:
    """Of the rows that were read those that the reader may see; of what has drafts, in the state that was read."""
    if past and drafts.verbs(model):
        states: Any = model.history.model.objects.order_by()  # type: ignore[attr-defined]
        known = _one_of(states, "history_id", [row.history_id for row in _guarded(world, model)])
        return permissions.visible(known, by, past=True, cut=world.cut)
    known = _one_of(model._default_manager.order_by(), "id", [row.id for row in _guarded(world, model)])
    return permissions.visible(known, by)


def _one_of(rows: QuerySet[Any], column: str, numbers: list[int]) -> QuerySet[Any]:
    return rows.filter(**{f"{column}__in": RawSQL("SELECT unnest(%s::bigint[])", [array(numbers)])})


def _readable(model: type[Model], by: Person, cut: int) -> QuerySet[Any]:
    """The rows that the reader may see; of what has drafts, those that were none at the moment shown."""
    if drafts.verbs(model):
        return permissions.visible(history.rows(model, cut).order_by(), by, past=True, cut=cut)
    return permissions.visible(model._default_manager.order_by(), by)


@dataclass(frozen=True)
class Sight:
    """What a reader may not see at a moment: rows of some kinds by id, and the programmes of those that are summed."""

    unseen: dict[type[Model], frozenset[int]]
    partial: dict[type[Model], frozenset[int]]

    def sees(self, model: type[Model], pk: int) -> bool:
        return pk not in self.unseen[model]


def sight(shown: Moment, by: Person, *kinds: type[Model], programme_id: int | None = None) -> Sight:
    """What of these kinds a reader's rights of today don't cover: one statement, and none for who may see all."""
    asked = [rows for model in kinds if (rows := _unseen(model, shown, by, programme_id)) is not None]
    unseen: dict[type[Model], set[int]] = {model: set() for model in kinds}
    partial: dict[type[Model], set[int]] = {model: set() for model in kinds}
    labels = {model._meta.label: model for model in kinds}
    for label, pk, programme, state in asked[0].union(*asked[1:], all=True) if asked else ():
        unseen[labels[label]].add(pk)
        if state not in UNWEIGHED:
            partial[labels[label]].add(programme)
    return Sight(*({model: frozenset(ids) for model, ids in found.items()} for found in (unseen, partial)))


def seen_ids(model: type[Model], shown: Moment, by: Person, *, among: QuerySet[Any]) -> list[int]:
    """Of some rows, by their ids, those that the reader may see: one statement."""
    return list(
        _seen_of(model, shown, by, history.known(model, shown.known_at))
        .filter(id__in=among)
        .values_list("id", flat=True)
    )


def _seen_of(model: type[Model], shown: Moment, by: Person, rows: QuerySet[Any]) -> QuerySet[Any]:
    return permissions.visible(rows, by) if not shown.past else _readable(model, by, shown.cut)


def _unseen(model: type[Model], shown: Moment, by: Person, programme_id: int | None) -> QuerySet[Any] | None:
    """The rows that are hidden, with their programmes; None where the rights leave nothing out."""
    rows = history.known(model, shown.known_at)
    if programme_id is not None:
        rows = rows.filter(**{"id" if model is Programme else "programme_id": programme_id})
    seen = _seen_of(model, shown, by, rows)
    if seen is rows:
        return None
    state = F("state") if model is BenefitTarget else Value("")
    programme = F("id") if model is Programme else F("programme_id")
    label = Value(model._meta.label, CharField())
    told = rows.exclude(id__in=seen.values("id")).annotate(label=label, of=programme, weight=Cast(state, CharField()))
    found: QuerySet[Any] = told.values_list("label", "id", "of", "weight")
    return found
