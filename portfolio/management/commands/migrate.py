"""Migrates as the owner, under a change set of kind migration, and reinstalls history triggers after each step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.migrations import executor as executors

from portfolio.history import triggers


class HistoryExecutor(executors.MigrationExecutor):
    """Applies a migration inside a change set, then brings the triggers to the new columns (decision 9)."""

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        with transaction.atomic(using=self.connection.alias):
            with self.connection.cursor() as cursor:
                started = bool(triggers.columns_of(cursor, "portfolio_head")) and _has_function(cursor)
                if started:
                    cursor.execute("SELECT history_open('migration', NULL, '', %s, NULL, '', '')", [f"migrate {migration}"])
            state = super().apply_migration(state, migration, fake, fake_initial)
            with self.connection.cursor() as cursor:
                if started:
                    cursor.execute("SELECT history_close()")
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            triggers.install(self.connection)
        return state


def _has_function(cursor: Any) -> bool:
    cursor.execute("SELECT to_regproc('history_open') IS NOT NULL")
    return bool(cursor.fetchone()[0])


class Command(migrate.Command):
    """`./run manage migrate`: as Django's, through the owner's connection."""

    # The trigger check can't hold before its triggers are made.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections["default"]
        runtime = connection.settings_dict.copy()
        connection.close()
        if settings.OWNER_DATABASE:
            connection.settings_dict |= settings.OWNER_DATABASE | {"NAME": runtime["NAME"]}
        migrate.MigrationExecutor = HistoryExecutor  # type: ignore[attr-defined]
        try:
            super().handle(*args, **options | {"skip_checks": True})
            triggers.install(connection)
        finally:
            connection.close()
            connection.settings_dict |= runtime
