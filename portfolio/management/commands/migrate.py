"""Migrates as the owner, under a change set of kind migration, and reinstalls history triggers after each step."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections

from portfolio.ledger import surroundings, triggers
from portfolio.ledger.migrating import HistoryExecutor
from portfolio.schema import half_restored, missing_migrations

NOT_THE_OWNER = "may not change tables: give OWNER_DATABASE_URL, the address of the role that migrates, as well."


def _lacks_a_right(error: BaseException | None) -> bool:
    while error and not isinstance(error, psycopg.errors.InsufficientPrivilege):
        error = error.__cause__ or error.__context__
    return error is not None


class Command(migrate.Command):
    """`./run manage migrate`: as Django's, through the owner's connection; `--check` names what is missing."""

    # The trigger check can't hold before its triggers are made.
    requires_system_checks: list[str] = []
    stealth_options = ("restoring",)  # for the restore itself

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
            if not options.get("restoring") and (half := half_restored()):
                raise CommandError(half)
            super().handle(*args, **options | {"skip_checks": True})
            if not options["plan"]:
                triggers.install(connection)
                self._look_around(connection)
        except (DatabaseError, psycopg.Error) as error:
            if settings.OWNER_DATABASE or not _lacks_a_right(error):
                raise
            raise CommandError(f"{runtime['USER']} {NOT_THE_OWNER}") from error
        finally:
            migrate.MigrationExecutor = executor  # type: ignore[attr-defined]
            connection.close()
            connection.settings_dict |= runtime

    def _look_around(self, connection: Any) -> None:
        """Say what no migration makes or mends; the start-up check fails by it."""
        if not missing_migrations():
            for fault in surroundings.faults(connection):
                self.stderr.write(f"{fault}, as no migration made it: undo this by hand as the owner.")

    def _check(self) -> None:
        """Changes nothing, needs no more than to read; exit status 1 while a migration is missing, or over a half."""
        if half := half_restored():
            raise CommandError(half)
        for name in (missing := missing_migrations()):
            self.stdout.write(name)
        if missing:
            raise SystemExit(1)
