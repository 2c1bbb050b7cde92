"""Milestones, risks and status reports, through the API."""

from datetime import date

import pytest

from projects import queries
from projects.progress import commands, scale
from projects.progress.models import Milestone, Risk, StatusReport
from tests import story
from tests.projects import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.project(running=True)


@pytest.fixture
def milestone(project):
    return commands.add_milestone(project, name_fi="Luvat", planned_on=date(2023, 3, 31), by=story.SETUP)


@pytest.mark.parametrize("day", ["2022-04-30", "2025-01-01"])
def test_inv_77_a_milestone_is_planned_inside_its_project(api, ana, project, day):
    body = {"project": project.pk, "name_fi": "Luvat", "planned_on": day}
    story.assert_refused(api(ana), "post", "milestones/", body, code="milestone.dates", status=400)
    made = api(ana).post("milestones/", body | {"planned_on": "2023-03-31"})
    assert (made.status_code, made.json()["forecast_on"]) == (201, "2023-03-31")


def test_inv_77_the_project_does_not_leave_its_milestones_outside(api, ana, project, milestone):
    story.assert_refused(
        api(ana),
        "patch",
        f"projects/{project.pk}/",
        {"ends_on": "2023-03-30"},
        code="milestone.dates",
        status=400,
        seen=project.version,
    )


def test_inv_77_replanning_needs_a_reason_and_keeps_the_first_day(api, ana, milestone):
    path = f"milestones/{milestone.pk}/replan/"
    body = {"forecast_on": "2023-09-30"}
    story.assert_refused(api(ana), "post", path, body, code="milestone.reason", status=400, seen=milestone.version)
    done = api(ana).post(path, body | {"because": "the permit was appealed"}, seen=milestone.version).json()
    assert (done["planned_on"], done["forecast_on"]) == ("2023-03-31", "2023-09-30")
    assert done["replanned_because"] == "the permit was appealed"


def test_inv_77_a_milestone_is_reached_on_a_day_that_has_come(api, ana, milestone):
    path = f"milestones/{milestone.pk}/reach/"
    story.assert_refused(
        api(ana),
        "post",
        path,
        {"reached_on": "2999-01-01"},
        code="milestone.future",
        status=400,
        seen=milestone.version,
    )
    done = api(ana).post(path, {"reached_on": "2023-04-05"}, seen=milestone.version).json()
    assert done["reached_on"] == "2023-04-05"
    story.assert_refused(
        api(ana), "post", path, {"reached_on": "2023-04-06"}, code="milestone.reached", status=409, seen=done["version"]
    )


def test_the_next_milestone_and_the_latest_standing(project, milestone):
    later = commands.add_milestone(project, name_fi="Vihkiäiset", planned_on=date(2024, 5, 1), by=story.SETUP)
    for status_on, standing in [(date(2022, 12, 31), "green"), (date(2023, 12, 31), "amber")]:
        report = commands.draft_status(
            project, status_on=status_on, standing=standing, text_fi="Luvat viipyvät.", by=story.SETUP
        )
        commands.submit_status(report, by=story.SETUP)
    commands.draft_status(project, status_on=date(2024, 6, 30), standing="red", by=story.SETUP)
    (at_new_year,) = queries.projects_of(project.programme_id, on=date(2022, 12, 31))
    assert at_new_year.next_milestone["name_fi"] == "Luvat"
    assert at_new_year.standing["standing"] == "green"
    commands.reach_milestone(milestone, reached_on=date(2023, 4, 5), by=story.SETUP)
    (now,) = queries.projects_of(project.programme_id, on=date(2024, 12, 31))
    assert now.next_milestone["name_fi"] == later.name_fi
    assert now.standing["standing"] == "amber"


def a_risk(project, owner, **changed):
    known = {
        "programme": project.programme_id,
        "project": project.pk,
        "title_fi": "Rahoitus viivästyy",
        "likelihood": 3,
        "impact": 4,
        "owner": owner.pk,
        "identified_on": "2022-06-01",
    }
    return known | changed


@pytest.mark.parametrize("changed", [{"likelihood": 0}, {"likelihood": 6}, {"impact": -1}, {"impact": 6}])
def test_inv_81_likelihood_and_impact_are_one_to_five(api, ana, project, changed):
    body = a_risk(project, ana) | changed
    story.assert_refused(api(ana), "post", "risks/", body, code="risk.range", status=400)


def test_inv_81_a_risk_has_an_owner(api, ana, project):
    body = a_risk(project, ana)
    del body["owner"]
    story.assert_refused(api(ana), "post", "risks/", body, code="risk.owner", status=400)


def test_inv_81_the_level_is_computed_and_its_history_kept(api, ana, project):
    made = api(ana).post("risks/", a_risk(project, ana)).json()
    path = f"risks/{made['id']}/"
    story.assert_refused(api(ana), "patch", path, {"level": 25}, code="field.unknown", status=400, seen=made["version"])
    edited = api(ana).patch(path, {"title_fi": "Rahoitus ei tule"}, seen=made["version"]).json()
    score = {"likelihood": 5, "impact": 4}
    story.assert_refused(
        api(ana), "post", f"{path}score/", score, code="risk.reason", status=400, seen=edited["version"]
    )
    api(ana).post(f"{path}score/", score | {"because": "no answer from the funder"}, seen=edited["version"])
    shown = api(ana).get(path).json()
    assert (shown["level"], shown["band"]) == (20, "high")
    assert [each["level"] for each in shown["scores"]] == [12, 20]


def test_inv_81_a_high_open_risk_without_mitigation_warns(api, ana, project):
    made = api(ana).post("risks/", a_risk(project, ana, likelihood=5, impact=3)).json()
    warned = api(ana).get(f"projects/{project.pk}/").json()["warnings"]
    assert [each["code"] for each in warned] == ["risk.no_mitigation"]
    body = {"mitigation_fi": "Haetaan toista rahoitusta.", "mitigate_by": "2023-01-31"}
    assert api(ana).patch(f"risks/{made['id']}/", body, seen=made["version"]).status_code == 200
    assert api(ana).get(f"projects/{project.pk}/").json()["warnings"] == []


def test_inv_80_a_risk_is_closed_with_what_became_of_it(api, ana, project):
    made = api(ana).post("risks/", a_risk(project, ana)).json()
    path = f"risks/{made['id']}/close/"
    story.assert_refused(
        api(ana), "post", path, {"closed_on": "2023-01-31"}, code="risk.reason", status=400, seen=made["version"]
    )
    body = {"closed_on": "2022-05-31", "because": "funded"}
    story.assert_refused(api(ana), "post", path, body, code="risk.dates", status=400, seen=made["version"])
    closed = api(ana).post(path, body | {"closed_on": "2023-01-31"}, seen=made["version"]).json()
    assert closed["closed_on"] == "2023-01-31"
    story.assert_refused(api(ana), "post", path, body, code="risk.closed", status=409, seen=closed["version"])
    assert Risk.objects.count() == 1


def test_a_status_report_is_frozen_once_submitted(api, ana, project):
    body = {"project": project.pk, "status_on": "2022-12-31", "standing": "amber"}
    made = api(ana).post("status-reports/", body).json()
    story.assert_refused(api(ana), "post", "status-reports/", body, code="status.duplicate", status=409)
    path = f"status-reports/{made['id']}/"
    story.assert_refused(
        api(ana), "post", f"{path}submit/", code="status.unexplained", status=400, seen=made["version"]
    )
    made = api(ana).patch(path, {"text_fi": "Luvat viipyvät."}, seen=made["version"]).json()
    done = api(ana).post(f"{path}submit/", seen=made["version"]).json()
    assert done["submitted_by_id"] == ana.pk
    story.assert_refused(
        api(ana), "patch", path, {"standing": "green"}, code="status.frozen", status=423, seen=done["version"]
    )
    assert StatusReport.objects.get().standing == "amber"


def test_a_status_report_waits_for_its_day(api, ana, project):
    made = api(ana).post("status-reports/", {"project": project.pk, "status_on": "2999-12-31"}).json()
    path = f"status-reports/{made['id']}/submit/"
    story.assert_refused(api(ana), "post", path, code="status.too_early", status=400, seen=made["version"])


def test_each_standing_has_a_written_definition_in_three_languages():
    assert set(scale.STANDINGS) == set(StatusReport.Standing.values)
    for defined in scale.STANDINGS.values():
        for told in (defined.word, defined.meaning):
            assert set(told) == {"fi", "sv", "en"}
            assert len(set(told.values())) == 3


def test_only_the_projects_own_people_keep_its_milestones(api, sirpa, project):
    body = {"project": project.pk, "name_fi": "Luvat", "planned_on": "2023-03-31"}
    story.assert_refused(api(sirpa), "post", "milestones/", body, code="permission.role", status=403)
    assert not Milestone.objects.exists()
