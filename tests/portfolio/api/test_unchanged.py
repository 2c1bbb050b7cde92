"""A list by its mark: whoever has it is told by one statement that nothing has changed, and never wrongly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import clock, history
from portfolio.people.models import Person, Role, RoleAssignment
from tests import story
from tests.portfolio.programmes import factories

LIST = "programmes/"


@pytest.fixture
def ana() -> Person:
    return story.person("Ana", Role.DIRECTOR)


def mark(client: story.Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-cache"
    return str(answer["ETag"])


def again(client: story.Client, tag: str, path: str = LIST) -> Any:
    return client.get(path, If_None_Match=tag)


def test_who_has_the_list_is_told_so_by_one_statement(db: None, ana: Person) -> None:
    factories.programme()
    client = story.Client(ana)
    tag = mark(client)
    with CaptureQueriesContext(connection) as asked:
        answer = again(client, tag)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert len(asked) == 1 and tag.startswith('W/"')
    assert again(client, f'"other", {tag}').status_code == 304
    assert again(client, '"other"').json()["count"] == 1


def renamed(ana: Person) -> None:
    with history.change(by=story.SETUP, because="setup"):
        ana.name = "Ana Aalto"
        ana.checked_save()


def demoted(ana: Person) -> None:
    """A role ended without a change of the ledger's head could not be seen; it is a change like any other."""
    with history.change(by=story.SETUP, because="setup"):
        held = RoleAssignment.objects.get(person=ana)
        held.ends_on = clock.today() - timedelta(days=1)
        held.checked_save()


@pytest.mark.parametrize("change", [renamed, demoted])
def test_after_any_change_the_list_is_given_anew(db: None, ana: Person, change: Callable[[Person], None]) -> None:
    client = story.Client(ana)
    tag = mark(client)
    change(ana)
    assert again(client, tag).status_code == 200


def test_the_mark_is_of_one_reader_language_and_address(db: None, ana: Person) -> None:
    client, bo = story.Client(ana), story.person("Bo", Role.DIRECTOR)
    tag = mark(client)
    assert again(story.Client(bo), tag).status_code == 200
    assert again(client, tag, f"{LIST}?page_size=1").status_code == 200
    client.language = "sv"
    assert again(client, tag).status_code == 200
    client.language = "en"
    assert again(client, tag).status_code == 304


def test_the_mark_is_of_one_day(own_database: str, as_owner: psycopg.Connection[Any]) -> None:
    client = story.Client(story.person("Ana", Role.DIRECTOR))
    tag = mark(client)
    as_owner.execute("UPDATE portfolio_installation SET shift = shift + interval '1 day'")
    assert again(client, tag).status_code == 200


def test_what_is_not_in_the_ledger_has_no_mark(db: None, ana: Person) -> None:
    answer = story.Client(ana).get("tokens/")
    assert answer.status_code == 200 and "ETag" not in answer and answer["Cache-Control"] == "private, no-store"
