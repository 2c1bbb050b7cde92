"""What was changed here since it was taken in: an import leaves that as it is and names it (decision 36)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from portfolio.history.models import ChangeSet, InsertOnly


@dataclass(frozen=True)
class Left:
    """A field that somebody has changed here, and that the file has otherwise: it was left."""

    place: str
    key: str
    here: str
    given: str
    why: str = "left as changed here"

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.place} ({self.key}): {self.why}: {self.here} – in the file: {self.given}"


def changed_here(record: Any, names: Collection[str]) -> set[str]:
    """Of these fields, those whose present value came by a change set that is neither an import's nor a migration's.

    Told by the record's history: what counts is who wrote the value that stands, not who saved the row last.
    """
    if isinstance(record, InsertOnly) or not names:
        return set()
    columns = {name: record._meta.get_field(name).attname for name in names}
    wrote = _who_wrote(record, set(columns.values()))
    others = ChangeSet.objects.filter(seq__in=set(wrote.values())).exclude(job="import").exclude(kind="migration")
    seqs = set(others.values_list("seq", flat=True))
    return {name for name, column in columns.items() if wrote.get(column) in seqs}


def _who_wrote(record: Any, columns: set[str]) -> dict[str, int]:
    """For each column the change set that gave it its present value."""
    past = type(record).history.model.objects.filter(id=record.pk).order_by("history_seq", "history_id")
    wrote: dict[str, int] = {}
    before: dict[str, Any] = {}
    for row in past.values("history_seq", *columns):
        changed = [column for column in columns if column not in before or before[column] != row[column]]
        wrote |= dict.fromkeys(changed, row["history_seq"])
        before = row
    return wrote


def shown(value: Any) -> str:
    """A value as a line for a person shows it."""
    if isinstance(value, models.Model):
        return str(getattr(value, "key", None) or value.pk)
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
