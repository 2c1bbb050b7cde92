"""Migrates as the owner, under a change set of kind migration, and reinstalls history triggers after each step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from portfolio.history import triggers
from portfolio.history.migrating import HistoryExecutor


class Command(migrate.Command):
    """`./run manage migrate`: as Django's, through the owner's connection."""

    # The trigger check can't hold before its triggers are made.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections["default"]
        runtime = connection.settings_dict.copy()
        executor = migrate.MigrationExecutor  # type: ignore[attr-defined]
        connection.close()
        if settings.OWNER_DATABASE:
            connection.settings_dict |= settings.OWNER_DATABASE | {"NAME": runtime["NAME"]}
        migrate.MigrationExecutor = HistoryExecutor  # type: ignore[attr-defined]
        try:
            super().handle(*args, **options | {"skip_checks": True})
            if not options["plan"] and not options["check_unapplied"]:
                triggers.install(connection)
        finally:
            migrate.MigrationExecutor = executor  # type: ignore[attr-defined]
            connection.close()
            connection.settings_dict |= runtime
