"""`./run manage restore FILE`: a backup into an empty database, checked against its manifest before it is used."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import restoring
from config.postgres_programs import Unable


class Command(BaseCommand):
    """Exit status 1 with the reason when nothing was restored, or when it is not what the manifest says."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive or its manifest; both stand beside each other")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        begun = time.monotonic()
        try:
            there = restoring.restore(file)
        except Unable as reason:
            raise CommandError(str(reason), returncode=1) from reason
        head = there.told["head"]
        self.stdout.write(
            f"Restored as of {there.told['made_at']}: {there.rows} rows, {time.monotonic() - begun:.1f} s"
        )
        self.stdout.write(f"The history is sound; head {head['seq']}:{head['sha256']}")
        self.stdout.write(f"{there.files} files of reports are what their checksums say")
        if there.letters:
            self.stdout.write(f"Letters that waited then and are not sent now: {there.letters}; see the reports' pages")
        self.stdout.write("What was entered after that moment is not here. Everybody signs in anew.")
