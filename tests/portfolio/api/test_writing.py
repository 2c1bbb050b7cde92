"""What a write costs in statements, and that what is refused in the end is still told in full."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.history.models import ChangeSet
from portfolio.people.models import Person, Role
from portfolio.refusals import Refused
from projects.register.models import Project
from tests import story
from tests.benchmarks.test_report import portfolio

# Who asks; whether the project is theirs to see; the transaction; the change set with the day and the roles; the
# project; its programme; a milestone outside its dates; the row; the seal; the commit; the answer.
WRITE = 11


@pytest.fixture
def project(db: None) -> Project:
    portfolio(projects=4, indicators=4, values=1)
    return Project.objects.earliest("pk")


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.PROJECT_MANAGER])
def test_an_edit_costs_eleven_statements_and_signs_with_the_role(project: Project, role: str) -> None:
    scope = {"project_id": project.pk} if role == Role.PROJECT_MANAGER else {}
    client = story.Client(story.person("Eve", role, **scope))
    edit = f"projects/{project.pk}/"
    client.patch(edit, {"name_fi": "Latu"}, seen=1)  # that a key is in use is noted once a while
    with CaptureQueriesContext(connection) as told:
        answer = client.patch(edit, {"name_fi": "Polku"}, seen=2)
    assert answer.status_code == 200 and answer.json()["version"] == 3, answer.content
    assert len(told) == WRITE, "\n".join(each["sql"][:120] for each in told)
    assert ChangeSet.objects.latest("seq").role == role
    assert project.history.count() == 3


def test_a_refusal_of_the_database_is_told_in_full(project: Project) -> None:
    """The change is made at once first; refused, it is asked again with savepoints, which tells the field."""
    client = story.Client(story.person("Ana", Role.DIRECTOR))
    said = {"programme": project.programme_id, "code": project.code, "kind": "project", "name_fi": "Latu"}
    target = project.target_links.get().target_id
    said |= {"delivery": "own_work", "targets": [{"target": target}]}
    story.assert_refused(client, "post", "projects/", said, code="project.duplicate", status=409)


def test_the_version_is_known_after_each_save(ana: Person) -> None:
    with history.change(by=story.SETUP):
        ana.title_fi = "Ohjelmajohtaja"
        assert ana.checked_save().version == 2
        assert ana.checked_save().version == 2, "nothing changed"
        ana.title_fi = "Johtaja"
        assert ana.checked_save().version == 3


def test_at_once_asks_again_only_what_the_database_refused(db: None) -> None:
    asked: list[Any] = []

    def refused() -> None:
        asked.append(1)
        raise Refused("edit.stale")

    with pytest.raises(Refused):
        history.at_once(refused)
    assert len(asked) == 1
