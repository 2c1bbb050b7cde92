"""One thing for the machine to do, and the signs of life of its parts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from portfolio.work.models import Leased

# What is told of it to those who may see what it is for.
TOLD = ("kind", "language", "format", "done_at", "strikes", "last_error", "next_at", "parked", "epoch")


class Work(Leased):
    """One thing to do: a report's facts to freeze, a document's file to render, a letter about either to send."""

    class Kind(models.TextChoices):
        FREEZE = "freeze"
        RENDER = "render"
        TELL = "tell"

    kind = models.CharField(max_length=6, choices=Kind)
    # None for what is done for a document that is no report.
    report = models.ForeignKey("reporting.Report", models.PROTECT, null=True, related_name="work")
    snapshot = models.ForeignKey("reporting.Snapshot", models.PROTECT, null=True, related_name="work")
    language = models.CharField(max_length=2, blank=True)
    format = models.CharField(max_length=4, blank=True)
    # When somebody last let it on; of a report, which keeps that itself, see `Report.let_on_at`.
    let_on_at = models.DateTimeField(null=True)
    # A letter is for one person, and told once of what was given up since it was last let on.
    person = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "report", "snapshot", "language", "format", "person", "since"],
                nulls_distinct=False,
                name="one_work_each",
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=False) | Q(kind__in=("render", "tell"), snapshot__isnull=False),
                name="work_of_a_document",
            ),
        ]
        indexes = [models.Index(fields=["kind"], condition=Q(done_at__isnull=True, parked=False), name="work_to_do")]


class Heartbeat(models.Model):
    """The last sign of life of a part of the machine."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
