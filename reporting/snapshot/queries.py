"""Reading what was kept: snapshots and findings, held against their checksums."""

from __future__ import annotations

import hashlib
import json

from django.db import models

from reporting import compilation
from reporting.facts import ReportFacts, canonical
from reporting.snapshot.models import Findings, Snapshot


def newest_snapshot(report: models.Model) -> Snapshot | None:
    """The snapshot that counts: the last one taken."""
    return Snapshot.objects.filter(report_id=report.pk).order_by("-number").first()


def snapshot_of(sha256: str) -> Snapshot | None:
    """A snapshot by its checksum."""
    return Snapshot.objects.filter(sha256=sha256).order_by("pk").first()


def facts_of(snapshot: Snapshot) -> ReportFacts:
    """A stored snapshot, read back."""
    return ReportFacts.from_json(json.loads(payload_of(snapshot)))


def payload_of(snapshot: Snapshot) -> str:
    """A stored snapshot's JSON, held against its checksum."""
    return _unspoilt(snapshot, f"snapshot {snapshot.pk}")


def findings_of(snapshot: Snapshot) -> str:
    """The JSON of the findings that were kept with a snapshot, held against its checksum."""
    return _unspoilt(snapshot.findings, f"findings of snapshot {snapshot.pk}")


def found_of(snapshot: Snapshot) -> compilation.Findings:
    """The findings that were kept with a snapshot, read back: what its files print, whatever the rules say today."""
    return compilation.Findings.from_json(json.loads(findings_of(snapshot)))


def _unspoilt(kept: Snapshot | Findings, name: str) -> str:
    if hashlib.sha256(kept.payload.encode()).hexdigest() != kept.sha256:
        raise canonical.Malformed(f"{name}: is not what its checksum says")
    payload: str = kept.payload
    return payload
