"""A report as a kind of document: what it is printed from, who sees it and lets it on, what it is called."""

from __future__ import annotations

import json

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portfolio import clock, history
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.texts import readers
from reporting.documents import rendering
from reporting.documents.kinds import KindOfDocument
from reporting.documents.rendering.language import Voice
from reporting.facts import CityFacts, Language, canonical
from reporting.reports import queries
from reporting.reports.models import Report
from reporting.snapshot.models import Snapshot
from reporting.snapshot.queries import findings_of, payload_of, snapshot_of

LETS_ON = "retake_report"


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


def visible(found: QuerySet[Snapshot], by: Person) -> QuerySet[Snapshot]:
    """Whoever sees the report sees what it is printed from."""
    return permissions.visible(found, by)


def named(report: Report) -> str:
    """What a letter calls a report, in the reader's language."""
    day = Voice(readers(), str(clock.zone())).day(report.status_date)
    name = _("Progress report {day}").format(day=day)
    edition = _("edition {number}").format(number=report.edition)
    return name if report.edition == 1 else f"{name}, {edition}"


def page(report: Report) -> str:
    """Where work on a report is let on."""
    return reverse("report", args=[report.pk])


def stem(snapshot: Snapshot) -> str:
    """By its report's day, schedule and edition."""
    return queries.file_stem(queries.report_of(snapshot))


def become_draft(snapshot: Snapshot) -> None:
    """A frozen report is a draft once its files are there."""
    report = history.lock(Report, queries.report_of(snapshot).pk)
    if report.state == Report.State.FROZEN:
        report.state = Report.State.DRAFT
        report.checked_save()


def say_let_on(snapshot: Snapshot) -> None:
    """The report keeps when work on it was let on."""
    report = history.lock(Report, queries.report_of(snapshot).pk)
    report.let_on_at = clock.now()
    report.checked_save()


KIND = KindOfDocument(
    Snapshot.REPORT,
    source,
    languages,
    visible,
    stem,
    all_there=become_draft,
    lets_on=LETS_ON,
    called=lambda snapshot: named(queries.report_of(snapshot)),
    page=lambda snapshot: page(queries.report_of(snapshot)),
    let_on=say_let_on,
)
