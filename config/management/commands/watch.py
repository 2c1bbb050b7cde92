"""`./run manage watch [--every SECONDS]`: tells of what stands in the way of the service, and when it is over."""

from __future__ import annotations

import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.watching import Looker, Watch, channels, try_out

NOBODY = "nobody is written to: set ALARM_TO with MAIL_URL, or ALARM_HOOK"


class Command(BaseCommand):
    """Needs neither broker nor worker, and says by itself when there is no database."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=60, metavar="SECONDS", help="between two looks (60)")
        parser.add_argument("--patience", type=int, default=2, metavar="LOOKS", help="that must find it (2)")
        parser.add_argument("--once", action="store_true", help="one look, for cron; status 1 while anything stands")
        parser.add_argument("--test", action="store_true", help="send one letter and tell the hook now, as a trial")

    def handle(self, *args: Any, every: float, patience: int, once: bool, test: bool, **options: Any) -> None:
        if test:
            return self._try_out()
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        leave = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: leave.set())  # what has been told is remembered first
        told = channels(leave)
        watch, looker = Watch(settings.DATA_DIR, patience, told, leave), Looker(leave)
        if set(told) == {"log"}:
            self.stdout.write(f"watch: {NOBODY}")
            self.stdout.flush()
        while not leave.is_set():
            begun = time.monotonic()
            found = looker.look()
            if leave.is_set():
                break
            watch.take_note(found)
            if once:
                raise SystemExit(1 if found.troubles else 0)
            leave.wait(max(0.1, every - (time.monotonic() - begun)))

    def _try_out(self) -> None:
        """Raises CommandError for what can't be told, with its reason."""
        told = {name: try_out(tell) for name, tell in channels().items() if name != "log"}
        if not told:
            raise CommandError(f"Nothing was sent: {NOBODY}.", returncode=1)
        for name in [name for name, reason in told.items() if not reason]:
            self.stdout.write(f"{name}: sent")
        if failed := [f"{name}: {reason}" for name, reason in told.items() if reason]:
            raise CommandError("\n".join(failed), returncode=1)
