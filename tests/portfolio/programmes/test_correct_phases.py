"""Sirpa mends the day of a phase that was entered wrongly; the old entry stays to be seen."""

from datetime import date

import pytest

from portfolio import history
from portfolio.history.tables import tables
from portfolio.people.models import Account
from portfolio.programmes import queries
from portfolio.programmes.models import PhaseMove, Programme
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories

pytestmark = pytest.mark.django_db

WRONG, RIGHT = date(2022, 4, 11), date(2022, 5, 2)
MENDED = {"effective_on": f"{RIGHT}", "because": "Pöytäkirjan päivä oli toinen."}


@pytest.fixture(scope="module", autouse=True)
def begun_to_run(shared_database):
    return factories.running(factories.programme()).pk


@pytest.fixture
def programme(begun_to_run, db):
    return Programme.objects.get(pk=begun_to_run)


def entered(programme, phase="running"):
    return PhaseMove.objects.standing().get(programme=programme, phase=phase)


def path_of(move):
    return f"phase-moves/{move.pk}/correct/"


def test_sirpa_mends_the_day_and_the_old_entry_stays(api, sirpa, programme):
    move, client, cut = entered(programme), api(sirpa), history.head().seq
    answer = client.post(path_of(move), MENDED)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["effective_on"], said["corrects_id"], said["corrected_because"]) == (
        "2022-05-02", move.pk, MENDED["because"],
    )  # fmt: skip
    assert queries.phase_on(programme.pk, WRONG) == "targets_approved"
    assert (queries.phase_on(programme.pk, RIGHT), queries.phase_on(programme.pk, WRONG, cut)) == ("running", "running")
    shown = client.get(f"programmes/{programme.pk}/").json()
    assert [(each["phase"], each["effective_on"]) for each in shown["phase_moves"]][-1] == ("running", "2022-05-02")
    assert shown["phase"] == "running"


def test_inv_110_the_history_tells_who_mended_what_and_why(api, sirpa, programme):
    move, client = entered(programme), api(sirpa)
    said = client.post(path_of(move), MENDED).json()
    for pk in (move.pk, said["id"]):
        newest, oldest = client.get(f"phase-moves/{pk}/history/").json()["results"]
        assert (newest["actor"], newest["reason"], newest["type"], oldest["type"]) == (
            "Sirpa", MENDED["because"], "~", "+",
        )  # fmt: skip
        assert newest["changes"] == {
            "effective_on": ["2022-04-11", "2022-05-02"], "corrected_because": ["", MENDED["because"]],
        }  # fmt: skip


def test_a_past_that_knew_only_the_old_day_shows_that(api, sirpa, programme):
    move, client, cut = entered(programme), api(sirpa), history.head().seq
    said = client.post(path_of(move), MENDED).json()
    asked = f"phase-moves/?programme={programme.pk}&phase=running&as_of=seq:"
    days = [
        [each["effective_on"] for each in client.get(f"{asked}{seq}").json()["results"]] for seq in (cut, said["seq"])
    ]
    assert days == [["2022-04-11"], ["2022-04-11", "2022-05-02"]]
    for seq, day in ((cut, WRONG), (said["seq"], RIGHT)):
        [row] = [row for row in tables(seq, PhaseMove)[PhaseMove] if row.phase == "running"]
        assert (row.id, row.effective_on) == (move.pk, day), "the same step, told anew"


def test_inv_116_an_entry_that_was_corrected_is_not_corrected_again(api, sirpa, programme):
    move, client = entered(programme), api(sirpa)
    newest = client.post(path_of(move), MENDED).json()["id"]
    again = MENDED | {"effective_on": "2022-05-03"}
    story.assert_refused(client, "post", path_of(move), again, code="history.corrected", status=409)
    assert client.post(f"phase-moves/{newest}/correct/", again).json()["corrects_id"] == move.pk
    assert entered(programme).effective_on == date(2022, 5, 3)


def test_the_same_day_again_leaves_no_trace(api, sirpa, programme):
    move, head = entered(programme), history.head()
    assert api(sirpa).post(path_of(move), MENDED | {"effective_on": f"{WRONG}"}).json()["id"] == move.pk
    assert history.head() == head


@pytest.mark.parametrize(
    ("phase", "given", "code", "status"),
    [
        ("running", {"because": " "}, "history.reason", 400),
        ("running", {"effective_on": "2999-01-01"}, "programme.move_future", 400),
        ("targets_approved", {"effective_on": "2021-09-20"}, "programme.move_order", 409),
        ("targets_approved", {"effective_on": "2022-04-12"}, "programme.move_before_next", 409),
        ("targets_approved", {"effective_on": "2022-02-27"}, "programme.move_before_decision", 409),
        ("targets_approved", {"effective_on": "2022-04-12"}, "plan.targets_not_approved", 409),
        ("organised", {"effective_on": "2021-06-08"}, "programme.no_chair", 409),
        ("organised", {"effective_on": "2021-06-08"}, "programme.no_official_members", 409),
    ],
)
def test_inv_112_a_correction_keeps_the_rules_of_the_phases(api, sirpa, programme, phase, given, code, status):
    path = path_of(entered(programme, phase))
    story.assert_refused(api(sirpa), "post", path, MENDED | given, code=code, status=status)


def test_inv_112_no_phase_begins_before_the_decision_it_rests_on(api, ana):
    programme = factories.organised(factories.programme("TO", "Toinen"))
    factories.approved_target(programme)
    path, body = f"programmes/{programme.pk}/approve-targets/", {"effective_on": "2022-02-27"}
    story.assert_refused(api(ana), "post", path, body, code="programme.move_before_decision", status=409, seen=2)
    assert api(ana).post(path, {"effective_on": "2022-02-28"}, seen=2).status_code == 200


def test_inv_04_the_day_of_the_closing_is_mended_in_the_closed_programme(api, sirpa):
    programme = factories.closed(factories.programme("TO", "Toinen"), effective_on=date(2025, 3, 10))
    path = path_of(entered(programme, "closed"))
    early = MENDED | {"effective_on": "2025-02-09"}
    story.assert_refused(api(sirpa), "post", path, early, code="programme.move_before_decision", status=409)
    assert api(sirpa).post(path, MENDED | {"effective_on": "2025-02-10"}).status_code == 201
    assert queries.phase_on(programme.pk, date(2025, 2, 10)) == "closed"


def test_a_day_that_an_older_register_told_roughly_is_mended_to_the_day(api, sirpa):
    summer = decided.taken_over("council", "set")
    told = {"effective_on": date(2017, 8, 31), "provenance": "taken_over"}
    programme = factories.programme("TO", "Toinen", council_term=factories.term("2017–2021"), set_by=summer, **told)
    move = entered(programme, "topic_set")
    assert move.date_precision != "day" and move.date_text_fi
    said = api(sirpa).post(path_of(move), {"effective_on": "2017-06-12", "because": "Löytyi arkistosta."}).json()
    assert (said["effective_on"], said["date_precision"], said["date_text_fi"]) == ("2017-06-12", "day", "")


@pytest.mark.parametrize("who", ["aud", "bo"])
def test_only_the_office_mends_a_phase(api, setup_people, programme, who):
    path = path_of(entered(programme))
    story.assert_refused(api(setup_people[who]), "post", path, MENDED, code="permission.role", status=403)
    manager = story.person("Maija", "programme_manager", programme=programme)
    story.assert_refused(api(manager), "post", path, MENDED, code="permission.role", status=403)


def test_the_page_of_changes_tells_the_old_day_and_the_new_one(api, sirpa, programme, client):
    api(sirpa).post(path_of(entered(programme)), MENDED)
    client.force_login(Account.objects.get(person=sirpa))
    page = client.get(f"/programmes/{programme.pk}/history/", headers={"Accept-Language": "en"}).content.decode()
    (change,) = [part for part in page.split("<li") if MENDED["because"] in part]
    old, new = (f'<time datetime="{day}">' for day in (WRONG, RIGHT))
    assert old in change[change.index("<del>") : change.index("</del>")]
    assert new in change[change.index("<ins>") : change.index("</ins>")]
