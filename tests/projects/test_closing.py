"""Closing a programme: every project and pilot has ended, or goes on in a named unit."""

from datetime import date

import pytest

from projects.register import commands
from tests import story
from tests.projects import factories

pytestmark = pytest.mark.django_db


def close(api, by, programme, **changed):
    body = {"decision": None, "effective_on": "2025-02-03"} | changed
    return api(by).post(f"programmes/{programme.pk}/close/", body, seen=programme.version)


def test_inv_102_open_projects_and_pilots_are_named_with_all_else_that_is_missing(api, ana):
    programme = factories.programme(phase="running")
    factories.project(programme, code="P1", running=True)
    factories.pilot(programme, code="K1")
    programme = factories.save(_closing(programme))
    errors = story.assert_refused(
        api(ana),
        "post",
        f"programmes/{programme.pk}/close/",
        {"effective_on": "2025-02-03"},
        code="closing.open_items",
        status=409,
        seen=programme.version,
    )
    open_items = [
        (error["params"]["kind"], error["params"]["project"])
        for error in errors
        if error["code"] == "closing.open_items"
    ]
    assert open_items == [("project", "K1"), ("project", "P1"), ("pilot", "K1")]
    assert "programme.close_needs_decision" in {error["code"] for error in errors}


def test_inv_102_a_programme_closes_once_nothing_is_open(api, ana):
    programme = factories.programme(phase="running")
    ended = factories.project(programme, running=True)
    carried = factories.project(programme, code="P2", running=True)
    commands.end_project(ended, effective_on=date(2024, 12, 31), by=story.SETUP)
    unit = factories.body("line_unit", "Liikennesuunnittelu")
    path = f"projects/{carried.pk}/continue/"
    story.assert_refused(
        api(ana), "post", path, {"unit": unit.pk}, code="project.reason", status=400, seen=carried.version
    )
    body = {"unit": unit.pk, "because": "the EU pays until 2026"}
    assert api(ana).post(path, body, seen=carried.version).status_code == 200
    programme = factories.save(_closing(programme))
    decision = factories.decision("close", name="Valtuusto", on=date(2025, 2, 3))
    done = close(api, ana, programme, decision=decision.pk)
    assert (done.status_code, done.json().get("phase")) == (200, "closed"), done.json()
    # What goes on in the line lives on; the rest of the programme is frozen.
    assert api(ana).post(f"projects/{carried.pk}/end/", {}, seen=_version(carried)).status_code == 200
    story.assert_refused(
        api(ana),
        "patch",
        f"projects/{ended.pk}/",
        {"name_fi": "Toinen"},
        code="programme.frozen",
        status=423,
        seen=_version(ended),
    )


def test_inv_102_a_project_manager_does_not_close_the_programme(api):
    programme = factories.programme()
    chen = story.person("Chen", "programme_manager", programme=programme)
    assert close(api, chen, programme).status_code == 403


def _closing(programme):
    programme.refresh_from_db()
    programme.phase = "closing"
    return programme


def _version(project):
    project.refresh_from_db()
    return project.version
