"""A world too long to be held at once: what belongs to projects and targets is read for some of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter

from portfolio import belonging
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, IndicatorPlan, PathPoint, TargetGoal, TargetSdg
from portfolio.history.tables import Only, Rows, any_row, tables
from projects.register.models import Project
from reporting.snapshot.kinds import LATE, MODELS, OWN, Table
from reporting.snapshot.world import World, first_recordings, restatements

BATCH = 500
# What is told of a project or a target with it and nowhere else; what is one step below it stands first.
BELOW: dict[Table, tuple[Table, ...]] = {
    Project: tuple(kind for kind in OWN if belonging.steps(kind, belonging.PROJECT)),
    BenefitTarget: (TargetGoal, TargetSdg, IndicatorPlan, PathPoint, Measurement),
}
LEFT: tuple[Table, ...] = tuple(kind for below in BELOW.values() for kind in below)
WHOLE: tuple[Table, ...] = tuple(kind for kind in MODELS if kind not in LEFT)


@dataclass
class LongWorld(World):
    """The portfolio at a cut, with what belongs to the projects and targets that are just told of.

    They are told in the order that `will_tell` says, so that each batch is read once: a statement for projects, three
    for targets.
    """

    batch: int = BATCH
    batches: dict[Table, dict[int, tuple[int, ...]]] = field(default_factory=dict)
    hand: dict[Table, tuple[int, ...]] = field(default_factory=dict)
    recorded: dict[tuple[str, int], tuple[int, datetime]] = field(default_factory=dict)

    @classmethod
    def at(cls, cut: int, *, status_date: date, period_starts_on: date) -> LongWorld:
        """Two statements at any size, and those for what is read later."""
        rows = Rows({kind: [] for kind in LEFT} | tables(cut, *WHOLE))
        return cls(cut, status_date, period_starts_on, rows, first_recordings(cut, LATE), {})

    def will_tell(self, kind: Table, ids: Sequence[int]) -> None:
        """In which order these projects or targets are told."""
        parts = (tuple(ids[start : start + self.batch]) for start in range(0, len(ids), self.batch))
        self.batches[kind] = {pk: part for part in parts for pk in part}

    def turn_to(self, kind: Table, pk: int) -> None:
        """Read what belongs to the batch in which this one is, in the place of the batch before."""
        if self.hand.get(kind) is not (batch := self.batches[kind][pk]):
            self.hand[kind] = batch
            self._by = {key: groups for key, groups in self._by.items() if key[0] not in BELOW[kind]}
            self.rows.update(
                tables(self.cut, *BELOW[kind], only={each: self._only(each, kind) for each in BELOW[kind]})
            )
            if kind is BenefitTarget:
                measured = [row.id for row in self.rows[Measurement]]
                self.versions = restatements(self.cut, measured)
                self.recorded = first_recordings(self.cut, (Measurement,), measured)

    def at_hand(self, kind: Table) -> tuple[int, ...] | None:
        return self.hand.get(kind, ())

    def first_recorded(self, model: Table, pk: int) -> tuple[int, datetime]:
        return self.recorded[model._meta.db_table, pk] if model is Measurement else super().first_recorded(model, pk)

    @property
    def invented(self) -> bool:
        """Whether any row is demonstration data, those that are not at hand too."""
        only = {kind: Only("provenance", ["demonstration"]) for kind in LEFT}
        return super().invented or any_row(self.cut, *LEFT, only=only)

    def _only(self, kind: Table, top: Table) -> Only:
        """The rows of a kind that belong to the batch at hand, by what they belong to themselves."""
        owner, column = belonging.owner(kind), belonging.column(kind)
        if owner is top:
            return Only(column, self.hand[top])
        if owner in BELOW[top]:
            return Only(column, owner)
        above = belonging.column(owner)
        rows = (row for pk in self.hand[top] for row in self.where(owner, **{above: pk}))
        return Only(column, [*map(attrgetter("id"), rows)])
