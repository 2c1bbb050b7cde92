"""Django's own `changepassword`, which knows neither keys nor what is noted of an account: refused for ours."""

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.core.management.base import CommandError


class Command(changepassword.Command):
    """Gives nobody a password: it says how that is done here."""

    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Here nobody types another's password: `reset_password NAME` makes a temporary one, ends sessions and "
            "keys, and is noted with the account; one's own is changed on the site."
        )
