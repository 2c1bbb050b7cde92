"""What was known at a cut, and what was found in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable

from portfolio.history import InsertOnly

UNCONFIRMED = "(state NOT IN ('confirmed', 'sent', 'noted'))"


def _of_its_payload(name: str) -> models.CheckConstraint:
    """A text stands under its own checksum."""
    told = Func(F("payload"), Value("UTF8"), function="convert_to", output_field=models.BinaryField())
    return models.CheckConstraint(condition=Q(sha256=hex_of(told)), name=name)


def hex_of(of: Combinable) -> Combinable:
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

    report = models.ForeignKey("reporting.Report", models.PROTECT, related_name="snapshots")
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
