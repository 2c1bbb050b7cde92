"""Sirpa enters the programmes that the council has set; Ana describes them."""

from datetime import date
from typing import Any

import pytest

from portfolio.history import row
from portfolio.programmes import commands
from portfolio.programmes.models import Programme
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories

pytestmark = pytest.mark.django_db


def entered(**given: Any) -> dict[str, Any]:
    said = {"council_term": factories.term().pk, "code": "KE", "name_fi": "Kestävä Espoo", "order": 3}
    return said | {"set_by": decided.decision("council", "set").pk} | given


def test_the_secretary_enters_a_programme(api, sirpa):
    answer = api(sirpa).post("programmes/", entered(name_sv="Hållbara Esbo"))
    assert answer.status_code == 201, answer.content
    shown = api(sirpa).get(f"programmes/{answer.json()['id']}/", Accept_Language="sv").json()
    assert (shown["phase"], shown["next_phase"], shown["label"]) == ("topic_set", "organised", "Hållbara Esbo")
    assert [(move["phase"], move["effective_on"]) for move in shown["phase_moves"]] == [("topic_set", "2021-06-07")]


def test_inv_02_a_name_is_used_once_in_a_term(api, sirpa):
    factories.programme("KE", "Kestävä Espoo")
    errors = story.assert_refused(
        api(sirpa), "post", "programmes/", entered(code="KE2"), code="programme.duplicate", status=409
    )
    assert errors[0]["rule"] == "INV-02"


@pytest.mark.parametrize("name", ["kestävä espoo", "Kestävä\u00a0Espoo"])
def test_inv_02_case_and_no_break_spaces_make_no_other_name(api, sirpa, name):
    factories.programme("KE", "Kestävä Espoo")
    body = entered(code="KE2", name_fi=name)
    story.assert_refused(api(sirpa), "post", "programmes/", body, code="programme.duplicate", status=409)


def test_inv_02_a_code_is_used_once_in_a_term(api, sirpa):
    factories.programme("KE", "Kestävä Espoo")
    body = entered(name_fi="Hyvinvoiva Espoo")
    story.assert_refused(api(sirpa), "post", "programmes/", body, code="programme.duplicate", status=409)


def test_inv_02_the_name_may_recur_in_the_next_term(api, sirpa):
    factories.programme("KE", "Kestävä Espoo", council_term=factories.term("2017–2021"))
    assert api(sirpa).post("programmes/", entered()).status_code == 201


def test_a_name_keeps_its_no_break_space(api, sirpa):
    answer = api(sirpa).post("programmes/", entered(name_fi="Kestävä\u00a0Espoo"))
    assert answer.json()["name_fi"] == "Kestävä\u00a0Espoo"


def test_inv_03_the_topic_may_be_decided_before_the_term(api, sirpa):
    topic = decided.decision("council", "set", decided_on=date(2021, 6, 7))
    assert factories.term().starts_on == date(2021, 8, 1)
    assert api(sirpa).post("programmes/", entered(set_by=topic.pk)).status_code == 201


@pytest.mark.parametrize("body_kind", ["board", "manager"])
def test_inv_03_only_the_council_sets_a_programme(api, sirpa, body_kind):
    body = entered(set_by=decided.decision(body_kind, "set").pk)
    errors = story.assert_refused(api(sirpa), "post", "programmes/", body, code="decision.wrong_body", status=409)
    assert errors[0]["field"] == "set_by"


def test_a_day_the_source_does_not_give_is_told_in_its_words(db):
    summer = decided.taken_over("council", "set")
    programme = factories.programme(council_term=factories.term("2017–2021"), set_by=summer, provenance="taken_over")
    move = programme.phase_moves.get()
    assert (move.effective_on, move.date_precision, move.date_text_fi) == (date(2017, 8, 31), "season", "kesällä 2017")


def test_inv_03_a_planned_decision_sets_nothing(api, sirpa):
    planned = decided.decision("council", "set", outcome="planned", planned_on=date(2021, 4, 12))
    body = entered(set_by=planned.pk)
    story.assert_refused(api(sirpa), "post", "programmes/", body, code="decision.not_made", status=409)


@pytest.mark.parametrize("who", ["bo", "aud"])
def test_only_the_office_enters_programmes(api, setup_people, who):
    body = entered()
    story.assert_refused(api(setup_people[who]), "post", "programmes/", body, code="permission.role", status=403)


def test_a_name_the_council_has_set_changes_with_a_reason(api, ana):
    programme = factories.programme()
    path = f"programmes/{programme.pk}/"
    body = {"name_fi": "Kestävämpi Espoo"}
    story.assert_refused(api(ana), "patch", path, body, code="history.reason", status=400, seen=1)
    answer = api(ana).patch(path, body | {"because": "Kirjoitusvirhe"}, seen=1)
    assert answer.json()["name_fi"] == "Kestävämpi Espoo"
    told = api(ana).get(f"{path}history/").json()["results"][0]
    assert told["reason"] == "Kirjoitusvirhe"
    assert told["changes"]["name_fi"] == ["Kestävä Espoo", "Kestävämpi Espoo"]


def test_a_manager_describes_only_their_own_programme(api, ana):
    own, other = factories.programme("KE"), factories.programme("HY", "Hyvinvoiva Espoo")
    mia = story.person("Mia", "programme_manager", programme=own)
    body = {"description_fi": "Ohjelma kokeilee ja oppii."}
    assert api(mia).patch(f"programmes/{own.pk}/", body, seen=1).status_code == 200
    story.assert_refused(api(mia), "patch", f"programmes/{other.pk}/", body, code="permission.role", status=403, seen=1)


def test_inv_116_a_second_editor_is_refused(api, ana):
    programme = factories.programme()
    path, body = f"programmes/{programme.pk}/", {"description_fi": "Ensimmäinen."}
    assert api(ana).patch(path, body, seen=1).status_code == 200
    story.assert_refused(api(ana), "patch", path, body, code="edit.stale", status=412, seen=1)


def test_inv_04_a_closed_programme_is_frozen(api, ana):
    programme = factories.closed(factories.programme())
    path, body = f"programmes/{programme.pk}/", {"description_fi": "Jälkikäteen."}
    errors = story.assert_refused(
        api(ana), "patch", path, body, code="programme.frozen", status=423, seen=programme.version
    )
    assert errors[0]["rule"] == "INV-04"


def test_inv_04_the_database_itself_keeps_a_closed_programme(db):
    from portfolio import history
    from portfolio.refusals import from_database

    programme = factories.closed(factories.programme())
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError) as error, history.change(by=story.SETUP), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(order=9)
    assert from_database(error.value).code == "programme.frozen"  # type: ignore[union-attr]


def test_a_sector_leaves_and_takes_part_again(api, ana):
    programme, unit = factories.programme(), decided.body("line_unit")
    sector = api(ana).post("programme-sectors/", {"programme": programme.pk, "body": unit.pk}).json()
    body = {"programme": programme.pk, "body": unit.pk}
    story.assert_refused(api(ana), "post", "programme-sectors/", body, code="programme.sector_duplicate", status=409)
    left = api(ana).post(f"programme-sectors/{sector['id']}/end/", {"ended_on": "2023-05-31"}, seen=1)
    assert left.json()["ended_on"] == "2023-05-31"
    assert api(ana).post("programme-sectors/", body).json()["ended_on"] is None


def test_an_update_is_written_once_per_status_date_and_then_edited(api, ana):
    programme = factories.programme()
    body = {"programme": programme.pk, "status_on": "2022-12-31", "summary_fi": "Ohjelma etenee."}
    update = api(ana).post("programme-updates/", body)
    assert update.status_code == 201, update.content
    story.assert_refused(api(ana), "post", "programme-updates/", body, code="update.duplicate", status=409)
    path = f"programme-updates/{update.json()['id']}/"
    edited = api(ana).patch(path, {"priorities_fi": "Seuraavaksi energia."}, seen=1)
    assert (edited.json()["summary_fi"], edited.json()["priorities_fi"]) == ("Ohjelma etenee.", "Seuraavaksi energia.")


def test_an_update_is_seen_by_those_of_the_programme(api, ana, bo):
    programme = factories.programme()
    commands.write_update(programme, status_on=date(2022, 12, 31), summary_fi="Ohjelma etenee.", by=ana)
    mia = story.person("Mia", "programme_manager", programme=programme)
    assert api(mia).get("programme-updates/").json()["count"] == 1
    assert api(bo).get("programme-updates/").json()["count"] == 0


def test_a_list_costs_the_same_at_any_size(api, ana, django_assert_max_num_queries):
    for number in range(6):
        factories.programme(f"P{number}", f"Ohjelma {number}")
    client = api(ana)
    with django_assert_max_num_queries(8):
        assert client.get("programmes/").json()["count"] == 6


def test_every_step_of_a_programme_stays_in_its_history(db):
    programme = factories.running(factories.programme())
    phases = [state.phase for state in programme.history.order_by("history_seq")]
    assert phases == ["topic_set", "organised", "targets_approved", "running"]
    first = programme.history.order_by("history_seq").first().history_seq
    assert row(Programme, programme.pk, first).phase == "topic_set"
