"""Sirpa records who was appointed to a steering group, who deputises for whom, and who leaves."""

from datetime import date
from typing import Any

import pytest

from portfolio.steering.models import Chairship, SteeringGroup, Tenure
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories as programmes
from tests.portfolio.steering import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def two_and_two(shared_database: str) -> int:
    return factories.group(programmes.programme(), seats=2, deputies="personal").pk


@pytest.fixture
def group(two_and_two: int, db: None) -> SteeringGroup:
    """Two and two, each with a personal deputy."""
    return SteeringGroup.objects.select_related("programme").get(pk=two_and_two)


def appointed(group: Any, kind: str, name: str = "Eeva", **given: Any) -> dict[str, Any]:
    person = given.pop("person", None) or factories.someone(name).pk
    decision = factories.appointment(kind)
    said = {"group": group.pk, "kind": kind, "person": person, "starts_on": "2021-08-30"}
    return said | {"appointed_by": decision and decision.pk} | given


def test_members_take_the_free_seats_in_order(api, sirpa, group):
    first = api(sirpa).post("tenures/", appointed(group, "elected", "Bo"))
    assert first.status_code == 201, first.content
    second = api(sirpa).post("tenures/", appointed(group, "elected", "Eeva"))
    seats = group.seats.filter(kind="elected").order_by("number").values_list("pk", flat=True)
    assert [first.json()["seat_id"], second.json()["seat_id"]] == list(seats)


def test_inv_22_no_more_members_than_seats(api, sirpa, group):
    for name in ("Bo", "Eeva"):
        factories.member(group, "elected", name)
    body = appointed(group, "elected", "Kai")
    errors = story.assert_refused(api(sirpa), "post", "tenures/", body, code="group.seats_full", status=409)
    assert errors[0]["rule"] == "INV-22"


def test_inv_22_a_future_holder_takes_the_seat_too(api, sirpa, group):
    factories.member(group, "elected", "Bo")
    factories.member(group, "elected", "Eeva", starts_on=date(2022, 1, 1))
    body = appointed(group, "elected", "Kai")
    story.assert_refused(api(sirpa), "post", "tenures/", body, code="group.seats_full", status=409)


def test_inv_23_a_vacancy_warns_and_the_group_stays_usable(api, sirpa, group):
    """As when one official's seat was empty for a month."""
    chen = factories.member(group, "official", "Chen")
    factories.member(group, "official", "Cai")
    for name in ("Bo", "Eeva"):
        factories.member(group, "elected", name)
    path = f"tenures/{chen.pk}/record-resignation/"
    assert api(sirpa).post(path, {"ends_on": "2022-05-31"}, seen=1).status_code == 200
    body = {"person": factories.someone("Carita").pk, "starts_on": "2022-07-01", "appointed_by": factories.naming().pk}
    assert api(sirpa).post(f"tenures/{chen.pk}/appoint-successor/", body, seen=2).status_code == 201

    def vacant(day: str) -> dict[str, int]:
        shown = api(sirpa).get(f"steering-groups/{group.pk}/composition/?on={day}").json()
        assert shown["parity"]["balanced"] is True
        warned = {each["params"]["kind"] for each in shown["warnings"] if each["code"] == "group.vacancy"}
        assert warned == {kind for kind, number in shown["vacancies"].items() if number}
        return shown["vacancies"]

    assert vacant("2022-05-31") == {"elected": 0, "official": 0}
    assert vacant("2022-06-15") == {"elected": 0, "official": 1}
    assert vacant("2022-07-01") == {"elected": 0, "official": 0}


@pytest.mark.parametrize(("kind", "body_kind"), [("elected", "manager"), ("elected", "board"), ("official", "council")])
def test_inv_24_the_council_elects_and_the_manager_names(api, sirpa, group, kind, body_kind):
    wrong = decided.decision(body_kind, "elect", decided_on=date(2021, 8, 30)).pk
    body = appointed(group, kind, appointed_by=wrong)
    errors = story.assert_refused(api(sirpa), "post", "tenures/", body, code="member.appointer", status=409)
    assert (errors[0]["rule"], errors[0]["field"]) == ("INV-24", "appointed_by")


@pytest.mark.parametrize("kind", ["elected", "official"])
def test_inv_24_nobody_is_appointed_by_nobody(api, sirpa, group, kind):
    body = appointed(group, kind, appointed_by=None)
    story.assert_refused(api(sirpa), "post", "tenures/", body, code="member.appointer", status=409)


def test_inv_24_a_member_of_an_older_register_may_lack_the_decision(group):
    tenure = factories.member(group, "elected", "Bo", appointed_by=None, provenance="taken_over")
    assert tenure.appointed_by is None


def deputised(member: Tenure, name: str = "Dan", **given: Any) -> dict[str, Any]:
    person = given.pop("person", None) or factories.someone(name).pk
    decision = factories.appointment(member.seat.kind)
    return {"person": person, "starts_on": "2021-08-30", "appointed_by": decision and decision.pk} | given


def test_inv_25_no_deputies_where_the_council_decided_none(api, sirpa):
    group = factories.group(programmes.programme("LA", "Laaja"), seats=9, deputies="none")
    bo = factories.member(group, "elected", "Bo")
    path = f"tenures/{bo.pk}/appoint-deputy/"
    errors = story.assert_refused(api(sirpa), "post", path, deputised(bo), code="deputy.policy", status=409)
    assert errors[0]["rule"] == "INV-25"


def test_inv_26_a_member_has_a_personal_deputy(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    answer = api(sirpa).post(f"tenures/{bo.pk}/appoint-deputy/", deputised(bo))
    assert answer.status_code == 201, answer.content
    assert (answer.json()["deputy_for_id"], answer.json()["seat_id"]) == (bo.pk, bo.seat_id)
    shown = api(sirpa).get(f"steering-groups/{group.pk}/composition/?on=2021-09-21").json()
    assert shown["seats"][0]["deputy"]["name"] == "Dan"


def test_inv_26_the_deputy_is_of_the_members_kind(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    path = f"tenures/{bo.pk}/appoint-deputy/"
    body = deputised(bo, kind="official")
    story.assert_refused(api(sirpa), "post", path, body, code="deputy.kind", status=409)
    chen = factories.member(group, "official", "Chen")
    body = deputised(bo, person=chen.person_id)
    story.assert_refused(api(sirpa), "post", path, body, code="deputy.kind", status=409)


def test_inv_26_the_deputy_is_appointed_as_the_member_was(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    body = deputised(bo, appointed_by=factories.naming().pk)
    path = f"tenures/{bo.pk}/appoint-deputy/"
    story.assert_refused(api(sirpa), "post", path, body, code="member.appointer", status=409)


def test_inv_26_a_member_has_one_deputy_at_most(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    factories.deputy(bo, "Dan")
    path = f"tenures/{bo.pk}/appoint-deputy/"
    story.assert_refused(api(sirpa), "post", path, deputised(bo, "Dora"), code="deputy.taken", status=409)


def test_inv_26_a_deputy_replaces_one_member_only(api, sirpa, group):
    bo, eeva = (factories.member(group, "elected", name) for name in ("Bo", "Eeva"))
    dan = factories.deputy(bo, "Dan").person
    body = deputised(eeva, person=dan.pk)
    story.assert_refused(
        api(sirpa), "post", f"tenures/{eeva.pk}/appoint-deputy/", body, code="member.duplicate", status=409
    )


def test_inv_26_nobody_is_their_own_deputy(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    body = deputised(bo, person=bo.person_id)
    path = f"tenures/{bo.pk}/appoint-deputy/"
    story.assert_refused(api(sirpa), "post", path, body, code="deputy.self", status=409)


def test_inv_26_a_deputy_has_no_deputy(api, sirpa, group):
    dan = factories.deputy(factories.member(group, "elected", "Bo"), "Dan")
    path = f"tenures/{dan.pk}/appoint-deputy/"
    story.assert_refused(api(sirpa), "post", path, deputised(dan, "Dora"), code="deputy.chain", status=409)


def test_inv_26_a_deputy_goes_with_the_member(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    dan = factories.deputy(bo, "Dan")
    released = decided.decision("council", "accept_resignation", decided_on=date(2022, 6, 13))
    path, body = f"tenures/{bo.pk}/record-resignation/", {"ends_on": "2022-06-13", "ended_by": released.pk}
    assert api(sirpa).post(path, body, seen=1).status_code == 200
    dan.refresh_from_db()
    assert (dan.ends_on, dan.ending) == (date(2022, 6, 13), "member_left")
    later = deputised(bo, "Dora", starts_on="2022-07-01")
    story.assert_refused(
        api(sirpa), "post", f"tenures/{bo.pk}/appoint-deputy/", later, code="deputy.member_left", status=409
    )


def test_inv_27_a_person_has_one_seat_in_a_group(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    body = appointed(group, "elected", person=bo.person_id)
    errors = story.assert_refused(api(sirpa), "post", "tenures/", body, code="member.duplicate", status=409)
    assert errors[0]["rule"] == "INV-27"
    body = appointed(group, "official", person=bo.person_id)
    story.assert_refused(api(sirpa), "post", "tenures/", body, code="member.duplicate", status=409)


def test_inv_27_a_person_may_sit_in_two_groups(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    other = factories.group(programmes.programme("HY", "Hyvinvoiva Espoo"))
    body = appointed(other, "elected", person=bo.person_id)
    assert api(sirpa).post("tenures/", body).status_code == 201


def test_inv_27_the_database_itself_refuses_a_second_seat(group):
    from django.db import IntegrityError, transaction

    from portfolio import history
    from portfolio.refusals import from_database

    bo = factories.member(group, "elected", "Bo")
    seat = group.seats.get(kind="official", number=1)
    with pytest.raises(IntegrityError) as error, history.change(by=story.SETUP), transaction.atomic():
        Tenure.objects.create(group=group, seat=seat, person=bo.person, capacity="member", starts_on=date(2022, 1, 1))
    assert from_database(error.value, Tenure).code == "member.duplicate"  # type: ignore[union-attr]


def test_inv_31_a_tenure_does_not_end_before_it_starts(api, sirpa, group):
    chen = factories.member(group, "official", "Chen")
    path = f"tenures/{chen.pk}/record-resignation/"
    errors = story.assert_refused(
        api(sirpa), "post", path, {"ends_on": "2021-08-29"}, code="member.range", status=400, seen=1
    )
    assert errors[0]["rule"] == "INV-31"


def test_inv_31_two_periods_of_a_seat_do_not_overlap(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    body = appointed(group, "elected", seat=bo.seat_id)
    story.assert_refused(api(sirpa), "post", "tenures/", body, code="member.overlap", status=409)


def test_inv_31_both_days_of_a_tenure_count(api, sirpa, group):
    chen = factories.member(group, "official", "Chen")
    api(sirpa).post(f"tenures/{chen.pk}/record-resignation/", {"ends_on": "2022-05-31"}, seen=1)
    body = appointed(group, "official", seat=chen.seat_id, starts_on="2022-05-31")
    story.assert_refused(api(sirpa), "post", "tenures/", body, code="member.overlap", status=409)
    assert api(sirpa).post("tenures/", body | {"starts_on": "2022-06-01"}).status_code == 201


def test_inv_31_a_tenure_may_outlast_the_council_term(api, sirpa, group):
    """An elected official stays in office until another has been elected (Local Government Act, section 79)."""
    bo = factories.member(group, "elected", "Bo")
    body = {"ends_on": "2025-08-25", "ending": "term_ended"}
    assert group.programme.council_term.ends_on == date(2025, 5, 31)
    assert api(sirpa).post(f"tenures/{bo.pk}/end/", body, seen=1).status_code == 200


def test_inv_31_a_tenure_ends_once(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    path, body = f"tenures/{bo.pk}/end/", {"ends_on": "2023-08-25", "ending": "other"}
    assert api(sirpa).post(path, body, seen=1).status_code == 200
    story.assert_refused(api(sirpa), "post", path, body, code="member.ended", status=409, seen=2)


@pytest.mark.parametrize(("body_kind", "kind"), [("board", "accept_resignation"), ("council", "note")])
def test_the_council_accepts_the_resignation_of_whom_it_elected(api, sirpa, group, body_kind, kind):
    bo = factories.member(group, "elected", "Bo")
    path = f"tenures/{bo.pk}/record-resignation/"
    code = "member.resignation_not_accepted"
    story.assert_refused(api(sirpa), "post", path, {"ends_on": "2022-06-13"}, code=code, status=409, seen=1)
    body = {"ends_on": "2022-06-13", "ended_by": decided.decision(body_kind, kind, decided_on=date(2022, 6, 13)).pk}
    story.assert_refused(api(sirpa), "post", path, body, code=code, status=409, seen=1)


def test_a_resignation_ends_the_chairship_too(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    factories.chair(group, bo.person)
    released = decided.decision("council", "accept_resignation", decided_on=date(2022, 6, 13))
    body = {"ends_on": "2022-06-13", "ended_by": released.pk}
    assert api(sirpa).post(f"tenures/{bo.pk}/record-resignation/", body, seen=1).status_code == 200
    chairship = Chairship.objects.get(group=group)
    assert (chairship.ends_on, chairship.ended_by) == (date(2022, 6, 13), released)


def test_a_successor_follows_the_day_after(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    factories.deputy(bo, "Dan")
    body = {"person": factories.someone("Eeva").pk, "starts_on": "2022-06-14"}
    body["appointed_by"] = factories.election(decided_on=date(2022, 6, 13)).pk
    answer = api(sirpa).post(f"tenures/{bo.pk}/appoint-successor/", body, seen=1)
    assert answer.status_code == 201, answer.content
    bo.refresh_from_db()
    assert (bo.ends_on, bo.ending, answer.json()["seat_id"]) == (date(2022, 6, 13), "replaced", bo.seat_id)
    assert not Tenure.objects.filter(group=group, capacity="deputy", ends_on__isnull=True).exists()


def test_inv_31_a_successor_does_not_come_before(api, sirpa, group):
    chen = factories.member(group, "official", "Chen")
    body = {"person": factories.someone("Cai").pk, "starts_on": "0001-01-01", "appointed_by": factories.naming().pk}
    path = f"tenures/{chen.pk}/appoint-successor/"
    story.assert_refused(api(sirpa), "post", path, body, code="member.range", status=400, seen=1)


def test_a_deputy_has_a_successor_too(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    dan = factories.deputy(bo, "Dan")
    body = {"person": factories.someone("Dora").pk, "starts_on": "2022-06-14"}
    body["appointed_by"] = factories.election(decided_on=date(2022, 6, 13)).pk
    answer = api(sirpa).post(f"tenures/{dan.pk}/appoint-successor/", body, seen=1)
    assert (answer.json()["capacity"], answer.json()["deputy_for_id"]) == ("deputy", bo.pk)


@pytest.mark.parametrize("who", ["bo", "aud"])
def test_only_the_office_appoints(api, setup_people, group, who):
    chen = factories.member(group, "official", "Chen")
    path, body = f"tenures/{chen.pk}/record-resignation/", {"ends_on": "2022-05-31"}
    story.assert_refused(api(setup_people[who]), "post", path, body, code="permission.role", status=403, seen=1)


def test_a_day_entered_wrongly_is_mended_with_its_reason(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo", starts_on=date(2021, 9, 1))
    body = {"starts_on": "2021-08-30", "because": "Valittu jo elokuun kokouksessa."}
    answer = api(sirpa).patch(f"tenures/{bo.pk}/", body, seen=1)
    assert answer.json()["starts_on"] == "2021-08-30", answer.content
    told = api(sirpa).get(f"tenures/{bo.pk}/history/").json()["results"][0]
    assert (told["reason"], told["changes"]["starts_on"]) == (body["because"], ["2021-09-01", "2021-08-30"])


def test_a_correction_neither_ends_a_tenure_nor_changes_who_appoints(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    path, because = f"tenures/{bo.pk}/", "Kirjausvirhe."
    body = {"ends_on": "2022-06-13", "because": because}
    story.assert_refused(api(sirpa), "patch", path, body, code="member.not_ended", status=409, seen=1)
    body = {"appointed_by": factories.naming().pk, "because": because}
    story.assert_refused(api(sirpa), "patch", path, body, code="member.appointer", status=409, seen=1)
