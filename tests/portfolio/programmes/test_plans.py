"""Mia writes the plan, hands it in, and Sirpa records that the city board has approved it."""

from datetime import date

import pytest

from portfolio.phases import commands as phases
from portfolio.programmes import commands
from portfolio.programmes.models import PlanVersion
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories

pytestmark = pytest.mark.django_db

SUMMARY = {"summary": {"fi": "Ohjelman tiivistelmä.", "sv": "Sammandrag av programmet."}}


@pytest.fixture
def programme(db):
    return factories.programme()


@pytest.fixture
def mia(programme):
    return story.person("Mia", "programme_manager", programme=programme)


@pytest.fixture
def with_targets(programme):
    """The programme once the council has approved its targets, on 28.2.2022."""
    factories.organised(programme)
    factories.approved_target(programme)
    return phases.approve_targets(programme, effective_on=date(2022, 2, 28), by=story.SETUP)


def submitted(client, programme, **sections):
    draft = client.post("plan-versions/", {"programme": programme.pk, "sections": sections or SUMMARY}).json()
    return client.post(f"plan-versions/{draft['id']}/submit/", seen=draft["version"]).json()


def approve(client, version, **body):
    return client.post(f"plan-versions/{version['id']}/approve/", body, seen=version["version"])


def test_inv_72_drafts_count_from_0_1_and_the_first_approved_is_1_0(api, mia, sirpa, programme, with_targets):
    board = factories.board_approval().pk
    numbers = []
    for _ in range(2):
        submitted(api(mia), programme)
    last = submitted(api(mia), programme)
    approved = approve(api(sirpa), last, decision=board)
    assert approved.status_code == 200, approved.content
    again = submitted(api(mia), programme)
    approve(api(sirpa), again, decision=factories.board_approval(decided_on=date(2023, 3, 6)).pk)
    versions = api(mia).get(f"plan-versions/?programme={programme.pk}").json()["results"]
    numbers = [(version["number"], version["state"]) for version in versions]
    assert numbers == [
        ("0.1", "superseded"), ("0.2", "superseded"), ("0.3", "superseded"), ("1.0", "superseded"),
        ("1.1", "superseded"), ("2.0", "approved"),
    ]  # fmt: skip
    assert approved.json()["content_sha256"] == last["content_sha256"]
    assert approved.json()["made_from_id"] == last["id"]
    assert approved.json()["approved_on"] == "2022-04-11"


@pytest.mark.parametrize(("body_kind", "kind"), [("council", "approve"), ("board", "propose"), ("manager", "approve")])
def test_inv_72_only_the_board_approves_a_plan(api, mia, sirpa, programme, with_targets, body_kind, kind):
    version = submitted(api(mia), programme)
    decision = decided.decision(body_kind, kind, decided_on=date(2022, 4, 11))
    errors = story.assert_refused(
        api(sirpa), "post", f"plan-versions/{version['id']}/approve/", {"decision": decision.pk},
        code="plan.needs_board_decision", status=409, seen=version["version"],
    )  # fmt: skip
    assert errors[0]["rule"] == "INV-72"


def test_inv_72_no_decision_approves_no_plan(api, mia, sirpa, programme, with_targets):
    version = submitted(api(mia), programme)
    path = f"plan-versions/{version['id']}/approve/"
    story.assert_refused(
        api(sirpa), "post", path, code="plan.needs_board_decision", status=409, seen=version["version"]
    )


def test_inv_72_a_draft_is_not_approved(api, mia, sirpa, programme, with_targets):
    draft = api(mia).post("plan-versions/", {"programme": programme.pk, "sections": SUMMARY}).json()
    path, body = f"plan-versions/{draft['id']}/approve/", {"decision": factories.board_approval().pk}
    story.assert_refused(api(sirpa), "post", path, body, code="plan.transition", status=409, seen=1)


def test_inv_72_one_valid_version_at_a_time(api, mia, sirpa, programme, with_targets):
    approve(api(sirpa), submitted(api(mia), programme), decision=factories.board_approval().pk)
    later = factories.board_approval(decided_on=date(2023, 3, 6)).pk
    approve(api(sirpa), submitted(api(mia), programme), decision=later)
    assert PlanVersion.objects.filter(plan__programme=programme, state="approved").count() == 1


def test_inv_72_an_approved_version_is_immutable(api, mia, sirpa, programme, with_targets):
    approved = approve(api(sirpa), submitted(api(mia), programme), decision=factories.board_approval().pk).json()
    path = f"plan-versions/{approved['id']}/"
    story.assert_refused(
        api(mia), "patch", path, {"sections": SUMMARY}, code="plan.frozen", status=423, seen=approved["version"]
    )


def test_inv_72_the_database_itself_keeps_a_submitted_version(mia, programme):
    from django.db import DatabaseError, transaction

    from portfolio import history
    from portfolio.refusals import from_database

    version = factories.submitted_plan(programme)
    with pytest.raises(DatabaseError) as error, history.change(by=story.SETUP), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(sections={})
    assert from_database(error.value).code == "plan.frozen"  # type: ignore[union-attr]


def test_inv_73_the_plan_is_not_approved_before_the_targets(api, mia, sirpa, programme):
    version = submitted(api(mia), programme)
    path, body = f"plan-versions/{version['id']}/approve/", {"decision": factories.board_approval().pk}
    errors = story.assert_refused(
        api(sirpa), "post", path, body, code="plan.targets_not_approved", status=409, seen=version["version"]
    )
    assert errors[0]["rule"] == "INV-73"


def test_inv_73_the_other_order_needs_a_reason_that_is_kept(api, mia, sirpa, programme):
    version, reason = submitted(api(mia), programme), "Valtuuston käsittely siirtyi."
    approved = approve(api(sirpa), version, decision=factories.board_approval().pk, because=reason)
    assert approved.status_code == 200, approved.content
    assert approved.json()["override_because"] == reason
    told = api(sirpa).get(f"plan-versions/{approved.json()['id']}/history/").json()["results"]
    assert told[0]["reason"] == reason


def test_inv_73_targets_approved_after_the_boards_day_do_not_count(api, mia, sirpa, programme, with_targets):
    version = submitted(api(mia), programme)
    early = factories.board_approval(decided_on=date(2022, 2, 14))
    story.assert_refused(
        api(sirpa), "post", f"plan-versions/{version['id']}/approve/", {"decision": early.pk},
        code="plan.targets_not_approved", status=409, seen=version["version"],
    )  # fmt: skip


def test_inv_113_nobody_records_the_approval_of_their_own_plan(api, ana, programme, with_targets):
    version = submitted(api(ana), programme)
    path, body = f"plan-versions/{version['id']}/approve/", {"decision": factories.board_approval().pk}
    story.assert_refused(api(ana), "post", path, body, code="approve.own", status=409, seen=version["version"])


def test_the_gate_of_a_plan_answers_with_all_that_is_missing(api, ana, programme):
    version = submitted(api(ana), programme)
    path = f"plan-versions/{version['id']}/approve/"
    errors = story.assert_refused(api(ana), "post", path, code="approve.own", status=409, seen=version["version"])
    assert {error["code"] for error in errors} == {
        "plan.needs_board_decision", "approve.own", "plan.targets_not_approved",
    }  # fmt: skip


def test_inv_46_the_checksum_is_of_the_canonical_content(api, mia, programme):
    first = api(mia).post("plan-versions/", {"programme": programme.pk, "sections": SUMMARY}).json()
    edited = api(mia).patch(f"plan-versions/{first['id']}/", {"sections": {"risks": {"fi": "Riskit."}}}, seen=1).json()
    assert set(edited["sections"]) == {"summary", "risks"}
    assert edited["content_sha256"] != first["content_sha256"]
    back = {"sections": {"risks": {"fi": "Riskit."}, "summary": dict(reversed(SUMMARY["summary"].items()))}}
    same = api(mia).patch(f"plan-versions/{first['id']}/", back, seen=2).json()
    assert same["content_sha256"] == edited["content_sha256"]


@pytest.mark.parametrize("sections", [{"poetry": {"fi": "…"}}, {"summary": {"de": "Zusammenfassung"}}])
def test_a_plan_has_the_sections_it_has(api, mia, programme, sections):
    body = {"programme": programme.pk, "sections": sections}
    story.assert_refused(api(mia), "post", "plan-versions/", body, code="plan.sections", status=400)


def test_an_empty_plan_is_not_submitted(api, mia, programme):
    draft = api(mia).post("plan-versions/", {"programme": programme.pk}).json()
    path = f"plan-versions/{draft['id']}/submit/"
    story.assert_refused(api(mia), "post", path, code="plan.empty", status=409, seen=1)


def test_a_plan_has_one_draft_at_a_time(api, mia, programme):
    body = {"programme": programme.pk, "sections": SUMMARY}
    api(mia).post("plan-versions/", body)
    story.assert_refused(api(mia), "post", "plan-versions/", body, code="plan.one_at_a_time", status=409)


def test_the_next_draft_starts_from_the_newest_version(api, mia, programme):
    submitted(api(mia), programme)
    draft = api(mia).post("plan-versions/", {"programme": programme.pk}).json()
    assert (draft["number"], draft["sections"]) == ("0.2", SUMMARY)


def test_the_plan_shows_its_versions(api, mia, programme):
    version = submitted(api(mia), programme)
    plan = api(mia).get(f"plans/{version['plan_id']}/").json()
    assert [(each["number"], each["state"]) for each in plan["versions"]] == [("0.1", "submitted")]


@pytest.mark.parametrize("who", ["bo", "aud", "sirpa"])
def test_only_those_who_run_the_programme_write_its_plan(api, setup_people, programme, who):
    body = {"programme": programme.pk, "sections": SUMMARY}
    story.assert_refused(api(setup_people[who]), "post", "plan-versions/", body, code="permission.role", status=403)


def test_a_plan_of_an_older_register_may_lack_its_sections(db):
    old = factories.programme(provenance="taken_over")
    board = decided.decision("board", "approve", decided_on=date(2018, 2, 12))
    version = commands.take_over_plan_version(
        old, number="1.0", state="approved", approved_by=board, approved_on=date(2018, 2, 12), by=story.SETUP
    )
    assert (version.number, version.state, version.sections) == ("1.0", "approved", {})
