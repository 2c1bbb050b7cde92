"""When the council is reported to: schedules, their dates, their programmes."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.history import Tracked
from portfolio.texts import SourceLanguage, TextStates, texts
from reporting.schedule.timetable import Rhythm


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
