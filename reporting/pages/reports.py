"""The list of reports, and one report with its files, its work and its moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.functional import Promise

from portfolio import city, permissions
from portfolio.api import retries
from portfolio.decisions.models import Decision
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting import letters, remarks
from reporting.models import Rendition, Report, Snapshot, Work
from reporting.pages import words
from reporting.pages.wordings import Lacking
from reporting.pages.words import REPORT_STEPS
from reporting.queries import FINAL

LANGUAGES = (("fi", "Suomeksi"), ("sv", "På svenska"), ("en", "In English"))
MOVES = {"confirm": "confirm_report", "send": "send_report", "propose": "note_report", "note": "note_report"}
FROM = {"confirm": "draft", "send": "confirmed", "propose": "confirmed", "note": "sent"}


@dataclass(frozen=True)
class File:
    """One file of a report: language, format, size and checksum."""

    language: str
    format: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class FileRow:
    """The files in one language."""

    language: str
    name: str
    html: File | None
    pdf: File | None


@dataclass(frozen=True)
class ReportRow:
    """A report in the list."""

    report: Report
    state: str | Promise
    files: tuple[FileRow, ...]
    snapshot: Snapshot | None

    @property
    def complete(self) -> bool:
        return all(row.html and row.pdf for row in self.files)


@dataclass(frozen=True)
class ReportStep:
    """A step of a report's way to the council."""

    title: str | Promise
    done: bool
    now: bool
    gate: bool
    at: Any = None


@dataclass(frozen=True)
class Unfinished:
    """Work that the program has yet to do or has given up; why it failed is for those who can let it on."""

    work: Work
    error: str = ""


@dataclass(frozen=True)
class ReportView:
    """Everything the page of a report says."""

    row: ReportRow
    steps: tuple[ReportStep, ...]
    work: tuple[Unfinished, ...]
    given_up: bool
    key: str
    moves: tuple[str, ...]
    decisions: tuple[Decision, ...]
    untranslated: tuple[Lacking, ...]


def reports(by: Person) -> list[ReportRow]:
    """The reports that the reader may see, the newest first, with their files: four statements at any size."""
    found = list(
        permissions.visible(Report.objects.all(), by)
        .select_related("schedule__council_term", "noted_by__body", "proposed_by__body")
        .order_by("-status_date", "-edition")
    )
    snapshots = _newest_snapshots(found)
    files = _files(list(snapshots.values()))
    return [_row(report, snapshots.get(report.pk), files) for report in found]


def _newest_snapshots(found: list[Report]) -> dict[int, Snapshot]:
    newest = Snapshot.objects.filter(report__in=found).defer("payload").order_by("report_id", "-number")
    return {snapshot.report_id: snapshot for snapshot in newest.distinct("report_id")}


def _files(snapshots: list[Snapshot]) -> dict[int, list[File]]:
    rows = Rendition.objects.filter(snapshot__in=snapshots).annotate(length=Length("blob__content"))
    found: dict[int, list[File]] = {}
    for pk, language, kind, length, sha256 in rows.values_list(
        "snapshot_id", "language", "format", "length", "blob__sha256"
    ):
        found.setdefault(pk, []).append(File(language, kind, length, sha256))
    return found


def _row(report: Report, snapshot: Snapshot | None, files: dict[int, list[File]]) -> ReportRow:
    held = {(file.language, file.format): file for file in files.get(snapshot.pk if snapshot else 0, [])}
    told = {*city.identity().languages, *(language for language, _ in held)}
    rows = tuple(
        FileRow(code, name, held.get((code, "html")), held.get((code, "pdf")))
        for code, name in LANGUAGES
        if code in told
    )
    return ReportRow(report, REPORT_STEPS[report.state], rows, snapshot)


def report(pk: int, by: Person) -> ReportView:
    """One report for one reader.

    Raises Refused `not_found`.
    """
    row = next((row for row in reports(by) if row.report.pk == pk), None)
    if row is None:
        raise Refused("not_found")
    moves = tuple(move for move in MOVES if _offered(move, row.report, by))
    lets_on = permissions.may(by, letters.LETS_ON)
    work = tuple(_unfinished(row.report, lets_on))
    return ReportView(
        row=row,
        steps=_steps(row.report),
        work=work,
        given_up=lets_on and any(each.work.parked for each in work),
        key=retries.new_key(),
        moves=moves,
        decisions=tuple(_decisions(row.report, moves)),
        untranslated=tuple(_untranslated(row, by)),
    )


def _unfinished(report: Report, lets_on: bool) -> Iterator[Unfinished]:
    for each in Work.objects.filter(report=report, done_at__isnull=True).order_by("pk"):
        if lets_on or each.kind != Work.Kind.TELL:
            yield Unfinished(each, letters.sentence(each.last_error) if lets_on and each.strikes else "")


def _untranslated(row: ReportRow, by: Person) -> Iterator[Lacking]:
    """What the office should still have worded: as of the draft's cut, or as known now while facts are collected."""
    if row.report.state in FINAL or not permissions.may(by, "translate_remark"):
        return
    frozen = row.snapshot if row.report.state != Report.State.OPEN else None
    for code in city.identity().official:
        cut = frozen.cut_seq if frozen else remarks.NOW
        if count := remarks.count_missing(row.report, code, cut=cut, by=by):
            yield Lacking(code, words.LANGUAGES[code], count)


def visible_report(pk: int, by: Person) -> Report:
    """The report, for someone who may see it.

    Raises Refused `not_found`.
    """
    found: Report | None = permissions.visible(Report.objects.filter(pk=pk), by).first()
    if found is None:
        raise Refused("not_found")
    return found


def _offered(move: str, report: Report, by: Person) -> bool:
    """A button is there for who may press it, when it can be pressed."""
    if move == "propose" and report.proposed_by_id:
        return False
    return report.state == FROM[move] and permissions.may(by, MOVES[move])


def _steps(report: Report) -> tuple[ReportStep, ...]:
    order = list(REPORT_STEPS)
    reached = order.index(report.state)
    noted_on: date | None = report.noted_by.decided_on if report.noted_by else None
    times = {"open": report.opened_at, "confirmed": report.confirmed_at, "sent": report.sent_at, "noted": noted_on}
    return tuple(
        ReportStep(
            title=title,
            done=number <= reached,
            now=number == reached + 1,
            gate=code in ("confirmed", "sent", "noted"),
            at=times.get(code) if number <= reached else None,
        )
        for number, (code, title) in enumerate(REPORT_STEPS.items())
    )


def _decisions(report: Report, moves: tuple[str, ...]) -> QuerySet[Decision]:
    """The decisions that could record the proposal or the noting: made by then, of the right body and kind."""
    kinds = {"propose": ("board", "propose"), "note": ("council", "note")}
    wanted = [kinds[move] for move in moves if move in kinds]
    if not wanted:
        return Decision.objects.none()
    bodies, points = zip(*wanted, strict=True)
    fitting = Decision.objects.filter(body__kind__in=bodies, points__kind__in=points, outcome="made")
    after = fitting.filter(decided_on__gte=report.status_date)
    return after.select_related("body").distinct().order_by("-decided_on")[:30]
