"""`./run manage reset_password NAME`: prints a temporary password, for when the administrator of users is shut out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from portfolio.history import Job
from portfolio.people.accounts import commands
from portfolio.people.models import Account
from portfolio.people.signing.places import as_kept
from portfolio.refusals import Refused
from portfolio.schema import SchemaCommand


class Command(SchemaCommand):
    """The password is good for a week and is changed at the next sign-in; sessions and keys from before end."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the user name of the account")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        account = Account.objects.select_related("person").filter(username__iexact=as_kept(username)).first()
        if account is None:
            raise CommandError(f"There is no account {username!r}.")
        try:
            self.stdout.write(commands.reset_password(account, by=Job("setup")))
        except Refused as refused:
            raise CommandError("; ".join(str(lack["message"]) for lack in refused.as_list())) from refused
