"""Schedules and reports for stories; their files are one line each where pages don't matter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models.functions import Now

from portfolio import history
from portfolio.benefits.models import Indicator
from portfolio.programmes.models import Programme
from reporting.documents import commands as documents
from reporting.documents import renderer
from reporting.facts import ReportFacts
from reporting.models import Rendition, Report, ReportSchedule, Snapshot, Work
from reporting.reports import commands, machine
from reporting.schedule.commands import schedule_reports
from reporting.snapshot.queries import facts_of, newest_snapshot
from reporting.work import leases
from tests.portfolio.benefits import factories as benefits
from tests.story import SETUP, at_once

NEW_YEAR, NEXT_YEAR = date(2022, 12, 31), date(2023, 12, 31)
PAGE = b"<!doctype html><style>p { margin: 0 }</style><p>%s</p>"


def indicator(of: Programme | None = None, *, code: str = "HT1") -> Indicator:
    """The one indicator of a target that the council has approved; no value yet."""
    target = benefits.approved(of, code=code)
    return Indicator.objects.get(target=target)


@at_once
def schedule(*programmes: Programme, **given: Any) -> ReportSchedule:
    """Single dates of the term, of these programmes or of all; each with a name of its own."""
    term = given.pop("council_term", None) or programmes[0].council_term
    others = term.report_schedules.count()
    number = f" {others + 1}" if others else ""
    said = {"rhythm": "single_dates", "name_fi": f"Seuranta{number}", "name_sv": f"Uppföljning{number}"}
    return schedule_reports(term, programmes=programmes, by=SETUP, **(said | given))


@at_once
def opened(of: ReportSchedule, on: date = NEW_YEAR) -> Report:
    """A report whose facts are those known now."""
    return commands.open_report(of, status_date=on, by=SETUP)


def freeze(report: Report) -> Report:
    """As the doorbell does it."""
    machine.freeze(Work.objects.get(report=report, kind="freeze").pk)
    report.refresh_from_db()
    return report


def frozen(of: ReportSchedule, on: date = NEW_YEAR) -> Report:
    return freeze(opened(of, on))


def one_line(snapshot: Snapshot, language: str, kind: str) -> bytes:
    return PAGE % f"{snapshot.sha256} {language} {kind}".encode()


def rendered(report: Report, contents: Callable[[Snapshot, str, str], bytes] = one_line) -> Report:
    """A draft whose six files are one line each, or what is told."""
    snapshot = newest_snapshot(report)
    tasks = Work.objects.filter(report=report, kind="render", done_at=None)
    with history.change(by=leases.MACHINE, whole=True):
        made = list(tasks)
        tasks.update(done_at=Now())
        for task in made:
            content = contents(snapshot, task.language, task.format)
            file = renderer.Rendered(content, hashlib.sha256(content).hexdigest())
            documents.keep_file(snapshot, task.language, task.format, file)
    report.refresh_from_db()
    return report


def draft(of: ReportSchedule, on: date = NEW_YEAR) -> Report:
    return rendered(frozen(of, on))


def facts(report: Report) -> ReportFacts:
    """What the report's newest snapshot says."""
    return facts_of(newest_snapshot(report))


def one_file(report: Report) -> Rendition:
    return Rendition.objects.filter(snapshot=newest_snapshot(report)).first()
