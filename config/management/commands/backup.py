"""`./run manage backup [FOLDER] [--keep N]`: one archive of the database with its manifest; for cron."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import backups
from config.postgres_programs import Unable


class Command(BaseCommand):
    """Exit status 1 with the reason when there is no new backup; the old ones stay then."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="where backups are kept (BACKUP_FOLDER)")
        parser.add_argument("--keep", type=int, default=14, metavar="N", help="how many are kept (14)")

    def handle(self, *args: Any, folder: Path | None, keep: int, **options: Any) -> None:
        kept_in = folder or settings.BACKUP_FOLDER
        if kept_in is None:
            raise CommandError("Name a folder, or set BACKUP_FOLDER.")
        if keep < 1:
            raise CommandError("--keep is at least 1: the new backup itself.")
        try:
            made = backups.make(kept_in.absolute(), keep=keep)
        except Unable as reason:
            raise CommandError(f"No backup was made. {reason}", returncode=1) from reason
        size = made.archive.stat().st_size
        self.stdout.write(f"{made.archive}  {size // 1024} kB; {len(backups.kept(kept_in.absolute()))} kept")
