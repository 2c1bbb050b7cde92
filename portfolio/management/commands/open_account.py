"""`./run manage open_account NAME --person "Ada Esimerkki"`: lets a person in where nobody can be asked yet.

On a new installation this is how its administrator of users gets in, who then lets in all others on the site. The
password is asked twice and not shown; `--temporary` makes one to be changed at the first sign-in; `--stdin` reads it
from a pipe. It never stands on the command line, where others could read it.
"""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import translation

from portfolio import city, clock, history
from portfolio.history import Job
from portfolio.people import commands, passwords
from portfolio.people.accounts.commands import free_username, open_account
from portfolio.people.models import SCOPES, SEATED_ROLES, Account, Person, Role, RoleAssignment
from portfolio.refusals import Refused
from portfolio.schema import SchemaCommand

SETUP = Job("setup")
BECAUSE = "Account opened with the operator's command open_account."
ROLES = [role.value for role in Role if role not in SEATED_ROLES and role not in SCOPES]


class Command(SchemaCommand):
    """Registers the person, gives the role and opens the account, all or none, as the job `setup`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name to sign in with")
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--person", metavar="NAME", help="the name of the person, who is not in the register yet")
        who.add_argument("--person-id", type=int, metavar="ID", help="the person's id, if they are in the register")
        parser.add_argument(
            "--role", action="append", choices=ROLES, help="what the person may do (user_admin); may be repeated"
        )
        spoken = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=spoken, default="", help="the language that pages begin in")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--temporary", action="store_true", help="make a password to be changed at the first sign-in")
        how.add_argument("--stdin", action="store_true", help="read the password from the first line of the input")

    def handle(self, *args: Any, username: str, temporary: bool, stdin: bool, **options: Any) -> None:
        try:
            _nothing_in_the_way(username, options["person"])
            word = passwords.temporary() if temporary else _piped() if stdin else _asked()
            account = _open(username, word, temporary, **options)
        except Refused as refused:
            with translation.override("en"):
                raise CommandError("; ".join(str(lack["message"]) for lack in refused.as_list())) from refused
        self.stdout.write(f"{account.username}: the account of {account.person.name} is open.")
        if temporary:
            self.stdout.write(f"Temporary password, good for a week, to be changed at the first sign-in: {word}")


def _nothing_in_the_way(username: str, name: str | None) -> None:
    """What can be known before a password is typed twice. Raises city.FaultyIdentity where no city can be read."""
    city.identity()
    free_username(username)
    if name and (there := Person.objects.filter(name=name.strip()).first()):
        raise CommandError(f"{there.name} is in the register already: say --person-id {there.pk} instead of --person.")


def _open(
    username: str, word: str, temporary: bool, *, person: str | None, person_id: int | None, **options: Any
) -> Account:
    with history.change(by=SETUP, because=BECAUSE):
        someone = _registered(person, person_id)
        for role in options["role"] or [Role.USER_ADMIN.value]:
            _give(someone, role)
        return open_account(
            someone, username=username, password=word, temporary=temporary, language=options["language"], by=SETUP
        )


def _registered(name: str | None, pk: int | None) -> Person:
    if name is not None:
        return commands.register_person(name=name, by=SETUP)
    if (found := Person.objects.filter(pk=pk or 0).first()) is None:
        raise CommandError(f"There is no person with the id {pk}.")
    return found


def _give(someone: Person, role: str) -> None:
    """A role that the person holds already is not given twice."""
    today = clock.today()
    held = [each.role for each in RoleAssignment.objects.filter(person=someone) if each.holds_on(today)]
    if role not in held:
        commands.assign_role(someone, role=role, starts_on=today, by=SETUP)


def _asked() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for a password: use --temporary or --stdin.")
    word = getpass.getpass("Password: ")
    if word != getpass.getpass("Password again: "):
        raise CommandError("The two passwords are not the same.")
    return word


def _piped() -> str:
    return sys.stdin.readline().rstrip("\r\n")
