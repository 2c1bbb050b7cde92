"""What is offered of a record is what its commands take: in every state of every kind that has some, to each role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from portfolio.api import offered
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Wish
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from projects.register.models import Project
from reporting.reports.models import Report
from tests import story
from tests.constraints.test_constraints import drop, owned, settle
from tests.projects import factories as projects
from tests.test_rights_of_routes import Write, body, world, writes

__all__ = ["owned", "world"]  # fixtures
# What a command says when a record has not come to where a move starts, or has come past it.
NOT_NOW = {
    "benefit.frozen", "benefit.proposed", "benefit.transition", "pilot.transition", "plan.frozen", "plan.transition",
    "programme.frozen", "programme.transition", "report.frozen", "report.transition", "transition.invalid",
    "wish.answered",
}  # fmt: skip
NOT_ALLOWED = {"permission.role", "permission.nobody"}
# Their first question is about another target, of which there would have to be one more.
ASKS_OF_ANOTHER = {"post benefit-targets/{id}/replace/", "post projects/{id}/accept-support/"}
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
            answer = client.call(write.method, path, given, If_Match=f'"{getattr(thing, "version", 1)}"')
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


@pytest.mark.proof
def test_inv_114_a_move_is_allowed_to_whom_its_command_allows_it(api: Any, world: story.People) -> None:
    wrong = []
    for write in (each for each in writes() if each.move and not each.move.is_creation):
        thing = write.model._default_manager.order_by("pk").last()
        for name in NAMES if write.name not in ASKS_OF_ANOTHER else ():
            told = codes(api(world[name]), write, thing)
            if told & {"not_found", "reference.unknown"}:
                continue
            if write.move and write.move.allowed(thing, world[name]) is bool(told & NOT_ALLOWED):
                wrong.append(f"{write.name}: {name} is told {told}")
    assert wrong == [], "\n".join(wrong)


def names(thing: Any, by: Person) -> set[str]:
    return {move.name for move in offered(thing, by)}


def test_a_project_is_offered_what_its_state_and_ones_role_allow(setup_people: story.People) -> None:
    ana, aud = setup_people["ana"], setup_people["aud"]
    planned = projects.project()
    assert {"start", "cancel", "edit"} <= names(planned, ana) and not {"suspend", "resume", "end"} & names(planned, ana)
    assert names(planned, aud) == set()
    running = projects.project(planned.programme, code="P2", running=True)
    assert {"suspend", "end", "cancel"} <= names(running, ana) and not {"start", "resume"} & names(running, ana)
    decision = projects.decision("close", name="Valtuusto", on=date(2022, 2, 7))
    running.programme.phase, running.programme.closed_by = "closed", decision
    assert names(running, ana) == set()
    running.continues_in_id = 1
    assert "suspend" in names(running, ana), "it goes on in the line organisation (INV-102)"


def test_the_owner_of_a_wish_is_offered_to_answer_it_without_a_role_for_that(setup_people: story.People) -> None:
    ana, bo = setup_people["ana"], setup_people["bo"]
    wish = Wish(owner=bo, state="open")
    assert names(wish, bo) == {"answer", "delay"} and "answer" in names(wish, ana)
    wish.state = "answered"
    assert names(wish, bo) == {"answer"}
