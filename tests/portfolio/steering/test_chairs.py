"""The council names chair and vice chair; who presides when they are away; quota checks and joint events."""

from datetime import date
from typing import Any

import pytest

from portfolio.steering.models import SteeringGroup
from portfolio.steering.queries import presiding
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories as programmes
from tests.portfolio.steering import factories

pytestmark = pytest.mark.django_db

MEETING = date(2021, 9, 21)


@pytest.fixture(scope="module", autouse=True)
def two_and_two(shared_database: str) -> int:
    return factories.group(programmes.programme(), seats=2, deputies="personal").pk


@pytest.fixture
def group(two_and_two: int, db: None) -> SteeringGroup:
    return SteeringGroup.objects.select_related("programme").get(pk=two_and_two)


@pytest.fixture
def bo_sits(group):
    return factories.member(group, "elected", "Bo")


@pytest.fixture
def eeva_sits(group):
    return factories.member(group, "elected", "Eeva")


def named(group: Any, person: Any, office: str = "chair", **given: Any) -> dict[str, Any]:
    said = {"group": group.pk, "person": person.pk, "office": office, "starts_on": "2021-08-30"}
    return said | {"named_by": factories.election().pk} | given


def refused(api: Any, sirpa: Any, body: dict[str, Any], code: str) -> None:
    errors = story.assert_refused(api(sirpa), "post", "chairships/", body, code=code, status=409)
    assert errors[0]["rule"] in ("INV-28", "INV-29")


def test_the_council_names_chair_and_vice_chair(api, sirpa, group, bo_sits, eeva_sits):
    assert api(sirpa).post("chairships/", named(group, bo_sits.person)).status_code == 201
    assert api(sirpa).post("chairships/", named(group, eeva_sits.person, "vice_chair")).status_code == 201
    seats = api(sirpa).get(f"steering-groups/{group.pk}/composition/?on={MEETING}").json()["seats"]
    assert [each["member"]["office"] for each in seats if each["member"]] == ["chair", "vice_chair"]


def test_inv_28_an_official_is_not_the_chair(api, sirpa, group):
    chen = factories.member(group, "official", "Chen")
    refused(api, sirpa, named(group, chen.person), "chair.kind")


def test_inv_28_the_chair_is_a_member(api, sirpa, group):
    refused(api, sirpa, named(group, factories.someone("Kai")), "chair.not_member")


def test_inv_28_the_chair_is_a_member_of_that_day(api, sirpa, group, bo_sits):
    refused(api, sirpa, named(group, bo_sits.person, starts_on="2021-08-01"), "chair.not_member")


def test_inv_28_two_persons_lead(api, sirpa, group, bo_sits):
    factories.chair(group, bo_sits.person)
    refused(api, sirpa, named(group, bo_sits.person, "vice_chair"), "chair.same")


@pytest.mark.parametrize("office", ["chair", "vice_chair"])
def test_inv_28_one_of_each_at_a_time(api, sirpa, group, bo_sits, eeva_sits, office):
    factories.chair(group, bo_sits.person, office)
    refused(api, sirpa, named(group, eeva_sits.person, office), "chair.taken")


def test_inv_110_a_chair_entered_wrongly_is_mended_with_the_reason(api, sirpa, group, bo_sits, eeva_sits):
    chair, eeva = factories.chair(group, bo_sits.person), eeva_sits.person
    path, because = f"chairships/{chair.pk}/", "Pöytäkirjassa on Eeva ja 31.8."
    mended = api(sirpa).patch(path, {"person": eeva.pk, "starts_on": "2021-08-31", "because": because}, seen=1)
    assert mended.status_code == 200, mended.content
    assert (mended.json()["person_id"], mended.json()["starts_on"]) == (eeva.pk, "2021-08-31")
    newest, first = api(sirpa).get(f"{path}history/").json()["results"]
    assert newest["reason"] == because and newest["changes"]["person_id"] == [bo_sits.person_id, eeva.pk]
    assert api(sirpa).get(f"{path}?as_of=seq:{first['seq']}").json()["person_id"] == bo_sits.person_id


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [
        ({"starts_on": "2021-08-31", "because": ""}, "field.required", 400),
        ({"starts_on": "2021-08-31", "because": " "}, "field.required", 400),
        ({"ends_on": "2022-08-31"}, "chair.not_ended", 409),
        ({"starts_on": "2021-08-01"}, "chair.not_member", 409),
    ],
)
def test_inv_28_a_correction_makes_no_chair_that_could_not_be_named(api, sirpa, group, bo_sits, given, code, status):
    chair = factories.chair(group, bo_sits.person)
    body = {"because": "Kirjausvirhe."} | given
    story.assert_refused(api(sirpa), "patch", f"chairships/{chair.pk}/", body, code=code, status=status, seen=1)


def test_inv_28_a_correction_names_nobody_who_could_not_lead(api, sirpa, bo, group, bo_sits, eeva_sits):
    chair, chen = factories.chair(group, bo_sits.person), factories.member(group, "official", "Chen")
    deputy = factories.deputy(eeva_sits, "Kai")
    path, because = f"chairships/{chair.pk}/", "Kirjausvirhe."
    for person, code in ((chen.person, "chair.kind"), (deputy.person, "chair.deputy")):
        body = {"person": person.pk, "because": because}
        story.assert_refused(api(sirpa), "patch", path, body, code=code, status=409, seen=1)
    body = {"named_by": decided.decision("board", "elect", decided_on=date(2021, 8, 30)).pk, "because": because}
    story.assert_refused(api(sirpa), "patch", path, body, code="chair.appointer", status=409, seen=1)
    body = {"person": eeva_sits.person_id, "because": because}
    story.assert_refused(api(sirpa), "patch", path, body, code="edit.stale", status=412, seen=7)
    story.assert_refused(api(bo), "patch", path, body, code="permission.role", status=403, seen=1)


@pytest.mark.parametrize(("body_kind", "kind"), [("board", "elect"), ("manager", "elect"), ("council", "note")])
def test_inv_28_the_council_names_the_chair(api, sirpa, group, bo_sits, body_kind, kind):
    decision = decided.decision(body_kind, kind, decided_on=date(2021, 8, 30))
    refused(api, sirpa, named(group, bo_sits.person, named_by=decision.pk), "chair.appointer")


def test_inv_28_nobody_is_named_by_nobody(api, sirpa, group, bo_sits):
    refused(api, sirpa, named(group, bo_sits.person, named_by=None), "chair.appointer")


def test_inv_28_a_new_chair_follows_when_the_old_one_has_ended(api, sirpa, group, bo_sits, eeva_sits):
    first = factories.chair(group, bo_sits.person)
    ended = api(sirpa).post(f"chairships/{first.pk}/end/", {"ends_on": "2023-01-29"}, seen=1)
    assert ended.status_code == 200, ended.content
    story.assert_refused(
        api(sirpa), "post", f"chairships/{first.pk}/end/", {"ends_on": "2023-01-29"}, code="chair.ended",
        status=409, seen=2,
    )  # fmt: skip
    body = named(group, eeva_sits.person, starts_on="2023-01-30")
    assert api(sirpa).post("chairships/", body).status_code == 201


def test_inv_29_the_chairs_deputy_does_not_become_chair(api, sirpa, group, bo_sits):
    factories.chair(group, bo_sits.person)
    dan = factories.deputy(bo_sits, "Dan")
    refused(api, sirpa, named(group, dan.person), "chair.deputy")


def test_inv_29_the_vice_chair_presides_else_the_meeting_elects(group, bo_sits, eeva_sits):
    factories.chair(group, bo_sits.person)
    factories.chair(group, eeva_sits.person, "vice_chair")
    factories.deputy(bo_sits, "Dan")
    bo, eeva = bo_sits.person_id, eeva_sits.person_id
    assert presiding(group.pk, MEETING).person_id == bo
    assert presiding(group.pk, MEETING, absent={bo}).person_id == eeva
    both_away = presiding(group.pk, MEETING, absent={bo, eeva})
    assert (both_away.person_id, both_away.office) == (None, "elected_by_the_meeting")


@pytest.mark.parametrize("who", ["bo", "aud"])
def test_only_the_office_names_chairs(api, setup_people, group, bo_sits, who):
    chairship = factories.chair(group, bo_sits.person)
    path, body = f"chairships/{chairship.pk}/end/", {"ends_on": "2023-01-29"}
    story.assert_refused(api(setup_people[who]), "post", path, body, code="permission.role", status=403, seen=1)


def checked(group: Any, **given: Any) -> dict[str, Any]:
    return {"group": group.pk, "capacity": "member", "checked_on": "2021-09-01", "result": "met"} | given


def quota_warnings(api: Any, someone: Any, group: Any) -> list[dict[str, Any]]:
    shown = api(someone).get(f"steering-groups/{group.pk}/composition/?on={MEETING}").json()
    return [each["params"] for each in shown["warnings"] if each["code"] == "group.quota"]


def test_inv_32_the_check_is_recorded_and_never_who_is_what(api, sirpa):
    group = factories.group(programmes.programme("LA", "Laaja"), seats=5)
    for number in range(5):
        factories.member(group, "elected", f"Jäsen {number}")
        factories.member(group, "official", f"Viranhaltija {number}")
    assert quota_warnings(api, sirpa, group) == [{"capacity": "member", "holders": 10, "least": 4}]
    answer = api(sirpa).post("quota-checks/", checked(group))
    assert answer.status_code == 201, answer.content
    assert (answer.json()["holders"], answer.json()["least"], answer.json()["checked_by_id"]) == (10, 4, sirpa.pk)
    assert quota_warnings(api, sirpa, group) == []


def test_inv_32_members_and_deputies_are_checked_apart(api, sirpa, group, bo_sits):
    factories.deputy(bo_sits, "Dan")
    api(sirpa).post("quota-checks/", checked(group))
    assert [each["capacity"] for each in quota_warnings(api, sirpa, group)] == ["deputy"]
    api(sirpa).post("quota-checks/", checked(group, capacity="deputy"))
    assert quota_warnings(api, sirpa, group) == []


def test_inv_32_an_unmet_quota_warns_until_the_special_reason_is_there(api, sirpa, group, bo_sits):
    api(sirpa).post("quota-checks/", checked(group, result="not_met"))
    assert len(quota_warnings(api, sirpa, group)) == 1
    reason = "Valtuustoryhmien ehdotukset."
    api(sirpa).post("quota-checks/", checked(group, result="not_met", special_reason=reason))
    assert quota_warnings(api, sirpa, group) == []


def test_inv_32_eighteen_members_need_eight(db):
    from portfolio.steering.queries import quota_least

    assert [quota_least(number) for number in (0, 1, 2, 5, 10, 18)] == [0, 1, 1, 2, 4, 8]


def test_a_quota_is_not_checked_in_the_future(api, sirpa, group):
    body = checked(group, checked_on="2999-01-01")
    story.assert_refused(api(sirpa), "post", "quota-checks/", body, code="group.quota_date", status=400)


def test_steering_groups_meet_each_other(api, sirpa, group):
    other = factories.group(programmes.programme("HY", "Hyvinvoiva Espoo"))
    body = {"groups": [group.pk, other.pk], "title_fi": "Ohjausryhmien yhteinen iltakoulu", "held_on": "2022-10-05"}
    event = api(sirpa).post("joint-events/", body)
    assert event.status_code == 201, event.content
    assert api(sirpa).get(f"joint-events/{event.json()['id']}/").json()["groups"] == [group.pk, other.pk]
    assert api(sirpa).get(f"joint-events/?group={other.pk}").json()["count"] == 1


@pytest.mark.parametrize(
    ("given", "code"), [({"groups": None}, "event.groups"), ({"held_on": "2999-01-01"}, "event.date")]
)
def test_a_joint_event_needs_two_groups_and_a_day_gone_by(api, sirpa, group, given, code):
    other = factories.group(programmes.programme("HY", "Hyvinvoiva Espoo"))
    body = {"groups": [group.pk, other.pk], "title_fi": "Iltakoulu", "held_on": "2022-10-05"} | given
    body["groups"] = body["groups"] or [group.pk, group.pk]
    story.assert_refused(api(sirpa), "post", "joint-events/", body, code=code, status=400)
