"""Projects as they were, their history, and lists that cost the same at any size."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.history.origin import origin
from projects.progress import commands as progress
from projects.progress.models import StatusReport
from projects.register import commands
from tests import story
from tests.projects import factories

pytestmark = pytest.mark.django_db
SIGN_IN = 4  # the token with its person, the day, the roles assigned, the seats held


def test_a_project_as_it_was(api, ana):
    project = factories.project()
    then = history.head().seq
    commands.edit_project(project, name_fi="Tuulivoima", by=ana, because="renamed by the group")
    path = f"projects/{project.pk}/"
    assert api(ana).get(path).json()["name_fi"] == "Tuulivoima"
    assert api(ana).get(f"{path}?as_of=seq:{then}").json()["name_fi"] == "Aurinkokatot"
    (past,) = api(ana).get(f"projects/?programme={project.programme_id}&as_of=seq:{then}").json()["results"]
    assert past["name_fi"] == "Aurinkokatot"
    newest = api(ana).get(f"{path}history/").json()["results"][0]
    assert newest["changes"]["name_fi"] == ["Aurinkokatot", "Tuulivoima"]
    assert (newest["actor_id"], newest["reason"]) == (ana.pk, "renamed by the group")


def test_inv_116_the_second_editor_is_refused(api, ana):
    project = factories.project()
    path = f"projects/{project.pk}/"
    api(ana).patch(path, {"name_fi": "Tuulivoima"}, seen=project.version)
    late = api(ana).patch(path, {"name_fi": "Vesivoima"}, seen=project.version)
    assert (late.status_code, late.json()["errors"][0]["code"]) == (412, "edit.stale")
    assert api(ana).patch(path, {"name_fi": "Vesivoima"}).status_code == 428


def test_inv_112_a_command_describes_but_does_not_move():
    project = factories.project()
    with pytest.raises(TypeError):
        commands.edit_project(project, state="ended", by=story.SETUP)
    project.refresh_from_db()
    assert project.state == "planned"


def test_a_submitted_status_report_is_frozen_in_the_database_too():
    from portfolio.refusals import from_database

    report = progress.draft_status(factories.project(), status_on=date(2022, 12, 31), by=story.SETUP)
    progress.submit_status(report, by=story.SETUP)
    with pytest.raises(Exception) as error, history.change(by=story.SETUP):
        StatusReport.objects.update(standing="green")
    assert from_database(error.value).code == "status.frozen"


@pytest.mark.parametrize(
    "path",
    [
        "projects",
        "project-moves",
        "project-targets",
        "milestones",
        "risks",
        "status-reports",
        "budgets",
        "fundings",
        "partners",
        "project-partners",
        "pilots",
        "pilot-moves",
    ],
)
def test_a_list_costs_at_most_three_statements_beyond_signing_in(api, ana, path):
    programme, client = factories.programme(), api(ana)
    for code in ("K1", "K2", "K3"):
        factories.pilot(programme, code=code)
    client.get("sdgs/")  # that the key is in use is noted once a while
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"{path}/")
    assert response.status_code == 200, response.content
    assert len(asked) <= SIGN_IN + 3


def test_what_an_older_register_did_not_say_is_left_empty_and_still_moves():
    programme = factories.programme(phase="topic_set", plan=False)
    with origin("taken_over"):
        made = commands.create_project(
            programme, code="V1", name_fi="Vanha projekti", effective_on=date(2018, 1, 1), by=story.SETUP
        )
    assert (made.delivery, made.starts_on, made.target_links.count()) == ("", None, 0)
    started = commands.start_project(made, effective_on=date(2018, 2, 1), by=story.SETUP)
    assert (started.state, started.moves.latest("id").provenance) == ("running", "taken_over")
