"""Migrates as the owner, under a change set of kind migration, and reinstalls history triggers after each step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from portfolio.history import triggers
from portfolio.history.migrating import HistoryExecutor
from portfolio.management.schema import missing_migrations


class Command(migrate.Command):
    """`./run manage migrate`: as Django's, through the owner's connection; `--check` names what is missing."""

    # The trigger check can't hold before its triggers are made.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check_unapplied"] and not options["plan"]:
            self._check()
            return
        connection = connections["default"]
        runtime = connection.settings_dict.copy()
        executor = migrate.MigrationExecutor  # type: ignore[attr-defined]
        connection.close()
        if settings.OWNER_DATABASE:
            connection.settings_dict |= settings.OWNER_DATABASE | {"NAME": runtime["NAME"]}
        migrate.MigrationExecutor = HistoryExecutor  # type: ignore[attr-defined]
        try:
            super().handle(*args, **options | {"skip_checks": True})
            if not options["plan"]:
                triggers.install(connection)
        finally:
            migrate.MigrationExecutor = executor  # type: ignore[attr-defined]
            connection.close()
            connection.settings_dict |= runtime

    def _check(self) -> None:
        """Changes nothing, and needs no more than to read; exit status 1 while a migration is missing."""
        for name in (missing := missing_migrations()):
            self.stdout.write(name)
        if missing:
            raise SystemExit(1)
