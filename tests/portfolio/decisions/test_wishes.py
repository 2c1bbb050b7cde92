"""The council attaches a wish to a decision; its owner answers."""

from datetime import timedelta

import pytest

from portfolio import clock
from portfolio.decisions import commands, queries
from tests import story
from tests.portfolio.decisions import factories
from tests.projects import factories as projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen():
    """An official who owns wishes and reads what the city reads."""
    return story.person("Chen", "unit_owner", unit=projects.body("line_unit", "Liikuntapalvelut"))


@pytest.fixture
def wish(chen):
    return commands.add_wish(
        factories.decision("council", "note"), text_fi="Valtuusto toivoo.", owner=chen, by=story.SETUP
    )


def test_the_owner_answers(api, chen, wish):
    answer = api(chen).post(f"wishes/{wish.pk}/answer/", {"answer_fi": "Asia etenee."}, seen=wish.version)
    assert (answer.status_code, answer.json()["state"]) == (200, "answered")
    assert answer.json()["answered_on"] == clock.today().isoformat()
    assert not queries.open_wishes(owner_id=chen.pk).exists()


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("sirpa", 403), ("bo", 403), ("aud", 403), ("dee", 404)])
def test_others_do_not_answer_for_the_owner_but_the_director_may(api, setup_people, wish, who, status):
    client = api(setup_people[who])
    assert client.post(f"wishes/{wish.pk}/answer/", {"answer_fi": "x"}, seen=wish.version).status_code == status


def test_inv_110_a_second_answer_needs_a_reason(api, chen, wish):
    path = f"wishes/{wish.pk}/answer/"
    seen = api(chen).post(path, {"answer_fi": "Asia etenee."}, seen=wish.version).json()["version"]
    again = {"answer_fi": "Asia on valmis."}
    story.assert_refused(api(chen), "post", path, again, seen=seen, code="wish.answered", status=409)
    answer = api(chen).post(path, again | {"because": "Asia valmistui."}, seen=seen)
    assert answer.json()["answer_fi"] == "Asia on valmis."


def test_an_answer_is_not_of_a_day_to_come(api, chen, wish):
    body = {"answer_fi": "x", "answered_on": (clock.today() + timedelta(days=1)).isoformat()}
    story.assert_refused(
        api(chen), "post", f"wishes/{wish.pk}/answer/", body, seen=wish.version, code="decision.future", status=400
    )


def test_the_secretary_names_another_owner(api, sirpa, ana, wish):
    answer = api(sirpa).post(f"wishes/{wish.pk}/assign/", {"owner": ana.pk}, seen=wish.version)
    assert (answer.status_code, answer.json()["owner_id"]) == (200, ana.pk)


def test_open_wishes_are_listed_for_their_owner(api, bo, chen, wish):
    assert api(bo).get(f"wishes/?owner={chen.pk}&state=open").json()["count"] == 1
    assert [waiting.pk for waiting in queries.open_wishes()] == [wish.pk]


def test_the_owner_or_the_director_says_why_there_is_no_answer_yet_until_there_is_one(api, chen, ana, sirpa, wish):
    path = f"wishes/{wish.pk}/delay/"
    said = api(chen).post(path, {"delay_fi": "Selvitys on kesken."}, seen=wish.version).json()
    assert (said["state"], said["delay_fi"], said["delayed_on"]) == (
        "open", "Selvitys on kesken.", clock.today().isoformat()
    )  # fmt: skip
    assert api(sirpa).post(path, {"delay_fi": "x"}, seen=said["version"]).status_code == 403
    again = api(ana).post(path, {"delay_fi": "Selvitys valmistuu keväällä."}, seen=said["version"]).json()
    done = api(chen).post(f"wishes/{wish.pk}/answer/", {"answer_fi": "Valmis."}, seen=again["version"]).json()
    assert (done["delay_fi"], done["delayed_on"]) == ("", None)
    late = {"delay_fi": "Taas kesken."}
    story.assert_refused(api(chen), "post", path, late, seen=done["version"], code="wish.answered", status=409)
    empty = {"delay_fi": " "}
    story.assert_refused(api(chen), "post", path, empty, seen=done["version"], code="field.required", status=400)
