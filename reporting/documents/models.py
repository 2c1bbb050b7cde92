"""Files: bytes under their checksum, and which snapshot, language and format they show."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from portfolio import field_words
from portfolio.history import InsertOnly
from reporting.documents.formats import FORMATS
from reporting.snapshot.models import Snapshot, hex_of, open_while


class Blob(InsertOnly):
    """Bytes under their own checksum (decision 16)."""

    visibility: ClassVar[str] = "programme"  # reached through its rendition alone

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80)
    content: models.Field[Any, Any] = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sha256=hex_of(F("content"))), name="blob_by_its_content")]


class Rendition(InsertOnly):
    """A snapshot in one language and format."""

    written_when: ClassVar[str] = open_while("reporting_snapshot AS d WHERE d.id = NEW.snapshot_id")
    written_code: ClassVar[str] = "report.frozen"
    visibility: ClassVar[str] = "report"
    report_path: ClassVar[str] = "snapshot__report__"

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="renditions")
    language = models.CharField(max_length=2, choices=[*field_words.NAMES.items()])
    format = models.CharField(max_length=4, choices=[(format.name, format.title) for format in FORMATS.values()])
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    renderer = models.CharField(max_length=40)
    style_sha256 = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["snapshot_id", "language", "format"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "language", "format"], name="rendered_once")]
