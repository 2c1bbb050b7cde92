"""A programme goes from phase to phase when the right bodies have decided; a gate answers with all that is missing."""

from datetime import date, timedelta

import pytest

from portfolio import clock, history
from portfolio.phases import commands as phases
from portfolio.programmes import commands, queries
from portfolio.programmes.models import PhaseMove
from portfolio.refusals import Refused
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories
from tests.portfolio.steering import factories as steering

pytestmark = pytest.mark.django_db


def codes(errors: list[dict]) -> set[str]:
    return {error["code"] for error in errors}


def closing(programme):
    return phases.begin_closing(factories.running(programme), effective_on=date(2024, 12, 1), by=story.SETUP)


def test_the_gate_names_the_missing_group(api, ana):
    programme = factories.programme()
    errors = story.assert_refused(
        api(ana), "post", f"programmes/{programme.pk}/organise/", code="programme.no_group", status=409, seen=1
    )
    assert codes(errors) == {"programme.no_group"}


def test_the_gate_names_all_that_is_missing_at_once(api, ana):
    programme = factories.programme()
    steering.group(programme)
    errors = story.assert_refused(
        api(ana), "post", f"programmes/{programme.pk}/organise/", code="programme.no_chair", status=409, seen=1
    )
    assert codes(errors) == {"programme.no_chair", "programme.no_elected_members", "programme.no_official_members"}


def test_the_gate_can_be_asked_without_moving(api, ana):
    programme = factories.programme()
    head = history.head()
    answer = api(ana).get(f"programmes/{programme.pk}/gate/?move=organise").json()
    assert (answer["open"], answer["to"], codes(answer["lacks"])) == (False, "organised", {"programme.no_group"})
    assert api(ana).get(f"programmes/{programme.pk}/gate/?move=start_running&on=2021-09-01").json()["open"] is False
    assert api(ana).get(f"programmes/{programme.pk}/gate/?move=fly").status_code == 400
    assert history.head() == head


def test_a_programme_goes_through_its_life(api, ana):
    programme = factories.programme()
    group = steering.group(programme)
    bo = steering.member(group, "elected", "Bo")
    steering.member(group, "official", "Chen")
    named = steering.chair(group, bo.person)
    path = f"programmes/{programme.pk}/"

    def move(name: str, seen: int, **body: object) -> dict:
        answer = api(ana).post(f"{path}{name}/", body, seen=seen)
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert move("organise", 1, effective_on="2021-09-21")["phase"] == "organised"
    target = factories.approved_target(programme)
    assert move("approve-targets", 2, effective_on="2022-02-28")["phase"] == "targets_approved"
    plan = commands.approve_plan(
        factories.submitted_plan(programme), decision=factories.board_approval(), by=story.SETUP
    )
    assert move("start-running", 3, effective_on="2022-04-11")["phase"] == "running"
    assert move("begin-closing", 4, effective_on="2024-12-01", because="Kausi päättyy")["phase"] == "closing"
    rested = list(PhaseMove.objects.filter(programme=programme).order_by("id").values_list("decision_id", flat=True))
    assert rested == [programme.set_by_id, named.named_by_id, target.approved_by_id, plan.approved_by_id, None]


@pytest.mark.parametrize("move", ["approve-targets", "start-running", "begin-closing"])
def test_inv_112_no_phase_is_skipped(api, ana, move):
    programme = factories.programme()
    errors = story.assert_refused(
        api(ana), "post", f"programmes/{programme.pk}/{move}/", code="programme.transition", status=409, seen=1
    )
    assert errors[0]["params"]["accepts"] == "organised"


def test_targets_are_not_approved_without_an_approved_target(api, ana):
    programme = factories.organised(factories.programme())
    path = f"programmes/{programme.pk}/approve-targets/"
    story.assert_refused(api(ana), "post", path, code="programme.no_approved_targets", status=409, seen=2)


def test_targets_are_not_approved_by_the_board(api, ana):
    programme = factories.organised(factories.programme())
    factories.approved_target(programme)
    board = decided.decision("board", "approve", decided_on=date(2022, 2, 14))
    story.assert_refused(
        api(ana), "post", f"programmes/{programme.pk}/approve-targets/", {"decision": board.pk},
        code="benefit.needs_council_decision", status=409, seen=2,
    )  # fmt: skip


def test_inv_72_a_programme_does_not_run_without_an_approved_plan(api, ana):
    programme = factories.organised(factories.programme())
    factories.approved_target(programme)
    phases.approve_targets(programme, effective_on=date(2022, 2, 28), by=story.SETUP)
    factories.submitted_plan(programme)
    path = f"programmes/{programme.pk}/start-running/"
    story.assert_refused(api(ana), "post", path, code="programme.no_approved_plan", status=409, seen=3)


def test_inv_04_only_the_council_closes_a_programme(api, ana):
    programme = closing(factories.programme())
    later = date(2025, 2, 10)
    board, noted = (decided.decision(*of, decided_on=later) for of in (("board", "close"), ("council", "note")))
    for wrong in (None, board, noted):
        with pytest.raises(Refused) as refused:
            phases.close_programme(programme, decision=wrong, by=ana)
        assert refused.value.code == "programme.close_needs_decision"
        asked = f"programmes/{programme.pk}/gate/?move=close" + (f"&decision={wrong.pk}" if wrong else "")
        assert codes(api(ana).get(asked).json()["lacks"]) == {"programme.close_needs_decision"}


def test_inv_04_a_programme_may_close_before_its_term_ends(ana):
    """As on 15.2.2021, section 24, for a term that ended on 31.7.2021; the item had two points."""
    programme = closing(factories.programme())
    points = [{"kind": "close", "text_fi": "Lopettaa ohjelmat."}, {"kind": "note", "text_fi": "Merkitsee tiedoksi."}]
    decision = decided.decision("council", None, decided_on=date(2025, 2, 10), points=points)
    closed = phases.close_programme(programme, decision=decision, by=ana)
    assert (closed.phase, closed.closed_by) == ("closed", decision)
    assert decision.decided_on < programme.council_term.ends_on
    assert queries.phase_on(programme.pk, date(2025, 2, 9)) == "closing"
    assert queries.phase_on(programme.pk, date(2025, 2, 10)) == "closed"


def test_inv_04_a_closed_programme_moves_no_more(api, ana):
    programme = factories.closed(factories.programme())
    path = f"programmes/{programme.pk}/organise/"
    errors = story.assert_refused(api(ana), "post", path, code="programme.frozen", status=423, seen=programme.version)
    assert codes(errors) == {"programme.frozen"}


def test_a_phase_begins_neither_in_the_future_nor_before_the_one_that_precedes_it(api, ana):
    programme = factories.programme()
    group = steering.group(programme, starts_on=date(2021, 6, 1))
    bo = steering.member(group, "elected", "Bo", starts_on=date(2021, 6, 1))
    steering.member(group, "official", "Chen", starts_on=date(2021, 6, 1))
    steering.chair(group, bo.person, starts_on=date(2021, 6, 1))
    path = f"programmes/{programme.pk}/organise/"
    tomorrow = str(clock.today() + timedelta(days=1))
    story.assert_refused(
        api(ana), "post", path, {"effective_on": tomorrow}, code="programme.move_future", status=400, seen=1
    )
    story.assert_refused(
        api(ana), "post", path, {"effective_on": "2021-06-06"}, code="programme.move_order", status=409, seen=1
    )


@pytest.mark.parametrize("who", ["bo", "aud"])
def test_only_those_who_run_programmes_move_them(api, setup_people, who):
    programme = factories.programme()
    path = f"programmes/{programme.pk}/organise/"
    story.assert_refused(api(setup_people[who]), "post", path, code="permission.role", status=403, seen=1)


def test_the_phase_can_be_asked_for_any_day_and_as_it_was_known(db):
    programme = factories.running(factories.programme())
    cut = PhaseMove.objects.get(programme=programme, phase="organised").seq
    assert queries.phase_on(programme.pk, date(2021, 6, 6)) is None
    assert queries.phase_on(programme.pk, date(2021, 6, 7)) == "topic_set"
    assert queries.phase_on(programme.pk, date(2022, 4, 10)) == "targets_approved"
    assert queries.phase_on(programme.pk, date(2022, 4, 11)) == "running"
    assert queries.phase_on(programme.pk, date(2022, 4, 11), cut) == "organised"
    assert queries.programmes_alive(date(2022, 12, 31)) == [programme.pk]


def test_a_phase_of_an_older_register_is_taken_at_its_word(ana):
    summer = decided.taken_over("council", "set")
    programme = factories.programme(
        council_term=factories.term("2017–2021"), set_by=summer, effective_on=date(2017, 8, 31), provenance="taken_over"
    )
    phases.take_over_phase(programme, phase="running", effective_on=date(2018, 2, 12), by=story.SETUP)
    with pytest.raises(Refused) as refused:
        phases.take_over_phase(programme, phase="closed", effective_on=date(2021, 2, 15), by=story.SETUP)
    assert refused.value.code == "programme.close_needs_decision"
    closing_item = decided.decision("council", "close", decided_on=date(2021, 2, 15))
    closed = phases.take_over_phase(
        programme, phase="closed", effective_on=date(2021, 2, 15), decision=closing_item, by=story.SETUP
    )
    assert closed.phase == "closed"


def test_a_programme_entered_here_is_not_taken_over(db):
    with pytest.raises(Refused) as refused:
        phases.take_over_phase(factories.programme(), phase="running", effective_on=date(2022, 1, 1), by=story.SETUP)
    assert refused.value.code == "programme.not_taken_over"
