"""Checks that nothing in the history was altered, added, taken away or put in another order."""

from __future__ import annotations

import re
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.db import connection

from portfolio.ledger import surroundings, triggers
from portfolio.ledger.verification import PrintedHead, verify
from portfolio.schema import SchemaCommand, how_to_migrate

SHOWN = 20


def published(text: str) -> PrintedHead:
    """A head as a report prints it, SEQ:SHA256."""
    found = re.fullmatch(r"(?:seq:)?([0-9]{1,18}):([0-9a-f]{64})", text)
    if not found:
        raise ArgumentTypeError(f"{text} is not a number, a colon and 64 hexadecimal digits.")
    return PrintedHead(int(found[1]), found[2])


class Command(SchemaCommand):
    """`./run manage verify_history`: exit status 1 when anything differs, with the first change set that does."""

    help = "Check the history's chain, its rows and what was published of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against", metavar="SEQ:SHA256", action="append", default=[], type=published, help="a published head"
        )
        parser.add_argument(
            "--from", dest="start", metavar="SEQ", default=1, type=int, help="trust what is before this change set"
        )

    def handle(self, *args: Any, start: int, against: list[PrintedHead], **options: Any) -> None:
        begun = time.monotonic()
        verdict = verify(start=max(start, 1), against=against)
        for fault in verdict.faults[:SHOWN]:
            what = fault.what if fault.object_id is None else f"{fault.what} (id {fault.object_id})"
            self.stderr.write(f"seq {fault.seq}  {fault.table}  {what}")
        if len(verdict.faults) > SHOWN:
            self.stderr.write(f"… and {len(verdict.faults) - SHOWN} more")
        unguarded = triggers.lacking(connection)
        for table in unguarded:
            self.stderr.write(f"{table}  its triggers or functions are missing, switched off or worded otherwise")
        for foreign in (around := surroundings.faults(connection)):
            self.stderr.write(f"{foreign}, as no migration made it")
        seconds = time.monotonic() - begun
        self.stdout.write(f"{verdict.rows} rows in change sets {verdict.first} to {verdict.last}, {seconds:.1f} s")
        self.stdout.write(f"{verdict.redacted} rows lawfully redacted")
        if not verdict.sound:
            self.stderr.write(f"BROKEN: the first fault is at seq {verdict.faults[0].seq}")
            raise SystemExit(1)
        if unguarded:
            self.stderr.write(f"What was written is whole, what will be is not guarded: run {how_to_migrate()} again.")
            raise SystemExit(1)
        if around:
            self.stderr.write("What was written is whole, what will be is not guarded: undo this by hand as the owner.")
            raise SystemExit(1)
        self.stdout.write(f"sound; head {verdict.last}:{verdict.sha256}")
