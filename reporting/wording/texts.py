"""The texts and names that a report prints, and those among them that say nothing of their own in a language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from portfolio import belonging, city, history
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import Indicator, TargetVersion
from portfolio.decisions.models import Body, Decision, Wish
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.models import Programme, ProgrammeUpdate
from portfolio.steering.models import JointEvent, Seat, Tenure
from portfolio.strategy.models import SDG, FocusArea, Goal, Strategy
from portfolio.texts import SAME, STATEMENT, WORDED, stems
from projects import rooms
from projects.money.models import Funding
from projects.register.models import Partner, Project, ProjectPartner
from reporting.reports.models import Report
from reporting.schedule.models import ReportSchedule
from reporting.schedule.queries import programmes_of
from reporting.snapshot.kinds import OWN

NOW = 2**62  # a cut that no change set reaches: everything that is known
COLUMNS = ("resource", "record_id", "field", "original", "source_language", "lacks", "of_programme_id")


@dataclass(frozen=True)
class TextPlace:
    """A resource, and those of its texts that a report prints.

    A scale is a list of levels with a label each; a label can't be marked, so one that is a copy is not asked for.
    """

    kind: str
    model: type[models.Model]
    fields: tuple[str, ...]
    scale: str = ""


# Of what belongs to projects a report prints all texts but these.
UNPRINTED: dict[type[models.Model], tuple[str, ...]] = {Project: ("summary",), ProjectPartner: ("task",)}
OF_PROJECTS = tuple(
    kind for kind in OWN if kind._meta.app_label == "projects" and stems(kind, but=UNPRINTED.get(kind, ()))
)
PLACES = (
    TextPlace("bodies", Body, ("name",)),
    TextPlace("people", Person, ("title", "council_group", "unit")),
    TextPlace("strategies", Strategy, ("name",)),
    TextPlace("focus-areas", FocusArea, ("name",)),
    TextPlace("goals", Goal, ("text",)),
    TextPlace("sdgs", SDG, ("name",)),
    TextPlace("decisions", Decision, ("title", "date_text")),
    TextPlace("wishes", Wish, ("text", "answer", "delay")),
    TextPlace("programmes", Programme, ("name", "aim")),
    TextPlace("programme-updates", ProgrammeUpdate, stems(ProgrammeUpdate)),
    TextPlace("seats", Seat, ("label",)),
    TextPlace("joint-events", JointEvent, ("title",)),
    TextPlace("target-versions", TargetVersion, ("title",)),
    TextPlace("indicators", Indicator, ("name", "unit", "source"), scale="rubric"),
    TextPlace("measurements", Measurement, ("note",)),
    *(TextPlace(rooms.resource(kind.__name__), kind, stems(kind, but=UNPRINTED.get(kind, ()))) for kind in OF_PROJECTS),
    TextPlace("partners", Partner, ("name",)),
    TextPlace("fundings", Funding, ("funder",)),
    TextPlace("report-schedules", ReportSchedule, ("name",)),
)
KINDS = {place.kind: place for place in PLACES}
NAMED = ("council_group", "unit", "name", "funder")  # where a single column is what older rows say
ORDER = ("original", "resource", "record_id", "field")

# What it is to lack words, once for every text of every row. A text's original is in the language of its row; a copy of
# it says nothing of its own, unless it is marked as the same on purpose, of these very words.
RULE = f"""
WITH known AS MATERIALIZED ({{known}}),
texts AS (
    SELECT resource, record_id, of_programme_id, field, language, row->>'source_language' AS source_language,
        row->>(field || '_' || language) AS wording,
        COALESCE(NULLIF(row->>(field || '_' || (row->>'source_language')), ''), single,
            {", ".join(f"NULLIF(row->>(field || '_{code}'), '')" for code in LANGUAGES)}, '') AS original,
        has_single AND single IS NULL AS no_single, has_single,
        row ? 'texts' AS can_be_marked, row->'texts'->field AS states
    FROM known, unnest(string_to_array(fields, ' ')) AS field, unnest(%s::text[]) AS language,
        LATERAL (SELECT field = ANY(%s) AND row ? field AS has_single) AS of_old,
        LATERAL (SELECT CASE WHEN has_single THEN NULLIF(row->>field, '') END AS single) AS older
)
SELECT DISTINCT resource, record_id, field || '_' || language AS field, language, original, source_language,
    CASE WHEN wording = '' THEN 'wording' ELSE 'mark' END AS lacks, of_programme_id
FROM texts
WHERE original ~ %s
    AND NOT jsonb_path_exists(COALESCE(states, '{{{{}}}}'), '$.*.state ? (@ == "{STATEMENT}")')
    AND CASE WHEN wording = '' THEN NOT has_single OR no_single OR source_language <> language
        ELSE can_be_marked AND source_language <> language AND original = wording
            AND NOT (COALESCE(states->language->>'state', '') = '{SAME}'
                AND COALESCE(states->language->>'of', '') = encode(sha256(convert_to(original, 'UTF8')), 'hex')) END
    AND {{within}}
"""


@dataclass(frozen=True)
class LackingTexts:
    """The texts found, as a list reads them: counted, and page by page; each question is one statement."""

    sql: str
    params: tuple[Any, ...]
    columns: tuple[str, ...] = COLUMNS

    def count(self) -> int:
        return int(self._ask("SELECT count(*) FROM ({}) AS found")[0][0])

    def count_by_language(self) -> dict[str, int]:
        return dict(self._ask("SELECT language, count(*) FROM ({}) AS found GROUP BY language"))

    def values(self, *columns: str) -> LackingTexts:
        return replace(self, columns=columns)

    def __getitem__(self, page: slice) -> list[dict[str, Any]]:
        """By what they say. The columns are names of `COLUMNS`, never anybody's words."""
        start, size = page.start or 0, None if page.stop is None else page.stop - (page.start or 0)
        chosen, order = ", ".join(self.columns), ", ".join(ORDER)
        rows = self._ask(f"SELECT {chosen} FROM ({{}}) AS found ORDER BY {order} LIMIT %s OFFSET %s", size, start)
        return [dict(zip(self.columns, row, strict=True)) for row in rows]

    def _ask(self, question: str, *more: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(question.replace("{}", self.sql), [*self.params, *more])
            return list(cursor.fetchall())


def missing(
    by: Person | None,
    *,
    languages: Collection[str] = (),
    cut: int = NOW,
    programme: int | None = None,
    kind: str = "",
    report: Report | None = None,
) -> LackingTexts:
    """Texts that have no wording of their own in a language: missing, or a copy that nobody has marked (INV-98).

    Each is told once a language, of what the caller may see, as known at a cut: one statement. Without languages the
    city's official ones are asked. Statements need no wording; numbers and signs of units say the same everywhere.
    """
    asked_for = [place for place in PLACES if kind in ("", place.kind)]
    parts = [_at(place, cut, by, report) for place in asked_for]
    parts += [_levels(place, cut, by, report) for place in asked_for if place.scale]
    known, params = reduce(lambda one, other: one.union(other, all=True), parts).query.sql_with_params()
    within, of_these = _within(programme, report)
    asked = [list(languages or city.identity().languages.official), list(NAMED), WORDED]
    return LackingTexts(RULE.format(known=known, within=within), (*params, *asked, *of_these))


def count_missing(report: Report, languages: Collection[str], *, cut: int, by: Person | None) -> dict[str, int]:
    """How many texts of a report say nothing of their own in each of these languages: one statement."""
    found = missing(by, languages=languages, cut=cut, report=report).count_by_language()
    return {code: found.get(code, 0) for code in languages}


def _at(place: TextPlace, cut: int, by: Person | None, report: Report | None) -> QuerySet[Any]:
    """The rows of a place as known at a cut, which of their texts are asked for, and whose they are."""
    found = _printed(place.model, cut, by, report)
    return _asked(place, found, place.fields, f"to_jsonb({found.model._meta.db_table}.*)")


def _levels(place: TextPlace, cut: int, by: Person | None, report: Report | None) -> QuerySet[Any]:
    """The levels of a scale, each as a row of its own."""
    found = _printed(place.model, cut, by, report)
    table, scale = found.model._meta.db_table, place.scale
    labels = [
        f"'{scale}_{code}', concat(jsonb_array_elements({table}.{scale})->'label'->>'{code}')" for code in LANGUAGES
    ]
    row = f"jsonb_build_object('source_language', {table}.source_language, {', '.join(labels)})"
    return _asked(place, found, (scale,), row)


def _asked(place: TextPlace, found: QuerySet[Any], fields: Collection[str], row: str) -> QuerySet[Any]:
    return found.values(
        resource=Value(place.kind, models.TextField()),
        record_id=F("id"),
        fields=Value(" ".join(fields), models.TextField()),
        row=RawSQL(row, ()),
        of_programme_id=belonging.programme_of(place.model),
    )


def _within(programme: int | None, report: Report | None) -> tuple[str, tuple[Any, ...]]:
    """Of one programme; of those of a report, and of none."""
    asked, params = ["TRUE"], []
    if programme is not None:
        asked, params = ["of_programme_id = %s"], [programme]
    if report is not None:
        sql, more = programmes_of(report.schedule).order_by().values("pk").query.sql_with_params()
        asked.append(f"(of_programme_id IS NULL OR of_programme_id IN ({sql}))")
        params += more
    return " AND ".join(asked), tuple(params)


def _printed(model: type[models.Model], cut: int, by: Person | None, report: Report | None) -> QuerySet[Any]:
    """Those rows that a report prints: of people, of wordings of a target and of schedules not all are."""
    found = permissions.visible(history.rows(model, cut).order_by(), by, past=True, cut=cut)
    if model is Person:
        return found.filter(_named(cut))
    if model is TargetVersion:
        return found.exclude(
            Exists(_later(cut, report.status_date)) if report else Q(state=TargetVersion.State.SUPERSEDED)
        )
    return found.filter(id=report.schedule_id) if model is ReportSchedule and report else found


def _named(cut: int) -> Q:
    """Who holds a seat or has corrected a value."""
    seated = history.rows(Tenure, cut).order_by().values("person_id")
    corrected = history.rows(Measurement, cut).exclude(corrected_because="").order_by().values("recorded_by_id")
    return Q(id__in=seated) | Q(id__in=corrected)


def _later(cut: int, on: date) -> QuerySet[Any]:
    """The wordings that had taken the place of another by a day."""
    same = {"target_id": OuterRef("target_id"), "number__gt": OuterRef("number")}
    return history.rows(TargetVersion, cut).order_by().filter(approved_on__lte=on, **same)
