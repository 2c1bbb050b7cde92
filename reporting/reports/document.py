"""A report as a kind of document: what it is printed from, who sees it, and what follows when its files are there."""

from __future__ import annotations

import json

from portfolio import history
from portfolio.people import permissions
from portfolio.people.models import Person
from reporting.documents import rendering
from reporting.documents.kinds import Kind
from reporting.facts import CityFacts, Language, canonical
from reporting.reports import queries
from reporting.reports.models import Report
from reporting.snapshot.models import Snapshot
from reporting.snapshot.queries import findings_of, payload_of, snapshot_of


def compared_with(snapshot: Snapshot) -> Snapshot | None:
    """The very snapshot that one was compared with, whatever came after."""
    earlier = json.loads(snapshot.payload)["previous_sha256"]
    return snapshot_of(earlier) if earlier else None


def source(snapshot: Snapshot) -> bytes:
    """What a renderer reads: snapshot and findings as kept, and the findings of the one it was compared with."""
    before = compared_with(snapshot)
    return rendering.bundle(
        snapshot=payload_of(snapshot),
        findings=findings_of(snapshot),
        previous_findings=findings_of(before) if before else None,
    )


def languages(snapshot: Snapshot) -> tuple[Language, ...]:
    """Those in which the city reported when the facts were taken."""
    return canonical.decode(CityFacts, json.loads(snapshot.payload)["city"]).languages


def visible_to(snapshot: Snapshot, by: Person) -> bool:
    """Whoever sees the report sees its files."""
    return permissions.visible(Report.objects.filter(pk=queries.report_of(snapshot).pk), by).exists()


def stem(snapshot: Snapshot) -> str:
    """By its report's day, schedule and edition."""
    return queries.file_stem(queries.report_of(snapshot))


def become_draft(snapshot: Snapshot) -> None:
    """A frozen report is a draft once its files are there."""
    report = history.lock(Report, queries.report_of(snapshot).pk)
    if report.state == Report.State.FROZEN:
        report.state = Report.State.DRAFT
        report.checked_save()


KIND = Kind(Snapshot.REPORT, source, languages, visible_to, stem, all_there=become_draft)
