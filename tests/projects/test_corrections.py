"""The day of a project's or pilot's state is mended by whoever enters such a state; the old entry stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portfolio import history
from portfolio.people.models import Account, Person, Role
from projects import queries
from projects.pilots.models import PilotMove
from projects.register import commands
from projects.register.models import Project, ProjectMove
from tests import story
from tests.pages.reading import markup
from tests.projects import factories

MENDED = {"effective_on": "2022-06-01", "because": "Sopimus allekirjoitettiin vasta silloin."}


@pytest.fixture
def project(db: None) -> Project:
    return factories.project(running=True)


def entered(project: Project, state: str = "running") -> ProjectMove:
    found: ProjectMove = ProjectMove.objects.standing().get(project=project, state=state)
    return found


def path_of(move: Any, resource: str = "project-moves") -> str:
    return f"{resource}/{move.pk}/correct/"


def test_chen_mends_the_day_on_which_the_own_project_started(api: Any, project: Project) -> None:
    chen = story.person("Chen", Role.PROJECT_MANAGER, project_id=project.pk)
    move, cut = entered(project), history.head().seq
    answer = api(chen).post(path_of(move), MENDED)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["corrects_id"], answer.json()["corrected_because"]) == (move.pk, MENDED["because"])
    day = date(2022, 5, 15)
    assert (queries.states_on(day), queries.states_on(day, cut=cut)) == (
        {project.pk: "planned"},
        {project.pk: "running"},
    )
    assert queries.states_on(date(2022, 6, 1)) == {project.pk: "running"}
    newest, _ = api(chen).get(f"project-moves/{move.pk}/history/").json()["results"]
    assert (newest["reason"], newest["changes"]["effective_on"]) == (MENDED["because"], ["2022-05-02", "2022-06-01"])


def test_the_page_of_the_programme_tells_which_state_was_mended(
    client: Any, api: Any, ana: Person, project: Project
) -> None:
    api(ana).post(path_of(entered(project)), MENDED)
    client.force_login(Account.objects.get(person=ana))
    answer = client.get(f"/programmes/{project.programme_id}/history/", headers={"Accept-Language": "en"})
    assert f'State of the project: <span lang="fi">{project.name_fi}</span>, running</dt>' in markup(answer)


def test_moves_of_one_day_keep_their_order_when_the_first_is_mended(api: Any, ana: Person, project: Project) -> None:
    first = entered(project, "planned")
    assert api(ana).post(path_of(first), MENDED | {"effective_on": "2022-05-02"}).status_code == 201
    assert queries.states_on(date(2022, 5, 2)) == {project.pk: "running"}


def test_the_next_move_follows_the_day_as_mended(api: Any, ana: Person, project: Project) -> None:
    api(ana).post(path_of(entered(project)), MENDED)
    body = {"effective_on": "2022-05-20", "because": "Tauko"}
    project.refresh_from_db()
    path = f"projects/{project.pk}/suspend/"
    story.assert_refused(api(ana), "post", path, body, code="project.move_order", status=400, seen=project.version)


@pytest.mark.parametrize(
    ("state", "given", "code"),
    [
        ("running", {"because": ""}, "history.reason"),
        ("running", {"effective_on": "2999-01-01"}, "project.move_future"),
        ("running", {"effective_on": "2022-04-30"}, "project.move_order"),
        ("planned", {"effective_on": "2022-05-03"}, "project.move_before_next"),
    ],
)
def test_inv_112_the_moves_keep_their_order(
    api: Any, ana: Person, project: Project, state: str, given: dict[str, str], code: str
) -> None:
    path = path_of(entered(project, state))
    story.assert_refused(api(ana), "post", path, MENDED | given, code=code, status=400)


def test_inv_116_a_corrected_entry_is_not_corrected_again(api: Any, ana: Person, project: Project) -> None:
    move = entered(project)
    api(ana).post(path_of(move), MENDED)
    again = MENDED | {"effective_on": "2022-06-02"}
    story.assert_refused(api(ana), "post", path_of(move), again, code="history.corrected", status=409)


def test_who_may_not_cancel_does_not_mend_a_cancelling(api: Any, ana: Person, project: Project) -> None:
    chen = story.person("Chen", Role.PROJECT_MANAGER, project_id=project.pk)
    commands.cancel_project(project, because="Rahoitus päättyi.", effective_on=date(2022, 9, 1), by=ana)
    move = entered(project, "cancelled")
    body = MENDED | {"effective_on": "2022-08-31"}
    story.assert_refused(api(chen), "post", path_of(move), body, code="permission.role", status=403)
    said = api(ana).post(path_of(move), body).json()
    assert (said["because"], said["effective_on"]) == ("Rahoitus päättyi.", "2022-08-31")


def test_who_may_not_plan_does_not_mend_a_planning(api: Any, ana: Person, project: Project) -> None:
    chen = story.person("Chen", Role.PROJECT_MANAGER, project_id=project.pk)
    body = MENDED | {"effective_on": "2022-04-15"}
    story.assert_refused(
        api(chen), "post", path_of(entered(project, "planned")), body, code="permission.role", status=403
    )
    assert api(ana).post(path_of(entered(project, "planned")), body).status_code == 201


@pytest.mark.parametrize("who", ["aud", "sirpa"])
def test_only_those_who_run_projects_mend_their_moves(
    api: Any, setup_people: story.People, project: Project, who: str
) -> None:
    path = path_of(entered(project))
    story.assert_refused(api(setup_people[who]), "post", path, MENDED, code="permission.role", status=403)


def test_inv_04_nothing_is_mended_in_a_closed_programme(api: Any, ana: Person, project: Project) -> None:
    programme = project.programme
    programme.phase, programme.closed_by = "closed", factories.decision("close", name="Valtuusto")
    factories.save(programme)
    path = path_of(entered(project))
    story.assert_refused(api(ana), "post", path, MENDED, code="programme.frozen", status=423)


def test_the_day_of_a_pilots_state_is_mended_too(api: Any, ana: Person) -> None:
    pilot = factories.pilot(state="running")
    move = PilotMove.objects.standing().get(pilot=pilot, state="running")
    early = MENDED | {"effective_on": "2022-05-01"}
    story.assert_refused(api(ana), "post", path_of(move, "pilot-moves"), early, code="project.move_order", status=400)
    said = api(ana).post(path_of(move, "pilot-moves"), MENDED | {"effective_on": "2022-06-15"}).json()
    assert (said["effective_on"], said["corrects_id"]) == ("2022-06-15", move.pk)
