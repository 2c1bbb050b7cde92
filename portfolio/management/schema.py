"""Commands that need the database's tables say so in one sentence, before they ask anything of it."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class SchemaCommand(BaseCommand):
    """A command that does nothing until every migration has been applied."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Raises CommandError while a migration waits."""
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            what = "are not there yet" if not executor.loader.applied_migrations else "are of an older version"
            raise CommandError(f"The tables of the database {what}: run ./run manage migrate first.")
