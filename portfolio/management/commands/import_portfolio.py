"""`import_portfolio FILE [--dry-run] [--by-worker]`: judges the whole file while others save, then writes it as one."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from portfolio import city
from portfolio.importing import errand as sending
from portfolio.importing.desk import Tell
from portfolio.importing.document import Fault, Unreadable, text_of
from portfolio.importing.taking import NothingTaken, Taken, take
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.schema import SchemaCommand
from portfolio.work.models import Errand

PAUSE = 0.5  # seconds between two looks at what a worker does
LOOKED_AT = ["epoch", "done", "of", "done_at", "parked", "last_error", "result"]


class Command(SchemaCommand):
    """Every bad row is listed with its place, value and rule; then the exit status is 1 and nothing is written."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and try everything, write nothing")
        parser.add_argument("--on-behalf-of", type=int, metavar="PERSON", help="the id of the person who asks for it")
        parser.add_argument(
            "--by-worker", action="store_true", help="let a worker do it, and wait for what comes of it"
        )
        parser.add_argument("--no-wait", action="store_true", help="let a worker do it, and don't wait")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            taken = self._take(file, **options)
        except Unreadable as error:
            raise CommandError(f"{file}: – import.json: {error}") from error
        except city.FaultyIdentity as faulty:
            raise CommandError(str(faulty)) from faulty
        except NothingTaken as nothing:
            self._refuse(nothing.faults)
        except Refused as busy:
            raise CommandError(" ".join(str(lack["message"]) for lack in busy.as_list())) from busy
        else:
            if taken and options["verbosity"]:
                self._tell(taken, options["dry_run"])

    def _take(
        self, file: Path, *, on_behalf_of: int | None, dry_run: bool, by_worker: bool, no_wait: bool, **options: Any
    ) -> Taken | None:
        """What came of it; None where nobody waits for that."""
        text, tell = text_of(file), self._progress(options["verbosity"])
        if by_worker or no_wait:
            sending.readable(text)
            errand = sending.send(file.name, text, on_behalf_of=self._person(on_behalf_of), dry_run=dry_run)
            self._say(f"Errand {errand.pk} waits for a worker.", options["verbosity"])
            return None if no_wait else self._come_back(errand, tell, options["verbosity"])
        return take(
            sending.sound(text),
            origin=sending.origin_of(file.name, text),
            on_behalf_of=self._person(on_behalf_of),
            dry_run=dry_run,
            tell=tell,
        )

    def _come_back(self, errand: Errand, tell: Tell | None, verbosity: int) -> Taken:
        """Look on until a worker has ended it; say so where none takes it up."""
        patient_until: float | None = time.monotonic() + 2 * settings.TICK_SECONDS
        while not errand.done_at:
            time.sleep(PAUSE)
            errand.refresh_from_db(fields=LOOKED_AT)
            if errand.parked:
                raise CommandError(f"The errand was given up: {errand.last_error}\nSent again, it is tried again.")
            if errand.done and errand.of and tell:
                tell(errand.done, errand.of)
            if patient_until and not errand.epoch and time.monotonic() > patient_until:
                self._say("No worker has taken it up yet. It waits, also without this command.", verbosity)
                patient_until = None
        return sending.answer(errand)

    def _person(self, pk: int | None) -> Person | None:
        if pk is None:
            return None
        if not (person := Person.objects.filter(pk=pk).first()):
            raise CommandError(f"There is no person with the id {pk}.")
        return person

    def _say(self, words: str, verbosity: int) -> None:
        if verbosity:
            self.stderr.write(words, self.style.NOTICE)

    def _progress(self, verbosity: int) -> Tell | None:
        """A line for each tenth of the file, to someone who looks on or asks for it."""
        if verbosity < 2 and not (verbosity and self.stderr.isatty()):
            return None
        told = 0

        def tell(done: int, of: int) -> None:
            nonlocal told
            if 10 * done // of != told:
                self.stderr.write(f"{done} of {of} records judged.", self.style.NOTICE)
            told = 10 * done // of

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
