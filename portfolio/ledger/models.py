"""What the machinery of the record notes of itself: which columns a hash covers, and what was lawfully erased."""

from __future__ import annotations

from django.db import models


class HistoryShape(models.Model):
    """The columns that a trigger hashed; columns added later leave old hashes true (decision 9)."""

    digest = models.CharField(max_length=16, primary_key=True)
    relation = models.CharField(max_length=63)
    columns = models.JSONField()
    personal = models.JSONField(db_default=[], default=list)  # those that enter the hash by a commitment of their own


class Redaction(models.Model):
    """A lawful erasure: the named personal columns of a person's history rows were blanked (decision 8)."""

    relation = models.CharField(max_length=63)
    object_id = models.BigIntegerField()
    history_id = models.BigIntegerField()
    columns = models.JSONField()
    because = models.TextField()
    seq = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    row_sha256 = models.CharField(max_length=64)  # the row's own, which an erasure leaves as it was

    class Meta:
        indexes = [models.Index(fields=["relation", "history_id"], name="redacted_row")]
