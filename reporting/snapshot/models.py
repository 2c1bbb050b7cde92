"""What was known at a cut, and what was found in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable

from portfolio.history import InsertOnly
from portfolio.long_text import LongTextField

UNCONFIRMED = "(state NOT IN ('confirmed', 'sent', 'noted'))"
# By kind of document: while this holds of its snapshot `d`, something may be added. A kind that is not here is refused.
OPEN_WHILE = {"report": f"(SELECT {UNCONFIRMED} FROM reporting_report WHERE id = d.report_id)"}


def open_while(of: str) -> str:
    """Whether something may still be added to a document, in the SQL of a trigger; `of` says which snapshot `d` is."""
    kinds = " ".join(f"WHEN '{kind}' THEN {holds}" for kind, holds in OPEN_WHILE.items())
    return f"SELECT CASE d.kind {kinds} END FROM {of}"


def _of_its_payload(name: str) -> models.CheckConstraint:
    """A text stands under its own checksum."""
    told = Func(F("payload"), Value("UTF8"), function="convert_to", output_field=models.BinaryField())
    return models.CheckConstraint(condition=Q(sha256=hex_of(told)), name=name)


def hex_of(of: Combinable) -> Combinable:
    """The SHA-256 of bytes, in the letters in which a checksum is written."""
    digest = Func(of, function="sha256", output_field=models.BinaryField())
    return Func(digest, Value("hex"), function="encode", output_field=models.CharField())


class Snapshot(InsertOnly):
    """What a document was made from, renderers read nothing else: of a report what was known at its cut.

    One of a report is of that report and numbered in it; one of another kind is of none, and numbered in its kind.
    """

    REPORT: ClassVar[str] = "report"

    written_when: ClassVar[str] = open_while("(SELECT NEW.*) AS d")
    written_code: ClassVar[str] = "report.frozen"
    visibility: ClassVar[str] = "report"
    report_path: ClassVar[str] = "report__"
    verbatim: ClassVar[tuple[str, ...]] = ("payload",)

    kind = models.CharField(max_length=20, default=REPORT, db_default=REPORT)
    report = models.ForeignKey("reporting.Report", models.PROTECT, null=True, blank=True, related_name="snapshots")
    number = models.PositiveSmallIntegerField(default=1)
    because = models.TextField(blank=True)
    cut_seq = models.BigIntegerField()
    schema = models.PositiveSmallIntegerField()
    payload = LongTextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["report_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "report", "number"], nulls_distinct=False, name="snapshot_once"),
            models.CheckConstraint(
                condition=Q(kind="report", report__isnull=False) | (~Q(kind="report") & Q(report__isnull=True)),
                name="snapshot_of_a_report_or_of_another_kind",
            ),
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
