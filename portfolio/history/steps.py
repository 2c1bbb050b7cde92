"""The steps of a life, each from a day on: written once; what was wrong in one is mended by writing it anew."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from portfolio.history.models import InsertOnly
from portfolio.refusals import Refused

OWN = {"id", "key", "provenance", "seq", "salt", "row_sha256", "shape"}  # of one row, not of the step


class StepQuerySet(models.QuerySet[Any]):
    """Steps as they were entered, or as they stand once corrected."""

    def standing(self, cut: int | None = None) -> Self:
        """Each step once, as last corrected (by the change set `cut`), with its `place` in the order of entry."""
        known = self.model._default_manager.all() if cut is None else self.model._default_manager.filter(seq__lte=cut)
        newer = known.filter(corrects_id=OuterRef("place"), pk__gt=OuterRef("pk"))
        found = self if cut is None else self.filter(seq__lte=cut)
        return found.annotate(place=Coalesce("corrects_id", F("pk"))).filter(~Exists(newer))


class Step(InsertOnly):
    """A step that a life has taken on a day; a correction is a further row that names the first entry of the step."""

    effective_on = models.DateField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    corrected_because = models.TextField(blank=True)

    corrects_id: int | None
    life: ClassVar[str]  # the column of whose life it is a step

    objects: ClassVar[Any] = StepQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrected_because=""),
                name="%(class)s_corrected_for_a_reason",
                violation_error_code="history.reason",
            ),
        ]

    def mended(self, *, because: str, **said: Any) -> Self:
        """The step anew, yet to be saved, with what was said and the reason (INV-110).

        Raises Refused `history.corrected` for an entry that no longer stands: somebody else was faster (INV-116).
        """
        first, entries = self.corrects_id or self.pk, self._entries()
        if entries.filter(corrects_id=first, pk__gt=self.pk).exists():
            raise Refused("history.corrected")
        columns = {field.attname for field in self._meta.concrete_fields} - OWN
        kept = {name: getattr(self, name) for name in columns}
        return type(self)(**(kept | said | {"corrects_id": first, "corrected_because": because}))

    def _entries(self) -> Any:
        return type(self).objects

    def beside(self) -> tuple[date | None, date | None]:
        """The days of the steps before it and after it, in the order in which the life took them, or None."""
        mine = {self.life: getattr(self, self.life)}
        steps = list(self._entries().filter(**mine).standing().order_by("place").values_list("pk", "effective_on"))
        at = [pk for pk, _ in steps].index(self.pk)
        days = [None, *(day for _, day in steps), None]
        return days[at], days[at + 2]
