"""Performs the demonstration: imports the city's data, plays its past, lets the machine make each report in time."""

from __future__ import annotations

import os
import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError

from config.demo import stage
from portfolio import clock
from portfolio.history.models import Installation
from portfolio.schema import SchemaCommand
from reporting.documents.models import Rendition
from reporting.reports import document, queries
from reporting.reports.models import Report
from reporting.schedule.models import ScheduledDate
from reporting.snapshot.queries import newest_snapshot

DATA, SOURCE = stage.PORTFOLIO, stage.SOURCE
PASSWORD = "demo-salkku-2024"
PATIENCE = timedelta(seconds=150)
BEFORE_THE_PAST = "2021-07-01T09:00"


class Command(SchemaCommand):
    """`./run demo` calls this while the worker and beat run."""

    help = __doc__
    requires_migrations_checks = False  # asked below, where a database that goes away is heard of

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="print no address: the site stays down")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """The whole of it; a database that goes away ends it with a status by which it is taken up again."""
        try:
            self._perform(once)
        except (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError) as reason:
            self.stderr.write(f"The database went away: {str(reason).splitlines()[0]}")
            raise SystemExit(os.EX_TEMPFAIL) from reason

    def _perform(self, once: bool) -> None:
        self.check_migrations()
        if Installation.objects.get(pk=1).kind == Installation.Kind.LIVE:
            raise CommandError("This installation is live: no demonstration is performed on it.")
        self.began = time.monotonic()
        stage.set_back_to(datetime.fromisoformat(BEFORE_THE_PAST).replace(tzinfo=clock.zone()))
        self._say("Importing the city's programmes, decisions, goals and steering groups")
        call_command("import_portfolio", str(DATA), verbosity=0)
        performed = self._play()
        self._say(f"Played {performed} steps" if performed else "The play was performed already")
        self._write_files()
        self._introduce(once)

    def _play(self) -> int:
        """The whole script, stopping at each cut-off for the machine."""
        script = stage.steps()
        on_stage = stage.Stage(SOURCE, script)
        performed, cuts = 0, self._cuts()
        for number, (status_date, cut) in enumerate(cuts):
            before = [step for step in script if step.at <= cut]
            script = script[len(before) :]
            if number + 1 < len(cuts) or self._made(status_date):
                performed += on_stage.perform(before)
                self._let_the_machine_report(status_date, cut)
            else:
                performed += self._miss(on_stage, before, status_date, cut)
        return performed + on_stage.perform(script)

    def _cuts(self) -> list[tuple[Any, Any]]:
        found = ScheduledDate.objects.filter(schedule__history_only=False, cut_off_at__isnull=False)
        return list(found.order_by("cut_off_at").values_list("status_date", "cut_off_at"))

    def _miss(self, on_stage: stage.Stage, before: list[stage.Step], status_date: Any, cut: datetime) -> int:
        """The timetable sleeps over the last cut-off: the report is found missed and caught up, once and visibly."""
        turn = clock.end_of_day(status_date)
        performed = on_stage.perform(step for step in before if step.at <= turn)
        with self._beat_asleep():
            performed += on_stage.perform(step for step in before if step.at > turn)
            stage.advance_to(cut + timedelta(minutes=5))
        self._let_the_machine_report(status_date, cut)
        return performed

    @contextmanager
    def _beat_asleep(self) -> Iterator[None]:
        """Stop the machine's timetable for a while, as an outage would; ticks already sent run out.

        Whoever ends us meanwhile wakes it by that; whoever kills us leaves it to the service that started both.
        """
        pids, before = _beats(), signal.signal(signal.SIGTERM, _leave)
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            time.sleep(min(settings.TICK_SECONDS, 5) + 1 if pids else 0)
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
            signal.signal(signal.SIGTERM, before)

    def _let_the_machine_report(self, status_date: Any, cut: datetime) -> None:
        """Put the clock past the cut-off and wait until worker and beat have made the report by their ticks."""
        stage.advance_to(cut + timedelta(minutes=1))
        day = f"{status_date.day}.{status_date.month}.{status_date.year}"
        if not self._made(status_date):
            self._say(f"Waiting for worker and beat: the report of {day}")
        until, told = time.monotonic() + PATIENCE.total_seconds(), ""
        while not self._made(status_date):
            if time.monotonic() > until:
                raise CommandError(f"The report of {day} was not made in time. {told}")
            if (now := self._progress(status_date)) != told:
                told = now
                self._say(f"  {told}")
            time.sleep(0.2)
        self._say(f"The report of {day} is there")

    def _made(self, status_date: Any) -> bool:
        return Report.objects.filter(status_date=status_date).exclude(state__in=("open", "frozen")).exists()

    def _progress(self, status_date: Any) -> str:
        report = Report.objects.filter(status_date=status_date).order_by("-edition").first()
        if report is None:
            return "not opened yet"
        work = queries.files(report)
        failed = [item for item in work["work"] if item["strikes"]]
        trouble = f", {len(failed)} failing: {failed[0]['last_error'][:300]}" if failed else ""
        return f"{report.state}, {len(work['files'])} of 6 files{trouble}"

    def _write_files(self) -> None:
        """Copies of the reports' files; the originals stand in the database (decision 16)."""
        out = settings.DATA_DIR / "out"
        out.mkdir(parents=True, exist_ok=True)
        for report in Report.objects.filter(superseded_by=None).select_related("schedule").order_by("status_date"):
            snapshot = newest_snapshot(report)
            if snapshot is None:
                continue
            name = queries.file_stem(report)
            (out / f"{name}.snapshot.json").write_text(snapshot.payload)
            (out / f"{name}.bundle.json").write_bytes(document.source(snapshot))
            for rendition in Rendition.objects.filter(snapshot=snapshot).select_related("blob"):
                (out / f"{name}.{rendition.language}.{rendition.format}").write_bytes(bytes(rendition.blob.content))
        self.stdout.write("\nThe council's reports:")
        for path in sorted(out.glob("council-report-*")):
            self.stdout.write(f"  {path}  {path.stat().st_size // 1024} kB")

    def _introduce(self, once: bool) -> None:
        signins = list(stage.accounts(SOURCE, PASSWORD))
        if once:
            return
        self.stdout.write(f"\nSign in with the password {PASSWORD} as (demonstration only):")
        for username, person in signins:
            self.stdout.write(f"  {username:10} {person.name}, {person.title_fi}")

    def _say(self, what: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {what}")
        self.stdout.flush()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _beats() -> list[int]:
    """The beat of this very installation, by its command line."""
    mine = f"{settings.DATA_DIR}/beat-schedule".encode()
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().split(b"\0")
        except OSError:
            continue
        if mine in words and b"beat" in words:
            found.append(int(line.parent.name))
    return found
