"""A benefit target on its way from the group through the board to the council, and what stops it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from portfolio import history
from portfolio.benefits import commands
from portfolio.benefits.models import BenefitTarget, IndicatorPlan, TargetVersion
from portfolio.refusals import Refused
from tests.portfolio.benefits import factories
from tests.story import SETUP, assert_refused, person

pytestmark = pytest.mark.django_db


def codes(errors: list[dict[str, Any]]) -> list[str]:
    return [error["code"] for error in errors]


def at(target: BenefitTarget) -> str:
    return f"benefit-targets/{target.pk}/"


def test_a_target_goes_from_the_group_through_the_board_to_the_council(api, ana, sirpa):
    programme, goal = factories.programme(), factories.goal()
    factories.sdg(13)
    wording = {"title_fi": "Päästöt", "title_sv": "Utsläpp", "description_fi": "Alas.", "description_sv": "Ned."}
    given = {"programme": programme.pk, "code": "HT1", "goals": [goal.pk], "sdgs": [13], **wording}
    created = api(ana).post("benefit-targets/", given)
    assert created.status_code == 201, created.content
    target = BenefitTarget.objects.get(pk=created.json()["id"])
    factories.indicator(target)
    office = api(sirpa)
    moves = [
        ("draft", {"drafted_on": "2022-01-20"}, "drafted"),
        ("propose", {"decision": factories.board_proposes().pk}, "proposed"),
        ("approve", {"decision": factories.council_approves().pk}, "approved"),
    ]
    for move, body, state in moves:
        target.refresh_from_db()
        answer = office.post(f"{at(target)}{move}/", body, seen=target.version)
        assert answer.status_code == 200, answer.content
        assert answer.json()["state"] == state
    detail = office.get(at(target)).json()
    assert (detail["goals"], detail["sdgs"], detail["standing"]) == ([goal.pk], [13], "not_reported")
    version = office.get(f"target-versions/{detail['target_version_id']}/").json()
    assert (version["state"], version["approved_on"]) == ("approved", "2022-02-28")
    assert len(office.get(f"{at(target)}history/").json()["results"]) == 4


def test_inv_50_code_once_in_a_programme(api, ana):
    target = factories.draft()
    body = {"programme": target.programme_id, "code": "HT1", "title_fi": "Toinen"}
    assert_refused(api(ana), "post", "benefit-targets/", body, code="benefit.duplicate", status=409)
    other = factories.programme("tapahtumat")
    assert api(ana).post("benefit-targets/", body | {"programme": other.pk}).status_code == 201


def test_inv_50_title_and_description_in_fi_and_sv_before_the_council(api, sirpa):
    target = factories.draft(title_sv="", description_sv="")
    factories.indicator(target)
    target = commands.record_drafting(target, drafted_on=date(2022, 1, 20), by=SETUP)
    errors = assert_refused(
        api(sirpa), "post", f"{at(target)}propose/", {"decision": factories.board_proposes().pk},
        code="text.language_missing", status=409, seen=target.version,
    )  # fmt: skip
    assert [error["field"] for error in errors] == ["title_sv", "description_sv"]


@pytest.mark.parametrize(
    ("made", "move"),
    [
        ("draft", "propose"),
        ("draft", "approve"),
        ("drafted", "approve"),
        ("drafted", "draft"),
        ("proposed", "draft"),
        ("approved", "propose"),
        ("approved", "approve"),
        ("drafted", "end"),
        ("draft", "return"),
        ("approved", "return"),
    ],
)
def test_inv_51_no_step_is_skipped(api, sirpa, made, move):
    target = getattr(factories, made)()
    bodies = {
        "draft": {"drafted_on": "2022-01-20"},
        "propose": {"decision": factories.board_proposes().pk},
        "approve": {"decision": factories.council_approves().pk},
        "return": {"decision": factories.board_proposes(outcome="returned").pk},
        "end": {"ended_on": "2023-01-01", "because": "Muutos", "decision": factories.council_ends().pk},
    }
    target.refresh_from_db()
    assert_refused(
        api(sirpa), "post", f"{at(target)}{move}/", bodies[move],
        code="benefit.transition", status=409, seen=target.version,
    )  # fmt: skip


def test_inv_51_state_is_no_field_to_edit(api, ana):
    target = factories.draft()
    refused = api(ana).patch(at(target), {"state": "approved"}, seen=target.version)
    assert (refused.status_code, codes(refused.json()["errors"])) == (400, ["field.unknown"])


def test_inv_52_a_board_decision_never_approves(api, sirpa):
    target = factories.proposed()
    for decision in (factories.board_proposes(), factories.decision("board", "approve")):
        assert_refused(
            api(sirpa), "post", f"{at(target)}approve/", {"decision": decision.pk},
            code="benefit.needs_council_decision", status=409, seen=target.version,
        )  # fmt: skip
    assert_refused(
        api(sirpa), "post", f"{at(target)}approve/", {}, code="benefit.needs_council_decision", status=409,
        seen=target.version,
    )  # fmt: skip


def test_inv_52_a_planned_decision_approves_nothing(api, sirpa):
    target = factories.proposed()
    planned = factories.council_approves(outcome="planned")
    assert_refused(
        api(sirpa), "post", f"{at(target)}approve/", {"decision": planned.pk},
        code="decision.not_made", status=409, seen=target.version,
    )  # fmt: skip


@pytest.mark.parametrize("on", [date(2017, 10, 16), date(2025, 9, 1)])
def test_inv_52_a_decision_of_another_term_approves_nothing(api, sirpa, on):
    target = factories.proposed()
    assert_refused(
        api(sirpa), "post", f"{at(target)}approve/", {"decision": factories.council_approves(on=on).pk},
        code="benefit.other_term", status=409, seen=target.version,
    )  # fmt: skip


def test_inv_53_proposed_only_by_a_board_decision_that_proposes(api, sirpa):
    target = factories.drafted()
    wrong = [factories.decision("council", "propose"), factories.decision("board", "approve")]
    for body in ({"decision": wrong[0].pk}, {"decision": wrong[1].pk}, {}):
        assert_refused(
            api(sirpa), "post", f"{at(target)}propose/", body,
            code="benefit.needs_board_proposal", status=409, seen=target.version,
        )  # fmt: skip


def test_inv_11_a_returned_decision_never_approves_and_sends_back(api, sirpa):
    target = factories.proposed()
    returned = factories.decision("council", "return", outcome="returned")
    assert_refused(
        api(sirpa), "post", f"{at(target)}approve/", {"decision": returned.pk},
        code="decision.not_approving", status=409, seen=target.version,
    )  # fmt: skip
    answer = api(sirpa).post(f"{at(target)}return/", {"decision": returned.pk}, seen=target.version).json()
    assert (answer["state"], answer["proposed_by_id"], answer["returned_by_id"]) == ("drafted", None, returned.pk)


def test_inv_11_what_is_left_on_the_table_stays_proposed(api, sirpa):
    target = factories.proposed()
    tabled = factories.decision("council", "table", outcome="tabled")
    answer = api(sirpa).post(f"{at(target)}return/", {"decision": tabled.pk}, seen=target.version).json()
    assert (answer["state"], answer["returned_by_id"]) == ("proposed", tabled.pk)
    made = factories.council_approves()
    assert_refused(
        api(sirpa), "post", f"{at(target)}return/", {"decision": made.pk},
        code="benefit.not_returned", status=409, seen=answer["version"],
    )  # fmt: skip


def test_inv_54_an_approved_target_is_frozen(api, ana):
    target = factories.approved()
    version, indicator = target.versions.get(), target.indicators.get()
    client = api(ana)
    for path, body, seen in (
        (at(target), {"code": "HT9"}, target.version),
        (f"target-versions/{version.pk}/", {"title_fi": "Muu"}, version.version),
        (f"indicators/{indicator.pk}/", {"interval_months": 60}, indicator.version),
        (f"indicator-plans/{factories.plan(indicator).pk}/", {"target_value": "90"}, factories.plan(indicator).version),
    ):
        assert_refused(client, "patch", path, body, code="benefit.frozen", status=423, seen=seen)
    goal = factories.goal(2)
    assert_refused(
        client, "post", f"{at(target)}link-goal/", {"goal": goal.pk},
        code="benefit.frozen", status=423, seen=target.version,
    )  # fmt: skip
    added = {"target": target.pk, "code": "M2", "name_fi": "Uusi", "kind": "done"}
    assert_refused(client, "post", "indicators/", added, code="benefit.frozen", status=423)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (BenefitTarget, "code = 'HT9'"),
        (TargetVersion, "title_fi = 'Muu'"),
        (IndicatorPlan, "target_value = 99"),
    ],
)
def test_inv_54_the_trigger_freezes_what_sql_would_change(model, change):
    target = factories.approved()
    with pytest.raises(DatabaseError, match=r"benefit\.frozen"), transaction.atomic(), history.change(by=SETUP):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET {change}")
    assert target.indicators.get().settled_on == date(2022, 2, 28)


def test_inv_54_what_the_board_proposed_waits_for_the_council(api, ana):
    target = factories.proposed()
    version = target.versions.get()
    path = f"target-versions/{version.pk}/"
    assert_refused(
        api(ana), "patch", path, {"title_fi": "X"}, code="benefit.proposed", status=423, seen=version.version
    )


def test_inv_54_a_change_is_a_new_version_with_a_council_decision_of_its_own(api, ana, sirpa):
    target = factories.approved()
    first, indicator = target.versions.get(), target.indicators.get()
    client = api(ana)
    opened = client.post(f"{at(target)}open-version/", {"because": "Uusi lähtölaskenta"}, seen=target.version).json()
    assert (opened["number"], opened["state"], opened["title_fi"]) == (2, "draft", first.title_fi)
    plan = factories.plan(indicator)
    path = [{"on": "2023-12-31", "value": "70"}]
    changed = client.patch(f"indicator-plans/{plan.pk}/", {"target_value": "50", "path": path}, seen=plan.version)
    assert changed.status_code == 200, changed.content
    assert_refused(
        api(sirpa), "post", f"target-versions/{opened['id']}/approve/", {"decision": factories.board_proposes().pk},
        code="benefit.needs_council_decision", status=409, seen=opened["version"],
    )  # fmt: skip
    decision = factories.council_approves(on=date(2023, 5, 8))
    answer = api(sirpa).post(
        f"target-versions/{opened['id']}/approve/", {"decision": decision.pk}, seen=opened["version"]
    )  # fmt: skip
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    first.refresh_from_db()
    assert first.state == "superseded"
    assert [float(each.target_value) for each in indicator.plans.order_by("id")] == [60, 50]


def test_inv_54_one_draft_at_a_time(api, ana):
    target = factories.approved()
    commands.open_version(target, because="Muutos", by=SETUP)
    assert_refused(
        api(ana), "post", f"{at(target)}open-version/", {"because": "Toinen"},
        code="benefit.draft_open", status=409, seen=target.version,
    )  # fmt: skip


def test_inv_54_a_typing_error_is_corrected_with_a_reason(api, sirpa):
    target = factories.approved()
    version = target.versions.get()
    draft = commands.open_version(target, because="Uusi tavoitearvo", by=SETUP)
    path, client = f"target-versions/{version.pk}/correct/", api(sirpa)
    without = {"because": " ", "title_fi": "Päästöt alas"}
    assert_refused(client, "post", path, without, code="history.reason", status=400, seen=version.version)
    nothing = {"because": "Kirjoitusvirhe", "title_fi": version.title_fi}
    assert_refused(client, "post", path, nothing, code="benefit.no_correction", status=400, seen=version.version)
    answer = client.post(path, without | {"because": "Kirjoitusvirhe"}, seen=version.version)
    assert answer.status_code == 200, answer.content
    corrected = answer.json()
    assert (corrected["number"], corrected["state"], corrected["corrects_id"]) == (2, "approved", version.pk)
    assert (corrected["approved_by_id"], corrected["title_sv"]) == (version.approved_by_id, version.title_sv)
    draft.refresh_from_db()
    assert draft.number == 3
    assert IndicatorPlan.objects.filter(target_version=corrected["id"]).count() == 1


def test_inv_59_every_target_serves_a_goal_before_it_is_proposed(api, ana, sirpa):
    target = factories.draft(goals=[])
    factories.indicator(target)
    target = commands.record_drafting(target, drafted_on=date(2022, 1, 20), by=SETUP)
    decision = factories.board_proposes()
    path = f"{at(target)}propose/"
    assert_refused(
        api(sirpa), "post", path, {"decision": decision.pk}, code="benefit.no_goal", status=409, seen=target.version
    )
    goal = factories.goal()
    assert api(ana).post(f"{at(target)}link-goal/", {"goal": goal.pk}, seen=target.version).status_code == 200
    assert_refused(
        api(ana), "post", f"{at(target)}link-goal/", {"goal": goal.pk},
        code="benefit.goal_linked", status=409, seen=target.version,
    )  # fmt: skip
    assert api(sirpa).post(path, {"decision": decision.pk}, seen=target.version).status_code == 200


def test_inv_59_the_goals_of_the_united_nations_are_numbered_1_to_17(api, ana):
    factories.sdg(17)
    body = {"programme": factories.programme().pk, "code": "HT1", "title_fi": "Päästöt", "sdgs": [18]}
    assert_refused(api(ana), "post", "benefit-targets/", body, code="sdg.range", status=400)
    assert api(ana).post("benefit-targets/", body | {"sdgs": [17]}).status_code == 201


def test_inv_60_a_disbenefit_has_the_same_data_and_its_sign(api, ana):
    body = {"programme": factories.programme().pk, "code": "H1", "title_fi": "Liikenne kasvaa", "sign": "disbenefit"}
    assert api(ana).post("benefit-targets/", body).json()["sign"] == "disbenefit"
    wrong = body | {"code": "H2", "sign": "nuisance"}
    assert_refused(api(ana), "post", "benefit-targets/", wrong, code="benefit.type", status=400)


def test_a_gate_tells_all_that_is_missing_at_once(api, sirpa):
    target = factories.draft(title_sv="", goals=[])
    factories.indicator(target, interval_months=None, baseline_source="")
    target = commands.record_drafting(target, drafted_on=date(2022, 1, 20), by=SETUP)
    errors = api(sirpa).post(f"{at(target)}propose/", {}, seen=target.version).json()["errors"]
    assert codes(errors) == [
        "text.language_missing", "benefit.no_goal", "indicator.incomplete", "indicator.incomplete",
        "benefit.needs_board_proposal",
    ]  # fmt: skip
    asked = api(sirpa).get(f"{at(target)}gate/").json()
    assert (asked["next"], codes(asked["errors"])) == (["proposed"], codes(errors))


def test_inv_04_a_closed_programme_takes_no_change(api, ana):
    target = factories.draft()
    factories.close(target.programme)
    assert_refused(
        api(ana), "patch", at(target), {"order": 3}, code="programme.frozen", status=423, seen=target.version
    )


def test_inv_116_the_second_editor_is_refused(api, ana):
    target = factories.draft()
    version = target.versions.get()
    path = f"target-versions/{version.pk}/"
    assert api(ana).patch(path, {"title_fi": "Ensin"}, seen=version.version).status_code == 200
    assert_refused(api(ana), "patch", path, {"title_fi": "Sitten"}, code="edit.stale", status=412, seen=version.version)
    assert_refused(api(ana), "patch", path, {"title_fi": "Sitten"}, code="edit.if_match", status=428)


def test_an_approved_target_ends_or_is_replaced_with_a_reason(api, ana):
    programme = factories.programme()
    old, new = factories.approved(programme), factories.approved(programme, code="HT2")
    decided = factories.council_ends().pk
    client, body = api(ana), {"ended_on": "2023-06-01", "because": "Yhdistetty", "decision": decided}
    alone = body | {"successor": old.pk}
    path = f"{at(old)}replace/"
    assert_refused(client, "post", path, alone, code="benefit.successor", status=409, seen=old.version)
    early = body | {"successor": new.pk, "ended_on": "2022-01-01"}
    assert_refused(client, "post", path, early, code="benefit.date", status=400, seen=old.version)
    replaced = client.post(path, body | {"successor": new.pk}, seen=old.version).json()
    assert (replaced["state"], replaced["replaced_by_id"], replaced["ended_on"]) == ("replaced", new.pk, "2023-06-01")
    path = f"{at(new)}end/"
    assert_refused(client, "post", path, body | {"because": ""}, code="history.reason", status=400, seen=new.version)
    assert client.post(path, body, seen=new.version).json()["state"] == "ended"


def test_only_the_office_records_what_board_and_council_decided(api, ana):
    target = factories.proposed()
    manager = person("Maija", "programme_manager", programme=target.programme)
    stranger = person("Muu", "programme_manager", programme=factories.programme("muu"))
    body = {"decision": factories.council_approves().pk}
    assert_refused(
        api(manager), "post", f"{at(target)}approve/", body, code="permission.role", status=403, seen=target.version
    )
    assert_refused(api(stranger), "post", f"{at(target)}approve/", body, code="not_found", status=404, seen=1)


def test_taken_over_targets_lack_what_their_source_does_not_give():
    target = factories.draft(goals=[], title_sv="", description_fi="", description_sv="")
    with history.change(by=SETUP):
        target.provenance = history.Provenance.TAKEN_OVER
        target.checked_save()
    target = commands.record_drafting(target, drafted_on=None, by=SETUP)
    target = commands.propose_target(target, decision=None, by=SETUP)
    with pytest.raises(Refused) as refusal:
        commands.approve_target(target, decision=None, by=SETUP)
    assert refusal.value.code == "benefit.needs_council_decision"
    assert commands.approve_target(target, decision=factories.council_approves(), by=SETUP).state == "approved"


def test_a_target_of_a_closed_programme_can_still_end(api, ana):
    target = factories.approved()
    factories.close(target.programme)
    decided = factories.council_ends(on=date(2026, 1, 12)).pk
    body = {"ended_on": "2026-01-15", "because": "Jälkiseuranta päättyi", "decision": decided}
    assert api(ana).post(f"{at(target)}end/", body, seen=target.version).json()["state"] == "ended"


@pytest.mark.parametrize("move", ["end", "replace"])
def test_inv_54_what_the_council_approved_ends_by_its_decision_alone(api, ana, move):
    programme = factories.programme()
    target, other = factories.approved(programme), factories.approved(programme, code="HT2")
    body = {"ended_on": "2023-06-01", "because": "Ohjausryhmän käsittely 24.5.2023"}
    body |= {"successor": other.pk} if move == "replace" else {}
    path, needs = f"{at(target)}{move}/", "benefit.end_needs_council_decision"
    for decision in (None, factories.board_proposes(), factories.decision("board", "close")):
        given = body | {"decision": decision and decision.pk}
        assert_refused(api(ana), "post", path, given, code=needs, status=409, seen=target.version)
    planned = body | {"decision": factories.council_ends(outcome="planned").pk}
    assert_refused(api(ana), "post", path, planned, code="decision.not_made", status=409, seen=target.version)
    late = body | {"decision": factories.council_ends(on=date(2023, 6, 12)).pk}
    early = "benefit.end_before_decision"
    assert_refused(api(ana), "post", path, late, code=early, status=409, seen=target.version)
    decided = factories.council_ends()
    ended = api(ana).post(path, body | {"decision": decided.pk}, seen=target.version).json()
    assert (ended["ended_by_id"], ended["ended_on"]) == (decided.pk, "2023-06-01")
