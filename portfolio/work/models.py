"""A row that is work: done or not, who does it until when, how often it failed; and the errand, work of any kind."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class Leased(models.Model):
    """One thing for the machine to do, and who does it until when. Operational: the rows it makes are the record."""

    kind: Any  # of `kinds.KINDS`; each table has a column of its own

    done_at = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    strikes = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    parked = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Errand(Leased):
    """Work that somebody sent the machine on: what it was given, how far it is, and what came of it."""

    kind = models.CharField(max_length=40)
    person = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    given = models.JSONField(default=dict)
    # How many steps are done, and of how many; none are known before it begins.
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind"], condition=Q(done_at__isnull=True, parked=False), name="errands_to_do")]
