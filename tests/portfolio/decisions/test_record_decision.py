"""Sirpa, the secretary, records what the bodies have decided and plan to decide."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import clock, history
from portfolio.decisions.models import Decision
from portfolio.refusals import Refused
from tests import story
from tests.portfolio.decisions import factories

pytestmark = pytest.mark.django_db


def the_item(**changes: Any) -> dict[str, Any]:
    """The city board's item of 14.2.2022, section 49, as the minutes tell it."""
    return {
        "body": factories.body("board").pk,
        "title_fi": "Hyötytavoitteiden hyväksyminen (Kv-asia)",
        "title_sv": "Godkännande av programmål (Fge-ärende)",
        "outcome": "made",
        "decided_on": "2022-02-14",
        "section": 49,
        "case_number": "425/00.01.02/2022",
        "council_item": True,
        "presenter": "Kaupunginjohtaja Esimerkki Esa",
        "points": [{"kind": "propose", "text_fi": "Esittelijän ehdotus hyväksyttiin yksimielisesti."}],
        "preparers": [{"name": "Valmistelija Vilja"}, {"name": "Valmistelija Veikko"}],
        "annexes": [{"title_fi": f"Hyötytavoitteet, ohjelma {number}"} for number in range(1, 5)],
        "recipients": [{"name_fi": "Toimialat", "name_sv": "Sektorerna"}],
        "minutes_versions": [{"language": "fi", "official": True, "url": "https://kaupunki.example/49"}],
        **changes,
    }


def without(*names: str, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in the_item(**changes).items() if name not in names}


def refused(api: Any, by: Any, body: dict[str, Any], code: str, status: int = 400) -> list[dict[str, Any]]:
    return story.assert_refused(api(by), "post", "decisions/", body, code=code, status=status)


def test_the_secretary_records_an_item_with_all_its_lines(api, sirpa):
    answer = api(sirpa).post("decisions/", the_item())
    assert answer.status_code == 201, answer.json()
    shown = api(sirpa).get(f"decisions/{answer.json()['id']}/").json()
    assert shown["label"] == "Hyötytavoitteiden hyväksyminen (Kv-asia)"
    assert [point["kind"] for point in shown["points"]] == ["propose"]
    assert [annex["number"] for annex in shown["annexes"]] == [1, 2, 3, 4]
    assert [preparer["name"] for preparer in shown["preparers"]] == ["Valmistelija Vilja", "Valmistelija Veikko"]
    assert shown["recipients"][0]["name_sv"] == "Sektorerna"
    assert shown["minutes_versions"][0]["official"] is True
    assert shown["final"] is False


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("bo", 403), ("aud", 403), ("uma", 400), ("dee", 400)])
def test_only_the_secretary_records(api, setup_people, who, status):
    item = the_item()
    head = history.head().seq
    assert api(setup_people[who]).post("decisions/", item).status_code == status
    assert not Decision.objects.exists()
    assert history.head().seq == head


def test_nobody_reads_decisions_without_signing_in(api):
    assert api(None).get("decisions/").status_code == 401


@pytest.mark.parametrize(
    ("missing", "field"),
    [("decided_on", "decided_on"), ("section", "section"), ("case_number", "case_number"), ("points", "points")],
)
def test_inv_05_a_decision_recorded_here_is_complete(api, sirpa, missing, field):
    errors = refused(api, sirpa, without(missing), "decision.incomplete")
    assert [error["field"] for error in errors] == [field]
    assert errors[0]["rule"] == "INV-05"


def test_inv_05_all_that_is_missing_is_named_at_once(api, sirpa):
    errors = refused(api, sirpa, without("decided_on", "section", "case_number", "points"), "decision.incomplete")
    assert {error["field"] for error in errors} == {"points", "decided_on", "section", "case_number"}


@pytest.mark.parametrize("section", [0, -3])
def test_inv_05_a_section_is_a_positive_whole_number(api, sirpa, section):
    refused(api, sirpa, the_item(section=section), "decision.incomplete")


def saved(**item: Any) -> None:
    """A row that no command has looked at."""
    with history.change(by=story.SETUP):
        Decision(body=factories.body("board"), title_fi="Asia", **item).checked_save()


def test_inv_05_no_section_below_one_in_the_database():
    with pytest.raises(Refused, match="decision.incomplete"):
        saved(outcome="made", decided_on=date(2022, 2, 14), section=0)


def test_inv_07_no_planned_decision_without_its_time_in_the_database():
    with pytest.raises(Refused, match="decision.incomplete"):
        saved(outcome="planned")


def test_inv_05_a_line_unit_needs_no_case_number(api, sirpa):
    item = without("section", "case_number", body=factories.body("line_unit").pk)
    assert api(sirpa).post("decisions/", item).status_code == 201


def test_inv_05_body_day_and_section_are_unique(api, sirpa):
    assert api(sirpa).post("decisions/", the_item()).status_code == 201
    refused(api, sirpa, the_item(title_fi="Toinen"), "decision.duplicate", 409)


def test_inv_05_an_older_register_may_lack_day_section_and_case_and_counts_as_final(api, sirpa):
    old = factories.taken_over()
    shown = api(sirpa).get(f"decisions/{old.pk}/").json()
    assert (shown["decided_on"], shown["section"], shown["case_number"]) == (None, None, "")
    assert (shown["date_precision"], shown["date_text_fi"]) == ("season", "kesällä 2017")
    assert shown["provenance"] == "taken_over"
    assert shown["final"] is True


def test_inv_05_nobody_calls_a_record_taken_over_through_the_api(api, sirpa):
    refused(api, sirpa, the_item(provenance="taken_over"), "field.unknown")


def test_inv_05_two_old_decisions_without_a_section_stand_side_by_side():
    assert factories.taken_over().pk != factories.taken_over().pk


@pytest.mark.parametrize(
    "number", ["425/00.1.2/22", "425", "425/00.01.02/22", "1234567/00.01.02/2022", "a/00.01.02/2022"]
)
def test_inv_06_a_case_number_has_its_form(api, sirpa, number):
    refused(api, sirpa, the_item(case_number=number), "case_number.format")


@pytest.mark.parametrize("number", ["425/00.01.02/2022", "1/10.03.00.02/2021"])
def test_inv_06_both_lengths_of_the_class_pass(api, sirpa, number):
    assert api(sirpa).post("decisions/", the_item(case_number=number)).status_code == 201


def test_inv_06_several_decisions_share_a_case(api, sirpa):
    assert api(sirpa).post("decisions/", the_item()).status_code == 201
    assert api(sirpa).post("decisions/", the_item(section=50, title_fi="Toinen")).status_code == 201


def test_inv_06_a_case_opened_after_its_decision_is_warned_about(api, sirpa):
    answer = api(sirpa).post("decisions/", the_item(case_number="425/00.01.02/2023"))
    assert answer.status_code == 201
    told = []
    for language in ("fi", "sv", "en"):
        client = api(sirpa)
        client.language = language
        (warning,) = client.get(f"decisions/{answer.json()['id']}/").json()["warnings"]
        assert (warning["code"], warning["params"]) == ("case_number.year", {"case_year": 2023, "year": 2022})
        assert "2023" in warning["message"]
        told.append(warning["message"])
    assert len(set(told)) == 3


def test_inv_07_planned_and_actual_day_stand_side_by_side(api, sirpa):
    planned = without("decided_on", "section", "case_number", outcome="planned", planned_on="2021-03-29")
    item = api(sirpa).post("decisions/", planned).json()
    answer = api(sirpa).post(
        f"decisions/{item['id']}/record-outcome/",
        {"outcome": "made", "decided_on": "2021-06-07", "section": 70, "case_number": "2275/00.01.02/2021"},
        seen=item["version"],
    )
    assert answer.status_code == 200, answer.json()
    made = api(sirpa).get(f"decisions/{item['id']}/").json()
    assert (made["planned_on"], made["decided_on"], made["outcome"]) == ("2021-03-29", "2021-06-07", "made")


def test_inv_07_a_planned_decision_has_no_day_of_deciding(api, sirpa):
    refused(api, sirpa, the_item(outcome="planned", planned_on="2022-02-14"), "decision.planned_dates")


def test_inv_07_a_planned_decision_says_for_when(api, sirpa):
    refused(api, sirpa, without("decided_on", outcome="planned"), "decision.incomplete")


def test_inv_08_the_day_of_a_decision_is_not_to_come(api, sirpa):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    errors = refused(api, sirpa, the_item(decided_on=tomorrow), "decision.future")
    assert errors[0]["field"] == "decided_on"


def test_inv_08_a_planned_day_may_be_to_come(api, sirpa):
    later = (clock.today() + timedelta(days=400)).isoformat()
    item = without("decided_on", "section", "case_number", outcome="planned", planned_on=later)
    assert api(sirpa).post("decisions/", item).status_code == 201


def test_inv_10_the_kind_comes_from_the_list(api, sirpa):
    errors = refused(api, sirpa, the_item(points=[{"kind": "bless", "text_fi": "x"}]), "decision.kind")
    assert errors[0]["field"] == "points.0.kind"
    assert "approve" in errors[0]["params"]["accepted"]


def test_inv_10_every_kind_of_the_list_passes(api, sirpa):
    kinds = "set elect accept_resignation propose approve state_opinion note close".split()
    item = the_item(points=[{"kind": kind} for kind in kinds])
    assert api(sirpa).post("decisions/", item).status_code == 201


@pytest.mark.parametrize(("outcome", "kind"), [("returned", "return"), ("tabled", "table"), ("removed", "remove")])
def test_inv_10_the_kind_agrees_with_the_outcome(api, sirpa, outcome, kind):
    refused(api, sirpa, the_item(outcome=outcome), "decision.kind")
    refused(api, sirpa, the_item(points=[{"kind": kind}]), "decision.kind")
    assert api(sirpa).post("decisions/", the_item(outcome=outcome, points=[{"kind": kind}])).status_code == 201


def test_inv_10_a_closing_item_has_two_points(api, sirpa):
    points = [{"kind": "close", "text_fi": "Lopetetaan."}, {"kind": "note", "text_fi": "Merkitään tiedoksi."}]
    item = the_item(body=factories.body("council").pk, decided_on="2021-02-15", section=24, points=points)
    answer = api(sirpa).post("decisions/", item)
    shown = api(sirpa).get(f"decisions/{answer.json()['id']}/").json()
    assert [(point["number"], point["kind"]) for point in shown["points"]] == [(1, "close"), (2, "note")]


def test_inv_10_wishes_and_amendments_are_lines_of_their_own(api, sirpa, ana):
    made = factories.decision("council", "note")
    path = f"decisions/{made.pk}"
    wish = api(sirpa).post(f"{path}/add-wish/", {"text_fi": "Valtuusto toivoo.", "owner": ana.pk}, seen=made.version)
    assert wish.status_code == 201, wish.json()
    seen = api(sirpa).get(f"{path}/").json()["version"]
    amendment = {"text_fi": "Muutetaan kohtaa 2.", "adopted": False}
    assert api(sirpa).post(f"{path}/add-amendment/", amendment, seen=seen).status_code == 201
    shown = api(sirpa).get(f"{path}/").json()
    assert [line["text_fi"] for line in shown["wishes"]] == ["Valtuusto toivoo."]
    assert [line["adopted"] for line in shown["amendments"]] == [False]
    assert len(shown["points"]) == 1


def test_inv_10_a_planned_item_has_no_wishes_yet(api, sirpa):
    planned = factories.decision(outcome="planned", planned_on=date(2022, 4, 1))
    story.assert_refused(
        api(sirpa), "post", f"decisions/{planned.pk}/add-wish/", {"text_fi": "x"}, seen=planned.version,
        code="decision.line_too_early", status=409,
    )  # fmt: skip


def test_inv_13_a_council_item_without_a_proposal_is_warned_about(api, sirpa):
    council = factories.decision("council", decided_on=date(2022, 2, 28), case_number="425/00.01.02/2022")
    codes = [each["code"] for each in api(sirpa).get(f"decisions/{council.pk}/").json()["warnings"]]
    assert codes == ["decision.no_board_proposal"]


def test_inv_13_a_proposal_of_the_same_case_satisfies(api, sirpa):
    factories.decision("board", "propose", decided_on=date(2022, 2, 14), case_number="425/00.01.02/2022")
    council = factories.decision("council", decided_on=date(2022, 2, 28), case_number="425/00.01.02/2022")
    assert api(sirpa).get(f"decisions/{council.pk}/").json()["warnings"] == []


def test_inv_13_a_proposal_that_came_after_does_not(api, sirpa):
    factories.decision("board", "propose", decided_on=date(2022, 3, 14), case_number="425/00.01.02/2022")
    council = factories.decision("council", decided_on=date(2022, 2, 28), case_number="425/00.01.02/2022")
    assert len(api(sirpa).get(f"decisions/{council.pk}/").json()["warnings"]) == 1


def test_inv_13_the_decision_may_name_what_it_continues(api, sirpa):
    proposal = factories.decision("board", "propose", decided_on=date(2022, 2, 14), case_number="1/00.01.02/2022")
    item = the_item(body=factories.body("council").pk, decided_on="2022-02-28", continues=[proposal.pk])
    shown = api(sirpa).get(f"decisions/{api(sirpa).post('decisions/', item).json()['id']}/").json()
    assert (shown["continues"], shown["warnings"]) == ([proposal.pk], [])


def test_a_no_break_space_is_kept_as_the_document_has_it(api, sirpa):
    answer = api(sirpa).post("decisions/", the_item(title_fi="Espoo\u00a0– ohjelmat"))
    assert answer.json()["title_fi"] == "Espoo\u00a0– ohjelmat"


@pytest.mark.parametrize("resource", ["decisions", "bodies", "decision-points", "wishes"])
def test_a_list_that_fits_on_a_page_costs_one_statement_at_any_size(api, sirpa, resource):
    for section in range(101, 121):
        factories.decision(section=section, wishes=[{"text_fi": "Toivotaan."}])
    client, table = api(sirpa), {"bodies": "body", "wishes": "wish"}.get(resource, resource.rstrip("s"))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{resource}/").json()["count"] in (1, 20)
    assert sum(f'FROM "portfolio_{table.replace("-", "")}"' in query["sql"] for query in captured) == 1


def test_a_decision_with_two_points_of_a_kind_stands_once_in_the_list(api, sirpa):
    factories.decision(points=[{"kind": "approve"}, {"kind": "approve"}])
    assert api(sirpa).get("decisions/?kind=approve").json()["count"] == 1
