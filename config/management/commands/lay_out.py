"""Brings the tables of servers of our own up to this version, then looks whether all stands as it lays it out."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import readiness


class Command(BaseCommand):
    """`./run up` and `./run demo` call this before anybody starts; exit status 1 with all that would keep one off."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, stderr=StringIO())  # what it finds around is said below, with the rest
        if found := readiness.database_faults():
            raise CommandError("\n".join(found), returncode=1)
