"""The texts and names that a report prints, and those among them that say nothing of their own in a language."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from portfolio import city, history, permissions
from portfolio.benefits.models import Indicator, Measurement, TargetVersion
from portfolio.decisions.models import Body, Decision, Wish
from portfolio.people.models import Person
from portfolio.programmes.models import Programme, ProgrammeUpdate
from portfolio.steering.models import JointEvent, Seat, Tenure
from portfolio.strategy.models import SDG, FocusArea, Goal, Strategy
from portfolio.texts import LANGUAGES, SAME, STATEMENT, WORDED, Fingerprint
from projects.money.models import Funding
from projects.pilots.models import Pilot
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Partner, Project
from reporting.models import Report
from reporting.queries import programmes_of

NOW = 2**62  # a cut that no change set reaches: everything that is known
COLUMNS = ("resource", "record_id", "field", "original", "source_language", "lacks", "of_programme_id")


@dataclass(frozen=True)
class Place:
    """A resource, and those of its texts that a report prints."""

    kind: str
    model: type[models.Model]
    fields: tuple[str, ...]


PLACES = (
    Place("bodies", Body, ("name",)),
    Place("people", Person, ("title", "council_group", "unit")),
    Place("strategies", Strategy, ("name",)),
    Place("focus-areas", FocusArea, ("name",)),
    Place("goals", Goal, ("text",)),
    Place("sdgs", SDG, ("name",)),
    Place("decisions", Decision, ("title", "date_text")),
    Place("wishes", Wish, ("text", "answer")),
    Place("programmes", Programme, ("name", "aim")),
    Place("programme-updates", ProgrammeUpdate, ("summary", "cooperation", "priorities", "attention")),
    Place("seats", Seat, ("label",)),
    Place("joint-events", JointEvent, ("title",)),
    Place("target-versions", TargetVersion, ("title",)),
    Place("indicators", Indicator, ("name", "unit", "source")),
    Place("measurements", Measurement, ("note",)),
    Place("projects", Project, ("name",)),
    Place("milestones", Milestone, ("name",)),
    Place("risks", Risk, ("title", "mitigation")),
    Place("status-reports", StatusReport, ("text",)),
    Place("pilots", Pilot, ("result", "lessons")),
    Place("partners", Partner, ("name",)),
    Place("fundings", Funding, ("funder",)),
)
KINDS = {place.kind: place for place in PLACES}
NOTHING = Value("", models.TextField())
NAMED = {"council_group", "unit", "name", "funder"}  # where a single column is what older rows say


def missing(
    by: Person | None,
    *,
    languages: Collection[str] = (),
    cut: int = NOW,
    programme: int | None = None,
    kind: str = "",
    report: Report | None = None,
) -> QuerySet[Any]:
    """Texts that have no wording of their own in a language: missing, or a copy that nobody has marked (INV-98).

    Each is told once a language, of what the caller may see, as known at a cut: one statement. Without languages the
    city's official ones are asked. Statements need no wording; numbers and signs of units say the same everywhere.
    """
    asked = languages or city.identity().official
    places = [place for place in PLACES if kind in ("", place.kind)]
    parts = [part for place in places for part in _at(place, asked, cut, by, programme, report)]
    told = [part.values(*COLUMNS) for part in parts]
    return reduce(QuerySet.union, told)


def count_missing(report: Report, language: str, *, cut: int, by: Person | None) -> int:
    """How many texts of a report say nothing of their own in a language."""
    return missing(by, languages=[language], cut=cut, report=report).count()


def _at(
    place: Place, asked: Collection[str], cut: int, by: Person | None, programme: int | None, report: Report | None
) -> Iterator[QuerySet[Any]]:
    found = permissions.visible(history.rows(place.model, cut).order_by(), by, past=True, cut=cut)
    found = _printed(place.model, found, cut).annotate(of_programme_id=_programme(place.model))
    if programme is not None:
        found = found.filter(of_programme_id=programme)
    if report:
        of_it = Q(of_programme_id__isnull=True) | Q(of_programme_id__in=programmes_of(report.schedule).values("pk"))
        found = found.filter(of_it)
    for field in place.fields:
        for language in asked:
            yield _lacking(found, place, field, language)


def _printed(model: type[models.Model], found: QuerySet[Any], cut: int) -> QuerySet[Any]:
    """Of people those with a seat, of the wordings of a target those that stand or are to stand."""
    if model is Person:
        return found.filter(id__in=history.rows(Tenure, cut).order_by().values("person_id"))
    return found.exclude(state=TargetVersion.State.SUPERSEDED) if model is TargetVersion else found


def _lacking(found: QuerySet[Any], place: Place, field: str, language: str) -> QuerySet[Any]:
    """The rows whose text has words, is no statement, and has none of its own in the language."""
    column, state, made_of = f"{field}_{language}", *(_state(field, language, name) for name in ("state", "of"))
    empty, elsewhere = Q(**{column: ""}), ~Q(source_language=language)
    found = found.annotate(
        resource=Value(place.kind, models.CharField()),
        record_id=F("id"),
        field=Value(column, models.CharField()),
        original=_original(place.model, field),
        wording=Cast(F(column), models.TextField()),
        told=state,
        told_of=made_of,
        original_sha256=Fingerprint(F("original")),
        lacks=Case(When(empty, then=Value("wording")), default=Value("mark")),
        given=Case(When(_statement(field), then=Value(1)), default=Value(0)),
    )
    copied = elsewhere & Q(original=F("wording")) & ~Q(told=SAME, told_of=F("original_sha256"))
    unsaid = empty & (elsewhere | Q(**{field: ""})) if _has_single(place.model, field) else empty
    return found.filter(copied | unsaid, original__regex=WORDED, given=0)


def _original(model: type[models.Model], field: str) -> Any:
    """The text as it was written, by the language of its row."""
    written = [When(source_language=code, then=_filled(f"{field}_{code}")) for code in LANGUAGES]
    single = [_filled(field)] if _has_single(model, field) else []
    return Coalesce(Case(*written), *single, *(_filled(f"{field}_{code}") for code in LANGUAGES), NOTHING)


def _filled(column: str) -> Any:
    return NullIf(Cast(F(column), models.TextField()), NOTHING)


def _has_single(model: type[models.Model], field: str) -> bool:
    return field in NAMED and any(each.name == field for each in model._meta.concrete_fields)


def _state(field: str, language: str, name: str) -> Any:
    told = KeyTextTransform(name, KeyTextTransform(language, KeyTextTransform(field, "texts")))
    return Coalesce(Cast(told, models.TextField()), NOTHING)


def _statement(field: str) -> Q:
    told = [Q(**{f"texts__{field}__{code}__state": STATEMENT}) for code in LANGUAGES]
    return reduce(or_, told)


def _programme(model: type[models.Model]) -> Any:
    """The programme of a row by today's rows behind it; which programme something belongs to never changes."""
    path = str(getattr(model, "programme_path", ""))
    if not path:
        return Cast(Value(None), models.BigIntegerField())
    return Subquery(model._default_manager.filter(pk=OuterRef("id")).values(path)[:1])
