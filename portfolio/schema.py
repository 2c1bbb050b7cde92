"""Commands that need the database's tables say so in one sentence, before they ask anything of it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

RESTORING = "salkku_restoring"  # a schema with nothing in it: its being there is the mark
HALF = (
    "A restore into this database was not finished: nothing of it was checked, and letters that waited would be sent. "
    "Run `manage.py restore` again, with the same backup or another; it begins anew."
)


def missing_migrations() -> list[str]:
    """The migrations of this release that the database hasn't got, as `portfolio.0001_initial`, in their order."""
    loader = MigrationLoader(connection)
    wanted = dict.fromkeys(node for leaf in loader.graph.leaf_nodes() for node in loader.graph.forwards_plan(leaf))
    return [".".join(node) for node in wanted if node not in loader.applied_migrations]


def half_restored() -> str:
    """What to say of a database whose restore was broken off; nothing of any other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [RESTORING])
        return HALF if cursor.fetchone()[0] else ""


def how_to_migrate() -> str:
    """The command that brings the tables: a city's own server has an owner, whose address a service is not given."""
    if settings.INSTALLATION == "live" and not settings.OWNER_DATABASE:
        return "manage.py migrate with OWNER_DATABASE_URL, the address of the role that migrates,"
    return "./run manage migrate"


class SchemaCommand(BaseCommand):
    """A command that does nothing until every migration has been applied."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Raises CommandError while a migration waits, or over the half of a restore."""
        if half := half_restored():
            raise CommandError(half)
        if missing_migrations():
            applied = MigrationRecorder(connection).applied_migrations()
            what = "are of an older version" if applied else "are not there yet"
            raise CommandError(f"The tables of the database {what}: run {how_to_migrate()} first.")
