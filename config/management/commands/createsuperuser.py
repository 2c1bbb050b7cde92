"""Django's own `createsuperuser`: nobody may do everything here, and the first person is let in otherwise."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError


class Command(createsuperuser.Command):
    """Makes nobody: it says how the first person is let in."""

    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Nobody may do everything here: `open_account NAME --person 'Ada Esimerkki'` registers the administrator "
            "of users and opens an account, who then lets in all others."
        )
