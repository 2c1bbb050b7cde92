"""Projects planned, started, tied to targets, carried over and given up, through the API."""

from datetime import date

import pytest

from portfolio.people.models import Role
from portfolio.refusals import Refused
from projects import queries
from projects.register.models import Project, ProjectMove, ProjectTarget
from tests import story
from tests.projects import factories

pytestmark = pytest.mark.django_db


def given(programme, target=None, **changed):
    known = {
        "programme": programme.pk,
        "code": "P7",
        "name_fi": "Aurinkokatot",
        "delivery": "own_work",
        "starts_on": "2022-05-01",
        "ends_on": "2024-12-31",
        "effective_on": "2022-05-01",
        "targets": [{"target": target.pk, "share": 40}] if target else [],
    }
    return known | changed


def test_inv_70_a_project_serves_a_target_of_its_own_programme(api, ana):
    programme = factories.programme()
    target = factories.target(programme)
    response = api(ana).post("projects/", given(programme, target))
    assert response.status_code == 201, response.json()
    link = ProjectTarget.objects.get()
    assert (link.target, link.share, link.role) == (target, 40, "serves")
    assert list(ProjectMove.objects.values_list("state", "effective_on")) == [("planned", date(2022, 5, 1))]
    story.assert_refused(
        api(ana), "post", "projects/", given(programme, code="P8"), code="project.no_target", status=400
    )
    story.assert_refused(api(ana), "post", "projects/", given(programme, target), code="project.duplicate", status=409)


def test_inv_70_another_programmes_target_is_not_served(api, ana):
    programme, other = factories.programme(), factories.programme("lively")
    foreign = factories.target(other)
    story.assert_refused(
        api(ana), "post", "projects/", given(programme, foreign), code="project.foreign_target", status=400
    )
    project = factories.project(programme)
    story.assert_refused(
        api(ana),
        "post",
        f"projects/{project.pk}/serve-target/",
        {"target": foreign.pk},
        code="project.foreign_target",
        status=400,
        seen=project.version,
    )
    assert not Project.objects.filter(code="P7").exists()


def test_inv_70_support_counts_once_the_other_programme_accepts_it(api, ana):
    programme, other = factories.programme(), factories.programme("lively")
    foreign, project = factories.target(other), factories.project(programme)
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=other)
    kai = story.person("Kai", Role.PROGRAMME_MANAGER, programme=programme)
    offered = api(ana).post(
        f"projects/{project.pk}/serve-target/", {"target": foreign.pk, "support": True}, seen=project.version
    )
    assert offered.status_code == 201, offered.json()
    assert foreign in queries.targets_without_project(other.pk)
    link = ProjectTarget.objects.get(role="supports")
    path = f"project-targets/{link.pk}/accept/"
    story.assert_refused(api(kai), "post", path, code="permission.role", status=403, seen=link.version)
    # Ana made the offer; she does not accept it too (INV-113).
    story.assert_refused(api(ana), "post", path, code="approve.own", status=409, seen=link.version)
    accepted = api(chen).post(path, {"accepted_on": "2022-06-01"}, seen=link.version)
    assert accepted.status_code == 200, accepted.json()
    assert accepted.json()["accepted_by_id"] == chen.pk
    assert foreign not in queries.targets_without_project(other.pk)
    link.refresh_from_db()
    story.assert_refused(api(chen), "post", path, code="project.support_only", status=409, seen=link.version)


def test_inv_70_accepting_from_the_project_itself(api, ana, setup_people):
    programme, other = factories.programme(), factories.programme("lively")
    foreign, project = factories.target(other), factories.project(programme)
    kai = story.person("Kai", Role.PROGRAMME_MANAGER, programme=programme)
    from projects.register import commands

    commands.serve_target(project, target=foreign, support=True, by=kai)
    done = api(ana).post(
        f"projects/{project.pk}/accept-support/",
        {"target": foreign.pk, "accepted_on": "2022-06-01"},
        seen=project.version,
    )
    assert done.status_code == 200, done.json()


def test_inv_70_the_last_target_stays(api, ana):
    project = factories.project()
    target = project.target_links.get().target
    path = f"projects/{project.pk}/stop-serving-target/"
    body = {"target": target.pk, "because": "mistaken"}
    story.assert_refused(api(ana), "post", path, body, code="project.no_target", status=400, seen=project.version)
    second = factories.target(project.programme, "T2")
    api(ana).post(f"projects/{project.pk}/serve-target/", {"target": second.pk}, seen=project.version)
    story.assert_refused(
        api(ana), "post", path, body | {"because": " "}, code="project.reason", status=400, seen=project.version
    )
    assert api(ana).post(path, body, seen=project.version).status_code == 200
    story.assert_refused(api(ana), "post", path, body, code="project.target_unlinked", status=409, seen=project.version)


@pytest.mark.parametrize("share", [0, 101])
def test_inv_70_a_share_is_a_percentage(api, ana, share):
    programme = factories.programme()
    target = factories.target(programme)
    body = given(programme, targets=[{"target": target.pk, "share": share}])
    story.assert_refused(api(ana), "post", "projects/", body, code="project.share", status=400)


def test_inv_71_a_project_ends_after_it_starts(api, ana):
    programme = factories.programme()
    body = given(programme, factories.target(programme), ends_on="2022-04-30")
    story.assert_refused(api(ana), "post", "projects/", body, code="project.dates", status=400)


def test_inv_71_outside_the_programmes_life_warns_unless_a_line_unit_owns_it(api, ana):
    project = factories.project(ends_on=date(2026, 12, 31))
    path = f"projects/{project.pk}/"
    warned = api(ana).get(path).json()["warnings"]
    assert [(each["code"], each["rule"]) for each in warned] == [("project.outside_programme", "INV-71")]
    unit = factories.body("line_unit", "Kaupunkitekniikka")
    assert api(ana).patch(path, {"unit": unit.pk}, seen=project.version).status_code == 200
    assert api(ana).get(path).json()["warnings"] == []


def test_inv_74_a_project_starts_in_a_running_programme_with_an_approved_plan(api, ana):
    project = factories.project()
    done = api(ana).post(f"projects/{project.pk}/start/", {"effective_on": "2022-06-01"}, seen=project.version)
    assert (done.status_code, done.json()["state"]) == (200, "running")
    assert list(project.moves.values_list("state", flat=True)) == ["planned", "running"]


def test_inv_74_the_gate_names_all_that_is_missing(api, ana):
    project = factories.project(factories.programme(phase="targets_approved", plan=False))
    errors = story.assert_refused(
        api(ana),
        "post",
        f"projects/{project.pk}/start/",
        {"effective_on": "2022-06-01"},
        code="project.programme_not_active",
        status=409,
        seen=project.version,
    )
    assert [error["code"] for error in errors] == ["project.programme_not_active", "project.plan_not_approved"]
    project.refresh_from_db()
    assert project.state == "planned"


def test_inv_74_a_project_carried_over_with_a_reason_may_start(api, ana):
    project = factories.project(factories.programme(phase="organised", plan=False))
    path = f"projects/{project.pk}/"
    story.assert_refused(
        api(ana),
        "post",
        f"{path}carry-over/",
        {"because": " "},
        code="project.reason",
        status=400,
        seen=project.version,
    )
    carried = api(ana).post(f"{path}carry-over/", {"because": "EU funding until 2023"}, seen=project.version)
    assert carried.status_code == 200, carried.json()
    started = api(ana).post(f"{path}start/", {"effective_on": "2022-06-01"}, seen=carried.json()["version"])
    assert started.json()["state"] == "running"


@pytest.mark.parametrize("mode", ["", "gift"])
def test_inv_75_the_delivery_mode_is_one_of_three(api, ana, mode):
    programme = factories.programme()
    body = given(programme, factories.target(programme), delivery="subsidy")
    story.assert_refused(api(ana), "post", "projects/", body, code="project.mode", status=400)
    for number, known in enumerate(["own_work", "funding", "co_funding"]):
        body = given(programme, programme.benefit_targets.first(), delivery=known, code=f"M{number}")
        assert api(ana).post("projects/", body).status_code == 201


def test_inv_80_cancelling_needs_a_reason_and_deletes_nothing(api, ana):
    project = factories.project(running=True)
    path = f"projects/{project.pk}/"
    story.assert_refused(api(ana), "post", f"{path}cancel/", code="project.reason", status=400, seen=project.version)
    done = api(ana).post(
        f"{path}cancel/", {"because": "the funder withdrew", "effective_on": "2023-01-31"}, seen=project.version
    )
    assert done.json()["state"] == "cancelled"
    last = project.moves.latest("id")
    assert (last.state, last.because, last.effective_on) == ("cancelled", "the funder withdrew", date(2023, 1, 31))
    assert api(ana).call("delete", path).status_code == 405
    assert Project.objects.filter(pk=project.pk).exists()


def test_inv_80_no_cancelling_without_a_reason_in_the_database(setup_people):
    move = ProjectMove(project=factories.project(running=True), state="cancelled", effective_on=date(2023, 1, 31))
    with pytest.raises(Refused) as refusal:
        factories.save(move)
    assert (refusal.value.code, ProjectMove.objects.filter(state="cancelled").exists()) == ("project.reason", False)


@pytest.mark.parametrize(
    ("running", "move"), [(False, "suspend"), (False, "resume"), (False, "end"), (True, "start"), (True, "resume")]
)
def test_inv_112_no_state_is_reached_but_by_its_own_move(api, ana, running, move):
    project = factories.project(running=running)
    story.assert_refused(
        api(ana),
        "post",
        f"projects/{project.pk}/{move}/",
        {"because": "x"},
        code="transition.invalid",
        status=409,
        seen=project.version,
    )
    story.assert_refused(
        api(ana),
        "patch",
        f"projects/{project.pk}/",
        {"state": "ended"},
        code="field.unknown",
        status=400,
        seen=project.version,
    )


def test_inv_112_a_suspended_project_resumes_and_ends(api, ana):
    project = factories.project(running=True)
    version = project.version
    for move, day, state in [
        ("suspend", "2022-09-01", "suspended"),
        ("resume", "2022-10-01", "running"),
        ("end", "2023-06-30", "ended"),
    ]:
        body = {"because": "waiting for a permit", "effective_on": day}
        done = api(ana).post(f"projects/{project.pk}/{move}/", body, seen=version)
        assert done.json()["state"] == state, done.json()
        version = done.json()["version"]
    assert queries.states_on(date(2022, 9, 15)) == {project.pk: "suspended"}
    assert queries.states_on(date(2022, 12, 31)) == {project.pk: "running"}
    assert queries.states_on(date(2022, 4, 30)) == {}


def test_moves_follow_each_other_in_time(api, ana):
    project = factories.project(running=True)
    path = f"projects/{project.pk}/end/"
    story.assert_refused(
        api(ana),
        "post",
        path,
        {"effective_on": "2022-05-01"},
        code="project.move_order",
        status=400,
        seen=project.version,
    )
    story.assert_refused(
        api(ana),
        "post",
        path,
        {"effective_on": "2999-01-01"},
        code="project.move_future",
        status=400,
        seen=project.version,
    )


def test_only_those_who_run_the_programme_plan_projects(api, sirpa, setup_people):
    programme = factories.programme()
    body = given(programme, factories.target(programme))
    story.assert_refused(api(sirpa), "post", "projects/", body, code="permission.role", status=403)
    story.assert_refused(api(setup_people["aud"]), "post", "projects/", body, code="permission.role", status=403)


def test_a_project_manager_moves_their_own_project_alone(api):
    programme = factories.programme()
    own, other = factories.project(programme), factories.project(programme, code="P2")
    chen = story.person("Chen", Role.PROJECT_MANAGER, project_id=own.pk)
    assert (
        api(chen).post(f"projects/{own.pk}/start/", {"effective_on": "2022-06-01"}, seen=own.version).status_code == 200
    )
    assert api(chen).post(f"projects/{other.pk}/start/", {}, seen=other.version).status_code == 404


def test_inv_61_targets_without_a_project_that_goes_on(api, ana):
    project = factories.project(running=True)
    served, alone = project.target_links.get().target, factories.target(project.programme, "T2")
    assert list(queries.targets_without_project(project.programme_id)) == [alone]
    api(ana).post(f"projects/{project.pk}/end/", {"effective_on": "2023-06-30"}, seen=project.version)
    assert list(queries.targets_without_project(project.programme_id)) == [served, alone]
    warned = [each.as_dict() for each in queries.programme_warnings(project.programme_id)]
    assert [(each["code"], each["params"]["target"]) for each in warned] == [
        ("benefit.no_project", "T1"),
        ("benefit.no_project", "T2"),
    ]


def test_the_list_of_projects_costs_the_same_at_any_size(ana, django_assert_num_queries):
    programme = factories.programme()
    for number in range(5):
        factories.project(programme, code=f"P{number}")
    with django_assert_num_queries(1):
        assert len(queries.projects_of(programme.pk, on=date(2022, 12, 31))) == 5


def test_a_partner_takes_part_for_a_while(api, ana, sirpa):
    project = factories.project()
    partner = api(sirpa).post("partners/", {"name": "Esimerkkiyhdistys", "kind": "association"}).json()
    story.assert_refused(
        api(sirpa), "post", "partners/", {"name": "Esimerkkiyhdistys"}, code="partner.duplicate", status=409
    )
    body = {"project": project.pk, "partner": partner["id"], "task_fi": "Neuvonta", "starts_on": "2022-06-01"}
    joined = api(ana).post("project-partners/", body)
    assert joined.status_code == 201, joined.json()
    story.assert_refused(api(ana), "post", "project-partners/", body, code="project.partner_duplicate", status=409)
    path = f"project-partners/{joined.json()['id']}/part/"
    version = joined.json()["version"]
    story.assert_refused(
        api(ana), "post", path, {"ends_on": "2022-05-31"}, code="project.partner_dates", status=400, seen=version
    )
    assert api(ana).post(path, {"ends_on": "2023-05-31"}, seen=version).status_code == 200
