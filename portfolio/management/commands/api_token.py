"""`./run manage api_token NAME`: prints a new token of the account with this user name; it can't be shown again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from portfolio.people.accounts import commands
from portfolio.people.models import Account
from portfolio.refusals import Refused
from portfolio.schema import SchemaCommand


class Command(SchemaCommand):
    """A token signs in a program in the person's place, with the person's rights and no more."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the user name of the account")
        parser.add_argument("--days", type=int, default=90, help="for how many days it works (90)")
        parser.add_argument("--label", default="", help="what it is for")

    def handle(self, *args: Any, name: str, days: int, label: str, **options: Any) -> None:
        account = Account.objects.select_related("person").filter(username=name).first()
        if account is None:
            known = ", ".join(Account.objects.order_by("username").values_list("username", flat=True)[:40])
            raise CommandError(f"There is no account {name!r}. Accounts: {known or 'none yet'}.")
        try:
            self.stdout.write(commands.issue_token(account, days=days, label=label))
        except Refused as refused:
            raise CommandError("; ".join(str(lack["message"]) for lack in refused.as_list())) from refused
