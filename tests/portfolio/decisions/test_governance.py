"""Which decision carries which move: every row of the table, and all that a decision can lack."""

from datetime import date
from typing import Any

import pytest

from portfolio.decisions import governance
from portfolio.decisions.models import Body, PointKind
from portfolio.refusals import REFUSALS, Refused
from tests.portfolio.decisions import factories
from tests.portfolio.programmes import factories as programmes

pytestmark = pytest.mark.django_db

# Written by hand, as a secretary would say it: move, body, kind, refusal (INV).
WHO_DECIDES = [
    ("strategy.adopt", "council", "approve", "decision.wrong_body"),
    ("programme.set", "council", "set", "decision.wrong_body"),
    ("programme.set", "council", "approve", "decision.wrong_body"),
    ("group.size", "council", "set", "decision.wrong_body"),
    ("member.elect", "council", "elect", "member.appointer"),
    ("member.name", "manager", "elect", "member.appointer"),
    ("member.release", "council", "accept_resignation", "member.resignation_not_accepted"),
    ("chair.name", "council", "elect", "chair.appointer"),
    ("benefit.propose", "board", "propose", "benefit.needs_board_proposal"),
    ("benefit.approve", "council", "approve", "benefit.needs_council_decision"),
    ("benefit.end", "council", "approve", "benefit.end_needs_council_decision"),
    ("benefit.end", "council", "close", "benefit.end_needs_council_decision"),
    ("plan.approve", "board", "approve", "plan.needs_board_decision"),
    ("programme.close", "council", "close", "programme.close_needs_decision"),
    ("report.propose", "board", "propose", "report.needs_proposal"),
    ("report.note", "council", "note", "report.needs_note"),
    ("pilot.adopt", "line_unit", "approve", "pilot.needs_line_decision"),
    ("pilot.adopt", "committee", "approve", "pilot.needs_line_decision"),
]


def codes(decision: Any, move: str, **given: Any) -> list[str]:
    return [lack.code for lack in governance.lacks(decision, move, **given)]


@pytest.mark.parametrize(("move", "body", "kind", "code"), WHO_DECIDES)
def test_the_right_decision_carries_the_move(move, body, kind, code):
    assert codes(factories.decision(body, kind), move) == []


@pytest.mark.parametrize(("move", "code"), sorted({(row[0], row[3]) for row in WHO_DECIDES}))
def test_no_decision_carries_nothing(move, code):
    assert codes(None, move) == [code]
    with pytest.raises(Refused) as refusal:
        governance.require(None, move)
    assert refusal.value.status == 409


@pytest.mark.parametrize("body", Body.Kind.values)
@pytest.mark.parametrize("move", sorted(governance.AUTHORITY))
def test_no_other_body_carries_the_move(move, body):
    right = {row[1] for row in WHO_DECIDES if row[0] == move}
    kind = next(row[2] for row in WHO_DECIDES if row[0] == move)
    code = next(row[3] for row in WHO_DECIDES if row[0] == move)
    assert codes(factories.decision(body, kind), move) == ([] if body in right else [code])


@pytest.mark.parametrize("kind", sorted(set(PointKind.values) - {"return", "table", "remove"}))
def test_no_other_kind_approves_a_benefit_target(kind):
    found = codes(factories.decision("council", kind), "benefit.approve")
    assert found == ([] if kind == "approve" else ["benefit.needs_council_decision"])


def test_inv_03_a_programme_is_set_by_the_council_also_before_the_term():
    assert codes(factories.decision("council", "set", decided_on=date(2021, 6, 7)), "programme.set") == []
    assert codes(factories.decision("board", "set"), "programme.set") == ["decision.wrong_body"]


def test_inv_04_noting_the_closing_report_closes_nothing():
    assert codes(factories.decision("council", "note"), "programme.close") == ["programme.close_needs_decision"]
    two_points = factories.decision("council", points=[{"kind": "close"}, {"kind": "note"}])
    assert codes(two_points, "programme.close") == codes(two_points, "report.note") == []


@pytest.mark.parametrize("move", sorted(governance.AUTHORITY))
def test_inv_07_a_planned_decision_carries_nothing(move):
    body, kind = next((row[1], row[2]) for row in WHO_DECIDES if row[0] == move)
    planned = factories.decision(body, kind, outcome="planned", planned_on=date(2021, 3, 29))
    assert codes(planned, move) == ["decision.not_made"]


@pytest.mark.parametrize("move", sorted(governance.AUTHORITY))
def test_inv_09_minutes_are_checked_first(move):
    body, kind = next((row[1], row[2]) for row in WHO_DECIDES if row[0] == move)
    decision = factories.decision(body, kind, minutes_checked_on=None)
    assert codes(decision, move) == ([] if body in ("manager", "line_unit") else ["decision.minutes_unchecked"])


@pytest.mark.parametrize(("outcome", "kind"), [("returned", "return"), ("tabled", "table"), ("removed", "remove")])
def test_inv_11_what_was_put_off_approves_nothing(outcome, kind):
    assert codes(factories.decision("council", kind, outcome=outcome), "benefit.approve") == ["decision.not_approving"]


def test_inv_11_a_point_that_returns_the_matter_approves_nothing_beside_one_that_notes():
    programme = programmes.programme()
    decision = factories.decision(
        points=[{"kind": "note"}, {"kind": "return", "programmes": [programme]}], decided_on=date(2022, 2, 28)
    )
    assert codes(decision, "benefit.approve", programme=programme) == ["benefit.needs_council_decision"]


def test_inv_05_one_taken_over_is_final_and_its_kind_is_taken_at_its_word_for_appointments():
    by_council, by_manager = factories.taken_over("council", "approve"), factories.taken_over("manager", "approve")
    assert codes(by_council, "member.elect") == codes(by_manager, "member.name") == []
    assert codes(by_council, "chair.name") == ["chair.appointer"]
    assert codes(factories.taken_over("council", "set"), "programme.set") == []


@pytest.mark.parametrize(("move", "body"), [("member.elect", "council"), ("member.name", "manager")])
def test_inv_24_a_body_that_does_not_appoint_did_not_in_an_older_register_either(move, body):
    for other in set(Body.Kind.values) - {body}:
        assert codes(factories.taken_over(other, "elect"), move) == ["member.appointer"], other


def test_inv_24_the_board_does_not_elect_and_the_council_does_not_name_officials():
    assert codes(factories.decision("board", "elect"), "member.elect") == ["member.appointer"]
    assert codes(factories.decision("council", "elect"), "member.name") == ["member.appointer"]


def test_inv_52_the_board_does_not_approve_a_benefit_target():
    (lack,) = governance.lacks(factories.decision("board", "approve"), "benefit.approve", field="approved_by")
    assert (lack.code, lack.field) == ("benefit.needs_council_decision", "approved_by")
    assert (lack.params["body"], lack.params["accepts_bodies"]) == ("board", ["council"])


def test_inv_52_a_decision_about_another_programme_does_not_carry():
    ours, other = programmes.programme(), programmes.programme("HY", "Hyvinvoiva Espoo")
    decision = factories.decision(points=[{"kind": "approve", "programmes": [other]}])
    assert codes(decision, "benefit.approve", programme=ours) == ["benefit.needs_council_decision"]
    assert codes(decision, "benefit.approve", programme=other) == []


def test_inv_52_a_point_about_the_whole_matter_carries_for_each_programme():
    decision = factories.decision(points=[{"kind": "approve"}])
    assert codes(decision, "benefit.approve", programme=programmes.programme()) == []


def test_inv_72_the_council_does_not_approve_a_plan():
    assert codes(factories.decision("council", "approve"), "plan.approve") == ["plan.needs_board_decision"]


def test_inv_79_the_programme_does_not_adopt_its_own_pilot():
    assert codes(factories.decision("other", "approve"), "pilot.adopt") == ["pilot.needs_line_decision"]


def test_inv_101_the_council_notes_and_does_not_approve_a_report():
    assert codes(factories.decision("council", "approve"), "report.note") == ["report.needs_note"]


def test_everything_that_is_missing_is_named_at_once():
    decision = factories.decision("board", "note", minutes_checked_on=None)
    assert codes(decision, "benefit.approve") == ["benefit.needs_council_decision", "decision.minutes_unchecked"]


def test_every_refusal_of_the_table_has_its_row():
    assert all(authority.code in REFUSALS for authority in governance.AUTHORITY.values())
