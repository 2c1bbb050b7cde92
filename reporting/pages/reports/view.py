"""The list of reports, and one report with its files, its work and its moves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Length
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext

from portfolio import city, clock, field_words
from portfolio.api import retries
from portfolio.api.moves import moves_of
from portfolio.decisions.models import Decision
from portfolio.field_words import called
from portfolio.history.models import ChangeSet
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person, Role
from portfolio.refusals import Refused
from portfolio.texts import fingerprint
from portfolio.translations.models import TranslatedRemark, as_known
from reporting.api.reports import ReportViewSet
from reporting.documents.formats import FORMATS, Format
from reporting.documents.models import Rendition
from reporting.facts import Text
from reporting.pages import words
from reporting.pages.remarks.view import LackingWordings
from reporting.pages.words import REPORT_STEPS
from reporting.reports import document, letters, turns
from reporting.reports.lifecycle import FINAL
from reporting.reports.models import Report
from reporting.snapshot.models import Snapshot
from reporting.snapshot.world import worded
from reporting.wording import remarks, texts, undrawable
from reporting.work.models import Work

Counts = Callable[..., dict[str, int]]
# The steps that people take, each with the right to take it.
MOVES = {each.address: each for each in moves_of(ReportViewSet.model) if each.question}
GATES = {each.to or "proposed": each.right for each in MOVES.values()}


@dataclass(frozen=True)
class ReportFile:
    """One file of a report: language, format, size and checksum."""

    language: str
    format: str
    bytes: int
    sha256: str
    seq: int


@dataclass(frozen=True)
class FormatColumn:
    """A format, as the table of a report's files heads and links it."""

    format: Format
    heading: str | Promise
    link: str | Promise


@dataclass(frozen=True)
class FileRow:
    """The files in one language: of each column the file, or None where there is none yet."""

    language: str
    name: str
    cells: tuple[tuple[FormatColumn, ReportFile | None], ...]

    @property
    def files(self) -> dict[str, ReportFile]:
        """Those that are there, by format."""
        return {file.format: file for _, file in self.cells if file}


@dataclass(frozen=True)
class ReportRow:
    """A report in the list."""

    report: Report
    state: str | Promise
    files: tuple[FileRow, ...]
    snapshot: Snapshot | None
    columns: tuple[FormatColumn, ...] = ()

    @property
    def checksums(self) -> Iterator[tuple[str, str, str]]:
        """Language, format and checksum of each file that is there, in the order of the formats."""
        for row in self.files:
            held = ((kind.title, row.files[name]) for name, kind in FORMATS.items() if name in row.files)
            yield from ((row.language, title, file.sha256) for title, file in held)

    @property
    def draft(self) -> bool:
        """Whether its files are not yet what the city says."""
        return self.report.state not in FINAL

    @property
    def superseded_by(self) -> Report | None:
        """The later edition that stands in its place, once that is confirmed."""
        later: Report | None = getattr(self.report, "superseded_by", None)
        return later if later and later.state in FINAL else None


@dataclass(frozen=True)
class ReportStep:
    """A step of a report's way to the council, with who took it or which decision made it so."""

    title: str | Promise
    done: bool
    now: bool
    skipped: bool  # not on record, though a later one is
    gate: bool
    at: Any = None
    by: str = ""
    decision: Decision | None = None
    waits_for: str = ""  # the roles that may take it, of the next one


@dataclass(frozen=True)
class Unfinished:
    """Work that the program has yet to do or has given up; why it failed is for those who can let it on."""

    work: Work
    error: str = ""


@dataclass(frozen=True)
class Undrawable:
    """A field with characters that the PDF prints by their names, and the words for it."""

    found: undrawable.Undrawable
    kind: str | Promise
    field: str


@dataclass(frozen=True)
class ReportView:
    """Everything the page of a report says."""

    row: ReportRow
    steps: tuple[ReportStep, ...]
    work: tuple[Unfinished, ...]
    given_up: bool
    collects_on: bool  # and the reader may set right until when
    waits: turns.Waits | None
    waits_shown: bool
    holds_up: tuple[date, ...]
    confirmed_after: tuple[tuple[turns.InTheWay, bool], ...]  # and whether the reader may open that report
    key: str
    untranslated: tuple[LackingWordings, ...]
    undrawable: tuple[Undrawable, ...]
    unworded: tuple[LackingWordings, ...]
    because: Text  # why the edition before it was replaced, with the wordings that this has now


def reports(by: Person) -> list[ReportRow]:
    """The reports that the reader may see, the newest first, with their files: four statements at any size."""
    found = list(
        permissions.visible(Report.objects.all(), by)
        .select_related(
            "schedule__council_term",
            "noted_by__body",
            "proposed_by__body",
            "confirmed_by",
            "publication__sent_by",
            "superseded_by",
            "supersedes",
        )
        .order_by("-status_date", "-edition")
    )
    snapshots = _newest_snapshots(found)
    files = _files(list(snapshots.values()))
    return [_row(report, snapshots.get(report.pk), files) for report in found]


def _newest_snapshots(found: list[Report]) -> dict[int, Snapshot]:
    ordered = Work.objects.filter(snapshot=OuterRef("pk"), kind=Work.Kind.RENDER).order_by("pk").values("format")
    newest = (
        Snapshot.objects.filter(report__in=found)
        .annotate(owed=ArraySubquery(ordered))
        .defer("payload")
        .order_by("report_id", "-number")
    )
    return {snapshot.report_id: snapshot for snapshot in newest.distinct("report_id")}


def _files(snapshots: list[Snapshot]) -> dict[int, list[ReportFile]]:
    rows = Rendition.objects.filter(snapshot__in=snapshots).annotate(length=Length("blob__content"))
    found: dict[int, list[ReportFile]] = {}
    told = rows.values_list("snapshot_id", "language", "format", "length", "blob__sha256", "seq")
    for pk, language, kind, length, sha256, seq in told:
        found.setdefault(pk, []).append(ReportFile(language, kind, length, sha256, seq))
    return found


def _row(report: Report, snapshot: Snapshot | None, files: dict[int, list[ReportFile]]) -> ReportRow:
    held = {(file.language, file.format): file for file in files.get(snapshot.pk if snapshot else 0, [])}
    told = {*city.identity().languages.reports, *(language for language, _ in held)}
    columns = _columns(snapshot, {kind for _language, kind in held})
    rows = tuple(
        FileRow(
            code,
            capfirst(field_words.in_itself(code)),
            tuple((each, held.get((code, each.format.name))) for each in columns),
        )
        for code in LANGUAGES
        if code in told
    )
    return ReportRow(report, REPORT_STEPS[report.state], rows, snapshot, columns)


def _columns(snapshot: Snapshot | None, held: Collection[str]) -> tuple[FormatColumn, ...]:
    """The formats that a snapshot has or owes, what a browser shows first; before there is one, those of today."""
    owed = set(getattr(snapshot, "owed", ())) | set(held) or set(FORMATS)
    shown = sorted((kind for kind in FORMATS.values() if kind.name in owed), key=lambda kind: not kind.inline)
    return tuple(FormatColumn(kind, *words.FILES.get(kind.name, (kind.title, kind.title))) for kind in shown)


def row(pk: int, by: Person) -> ReportRow:
    """One report of the list.

    Raises Refused `not_found`.
    """
    found = next((row for row in reports(by) if row.report.pk == pk), None)
    if found is None:
        raise Refused("not_found")
    return found


def report(pk: int, by: Person) -> ReportView:
    """One report for one reader.

    Raises Refused `not_found`.
    """
    found = row(pk, by)
    lets_on = permissions.may(by, document.LETS_ON)
    work = tuple(_unfinished(found.report, lets_on))
    waits = turns.waiting(found.report)
    return ReportView(
        row=found,
        steps=_steps(found),
        work=work,
        given_up=lets_on and any(each.work.parked for each in work),
        collects_on=_collects_on(found.report) and permissions.may(by, "schedule_reports"),
        waits=waits,
        waits_shown=_shown(waits, by),
        confirmed_after=tuple((each, _shown(each, by)) for each in turns.before_a_draft(found.report)),
        holds_up=tuple(turns.held_up(found.report)),
        key=retries.new_key(),
        untranslated=tuple(_lacking(found, by, remarks.count_missing, remarks.count_given_since)),
        unworded=tuple(_lacking(found, by, texts.count_missing)),
        undrawable=tuple(_undrawable(found.report, by)),
        because=_because(found.report),
    )


def _collects_on(report: Report) -> bool:
    return report.state == Report.State.OPEN and not report.supersedes_id and report.cut_off_at > clock.now()


def _because(report: Report) -> Text:
    words = report.supersedes_because
    if not words:
        return Text()
    return worded(words, TranslatedRemark.objects.filter(source_sha256=fingerprint(as_known(words))).first())


def _shown(waits: turns.Waits | turns.InTheWay | None, by: Person) -> bool:
    """Whether the reader may open the report that this one waits for."""
    return bool(waits and waits.report and permissions.visible(Report.objects.filter(pk=waits.report.pk), by).exists())


def _unfinished(report: Report, lets_on: bool) -> Iterator[Unfinished]:
    for each in Work.objects.filter(report=report, done_at__isnull=True).order_by("pk"):
        if lets_on or each.kind != Work.Kind.TELL:
            yield Unfinished(each, letters.sentence(each.last_error) if lets_on and each.strikes else "")


def _lacking(
    row: ReportRow, by: Person, count_missing: Counts, count_given: Callable[..., int] = lambda *_, **__: 0
) -> Iterator[LackingWordings]:
    """What the office should still have worded or marked: as of the draft's cut, or now while facts are collected."""
    if row.report.state in FINAL or not permissions.may(by, "translate_remark"):
        return
    frozen = row.snapshot if row.report.state != Report.State.OPEN else None
    cut = frozen.cut_seq if frozen else remarks.NOW
    for code, count in count_missing(row.report, city.identity().languages.official, cut=cut, by=by).items():
        if count:
            given = count_given(row.report, code, cut=cut, by=by) if frozen else 0
            yield LackingWordings(code, field_words.LANGUAGES[code], count, given)


def unworded(row: ReportRow, by: Person) -> Iterator[LackingWordings]:
    """Of each official language how many remarks, names and texts together it lacks."""

    def together(report: Report, languages: Collection[str], **asked: Any) -> dict[str, int]:
        worded = texts.count_missing(report, languages, **asked)
        return {code: worded[code] + n for code, n in remarks.count_missing(report, languages, **asked).items()}

    return _lacking(row, by, together)


def _undrawable(report: Report, by: Person) -> Iterator[Undrawable]:
    """For those who can have it mended, as long as it still comes into the report."""
    if report.state not in FINAL and permissions.may(by, "translate_remark"):
        for each in undrawable.found(report, by):
            yield Undrawable(each, words.RESOURCES[each.resource], called(each.field))


def _steps(row: ReportRow) -> tuple[ReportStep, ...]:
    """The way with its deeds; the board's proposal is none of the report's states and stands where it belongs."""
    report = row.report
    order = list(Report.State.values)
    reached = order.index(report.state)
    done = {code: number <= reached for number, code in enumerate(order)} | {"proposed": bool(report.proposed_by_id)}
    steps = list(REPORT_STEPS)
    last = max(steps.index(code) for code in steps if done[code])
    times = _times(row)
    now = next(iter(steps[last + 1 :]), "")
    return tuple(
        ReportStep(
            title=REPORT_STEPS[code],
            done=done[code],
            now=code == now,
            skipped=not done[code] and number < last,
            gate=code in GATES,
            waits_for=_roles(GATES[code]) if code == now and code in GATES else "",
            **(_deed(report, code, times) if done[code] else {}),
        )
        for number, code in enumerate(steps)
    )


def _roles(verb: str) -> str:
    """Who may do it, by the table of rights: `programme director or secretary of the programme office`."""
    between = gettext("or")
    return f" {between} ".join(str(role.label) for role in Role if role in permissions.TABLE[verb])


def _deed(report: Report, code: str, times: dict[str, datetime | None]) -> dict[str, Any]:
    """When a step was taken, by whom or by which decision."""
    sent = getattr(report, "publication", None)
    by = {
        "confirmed": report.confirmed_by.name if report.confirmed_by else "",
        "sent": sent.sent_by.name if sent else "",
    }
    decisions = {"proposed": report.proposed_by, "noted": report.noted_by}
    return {"at": times.get(code), "by": by.get(code, ""), "decision": decisions.get(code)}


def _times(row: ReportRow) -> dict[str, datetime | None]:
    """When each step was taken: the facts with their snapshot, the draft with the last of its files; one statement."""
    frozen = row.snapshot.seq if row.snapshot else 0
    drawn = max((file.seq for each in row.files for file in each.files.values()), default=0)
    recorded = dict(ChangeSet.objects.filter(seq__in=[frozen, drawn]).values_list("seq", "recorded_at"))
    report = row.report
    people = {"open": report.opened_at, "confirmed": report.confirmed_at, "sent": report.sent_at}
    return {**people, "frozen": recorded.get(frozen), "draft": recorded.get(drawn)}
