"""Pilots and their three proper endings, through the API."""

from datetime import date

import pytest

from portfolio.people.models import Role
from projects.pilots import commands, lifecycle
from projects.pilots.models import Pilot, PilotMove
from tests import story
from tests.projects import factories

pytestmark = pytest.mark.django_db


def line_decision(**changed):
    return factories.decision(
        "approve", **{"body_kind": "line_unit", "name": "Liikuntapalvelut", "on": date(2023, 6, 15)} | changed
    )


def test_inv_78_a_pilot_runs_and_is_evaluated(api, ana):
    project = factories.project(running=True, kind="pilot")
    made = api(ana).post("pilots/", {"project": project.pk, "effective_on": "2022-05-02"})
    assert made.status_code == 201, made.json()
    path, version = f"pilots/{made.json()['id']}/", made.json()["version"]
    story.assert_refused(api(ana), "post", "pilots/", {"project": project.pk}, code="pilot.duplicate", status=409)
    story.assert_refused(
        api(ana), "post", f"{path}evaluate/", {"result_fi": "x"}, code="pilot.transition", status=409, seen=version
    )
    version = api(ana).post(f"{path}start/", {"effective_on": "2022-06-01"}, seen=version).json()["version"]
    story.assert_refused(api(ana), "post", f"{path}evaluate/", {}, code="pilot.no_result", status=400, seen=version)
    done = (
        api(ana)
        .post(f"{path}evaluate/", {"result_fi": "Puolet palasi.", "effective_on": "2023-05-31"}, seen=version)
        .json()
    )
    assert done["state"] == "evaluated"
    assert list(PilotMove.objects.values_list("state", flat=True)) == ["planned", "running", "evaluated"]


def test_inv_78_only_a_project_of_kind_pilot_has_a_pilot(api, ana):
    project = factories.project(running=True)
    story.assert_refused(api(ana), "post", "pilots/", {"project": project.pk}, code="pilot.not_a_pilot", status=400)


def test_inv_78_a_pilot_begins_with_its_project(api, ana):
    pilot = commands.plan_pilot(factories.project(kind="pilot"), effective_on=date(2022, 5, 1), by=story.SETUP)
    story.assert_refused(
        api(ana), "post", f"pilots/{pilot.pk}/start/", code="pilot.project_not_running", status=409, seen=pilot.version
    )


def test_inv_78_ending_without_adoption_is_a_proper_ending_with_lessons(api, ana):
    pilot = factories.pilot()
    path = f"pilots/{pilot.pk}/end-without-adoption/"
    story.assert_refused(api(ana), "post", path, code="pilot.no_lessons", status=400, seen=pilot.version)
    story.assert_refused(
        api(ana), "post", path, {"lessons_fi": "  "}, code="pilot.no_lessons", status=400, seen=pilot.version
    )
    done = api(ana).post(
        path, {"lessons_fi": "Vuokra oli liian korkea.", "effective_on": "2023-08-31"}, seen=pilot.version
    )
    assert done.json()["state"] == "ended_without_adoption"


def test_inv_78_a_partner_may_adopt_a_pilot(api, ana, sirpa):
    pilot = factories.pilot()
    partner = api(sirpa).post("partners/", {"name": "Esimerkkiyhtiö", "kind": "company"}).json()
    done = api(ana).post(
        f"pilots/{pilot.pk}/adopt-by-partner/",
        {"partner": partner["id"], "effective_on": "2023-08-31"},
        seen=pilot.version,
    )
    assert (done.json()["state"], done.json()["adopted_partner_id"]) == ("adopted_by_partner", partner["id"])


def test_inv_78_every_state_has_its_followers_and_three_end():
    assert set(lifecycle.NEXT_STATES) == set(Pilot.State.values)
    assert lifecycle.FINAL_STATES == {"adopted", "adopted_by_partner", "ended_without_adoption"}


def test_inv_79_a_pilot_is_adopted_by_a_decision_of_the_line(api, sirpa):
    pilot, decision = factories.pilot(), line_decision()
    unit = decision.body
    done = api(sirpa).post(f"pilots/{pilot.pk}/adopt/", {"decision": decision.pk, "unit": unit.pk}, seen=pilot.version)
    assert done.status_code == 200, done.json()
    assert (done.json()["state"], done.json()["decision_id"]) == ("adopted", decision.pk)
    assert pilot.moves.latest("id").effective_on == date(2023, 6, 15)


@pytest.mark.parametrize("body_kind", ["other", "council"])
def test_inv_79_adoption_decided_by_the_programme_itself_is_refused(api, sirpa, body_kind):
    pilot = factories.pilot()
    decision = line_decision(body_kind=body_kind, name="Ohjausryhmä" if body_kind == "other" else "Valtuusto")
    unit = factories.body("line_unit", "Liikuntapalvelut")
    for given in (decision.pk, None):
        story.assert_refused(
            api(sirpa),
            "post",
            f"pilots/{pilot.pk}/adopt/",
            {"decision": given, "unit": unit.pk},
            code="pilot.needs_line_decision",
            status=409,
            seen=pilot.version,
        )


def test_inv_79_the_programme_does_not_record_its_own_adoption(api, ana):
    pilot, decision = factories.pilot(), line_decision()
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=pilot.project.programme)
    for someone in (ana, chen):
        story.assert_refused(
            api(someone),
            "post",
            f"pilots/{pilot.pk}/adopt/",
            {"decision": decision.pk, "unit": decision.body_id},
            code="permission.role",
            status=403,
            seen=pilot.version,
        )


def test_inv_79_no_adopted_pilot_without_its_decision_in_the_database(setup_people):
    from portfolio.refusals import Refused

    pilot = factories.pilot()
    pilot.state = "adopted"
    with pytest.raises(Refused) as refusal:
        factories.save(pilot)
    assert refusal.value.code == "pilot.needs_line_decision"


def test_inv_79_the_line_unit_adopts_by_its_own_decision(setup_people):
    pilot, decision = factories.pilot(), line_decision()
    chen = story.person("Chen", Role.UNIT_OWNER, unit=decision.body)
    adopted = commands.adopt_pilot(pilot, decision=decision, unit=decision.body, by=chen)
    assert (adopted.state, adopted.adopted_unit) == ("adopted", decision.body)
