"""Reports: each edition on its way from collecting to noted, and as it was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.case_numbers import CaseNumber
from portfolio.history import Following, InsertOnly, Tracked
from reporting.schedule.models import ReportSchedule
from reporting.snapshot.models import UNCONFIRMED


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
