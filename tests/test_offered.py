"""What is offered of a record is what its commands take: in every state of every kind that has some, to each role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from portfolio.api import offered
from portfolio.benefits.models import BenefitTarget
from portfolio.people import permissions
from portfolio.programmes.models import Programme
from projects.register.models import Project
from reporting.reports.models import Report
from tests import story
from tests.constraints.test_constraints import drop, owned, settle
from tests.test_rights_of_routes import Write, body, world, writes

__all__ = ["owned", "world"]  # fixtures
# What a command says when a record has not come to where a move starts, or has come past it.
NOT_NOW = {
    "benefit.frozen", "benefit.proposed", "benefit.transition", "pilot.transition", "plan.frozen", "plan.transition",
    "programme.frozen", "programme.transition", "report.frozen", "report.transition", "transition.invalid",
    "wish.answered",
}  # fmt: skip
NOT_ALLOWED = {"permission.role", "permission.nobody"}
# Two targets would be needed for its first question, which is about the other one.
ASKS_OF_ANOTHER = {"post benefit-targets/{id}/replace/"}
NAMES = ("ana", "sirpa", "aud")


def with_states() -> list[Write]:
    """The ways to write that start from some states of a record and not from others."""
    return [each for each in writes() if each.move and each.move.states and not each.move.is_creation]


def put(thing: Any, column: str, state: str) -> Any:
    """The record as it would be in another state, with nothing of what belongs to that; nobody keeps the difference."""
    table = connection.ops.quote_name(thing._meta.db_table)
    settle()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [thing._meta.db_table]
        )
        for (name,) in cursor.fetchall():
            drop(name, type(thing))
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [state, thing.pk])
    return type(thing)._default_manager.get(pk=thing.pk)


def codes(client: story.Client, write: Write, thing: Any) -> set[str]:
    """What a sound request is refused with; nothing where it is taken, or stumbles over what the state alone lacks."""
    given, path = body(write.given), write.path.replace("{id}", str(thing.pk))
    try:
        with transaction.atomic():
            answer = client.call(write.method, path, given, If_Match=f'"{thing.version}"')
            transaction.set_rollback(True)
    except Exception:  # whatever it is, the command had let the state pass
        return set()
    return {each["code"] for each in answer.json()["errors"]} if answer.status_code >= 400 else set()


def differences(clients: dict[str, story.Client], people: story.People, write: Write) -> Iterator[str]:
    """Where a move is offered and refused for its state or the right, or not offered and taken."""
    move, thing = write.move, write.model._default_manager.order_by("pk").last()
    assert move is not None
    for state in dict(thing._meta.get_field(move.room.state).flatchoices):
        with transaction.atomic():
            there = put(thing, move.room.state, state)
            for name, client in clients.items():
                shown = move in offered(there, people[name])
                told = codes(client, write, there)
                seen = permissions.visible(write.model._default_manager.filter(pk=there.pk), people[name]).exists()
                if shown is bool(told & (NOT_NOW | NOT_ALLOWED) or not seen):
                    yield f"{write.name} at {state}: {name} is {'' if shown else 'not '}offered it and told {told}"
            transaction.set_rollback(True)


@pytest.mark.proof
def test_inv_112_what_is_offered_is_what_the_commands_take(owned: None, api: Any, world: story.People) -> None:
    clients = {name: api(world[name]) for name in NAMES}
    settle()
    with connection.cursor() as cursor:  # the programme has been nowhere yet
        cursor.execute("ALTER TABLE portfolio_phasemove DISABLE TRIGGER USER; DELETE FROM portfolio_phasemove")
    tried = [each for each in with_states() if each.name not in ASKS_OF_ANOTHER]
    assert {each.model for each in tried} >= {Programme, BenefitTarget, Project, Report}
    wrong = [told for write in tried for told in differences(clients, world, write)]
    assert wrong == [], "\n".join(wrong)
