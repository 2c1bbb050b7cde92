"""`errands [--again ID | --drop ID]`: tells which errands were given up and why, lets one be tried again, drops one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from portfolio.schema import SchemaCommand
from portfolio.work import errands
from portfolio.work.models import Errand


class Command(SchemaCommand):
    """An errand that failed too often is not tried by itself: whoever has mended the cause lets it on."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--again", type=int, metavar="ID", help="let it be tried again")
        one.add_argument("--drop", type=int, metavar="ID", help="forget it, with what it was sent with")

    def handle(self, *args: Any, again: int | None, drop: int | None, **options: Any) -> None:
        if again is not None:
            errands.let_on(self._given_up(again))
        elif drop is not None:
            errands.drop(self._given_up(drop))
        else:
            for errand in errands.given_up().defer("given"):
                asked = errand.asked_at.isoformat(sep=" ", timespec="minutes")
                self.stdout.write(f"{errand.pk} {errand.kind}, sent {asked}: {errand.last_error}")

    def _given_up(self, pk: int) -> Errand:
        if not (found := errands.given_up().filter(pk=pk).first()):
            raise CommandError(f"No errand {pk} was given up.")
        return found
