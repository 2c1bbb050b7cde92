"""What was recorded is checked, and corrected with a reason; nothing that others rest on is lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from portfolio import clock, history
from portfolio.decisions import commands, governance
from portfolio.decisions.models import Decision
from portfolio.refusals import from_database
from tests import story
from tests.portfolio.decisions import factories
from tests.portfolio.programmes import factories as programmes

pytestmark = pytest.mark.django_db


def unchecked(body_kind: str = "council", kind: str = "approve", **given: Any) -> Decision:
    return factories.decision(body_kind, kind, minutes_checked_on=None, **given)


def correct(api: Any, by: Any, decision: Decision, **changes: Any) -> Any:
    return api(by).post(f"decisions/{decision.pk}/correct/", changes, seen=decision.version)


def test_inv_09_a_decision_is_final_once_its_minutes_are_checked(api, sirpa):
    decision = unchecked()
    path = f"decisions/{decision.pk}/"
    assert api(sirpa).get(path).json()["final"] is False
    answer = api(sirpa).post(f"{path}check-minutes/", {"checked_on": "2021-06-14"}, seen=decision.version)
    assert (answer.status_code, answer.json()["minutes_checked_on"]) == (200, "2021-06-14")
    assert api(sirpa).get(path).json()["final"] is True


def test_inv_09_an_official_signs_alone(api, sirpa):
    decision = factories.decision("manager", "elect")
    assert api(sirpa).get(f"decisions/{decision.pk}/").json()["final"] is True
    story.assert_refused(
        api(sirpa), "post", f"decisions/{decision.pk}/check-minutes/", {"checked_on": "2021-06-14"},
        seen=decision.version, code="decision.minutes_none", status=409,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "checked_on", "code", "status"),
    [
        ({}, "2021-06-14", "decision.minutes_already_checked", 409),
        ({"minutes_checked_on": None}, "2021-06-06", "decision.dates", 400),
        ({"minutes_checked_on": None}, "tomorrow", "decision.future", 400),
        ({"outcome": "planned", "planned_on": date(2021, 3, 29)}, "2021-06-14", "decision.minutes_none", 409),
    ],
)
def test_inv_09_minutes_are_checked_once_and_after_the_meeting(api, sirpa, given, checked_on, code, status):
    decision = factories.decision(**given)
    day = (clock.today() + timedelta(days=1)).isoformat() if checked_on == "tomorrow" else checked_on
    story.assert_refused(
        api(sirpa), "post", f"decisions/{decision.pk}/check-minutes/", {"checked_on": day}, seen=decision.version,
        code=code, status=status,
    )  # fmt: skip


def test_inv_12_a_correction_keeps_the_old_wording_and_the_reason(api, sirpa):
    decision = factories.decision(section=70)
    answer = correct(api, sirpa, decision, section=71, because="Pykälä oli kirjattu väärin.")
    assert (answer.status_code, answer.json()["section"]) == (200, 71)
    newest = api(sirpa).get(f"decisions/{decision.pk}/history/").json()["results"][0]
    assert newest["reason"] == "Pykälä oli kirjattu väärin."
    assert newest["changes"]["section"] == [70, 71]


@pytest.mark.parametrize("because", ["", "   "])
def test_inv_12_a_correction_needs_a_reason(api, sirpa, because):
    decision = factories.decision()
    story.assert_refused(
        api(sirpa), "post", f"decisions/{decision.pk}/correct/", {"section": 71, "because": because},
        seen=decision.version, code="history.reason", status=400,
    )  # fmt: skip


def test_inv_12_a_made_decision_is_not_simply_edited(api, sirpa):
    decision = factories.decision()
    story.assert_refused(
        api(sirpa), "patch", f"decisions/{decision.pk}/", {"title_fi": "Muu"}, seen=decision.version,
        code="decision.already_made", status=409,
    )  # fmt: skip


def test_a_planned_item_is_edited_without_a_reason(api, sirpa):
    decision = factories.decision(outcome="planned", planned_on=date(2021, 3, 29))
    answer = api(sirpa).patch(f"decisions/{decision.pk}/", {"planned_on": "2021-04-26"}, seen=decision.version)
    assert (answer.status_code, answer.json()["planned_on"]) == (200, "2021-04-26")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "board"}, "body"),
        ({"outcome": "tabled", "points": [{"number": 1, "kind": "table"}]}, "outcome"),
        ({"points": [{"number": 1, "kind": "note"}]}, "points"),
        ({"minutes_checked_on": None}, "minutes_checked_on"),
    ],
)
def test_inv_12_a_decision_in_use_keeps_what_others_rest_on(api, sirpa, changes, field):
    decision = factories.decision("council", "set")
    programme = programmes.programme(set_by=decision)
    given = changes | ({"body": factories.body("board").pk} if "body" in changes else {})
    errors = story.assert_refused(
        api(sirpa), "post", f"decisions/{decision.pk}/correct/", given | {"because": "Virhe."}, seen=decision.version,
        code="decision.in_use", status=409,
    )  # fmt: skip
    assert field in [error["field"] for error in errors]
    assert f"programme {programme.pk}" in errors[0]["params"]["used_by"]


def test_inv_12_a_decision_in_use_may_be_corrected_in_its_details(api, sirpa):
    decision = factories.decision("council", "set")
    programmes.programme(set_by=decision)
    answer = correct(api, sirpa, decision, case_number="2276/00.01.02/2021", because="Numero oli väärä.")
    assert answer.status_code == 200, answer.json()


def test_inv_12_a_decision_that_nothing_rests_on_may_change_its_kind(api, sirpa):
    decision = factories.decision("council", "set")
    answer = correct(api, sirpa, decision, points=[{"number": 1, "kind": "approve"}], because="Laji oli väärä.")
    assert answer.status_code == 200, answer.json()
    assert [point.kind for point in decision.points.all()] == ["approve"]


def test_inv_12_nothing_is_deleted(api, sirpa):
    decision = factories.decision("council", "set")
    programmes.programme(set_by=decision)
    assert api(sirpa).call("delete", f"decisions/{decision.pk}/").status_code == 405
    with pytest.raises(Exception), transaction.atomic(), history.change(by=story.SETUP):  # noqa: B017
        Decision.objects.filter(pk=decision.pk).delete()
    assert Decision.objects.filter(pk=decision.pk).exists()


def test_a_correction_is_checked_as_a_new_record_is(api, sirpa):
    decision = factories.decision()
    story.assert_refused(
        api(sirpa), "post", f"decisions/{decision.pk}/correct/", {"section": None, "because": "Virhe."},
        seen=decision.version, code="decision.incomplete", status=400,
    )  # fmt: skip


def test_only_the_secretary_corrects(api, setup_people):
    decision = factories.decision()
    for who in ("ana", "bo", "aud"):
        assert correct(api, setup_people[who], decision, section=71, because="x").status_code == 403


def test_inv_116_a_changed_line_is_a_new_version(api, sirpa):
    decision = factories.decision()
    path = f"decisions/{decision.pk}"
    assert api(sirpa).post(f"{path}/add-wish/", {"text_fi": "Toivotaan."}, seen=decision.version).status_code == 201
    story.assert_refused(
        api(sirpa), "post", f"{path}/correct/", {"section": 71, "because": "x"}, seen=decision.version,
        code="edit.stale", status=412,
    )  # fmt: skip


def test_a_point_names_the_programmes_it_set_up(api, sirpa):
    decision = factories.decision("council", "set")
    programme = programmes.programme(set_by=decision)
    answer = api(sirpa).post(
        f"decisions/{decision.pk}/name-programmes/", {"number": 1, "programmes": [programme.pk]}, seen=decision.version
    )
    assert answer.status_code == 200, answer.json()
    shown = api(sirpa).get(f"decisions/{decision.pk}/").json()
    assert shown["points"][0]["programmes"] == [programme.pk]
    assert api(sirpa).get(f"decisions/?programme={programme.pk}").json()["count"] == 1


def test_there_is_no_point_of_another_number(api, sirpa):
    decision = factories.decision("council", "set")
    programme = programmes.programme(set_by=decision)
    story.assert_refused(
        api(sirpa), "post", f"decisions/{decision.pk}/name-programmes/", {"number": 2, "programmes": [programme.pk]},
        seen=decision.version, code="decision.no_such_point", status=400,
    )  # fmt: skip


def test_as_of_tells_a_decision_and_its_lines_as_they_were(api, sirpa):
    decision = factories.decision("council", "set")
    before = history.head().seq
    commands.correct_decision(
        decision, points=[{"number": 1, "kind": "approve"}], section=99, because="Virhe.", by=story.SETUP
    )
    then = api(sirpa).get(f"decisions/{decision.pk}/?as_of=seq:{before}").json()
    now = api(sirpa).get(f"decisions/{decision.pk}/").json()
    assert (then["points"][0]["kind"], now["points"][0]["kind"]) == ("set", "approve")
    assert (then["section"] == 99, now["section"] == 99) == (False, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"section": 0}, "decision.incomplete"),
        ({"decided_on": None, "minutes_checked_on": None}, "decision.incomplete"),
        ({"minutes_checked_on": date(2020, 1, 1)}, "decision.dates"),
        ({"date_precision": "season", "date_text_fi": "kesällä"}, "decision.incomplete"),
    ],
)
def test_the_database_itself_refuses_what_a_row_can_never_be(changes, code):
    decision = factories.decision()
    with pytest.raises(DatabaseError) as error, transaction.atomic(), history.change(by=story.SETUP):
        Decision.objects.filter(pk=decision.pk).update(**changes)
    refusal = from_database(error.value, Decision)
    assert refusal is not None
    assert refusal.code == code


def test_a_decision_knows_what_rests_on_it():
    decision = factories.decision("council", "set")
    assert governance.resting_on(decision) == []
    programme = programmes.programme(set_by=decision)
    assert f"programme {programme.pk}" in governance.resting_on(decision)
