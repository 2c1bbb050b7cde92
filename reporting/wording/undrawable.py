"""The characters that no font of the report has, in the texts of a report: told before the freeze.

They stop nothing: the PDF prints their names in brackets and the HTML shows them. Who reads the list may like another
character better, and finds the record and the field in which it stands.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.text import Truncator

from portfolio import belonging, typed
from portfolio.benefits.models import BenefitTarget, IndicatorPlan
from portfolio.history import text
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.texts import readers
from projects.register.models import ProjectMove
from reporting.documents.rendering import glyphs
from reporting.documents.rendering.coverage import drawable
from reporting.reports.models import Report
from reporting.schedule.models import ReportSchedule
from reporting.schedule.queries import programmes_of
from reporting.wording import remarks, texts

# What is printed as it stands, in one column for all languages.
PLAIN = ("name", "code", "case_number", "funder", "council_group", "unit", "number")
OTHERS: tuple[tuple[str, type[Model]], ...] = (
    ("benefit-targets", BenefitTarget), ("indicator-plans", IndicatorPlan), ("project-moves", ProjectMove),
    ("reports", Report),
)  # fmt: skip

# Of these a report prints one row alone.
OF_THE_REPORT: dict[type[Model], Callable[[Report], int]] = {
    Report: lambda report: report.pk, ReportSchedule: lambda report: report.schedule_id,
}  # fmt: skip


@dataclass(frozen=True)
class Sign:
    """A character, its number and Unicode's name for it."""

    character: str
    code: str
    name: str


@dataclass(frozen=True)
class Undrawable:
    """A field of a record and the characters in it that can't be drawn."""

    resource: str
    record_id: int
    record: str
    field: str
    of_programme_id: int | None
    signs: tuple[Sign, ...]


def found(report: Report, by: Person) -> list[Undrawable]:
    """The characters that no font of the report has, in the texts that it prints, as they are now: each field."""
    rows = reduce(lambda one, other: one.union(other, all=True), _parts(report, by))
    order = [resource for resource, _, _ in places()]
    told = (_fields(row) for row in sorted(rows, key=lambda row: (order.index(row["resource"]), row["record_id"])))
    return [field for fields in told for field in fields]


@cache
def places() -> tuple[tuple[str, type[Model], tuple[str, ...]], ...]:
    """Each resource with its columns of text that a report prints."""
    said = [
        (place.kind, place.model, (*_columns(place.model, place.fields), *filter(None, [place.scale])))
        for place in texts.PLACES
    ]
    return (*said, *((kind, model, _columns(model, ())) for kind, model in OTHERS))


def _columns(model: type[Model], fields: tuple[str, ...]) -> tuple[str, ...]:
    printed = {f"{field}_{code}" for field in fields for code in LANGUAGES} | set(PLAIN)
    printed |= {place.column for place in remarks.PLACES if place.model is model}
    return tuple(each.attname for each in text.columns(model) if each.attname in printed)


@cache
def _pattern() -> str:
    """A character that the press neither draws nor leaves out."""
    known = drawable() | glyphs.OWN | set(typed.SPACES) | set(map(chr, typed.BECOMES))
    return f"[^{typed.in_ranges(known)}]"


def _parts(report: Report, by: Person) -> Iterator[QuerySet[Any]]:
    programmes = programmes_of(report.schedule).values("pk")
    for resource, model, columns in places():
        rows = permissions.visible(model._default_manager.order_by(), by)
        path = belonging.programme_path(model)
        if path:
            rows = rows.filter(**{f"{path}__in": programmes})
        elif model in OF_THE_REPORT:
            rows = rows.filter(pk=OF_THE_REPORT[model](report))
        rows = rows.annotate(said=Cast(JSONObject(**{name: F(name) for name in columns}), TextField()))
        yield rows.filter(said__regex=_pattern()).values(
            "said",
            resource=Value(resource, CharField()),
            record_id=F("pk"),
            of_programme_id=F(path) if path else Cast(Value(None), BigIntegerField()),
        )


def _fields(row: dict[str, Any]) -> Iterator[Undrawable]:
    said = {field: _spelt(value) for field, value in json.loads(row["said"]).items()}
    for field, words in said.items():
        if signs := glyphs.lacks(words):
            told = tuple(Sign(one, f"U+{ord(one):04X}", unicodedata.name(one, "").lower()) for one in signs)
            where = row["resource"], row["record_id"], _called(said), field, row["of_programme_id"]
            yield Undrawable(*where, told)


def _spelt(value: Any) -> str:
    """A text as it is, the labels of a scale one after another."""
    levels = value if isinstance(value, list) else []
    return ", ".join(words for level in levels for words in level["label"].values()) if levels else value or ""


def _called(said: dict[str, str]) -> str:
    """What a record is called: its code and its name, or how its text begins."""
    language = readers()
    stems = [f"{stem}_{code}" for stem in ("name", "title", "label") for code in (language, *LANGUAGES)]
    name = next((words for stem in ("name", *stems) if (words := said.get(stem))), "")
    start = name or next((words for words in said.values() if words), "")
    return f"{said.get('code') or ''} {Truncator(start).chars(80)}".strip()
