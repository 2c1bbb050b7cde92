"""`import_portfolio FILE [--dry-run]`: judges the whole file while others save, then writes it as one change."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from portfolio import city, clock
from portfolio.importing.checking import Setting, check
from portfolio.importing.desk import Tell
from portfolio.importing.document import Document, Fault, Unreadable, read
from portfolio.importing.taking import NothingTaken, Taken, take
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.schema import SchemaCommand


class Command(SchemaCommand):
    """Every bad row is listed with its place, value and rule; then the exit status is 1 and nothing is written."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and try everything, write nothing")
        parser.add_argument("--on-behalf-of", type=int, metavar="PERSON", help="the id of the person who asks for it")

    def handle(self, *args: Any, file: Path, dry_run: bool, on_behalf_of: int | None, **options: Any) -> None:
        try:
            data = read(file)
        except Unreadable as error:
            raise CommandError(f"{file}: – import.json: {error}") from error
        try:
            setting = self._setting()
        except city.Faulty as faulty:
            raise CommandError(str(faulty)) from faulty
        if faults := check(data, setting):
            self._refuse(faults)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        person = self._person(on_behalf_of)
        try:
            taken = take(
                Document(data),
                origin=f"{file.name[:43]} {digest}",
                on_behalf_of=person,
                dry_run=dry_run,
                tell=self._progress(options["verbosity"]),
            )
        except NothingTaken as nothing:
            self._refuse(nothing.faults)
        except Refused as busy:
            raise CommandError(" ".join(str(lack["message"]) for lack in busy.as_list())) from busy
        if options["verbosity"]:
            self._tell(taken, dry_run)

    def _person(self, pk: int | None) -> Person | None:
        if pk is None:
            return None
        if not (person := Person.objects.filter(pk=pk).first()):
            raise CommandError(f"There is no person with the id {pk}.")
        return person

    def _setting(self) -> Setting:
        told = city.identity()
        return Setting(
            official_languages=told.languages.official,
            languages=told.languages.service,
            time_zone=settings.TIME_ZONE,
            today=clock.today(),
            zone_end=clock.end_of_day,
        )

    def _progress(self, verbosity: int) -> Tell | None:
        """A line for each tenth of the file, to someone who looks on or asks for it."""
        if verbosity < 2 and not (verbosity and self.stderr.isatty()):
            return None

        def tell(done: int, of: int) -> None:
            if 10 * done // of > 10 * (done - 1) // of:
                self.stderr.write(f"{done} of {of} records judged.", self.style.NOTICE)

        return tell

    def _refuse(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.stderr.write(str(fault))
        rows = "1 row" if len(faults) == 1 else f"{len(faults)} rows"
        raise CommandError(f"{rows} can't be taken in; nothing was written.", returncode=1)

    def _tell(self, taken: Taken, dry_run: bool) -> None:
        for left in taken.left:
            self.stdout.write(str(left))
        if taken.left:
            self.stdout.write(f"Left as it is here: {len(taken.left)}.")
        records = "1 record" if taken.made == 1 else f"{taken.made} records"
        if dry_run:
            self.stdout.write(f"The file is sound: {records} would be new or changed. Nothing was written.")
        elif taken.made:
            self.stdout.write(f"{records} taken in.")
        else:
            there = "Everything else" if taken.left else "Everything"
            self.stdout.write(f"{there} in the file is there already; nothing was written.")
