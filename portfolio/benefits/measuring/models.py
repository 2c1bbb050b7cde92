"""The values that indicators measured, each on its day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.benefits.models import Indicator
from portfolio.history import Tracked
from portfolio.texts import SourceLanguage, TextStates, texts


class Measurement(Tracked):
    """What an indicator measured on a day, with its evidence; zero is a value, nothing is not."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements")
    measured_on = models.DateField()
    value = models.DecimalField(
        max_digits=18, decimal_places=6, error_messages={"null": _("A measurement has a value.")}
    )
    evidence, measured_by = models.TextField(blank=True), models.CharField(max_length=200, blank=True)
    note_fi, note_sv, note_en = texts(blank=True)
    source_language, texts = SourceLanguage(db_default="fi"), TextStates(db_default={})
    recorded_by = models.ForeignKey(
        "portfolio.Person", models.PROTECT, null=True, blank=True, related_name="recorded_measurements"
    )
    approved_by = models.ForeignKey(
        "portfolio.Person", models.PROTECT, null=True, blank=True, related_name="approved_measurements"
    )
    approved_on = models.DateField(null=True, blank=True)
    corrected_because = models.TextField(blank=True)

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "indicator"
    subject: ClassVar[tuple[str, ...]] = ("indicator_id", "measured_on")

    class Meta:
        verbose_name = _("Measurement")
        ordering = ["indicator_id", "measured_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "measured_on"],
                name="measured_once_a_day",
                violation_error_code="measurement.duplicate",
                violation_error_message="The indicator already has a value for that day.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(recorded_by__isnull=True) | ~Q(approved_by=F("recorded_by")),
                name="measurement_approved_by_another",
                violation_error_code="approve.own",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_on__isnull=True)
                | Q(approved_by__isnull=False, approved_on__isnull=False),
                name="measurement_approved_on_a_day",
                violation_error_code="measurement.date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measured_on}: {self.value.normalize():f}"
