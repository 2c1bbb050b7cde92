"""Schedules, reports, what was known, what was found, what was rendered and what was sent."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from portfolio.case_numbers import CaseNumber
from portfolio.history import Following, InsertOnly, Tracked
from portfolio.texts import SourceLanguage, TextStates, texts
from reporting.timetable import Rhythm

UNCONFIRMED = "(state NOT IN ('confirmed', 'sent', 'noted'))"


class ReportSchedule(Tracked):
    """When the council is reported to in a term: data, edited by people (INV-104)."""

    council_term = models.ForeignKey("portfolio.CouncilTerm", models.PROTECT, related_name="report_schedules")
    name_fi, name_sv, name_en = texts(200)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    rhythm = models.CharField(
        max_length=12,
        choices=[
            (Rhythm.QUARTERLY, _("four times a year")),
            (Rhythm.HALF_YEARLY, _("twice a year")),
            (Rhythm.YEARLY, _("once a year")),
            (Rhythm.SINGLE_DATES, _("on single dates")),
        ],
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    grace_days = models.PositiveSmallIntegerField(default=21)
    cut_off_time = models.TimeField(default=time(12))
    history_only = models.BooleanField(default=False)
    decision = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="report_schedules"
    )

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="schedule_range", violation_error_code="schedule.range"
            )
        ]


class ScheduledDate(Tracked):
    """A status date that the schedule names, with the cut-off of its facts."""

    schedule = models.ForeignKey(ReportSchedule, models.PROTECT, related_name="dates")
    status_date = models.DateField()
    cut_off_at = models.DateTimeField(null=True, blank=True)
    name_fi, name_sv, name_en = texts(200, blank=True)

    class Meta:
        ordering = ["status_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "status_date"],
                name="status_date_once",
                violation_error_code="schedule.duplicate",
                violation_error_message="The schedule has this status date already.",
            )
        ]


class ScheduledProgramme(Tracked):
    """A programme that a schedule reports on."""

    schedule = models.ForeignKey(ReportSchedule, models.PROTECT, related_name="programmes")
    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, related_name="report_schedules")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "programme"],
                name="scheduled_once",
                violation_error_code="schedule.duplicate",
                violation_error_message="The schedule has this programme already.",
            )
        ]


class Report(Tracked):
    """One edition of the council's report of a status date, on its way from collecting to noted."""

    class State(models.TextChoices):
        OPEN = "open", _("collecting")
        FROZEN = "frozen", _("facts frozen")
        DRAFT = "draft", _("draft")
        CONFIRMED = "confirmed", _("confirmed")
        SENT = "sent", _("sent to the council")
        NOTED = "noted", _("noted by the council")

    visibility: ClassVar[str] = "report"
    frozen_when: ClassVar[str] = f"NOT {UNCONFIRMED}"
    frozen_except: ClassVar[tuple[str, ...]] = ("state", "sent_at", "proposed_by_id", "noted_by_id")
    frozen_further: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("state = 'sent'", ("state", "proposed_by_id", "noted_by_id")),
        ("state = 'noted'", ()),
    )
    frozen_code: ClassVar[str] = "report.frozen"
    first_states: ClassVar[tuple[str, ...]] = (State.OPEN,)
    next_states: ClassVar[Following] = {
        State.OPEN: (State.FROZEN,),
        State.FROZEN: (State.DRAFT, State.OPEN),
        State.DRAFT: (State.CONFIRMED, State.OPEN),
        State.CONFIRMED: (State.SENT,),
        State.SENT: (State.NOTED,),
        State.NOTED: (),
    }

    schedule = models.ForeignKey(ReportSchedule, models.PROTECT, related_name="reports")
    status_date = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    period_starts_on = models.DateField()
    opened_at = models.DateTimeField()
    cut_off_at = models.DateTimeField()
    caught_up = models.BooleanField(default=False)
    # When somebody last let parked work on; who and why stands with the change.
    let_on_at = models.DateTimeField(null=True, blank=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    supersedes_because = models.TextField(blank=True)
    case_number = CaseNumber()
    annex_number = models.PositiveSmallIntegerField(null=True, blank=True)
    confirmed_by = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey("portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="+")
    noted_by = models.ForeignKey("portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-status_date", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "status_date", "edition"],
                name="one_report_an_edition",
                violation_error_code="report.duplicate",
                violation_error_message="There is a report of this edition already.",
            ),
            models.CheckConstraint(
                condition=Q(period_starts_on__lte=F("status_date")),
                name="report_period",
                violation_error_code="report.status_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="noted") | Q(noted_by__isnull=False),
                name="noted_by_a_decision",
                violation_error_code="report.needs_note",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes_because=""),
                name="superseded_with_a_reason",
                violation_error_code="history.reason",
            ),
        ]

    @property
    def opened_late(self) -> bool:
        """Whether it was opened only after the cut-off that it has; facts that were taken again have a later one."""
        return self.caught_up and self.opened_at > self.cut_off_at


def _of_its_payload(name: str) -> models.CheckConstraint:
    """A text stands under its own checksum."""
    told = Func(F("payload"), Value("UTF8"), function="convert_to", output_field=models.BinaryField())
    return models.CheckConstraint(condition=Q(sha256=_hex(told)), name=name)


def _hex(of: Any) -> Func:
    """The SHA-256 of bytes, in the letters in which a checksum is written."""
    digest = Func(of, function="sha256", output_field=models.BinaryField())
    return Func(digest, Value("hex"), function="encode", output_field=models.CharField())


class Snapshot(InsertOnly):
    """What was known at the cut about the time up to the status date; renderers read nothing else."""

    written_when: ClassVar[str] = f"SELECT {UNCONFIRMED} FROM reporting_report WHERE id = NEW.report_id"
    written_code: ClassVar[str] = "report.frozen"
    visibility: ClassVar[str] = "report"
    report_path: ClassVar[str] = "report__"
    verbatim: ClassVar[tuple[str, ...]] = ("payload",)

    report = models.ForeignKey(Report, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(default=1)
    because = models.TextField(blank=True)
    cut_seq = models.BigIntegerField()
    schema = models.PositiveSmallIntegerField()
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="snapshot_once"),
            _of_its_payload("snapshot_by_its_payload"),
        ]


class Findings(InsertOnly):
    """What follows from a snapshot by written rules, in codes and numbers."""

    visibility: ClassVar[str] = "report"
    report_path: ClassVar[str] = "snapshot__report__"
    verbatim: ClassVar[tuple[str, ...]] = ("payload",)

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="findings")
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [_of_its_payload("findings_by_their_payload")]


class Blob(InsertOnly):
    """Bytes under their own checksum (decision 16)."""

    visibility: ClassVar[str] = "programme"  # reached through its rendition alone

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80)
    content: models.Field[Any, Any] = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sha256=_hex(F("content"))), name="blob_by_its_content")]


class Rendition(InsertOnly):
    """A snapshot in one language and format."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        HTML = "html", "HTML"

    written_when: ClassVar[str] = (
        f"SELECT {UNCONFIRMED} FROM reporting_report "
        "WHERE id = (SELECT report_id FROM reporting_snapshot WHERE id = NEW.snapshot_id)"
    )
    written_code: ClassVar[str] = "report.frozen"
    visibility: ClassVar[str] = "report"
    report_path: ClassVar[str] = "snapshot__report__"

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="renditions")
    language = models.CharField(
        max_length=2, choices=[("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
    )
    format = models.CharField(max_length=4, choices=Format)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    renderer = models.CharField(max_length=40)
    style_sha256 = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["snapshot", "language", "format"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "language", "format"], name="rendered_once")]


class Publication(InsertOnly):
    """An edition as it was sent: its files by checksum."""

    written_when: ClassVar[str] = "SELECT state = 'sent' FROM reporting_report WHERE id = NEW.report_id"
    written_code: ClassVar[str] = "report.frozen"
    visibility: ClassVar[str] = "report"
    report_path: ClassVar[str] = "report__"
    verbatim: ClassVar[tuple[str, ...]] = ("manifest",)

    report = models.OneToOneField(Report, models.PROTECT, related_name="publication")
    sent_by = models.ForeignKey("portfolio.Person", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    manifest = models.JSONField()


class Work(models.Model):
    """One thing for the machine to do, and who does it until when. Operational: the rows it makes are the record."""

    class Kind(models.TextChoices):
        FREEZE = "freeze"
        RENDER = "render"
        TELL = "tell"

    kind = models.CharField(max_length=6, choices=Kind)
    report = models.ForeignKey(Report, models.PROTECT, related_name="work")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="work")
    language = models.CharField(max_length=2, blank=True)
    format = models.CharField(max_length=4, blank=True)
    # A letter is for one person, and told once of what was given up since the report was last let on.
    person = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    strikes = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    parked = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "report", "snapshot", "language", "format", "person", "since"],
                nulls_distinct=False,
                name="one_work_each",
            )
        ]
        indexes = [models.Index(fields=["kind"], condition=Q(done_at__isnull=True, parked=False), name="work_to_do")]


class Heartbeat(models.Model):
    """The last sign of life of a part of the machine."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
