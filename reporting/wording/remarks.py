"""The remarks that a report prints, and those among them that still lack a wording in another language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db import connection, models
from django.db.models import F, QuerySet, Value

from portfolio import belonging, city, history
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, IndicatorPlan, TargetVersion
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.texts import Fingerprint
from portfolio.translations import queries
from portfolio.translations.models import AsKnown
from projects.progress.models import Milestone, Risk
from projects.register.models import ProjectMove
from reporting.reports.models import Report
from reporting.schedule.queries import programmes_of

NOW = 2**62  # a cut that no change set reaches: everything that is known
Condition = tuple[str, tuple[Any, ...]]
COLUMNS = ("source", "place", "of_programme_id", "translation_id")


@dataclass(frozen=True)
class Place:
    """Where a remark stands that a report prints; `day` is the day on which what it speaks of happened."""

    name: str
    model: type[models.Model]
    column: str
    day: str = ""
    of_the_period: bool = False


# The evidence of a measurement is in the snapshot but on no page, so nobody needs to translate it for the report.
PLACES = (
    Place("project_move", ProjectMove, "because", "effective_on", of_the_period=True),
    Place("milestone", Milestone, "replanned_because"),
    Place("risk_closed", Risk, "closed_because", "closed_on", of_the_period=True),
    Place("correction", Measurement, "corrected_because", "measured_on"),
    Place("baseline_source", IndicatorPlan, "baseline_source"),
    Place("target_changed", TargetVersion, "because", "approved_on", of_the_period=True),
    Place("target_ended", BenefitTarget, "history_change_reason", "ended_on", of_the_period=True),
    Place("edition", Report, "supersedes_because", "status_date"),
)
NAMES = tuple(place.name for place in PLACES)


def missing(
    by: Person | None,
    *,
    languages: Collection[str] = (),
    cut: int = NOW,
    programme: int | None = None,
    place: str = "",
    report: Report | None = None,
) -> QuerySet[Any]:
    """Remarks without a wording in one of the languages, each told once for a place and a programme: one statement.

    They are those that the caller may see, as known at a cut, of a report if one is named. Without languages the
    city's official ones are asked.
    """
    asked = queries.lacks(languages or city.identity().languages.official, cut)
    found = [_at(one, cut, by, report).filter(asked) for one in PLACES if place in ("", one.name)]
    if programme is not None:
        found = [part.filter(of_programme_id=programme) for part in found]
    told = [part.annotate(translation_id=queries.id_of(cut)).values(*COLUMNS) for part in found]
    return reduce(QuerySet.union, told) if len(told) > 1 else told[0].distinct()


def count_missing(report: Report, languages: Collection[str], *, cut: int, by: Person | None) -> dict[str, int]:
    """How many remarks of a report have no wording in each of these languages, each counted once: one statement."""
    return _count(report, {code: queries.lacks_sql(code, cut) for code in languages}, cut, by)


def count_given_since(report: Report, language: str, *, cut: int, by: Person | None) -> int:
    """How many of those that had none by the cut have got one since: the next taking of the facts brings them in."""
    (before, with_these), (now, with_those) = queries.lacks_sql(language, cut), queries.lacks_sql(language, NOW)
    return _count(report, {"": (f"{before} AND NOT {now}", with_these + with_those)}, cut, by)[""]


def _count(report: Report, asked: Mapping[str, Condition], cut: int, by: Person | None) -> dict[str, int]:
    """How many of the remarks that a report could print, each once, meet each condition."""
    parts = [_at(place, cut, by, report).values("sha256") for place in PLACES]
    found, params = reduce(QuerySet.union, parts).query.sql_with_params()
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition, _ in asked.values())
    with connection.cursor() as cursor:
        given = [param for _, each in asked.values() for param in each]
        cursor.execute(f"SELECT {counted} FROM ({found}) AS found", [*given, *params])
        return dict(zip(asked, cursor.fetchone(), strict=True))


def _at(place: Place, cut: int, by: Person | None, report: Report | None) -> QuerySet[Any]:
    """The remarks of a place by `source`, with `sha256`, by which the translation knows them, and their programme."""
    found = permissions.visible(_rows(place.model, cut).order_by(), by, past=True, cut=cut)
    if place.model is IndicatorPlan:
        approved = history.rows(TargetVersion, cut).filter(approved_on__isnull=False)
        found = found.filter(target_version_id__in=approved.order_by().values("id"))
    if place.model is TargetVersion:  # why a typing error was corrected is on no page
        found = found.filter(corrects_id__isnull=True)
    if place.model is BenefitTarget:  # one that an import ended has the name of its file for a reason
        found = found.filter(history_user_id__isnull=False)
    if place.day:
        found = found.filter(**{f"{place.day}__isnull": False})
    found = found.annotate(
        place=Value(place.name, output_field=models.CharField()),
        of_programme_id=belonging.programme_of(place.model),
        source=AsKnown(F(place.column)),
        sha256=Fingerprint(AsKnown(F(place.column))),
    ).exclude(source="")
    return _of(report, place, found) if report else found


def _rows(model: type[models.Model], cut: int) -> QuerySet[Any]:
    """The rows as known at a cut; a step of a life as it stood then, for only that is printed."""
    return model.objects.standing(cut) if issubclass(model, history.Step) else history.rows(model, cut)


def _of(report: Report, place: Place, found: QuerySet[Any]) -> QuerySet[Any]:
    """What a report could print: of its programmes, by its status date; what happened, of its period."""
    if place.model is Report:
        return found.filter(id=report.pk)
    found = found.filter(of_programme_id__in=programmes_of(report.schedule).values("pk"))
    if place.day:
        found = found.filter(**{f"{place.day}__lte": report.status_date})
    return found.filter(**{f"{place.day}__gte": report.period_starts_on}) if place.of_the_period else found
