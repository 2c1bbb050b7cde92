"""Reading about reports: what is due, what was alive, what a draft lacks, what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from portfolio import city, clock
from portfolio.benefits.models import BenefitTarget
from portfolio.history.models import ChangeEntry, ChangeSet
from portfolio.programmes.models import PhaseMove, Programme
from portfolio.refusals import Lack
from portfolio.texts import readers
from projects.register.models import Project
from reporting.documents import formats
from reporting.documents.models import Rendition
from reporting.documents.queries import files_of
from reporting.facts import Text
from reporting.reports.lifecycle import FINAL
from reporting.reports.models import Report
from reporting.schedule import timetable
from reporting.schedule.models import ReportSchedule, ScheduledProgramme
from reporting.schedule.queries import programmes_of, slug_of, timetable_of
from reporting.schedule.timetable import InTheRecord, Timing
from reporting.snapshot.models import Snapshot
from reporting.snapshot.queries import facts_of, newest_snapshot
from reporting.work.models import TOLD, Work


def report_of(row: Snapshot | Work) -> Report:
    """The report that a snapshot or a piece of work is of; raises Report.DoesNotExist when it is of no report."""
    if row.report is None:
        raise Report.DoesNotExist(f"{row._meta.verbose_name} {row.pk} is of no report")
    return row.report


class CityNow(Func):
    """The city's present instant, asked of the database in the same statement."""

    function = "city_now"
    output_field = DateTimeField()


def as_ordered(report_id: int) -> Any:
    """A report with `chosen`, the programmes that its schedule names, and `taken`, the number of its snapshots.

    And with `largest`, the number of the city's projects or of its benefit targets, of whichever there are more.
    """
    chosen = ScheduledProgramme.objects.filter(schedule=OuterRef("schedule")).values("programme_id")
    largest = Greatest(_number_of(Project), _number_of(BenefitTarget))
    found = Report.objects.annotate(taken=Count("snapshots"), chosen=ArraySubquery(chosen), largest=largest)
    return found.select_related("schedule").get(pk=report_id)


def _number_of(model: type[Model]) -> Coalesce:
    rows = model._default_manager.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def due_timings(*, now: datetime) -> Iterator[tuple[ReportSchedule, Timing]]:
    """What is to be opened: every status date that has ended and has no report yet; two statements at any size.

    A cut-off from before the record begins is never due: nothing was known by then.
    """
    for schedule, timing in _ended(now=now):
        if _record(schedule).reaches(timing):
            yield schedule, timing


def before_the_record(schedule: ReportSchedule, *, now: datetime) -> list[Timing]:
    """The ended status dates of a schedule for which no report is opened: their cut-off is before the record begins."""
    return [timing for of, timing in _ended(now=now, pk=schedule.pk) if not _record(of).reaches(timing)]


@dataclass(frozen=True)
class Unrecorded:
    """Status dates of a programme without a report, for their cut-off was before the day on which the record begins."""

    days: tuple[date, ...]
    begins: date | None


def before_the_record_of(programme: int, term: int, *, now: datetime) -> Unrecorded:
    """The same of all schedules that report on a programme of a term; two statements at any size."""
    of_it = Q(programmes__programme_id=programme) | Q(programmes__isnull=True, council_term_id=term)
    chosen = ReportSchedule.objects.filter(of_it).values("pk")
    found = [(of, timing) for of, timing in _ended(now=now, pk__in=chosen) if not _record(of).reaches(timing)]
    begun = min((of.record_begins for of, _timing in found if of.record_begins), default=None)
    days = sorted({timing.status_date for _of, timing in found})
    return Unrecorded(tuple(days), begun.astimezone(clock.zone()).date() if begun else None)


def unopened_before(report: Report, *, now: datetime) -> Timing | None:
    """The first earlier status date of a report's schedule that is due and that nobody has opened yet."""
    for of, timing in _ended(now=now, pk=report.schedule_id):
        if timing.status_date >= report.status_date:
            return None
        if _record(of).reaches(timing) and alive_on(of, timing.status_date).exists():
            return timing
    return None


def _ended(*, now: datetime, **which: Any) -> Iterator[tuple[Any, Timing]]:
    """Status dates that have ended and have no report, of schedules with `recorded_at` and `record_begins`."""
    schedules = ReportSchedule.objects.filter(history_only=False, **which).prefetch_related("dates")
    named = ScheduledProgramme.objects.filter(schedule=OuterRef(OuterRef("pk")))
    of_the_term = Q(council_term_id=OuterRef("council_term_id")) & ~Exists(named)
    programmes = Programme.objects.filter(Q(report_schedules__schedule=OuterRef("pk")) | of_the_term)
    begun = programmes.annotate(begun=_recorded_at(Programme)).order_by("begun").values("begun")[:1]
    done = ArraySubquery(Report.objects.filter(schedule=OuterRef("pk")).values("status_date"))
    known = schedules.annotate(recorded_at=_recorded_at(ReportSchedule), record_begins=Subquery(begun), done=done)
    for schedule in known:
        for timing in timetable.due(timetable_of(schedule), clock.zone(), now=now, done=schedule.done):
            yield schedule, timing


def _recorded_at(model: type[Model]) -> Subquery:
    """When the record that is annotated came to be."""
    entries = ChangeEntry.objects.filter(relation=model._meta.db_table, op="+", object_id=OuterRef(OuterRef("pk")))
    first = Subquery(entries.order_by("seq").values("seq")[:1])
    return Subquery(ChangeSet.objects.filter(seq=first).values("recorded_at")[:1])


def _record(schedule: Any) -> InTheRecord:
    return InTheRecord(schedule.recorded_at, schedule.record_begins)


def file_stem(report: Report) -> str:
    """What the files of a report are called: by its day, its schedule and, from the second on, its edition."""
    parts = ["council-report", report.status_date.isoformat(), slug_of(report.schedule), f"edition-{report.edition}"]
    return "-".join(part for part in parts if part and part != "edition-1")


def alive_on(schedule: ReportSchedule, day: date) -> QuerySet[Programme]:
    """The programmes set by a day and not closed before it (INV-90)."""
    closed = PhaseMove.objects.standing().filter(phase="closed", effective_on__lt=day).values("programme_id")
    set_by_then = Q(set_by__decided_on__lte=day) | Q(set_by__decided_on__isnull=True)
    return programmes_of(schedule).filter(set_by_then).exclude(pk__in=closed)


def status_date_before(schedule: ReportSchedule, day: date) -> date | None:
    """The status date of the report before."""
    before = Report.objects.filter(schedule=schedule, status_date__lt=day).order_by("-status_date")
    return before.values_list("status_date", flat=True).first()


def said_before(report: Report) -> QuerySet[Snapshot]:
    """The snapshots of earlier status dates, the oldest first: of each the newest edition that the city stands by.

    A correction that is still a draft has not been said to anybody yet.
    """
    said = Case(When(report__state__in=FINAL, then=Value(1)), default=Value(0))
    earlier = Snapshot.objects.filter(
        report__schedule_id=report.schedule_id, report__status_date__lt=report.status_date
    )
    return earlier.order_by("report__status_date", said.desc(), "-report__edition", "-number").distinct(
        "report__status_date"
    )


def reason_of_retake(report: Report) -> str:
    """Why the facts of an open report are taken again: what was said when it was opened again."""
    past = Report.history.model.objects.filter(id=report.pk, state=Report.State.OPEN, version__gt=1)
    told = past.exclude(history_change_reason="").order_by("-history_seq")
    return told.values_list("history_change_reason", flat=True).first() or ""


@dataclass(frozen=True)
class Contents:
    """What a snapshot tells of: programmes, by code, or by name as not reported; its languages; the bare wishes."""

    programmes: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    unanswered: tuple[Text, ...] = ()


def owed(snapshot: Snapshot | None) -> list[tuple[str, str]]:
    """The files of a snapshot, by language and format, as they were ordered when it was taken."""
    ordered = Work.objects.filter(snapshot=snapshot, kind=Work.Kind.RENDER) if snapshot else Work.objects.none()
    return list(ordered.order_by("pk").values_list("language", "format"))


def lacks_of_a_draft(report: Report, snapshot: Snapshot | None, told: Contents) -> Iterator[Lack]:
    """What a draft needs before it is confirmed: every language and format, every active programme (INV-95, INV-97).

    And to each wish of the council an answer, or the reason why there is none yet.
    """
    rendered = set(Rendition.objects.filter(snapshot=snapshot).values_list("language", "format"))
    wanted = owed(snapshot) or [(code, kind) for code in told.languages for kind in formats.names()]
    if missing := [f"{code} {kind}" for code, kind in wanted if (code, kind) not in rendered]:
        yield Lack("report.not_rendered", missing=", ".join(missing))
    if snapshot is None:
        return
    for programme in alive_on(report.schedule, report.status_date):
        if programme.code not in told.programmes and str(programme) not in told.programmes:
            yield Lack("report.programme_missing", programme=str(programme))
    for wish in told.unanswered:
        yield Lack("report.wish_unanswered", wish=_in_the_readers_language(wish))


def told(snapshot: Snapshot | None) -> Contents:
    """What a snapshot tells of; before there is one, nothing in the city's languages."""
    if snapshot is None:
        return Contents(languages=city.identity().languages.reports)
    facts = facts_of(snapshot)
    missing = {getattr(words, facts.city.languages[0]) for words in facts.missing}
    bare = tuple(wish.text for wish in facts.wishes if wish.state == "open" and wish.delayed_on is None)
    codes = frozenset({one.code for one in facts.programmes} | missing)
    return Contents(codes, facts.city.languages, bare)


def _in_the_readers_language(words: Text) -> str:
    return next(told for code in (readers(), *city.identity().languages.service) if (told := getattr(words, code, "")))


def manifest(report: Report) -> dict[str, Any]:
    """The files of an edition with their checksums, and the snapshot, findings and head of the chain they rest on."""
    snapshot = newest_snapshot(report)
    assert snapshot is not None
    renditions = Rendition.objects.filter(snapshot=snapshot).order_by("language", "format")
    return {
        "status_date": report.status_date.isoformat(),
        "edition": report.edition,
        "snapshot_sha256": snapshot.sha256,
        "findings_sha256": snapshot.findings.sha256,
        "cut_seq": snapshot.cut_seq,
        "files": [
            {"language": language, "format": kind, "sha256": sha256, "renderer": renderer}
            for language, kind, sha256, renderer in renditions.values_list(
                "language", "format", "blob__sha256", "renderer"
            )
        ],
    }


def files(report: Report) -> dict[str, Any]:
    """What a report consists of by now, and what the machine is doing about the rest."""
    snapshot = newest_snapshot(report)
    work = Work.objects.filter(report=report).exclude(kind=Work.Kind.TELL).order_by("pk")
    return {
        "snapshot_sha256": snapshot.sha256 if snapshot else None,
        "cut_seq": snapshot.cut_seq if snapshot else None,
        "files": files_of(snapshot) if snapshot else [],
        "work": list(work.values(*TOLD)),
    }
