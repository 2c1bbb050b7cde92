"""How people and their roles are taken in."""

from __future__ import annotations

from functools import partial

from portfolio import city
from portfolio.importing.desk import BECAUSE, IMPORT, Desk, Given, day
from portfolio.importing.taking import BESIDE, register
from portfolio.people import commands as people
from portfolio.people.accounts.commands import open_account
from portfolio.people.models import Account, Person, RoleAssignment


def take_people(desk: Desk) -> None:
    """People; their roles follow when programmes are there."""
    for placed in desk.document.of("people"):
        row = placed.record
        given: Given = {name: row[name] for name in ("name", "email", "phone", "active") if name in row}
        given |= desk.texts(placed, "title") | desk.names(placed, "council_group", "unit")
        given |= desk.states(placed, short=("title", "council_group", "unit"))
        desk.take(
            placed,
            Person,
            partial(people.register_person, **given, by=IMPORT),
            content=given,
            edit=lambda person, other: people.edit_person(person, **other, because=BECAUSE, by=IMPORT),
        )


def take_accounts(desk: Desk) -> None:
    """Accounts without a password: they open once somebody gives them one."""
    for placed in desk.document.of("people"):
        account, person = placed.record.get("account"), desk.get("people", placed.key)
        if account is None or person is None:
            continue
        there = Account.objects.filter(person=person).first()
        given = {"language": city.identity().first, **account}
        if there is None:
            desk.attempt(placed, partial(open_account, person, password=None, **given, by=IMPORT))
            continue
        for name in account:  # an account has no history: who has changed it isn't known, and it is its holder's
            if getattr(there, name) != account[name]:
                desk.stay(placed, "account", getattr(there, name), account[name])


def take_roles(desk: Desk) -> None:
    """The roles that people hold; taken in when programmes and projects are there."""
    for placed in desk.document.of("roles"):
        row, person = placed.record, desk.get("people", placed.parent.key if placed.parent else None)
        if person is None:
            continue
        given: Given = {"role": row["role"], "starts_on": day(row["starts_on"]), "ends_on": day(row.get("ends_on"))}
        scope = {"programme": desk.get("programmes", row.get("programme")), "unit": desk.get("bodies", row.get("unit"))}
        scope = {name: thing for name, thing in scope.items() if thing is not None}
        if project := desk.get("projects", row.get("project")):
            scope["project_id"] = project.pk
        desk.take(
            placed,
            RoleAssignment,
            partial(people.assign_role, person, **given, **scope, by=IMPORT),
            content=given | scope,
        )


register(5, take_people)
register(25, take_roles)
BESIDE.append(take_accounts)
