"""Ana writes the strategy of a term; the council adopts it; the UN's goals are the same for all."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.refusals import Refused
from portfolio.strategy import commands, queries
from portfolio.strategy.models import SDG, Goal
from portfolio.strategy.sdgs import SDGS
from tests import story
from tests.portfolio.decisions import factories as decisions
from tests.portfolio.strategy import factories

pytestmark = pytest.mark.django_db


def test_a_strategy_has_focus_areas_goals_and_actions(api, ana):
    client = api(ana)
    body = {"council_term": factories.term().pk, "name_fi": "Kaupungin tarina", "vision_fi": "Hyvä kaupunki."}
    strategy = client.post("strategies/", body).json()
    area = client.post(
        "focus-areas/",
        {"strategy": strategy["id"], "order": 1, "name_fi": "Elinvoima", "aim_fi": "Työtä riittää."},
    ).json()
    goal = client.post("goals/", {"focus_area": area["id"], "order": 1, "text_fi": "Työllisyys paranee."}).json()
    action = client.post("council-actions/", {"goal": goal["id"], "order": 1, "text_fi": "Perustetaan palvelu."})
    assert action.status_code == 201, action.json()
    shown = client.get(f"strategies/{strategy['id']}/").json()
    assert shown["parts"] == {"focus_areas": 1, "goals": 1, "council_actions": 1}
    assert client.get(f"council-actions/?strategy={strategy['id']}").json()["count"] == 1
    assert [found.pk for found in queries.goals_of(strategy["id"])] == [goal["id"]]


@pytest.mark.parametrize(
    ("resource", "body", "code"),
    [
        ("focus-areas", {"strategy": "strategy", "order": 1, "name_fi": "Toinen"}, "focus_area.duplicate"),
        ("goals", {"focus_area": "focus_area", "order": 1, "text_fi": "Toinen"}, "goal.duplicate"),
        ("council-actions", {"goal": "goal", "order": 1, "text_fi": "Toinen"}, "council_action.duplicate"),
    ],
)
def test_a_number_is_used_once(api, ana, resource, body, code):
    goal = factories.goal()
    commands.add_council_action(goal=goal, order=1, text_fi="Perustetaan palvelu.", by=story.SETUP)
    known = {"goal": goal.pk, "focus_area": goal.focus_area_id, "strategy": goal.focus_area.strategy_id}
    given = {name: known.get(value, value) for name, value in body.items()}
    story.assert_refused(api(ana), "post", f"{resource}/", given, code=code, status=409)


def test_a_term_has_a_strategy_of_a_name_once(api, ana):
    strategy = factories.strategy()
    body = {"council_term": strategy.council_term_id, "name_fi": strategy.name_fi}
    story.assert_refused(api(ana), "post", "strategies/", body, code="strategy.duplicate", status=409)


def test_the_council_adopts_a_strategy(api, sirpa):
    strategy, decision = factories.strategy(), decisions.decision("council", "approve")
    answer = api(sirpa).post(f"strategies/{strategy.pk}/adopt/", {"decision": decision.pk}, seen=strategy.version)
    assert (answer.status_code, answer.json()["adopted_by_id"]) == (200, decision.pk)


def test_the_board_does_not_adopt_a_strategy(api, sirpa):
    strategy, decision = factories.strategy(), decisions.decision("board", "approve")
    story.assert_refused(
        api(sirpa), "post", f"strategies/{strategy.pk}/adopt/", {"decision": decision.pk}, seen=strategy.version,
        code="decision.wrong_body", status=409,
    )  # fmt: skip


def test_a_decision_may_precede_the_term_of_its_strategy(api, sirpa):
    strategy = factories.strategy(adopted_by=decisions.decision("council", "approve", decided_on=date(2021, 6, 7)))
    assert strategy.adopted_by.decided_on < strategy.council_term.starts_on


def test_inv_110_an_adopted_strategy_changes_only_with_a_reason(api, ana):
    strategy = factories.strategy(adopted_by=decisions.decision("council", "approve"))
    goal = factories.goal(strategy)
    path = f"goals/{goal.pk}/"
    story.assert_refused(
        api(ana), "patch", path, {"text_fi": "Muu"}, seen=goal.version, code="history.reason", status=400
    )
    answer = api(ana).patch(path, {"text_fi": "Työllisyys kasvaa.", "because": "Kirjoitusvirhe."}, seen=goal.version)
    assert answer.status_code == 200, answer.json()
    assert api(ana).get(f"{path}history/").json()["results"][0]["reason"] == "Kirjoitusvirhe."


def test_only_the_director_writes_the_strategy(api, setup_people):
    term, head = factories.term(), history.head().seq
    for who in ("sirpa", "bo", "aud"):
        body = {"council_term": term.pk, "name_fi": "Oma"}
        assert api(setup_people[who]).post("strategies/", body).status_code == 403
    assert history.head().seq == head


def test_as_of_tells_a_goal_as_it_was(api, ana):
    goal = factories.goal()
    before = history.head().seq
    api(ana).patch(f"goals/{goal.pk}/", {"text_fi": "Toinen"}, seen=goal.version)
    assert api(ana).get(f"goals/{goal.pk}/?as_of=seq:{before}").json()["text_fi"] == "Työllisyys paranee."
    assert Goal.objects.get().text_fi == "Toinen"


def test_inv_59_the_seventeen_goals_are_entered_once(api, bo):
    assert len(commands.record_all_sdgs(by=story.SETUP)) == 17
    head = history.head().seq
    assert commands.record_all_sdgs(by=story.SETUP) == []
    assert history.head().seq == head
    shown = api(bo).get("sdgs/").json()["results"]
    assert [row["number"] for row in shown] == list(range(1, 18))
    assert shown[10]["label"] == "Sustainable Cities and Communities"


@pytest.mark.parametrize("number", [0, 18])
def test_inv_59_there_is_no_other_goal(number):
    with pytest.raises(Refused) as refusal:
        commands.record_sdg(number=number, name_fi="Muu", by=story.SETUP)
    assert refusal.value.code == "sdg.range"
    assert not SDG.objects.exists()


def test_the_goals_of_the_un_are_read_only(api, ana):
    commands.record_all_sdgs(by=story.SETUP)
    assert api(ana).post("sdgs/", {"number": 1}).status_code == 405
    assert api(ana).patch(f"sdgs/{SDG.objects.first().pk}/", {"name_fi": "x"}, seen=1).status_code == 405


def test_the_names_of_the_goals_are_in_three_languages():
    assert all(len({*name}) == 3 for name in SDGS.values())


TABLES = {
    "council-terms": "councilterm",
    "strategies": "strategy",
    "focus-areas": "focusarea",
    "goals": "goal",
    "council-actions": "councilaction",
    "sdgs": "sdg",
}


def test_a_list_costs_one_statement_at_any_size(api, ana):
    first = factories.goal()
    commands.record_all_sdgs(by=story.SETUP)
    for order in range(2, 30):
        goal = commands.add_goal(focus_area=first.focus_area, order=order, text_fi="Tavoite", by=story.SETUP)
        commands.add_council_action(goal=goal, order=1, text_fi="Toimenpide", by=story.SETUP)
    client = api(ana)
    for resource, table in TABLES.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{resource}/").status_code == 200
        assert sum(f'FROM "portfolio_{table}"' in query["sql"] for query in captured) == 1, resource
