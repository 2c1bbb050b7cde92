"""What the machine does when it is rung: freeze and compile a report, render one file of it; each may be rung twice."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet

from portfolio import clock, history
from portfolio.history import Job
from reporting import canonical, queries, rendering, work
from reporting.compilation import compile_report
from reporting.facts import EarlierFacts, PrintedFacts, ReportFacts
from reporting.lifecycle import require_move
from reporting.models import Blob, Findings, Rendition, Report, Snapshot, Work
from reporting.snapshot import Order, take

MACHINE = Job("report")
RENDER_SECONDS, HEARTBEAT_SECONDS = 180, 15
# A renderer reads one bundle and writes one file: more than this is a fault of its own, and harms nobody else.
LIMITS = {
    resource.RLIMIT_CPU: RENDER_SECONDS,
    resource.RLIMIT_DATA: 1_000_000_000,
    resource.RLIMIT_FSIZE: 100_000_000,
    resource.RLIMIT_CORE: 0,
}
# No address and no secret is any business of the renderer.
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "TMPDIR")


class RenderingFailed(Exception):
    """The renderer ended without a file; says what it told."""


def _due() -> QuerySet[Work]:
    """Reports that collect no more: open, and past their cut-off."""
    return work.waiting().filter(
        kind=Work.Kind.FREEZE, report__state=Report.State.OPEN, report__cut_off_at__lte=queries.CityNow()
    )


def to_freeze() -> list[int]:
    """Work of reports whose cut-off has passed."""
    return list(_due().values_list("pk", flat=True))


def to_render() -> list[int]:
    """Files that wait to be rendered."""
    return list(work.waiting().filter(kind=Work.Kind.RENDER).values_list("pk", flat=True))


def freeze(work_id: int) -> None:
    """Keep what was known at the cut-off, and what follows from it (INV-93, INV-94).

    A bell that rings too early, or for a report that is frozen already, changes nothing.
    """
    with work.held(work_id, among=_due()) as claim:
        if claim is None:
            return
        report = queries.as_ordered(claim.report_id)
        order = order_of(report)
        facts = take(order)
        work.hold(claim, unless_within=HEARTBEAT_SECONDS)
        findings = compile_report(facts, order.previous)
        payload, found = canonical.dumps(facts).decode(), canonical.dumps(findings).decode()
        _keep_snapshot(claim, report, facts, payload, found)


def order_of(report: Any) -> Order:
    """A report `queries.as_ordered`, and what was said before it, in plain values."""
    before = queries.reports_before(report)
    return Order(
        status_date=report.status_date,
        period_starts_on=report.period_starts_on,
        cut_off_at=report.cut_off_at,
        compiled_at=max(report.opened_at, report.cut_off_at).replace(microsecond=0),
        cut=history.seq_at(report.cut_off_at),
        edition=report.edition,
        term_id=report.schedule.council_term_id,
        programme_ids=frozenset(report.chosen),
        case_number=report.case_number,
        annex_number=report.annex_number,
        supersedes_because=report.supersedes_because,
        caught_up_on=report.opened_at.astimezone(clock.zone()).date() if report.caught_up else None,
        previous=queries.facts_of(before[-1]) if before else None,
        earlier=tuple(_printed(snapshot) for snapshot in before),
    )


def _printed(snapshot: Snapshot) -> EarlierFacts:
    """The standings that an earlier report printed, as they were kept then: rules may have been mended since."""
    found = json.loads(snapshot.findings.payload)["programmes"]
    targets = [target for programme in found for target in programme["targets"]]
    return EarlierFacts(
        status_date=snapshot.report.status_date,
        edition=snapshot.report.edition,
        programmes=tuple(PrintedFacts(key=one["key"], standing=one["standing"]) for one in found),
        targets=tuple(PrintedFacts(key=one["key"], standing=one["standing"]) for one in targets),
    )


def _keep_snapshot(claim: work.Claim, report: Any, facts: ReportFacts, payload: str, findings: str) -> None:
    with history.change(by=MACHINE):
        work.finish(claim)
        current = history.lock(Report, report.pk)
        require_move(current, Report.State.FROZEN)
        snapshot = Snapshot(
            report=current,
            number=report.taken + 1,
            because=queries.reason_of_retake(current) if report.taken else "",
            cut_seq=facts.cut.seq,
            schema=facts.schema,
            payload=payload,
            sha256=hashlib.sha256(payload.encode()).hexdigest(),
        ).checked_save()
        digest = hashlib.sha256(findings.encode()).hexdigest()
        Findings.objects.bulk_create([Findings(snapshot=snapshot, payload=findings, sha256=digest)])
        current.state = Report.State.FROZEN
        current.checked_save()
        _queue_renditions(snapshot)


def _queue_renditions(snapshot: Snapshot) -> None:
    Work.objects.bulk_create(
        Work(kind=Work.Kind.RENDER, report=snapshot.report, snapshot=snapshot, language=language, format=kind)
        for language, _ in settings.LANGUAGES
        for kind in Rendition.Format.values
    )


@dataclass(frozen=True)
class Rendered:
    """A file as the renderer made it."""

    content: bytes
    sha256: str


def render(work_id: int) -> None:
    """Make one file of a snapshot, from the snapshot alone; with the last one the report is a draft."""
    with work.held(work_id) as claim:
        if claim is None:
            return
        task = Work.objects.select_related("snapshot__report").get(pk=work_id)
        assert task.snapshot is not None
        file = render_in_child(source(task.snapshot), task.language, task.format, claim)
        with history.change(by=MACHINE):
            work.finish(claim)
            _keep_rendition(task.snapshot, task.language, task.format, file)


def source(snapshot: Snapshot) -> bytes:
    """What a renderer reads: the snapshot, and the very one that it was compared with, whatever came after."""
    facts = queries.facts_of(snapshot)
    before = queries.snapshot_of(facts.previous_sha256) if facts.previous_sha256 else None
    return rendering.bundle(facts, queries.facts_of(before) if before else None)


def render_in_child(given: bytes, language: str, kind: str, claim: work.Claim | None = None) -> Rendered:
    """Render in a process of its own, which can be limited and killed: native code can't be interrupted otherwise."""
    child = subprocess.Popen(
        [sys.executable, "-m", "reporting.rendering", language, kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={"LANG": "C.UTF-8"} | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
    )
    try:
        for limit, most in LIMITS.items():
            resource.prlimit(child.pid, limit, (most, most))
        content, told = _watch(child, given, claim)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if child.returncode or not content:
        raise RenderingFailed(f"{language} {kind} ({child.returncode}): {told.decode(errors='replace')[-2000:]}")
    return Rendered(content, hashlib.sha256(content).hexdigest())


def _watch(child: subprocess.Popen[bytes], given: bytes, claim: work.Claim | None) -> tuple[bytes, bytes]:
    """Wait for the child, holding the claim; stop when it is lost or the time is up."""
    until, sent = time.monotonic() + RENDER_SECONDS, given
    while True:
        try:
            return child.communicate(sent, timeout=HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            sent = None  # type: ignore[assignment]
            if time.monotonic() > until:
                raise RenderingFailed(f"no file within {RENDER_SECONDS} s") from None
            if claim is not None:
                work.hold(claim)


def _keep_rendition(snapshot: Snapshot, language: str, kind: str, file: Rendered) -> None:
    """The file, once; with the last one of the report's newest snapshot the report is a draft."""
    blob = Blob.objects.filter(sha256=file.sha256).first()
    blob = (
        blob
        or Blob(
            sha256=file.sha256, media_type=rendering.MEDIA_TYPES[cast(rendering.Format, kind)], content=file.content
        ).checked_save()
    )
    Rendition(
        snapshot=snapshot,
        language=language,
        format=kind,
        blob=blob,
        renderer=rendering.VERSION,
        style_sha256=rendering.html.style_sha256(file.content) if kind == Rendition.Format.HTML else "",
    ).checked_save()
    report = history.lock(Report, snapshot.report_id)
    waiting = Work.objects.filter(report=report, kind=Work.Kind.RENDER, done_at__isnull=True)
    if report.state == Report.State.FROZEN and not waiting.exists():
        report.state = Report.State.DRAFT
        report.checked_save()
