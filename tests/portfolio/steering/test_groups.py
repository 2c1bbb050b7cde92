"""Sirpa records the steering groups that the council has sized, and their seats."""

from datetime import date
from typing import Any

import pytest

from portfolio.history.origin import origin
from portfolio.steering.models import Seat, SteeringGroup
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories as programmes
from tests.portfolio.steering import factories

pytestmark = pytest.mark.django_db


def sized(programme: Any, elected: int = 5, official: int = 5, **given: Any) -> dict[str, Any]:
    said = {"programme": programme.pk, "elected_seats": elected, "official_seats": official, "deputies": "personal"}
    return said | {"sized_by": decided.decision("council", "set").pk} | given


def test_the_secretary_sizes_a_group_and_its_seats_are_there(api, sirpa):
    answer = api(sirpa).post("steering-groups/", sized(programmes.programme(), 9, 9, deputies="none"))
    assert answer.status_code == 201, answer.content
    seats = Seat.objects.filter(group=answer.json()["id"])
    assert list(seats.filter(kind="elected").values_list("number", flat=True)) == list(range(1, 10))
    assert seats.filter(kind="official").count() == 9
    assert answer.json()["legal_nature"] == "working_group"


def test_inv_20_a_programme_has_one_steering_group(api, sirpa):
    programme = programmes.programme()
    factories.group(programme)
    errors = story.assert_refused(
        api(sirpa), "post", "steering-groups/", sized(programme), code="group.exists", status=409
    )
    assert errors[0]["rule"] == "INV-20"


@pytest.mark.parametrize(("elected", "official"), [(5, 4), (4, 5), (0, 0)])
def test_inv_21_as_many_seats_for_officials_as_for_elected(api, sirpa, elected, official):
    body = sized(programmes.programme(), elected, official)
    story.assert_refused(api(sirpa), "post", "steering-groups/", body, code="group.parity", status=400)


def test_inv_21_parity_holds_in_the_database_itself(db):
    from django.db import DatabaseError, transaction

    from portfolio import history
    from portfolio.refusals import from_database

    group = factories.group(programmes.programme())
    with pytest.raises(DatabaseError) as error, history.change(by=story.SETUP), transaction.atomic():
        SteeringGroup.objects.filter(pk=group.pk).update(official_seats=1)
    assert from_database(error.value, SteeringGroup).code == "group.parity"  # type: ignore[union-attr]


def test_inv_21_programmes_differ_in_size_and_policy(api, sirpa):
    """As in 2021–2025: nine and nine without deputies beside groups of five and five with them."""
    large = sized(programmes.programme("KE"), 9, 9, deputies="none")
    small = sized(programmes.programme("HY", "Hyvinvoiva Espoo"), 5, 5)
    assert api(sirpa).post("steering-groups/", large).status_code == 201
    assert api(sirpa).post("steering-groups/", small).status_code == 201


@pytest.mark.parametrize("body_kind", ["board", "manager"])
def test_inv_21_the_council_decides_the_seats(api, sirpa, body_kind):
    body = sized(programmes.programme(), sized_by=decided.decision(body_kind, "set").pk)
    story.assert_refused(api(sirpa), "post", "steering-groups/", body, code="decision.wrong_body", status=409)


def test_inv_21_a_new_decision_adds_seats_and_closes_vacant_ones(api, sirpa):
    group = factories.group(programmes.programme(), seats=2, deputies="none")
    more = {"elected_seats": 3, "official_seats": 3, "sized_by": decided.decision("council", "set").pk}
    more["starts_on"] = "2022-06-01"
    answer = api(sirpa).post(f"steering-groups/{group.pk}/resize/", more, seen=1)
    assert answer.status_code == 200, answer.content
    parity = api(sirpa).get(f"steering-groups/{group.pk}/composition/?on=2022-06-01").json()["parity"]
    assert (parity["elected_seats"], parity["official_seats"]) == (3, 3)
    fewer = more | {"elected_seats": 1, "official_seats": 1, "starts_on": "2023-06-01"}
    assert api(sirpa).post(f"steering-groups/{group.pk}/resize/", fewer, seen=2).status_code == 200

    def seats_on(day: str) -> int:
        return api(sirpa).get(f"steering-groups/{group.pk}/composition/?on={day}").json()["parity"]["elected_seats"]

    assert [seats_on(day) for day in ("2022-05-31", "2022-06-01", "2023-05-31", "2023-06-01")] == [2, 3, 3, 1]


def test_inv_22_a_seat_somebody_holds_is_not_closed(api, sirpa):
    group = factories.group(programmes.programme(), seats=2)
    for name in ("Bo", "Eeva"):
        factories.member(group, "elected", name)
    body = {"elected_seats": 1, "official_seats": 1, "sized_by": decided.decision("council", "set").pk}
    body["starts_on"] = "2022-06-01"
    path = f"steering-groups/{group.pk}/resize/"
    story.assert_refused(api(sirpa), "post", path, body, code="group.seats_held", status=409, seen=1)


def test_a_seat_is_not_closed_before_it_was_there(api, sirpa):
    group = factories.group(programmes.programme(), seats=2)
    body = {"elected_seats": 1, "official_seats": 1, "sized_by": decided.decision("council", "set").pk}
    path = f"steering-groups/{group.pk}/resize/"
    for day in ("0001-01-01", "2021-06-07"):
        story.assert_refused(api(sirpa), "post", path, body | {"starts_on": day}, code="seat.range", status=400, seen=1)


def test_inv_30_a_youth_seat_stands_outside_parity(api, sirpa):
    group = factories.group(programmes.programme(), seats=9, deputies="none")
    body = {"group": group.pk, "label_fi": "Nuorisovaltuuston edustaja", "starts_on": "2021-08-30"}
    seat = api(sirpa).post("seats/", body | {"label_sv": "Ungdomsfullmäktiges representant"})
    assert seat.status_code == 201, seat.content
    ada = factories.someone("Ada")
    appointed = {"group": group.pk, "kind": "attending", "person": ada.pk, "starts_on": "2021-08-30"}
    assert api(sirpa).post("tenures/", appointed).status_code == 201
    shown = api(sirpa).get(f"steering-groups/{group.pk}/composition/?on=2021-09-21").json()
    assert shown["parity"] == {
        "elected_seats": 9, "official_seats": 9, "elected_held": 0, "official_held": 0, "balanced": True,
    }  # fmt: skip
    attending = [each for each in shown["seats"] if each["kind"] == "attending"]
    assert [(each["votes"], each["member"]["name"]) for each in attending] == [(False, "Ada")]


def test_inv_30_an_attending_member_does_not_lead(api, sirpa):
    group = factories.group(programmes.programme())
    seat = {"group": group.pk, "label_fi": "Asiantuntija", "starts_on": "2021-08-30"}
    assert api(sirpa).post("seats/", seat).status_code == 201
    ada = factories.member(group, "attending", "Ada").person
    body = {"group": group.pk, "person": ada.pk, "office": "chair", "starts_on": "2021-08-30"}
    body["named_by"] = factories.election().pk
    errors = story.assert_refused(api(sirpa), "post", "chairships/", body, code="seat.no_vote", status=409)
    assert [error["code"] for error in errors] == ["chair.kind", "seat.no_vote"]


def test_an_attending_seat_says_for_whom_it_is(api, sirpa):
    group = factories.group(programmes.programme())
    body = {"group": group.pk, "label_fi": "", "starts_on": "2021-08-30"}
    story.assert_refused(api(sirpa), "post", "seats/", body, code="field.required", status=400)


def test_inv_04_the_group_of_a_closed_programme_is_frozen(api, sirpa):
    programme = programmes.closed(programmes.programme())
    group = programme.steering_group
    body = {"group": group.pk, "kind": "elected", "person": factories.someone("Eeva").pk, "starts_on": "2021-08-30"}
    body["appointed_by"] = factories.election().pk
    story.assert_refused(api(sirpa), "post", "tenures/", body, code="programme.frozen", status=423)


def test_inv_04_the_import_still_tells_of_a_closed_programme(api, sirpa):
    from portfolio.phases import commands

    old = programmes.programme(provenance="taken_over")
    closing = decided.decision("council", "close", decided_on=date(2025, 2, 10))
    commands.take_over_phase(old, phase="closed", effective_on=date(2025, 2, 10), decision=closing, by=story.SETUP)
    group = factories.group(old, provenance="taken_over")
    body = {"group": group.pk, "label_fi": "Asiantuntija", "starts_on": "2021-08-30"}
    story.assert_refused(api(sirpa), "post", "seats/", body, code="programme.frozen", status=423)


@pytest.mark.parametrize("who", ["bo", "aud"])
def test_only_the_office_sizes_groups(api, setup_people, who):
    body = sized(programmes.programme())
    story.assert_refused(api(setup_people[who]), "post", "steering-groups/", body, code="permission.role", status=403)


def test_a_group_of_an_older_register_may_lack_its_decision(db):
    from portfolio.steering import commands

    old = programmes.programme(provenance="taken_over")
    keys = {("elected", 1): "register:seat-1"}
    with origin("taken_over", {"portfolio.Seat": lambda seat: keys.get((seat.kind, seat.number))}):
        group = commands.size_group(
            old, elected_seats=1, official_seats=1, deputies="none", sized_by=None, starts_on=date(2018, 1, 1),
            by=story.SETUP,
        )  # fmt: skip
    assert group.sized_by is None
    assert group.seats.get(kind="elected").key == "register:seat-1"
