"""`./run manage watch [--every SECONDS]`: tells of what stands in the way of the service, and when it is over."""

from __future__ import annotations

import signal
import threading
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.watching import Looker, Watch, channels


class Command(BaseCommand):
    """Needs neither broker nor worker, and says by itself when there is no database."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=60, metavar="SECONDS", help="between two looks (60)")
        parser.add_argument("--patience", type=float, default=60, metavar="SECONDS", help="until one is told of (60)")
        parser.add_argument("--once", action="store_true", help="one look, for cron; status 1 while anything stands")

    def handle(self, *args: Any, every: float, patience: float, once: bool, **options: Any) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        told = channels()
        watch, looker = Watch(settings.DATA_DIR, timedelta(seconds=patience), told), Looker()
        if set(told) == {"log"}:
            self.stdout.write("watch: nobody is written to: set ALARM_TO with MAIL_URL, or ALARM_HOOK")
            self.stdout.flush()
        leave = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: leave.set())  # what has been told is remembered first
        while not leave.is_set():
            begun = time.monotonic()
            found = looker.look()
            watch.take_note(found)
            if once:
                raise SystemExit(1 if found.troubles else 0)
            leave.wait(max(0.1, every - (time.monotonic() - begun)))
