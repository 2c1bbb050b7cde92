"""Every rule that a file alone can break has a file that breaks it."""

import ast
import inspect
from datetime import date
from itertools import permutations

import pytest

from portfolio import clock
from portfolio.importing import checking, rules
from portfolio.importing.checking import Setting, check
from tests.portfolio.importing.conftest import COMMON, decision, register, text

SETTING = Setting(("fi", "sv"), ("fi", "sv", "en"), "Europe/Helsinki", date(2021, 8, 1), clock.end_of_day)
FIGURES = {"baseline_value": "100", "baseline_on": "2017-12-31", "baseline_source": "x", "target_value": "60"}
INDICATOR = {
    "key": "i", "code": "I1", "name": text("Päästöt"), "unit": text("t"), "kind": "reach", "direction": "down",
    "interval_months": 12,
}  # fmt: skip


PHASE = {"phase": "topic_set", "effective_on": "2017-06-12"}


def planned(row):
    row.update(outcome="planned", planned_on=row.pop("decided_on"))
    row.pop("section")


def without(row, name):
    row["provenance"] = "demonstration"
    del row[name]


def with_plan(data, **changed):
    target = data["benefit_targets"][0]
    target["indicators"] = [INDICATOR]
    plan = {"key": "ip", "indicator": "i", **FIGURES, "target_on": "2020-12-31"} | changed
    target["versions"][0]["plans"] = [plan]


def measured(*days):
    return [
        COMMON | {"key": f"me{n}", "indicator": "i", "measured_on": day, "value": "1"} for n, day in enumerate(days)
    ]


def seat_held(key, starts_on, ends_on=None, capacity="member"):
    row = COMMON | {"key": key, "seat": "sg.e1", "person": "chen", "capacity": capacity, "starts_on": starts_on}
    return row | ({"ends_on": ends_on} if ends_on else {})


def chaired(data, seat, on, **told):
    """Chen sits from 2018 on, and chairs the group on a day."""
    data["steering_groups"][0]["deputies"] = "personal"
    data["tenures"] = [seat_held("a", "2018-01-01") | {"seat": seat} | told]
    chair = {"key": "c", "group": "sg", "person": "chen", "office": "chair", "starts_on": on}
    data["chairships"] = [COMMON | chair]


def pilot(**told):
    return {"kind": "pilot", "pilot": {"key": "x.pilot", **told}}


BREAKS = {
    "import.schema": lambda d: d["bodies"][0].update(kind="club"),
    "import.city": lambda d: d["city"].update(time_zone="UTC"),
    "text.language_missing": lambda d: d["bodies"][0].update(name={"sv": "Fullmäktige"}),
    "import.key_duplicate": lambda d: d["bodies"][1].update(key="council"),
    "import.reference_unknown": lambda d: d["projects"][0].update(programme="nowhere"),
    "term.range": lambda d: d["council_terms"][0].update(ends_on="2017-06-01"),
    "term.overlap": lambda d: d["council_terms"].append(d["council_terms"][0] | {"key": "t2"}),
    "decision.incomplete": lambda d: without(d["decisions"][0], "section"),
    "decision.future": lambda d: d["decisions"][0].update(decided_on="2031-01-01"),
    "decision.duplicate": lambda d: d["decisions"].append(decision("again", "council", "set", "2017-06-12", 7)),
    "decision.wrong_body": lambda d: d["decisions"][0].update(body="board"),
    "decision.not_made": lambda d: planned(d["decisions"][0]),
    "decision.not_approving": lambda d: d["decisions"][0].update(outcome="returned"),
    "import.circle": lambda d: [one.update(continues=[other["key"]]) for one, other in permutations(d["decisions"], 2)],
    "seat.duplicate": lambda d: d["steering_groups"][0]["seats"].append({"key": "z", "kind": "elected", "number": 1}),
    "programme.close_needs_decision": lambda d: d["programmes"][0]["phases"].append(
        {"key": "p.closed", "phase": "closed", "effective_on": "2021-02-15"}
    ),
    "programme.duplicate": lambda d: d["programmes"].append(
        d["programmes"][0] | {"key": "p2", "phases": [PHASE | {"key": "p2.set"}]}
    ),
    "group.exists": lambda d: d["steering_groups"].append(d["steering_groups"][0] | {"key": "sg2", "seats": []}),
    "group.parity": lambda d: d["steering_groups"][0].update(official_seats=2),
    "member.range": lambda d: d.update(tenures=[seat_held("a", "2018-01-01", "2017-12-31")]),
    "member.overlap": lambda d: d.update(tenures=[seat_held("a", "2018-01-01"), seat_held("b", "2019-01-01")]),
    "deputy.policy": lambda d: d.update(tenures=[seat_held("a", "2018-01-01", capacity="deputy")]),
    "member.appointer": lambda d: (
        d["decisions"].append(decision("named", "board", "elect", "2017-10-16", 9)),
        d.update(tenures=[seat_held("a", "2018-01-01") | {"appointed_by": "named"}]),
    ),
    "chair.not_member": lambda d: chaired(d, "sg.e1", "2017-12-31"),
    "chair.kind": lambda d: chaired(d, "sg.o1", "2019-01-01"),
    "chair.deputy": lambda d: chaired(d, "sg.e1", "2019-01-01", capacity="deputy"),
    "benefit.duplicate": lambda d: d["benefit_targets"].append(
        d["benefit_targets"][0] | {"key": "h2", "versions": [d["benefit_targets"][0]["versions"][0] | {"key": "h2.v1"}]}
    ),
    "benefit.needs_council_decision": lambda d: d["benefit_targets"][0].update(state="approved"),
    "benefit.needs_board_proposal": lambda d: d["benefit_targets"][0].update(
        state="proposed", provenance="demonstration"
    ),
    "benefit.no_goal": lambda d: d["benefit_targets"][0].update(provenance="demonstration", goals=[]),
    "plan.needs_board_decision": lambda d: d["programmes"][0].update(
        plan=[{"key": "pl", "number": "1.0", "state": "approved", "approved_by": "approve"}]
    ),
    "import.versions": lambda d: d["benefit_targets"][0]["versions"][0].update(number=2),
    "indicator.duplicate": lambda d: (
        with_plan(d),
        d["benefit_targets"][0]["versions"][0]["plans"].append({"key": "ip2", "indicator": "i"}),
    ),
    "indicator.path": lambda d: with_plan(
        d, path=[{"key": f"pp{n}", "on": "2019-01-01", "value": "80"} for n in range(2)]
    ),
    "indicator.dates": lambda d: with_plan(d, target_on="2017-12-31"),
    "indicator.direction": lambda d: with_plan(d, target_value="140"),
    "measurement.date": lambda d: (with_plan(d), d.update(measurements=measured("2031-12-31"))),
    "measurement.decimals": lambda d: (
        with_plan(d),
        d.update(measurements=[measured("2018-12-31")[0] | {"value": "1.5"}]),
    ),
    "milestone.future": lambda d: d["milestones"][0].update(reached_on="2031-01-01"),
    "measurement.duplicate": lambda d: (with_plan(d), d.update(measurements=measured("2018-12-31", "2018-12-31"))),
    "project.duplicate": lambda d: d["projects"].append(d["projects"][0] | {"key": "p2"}),
    "project.dates": lambda d: d["projects"][0].update(ends_on="2017-12-31"),
    "import.state": lambda d: d["projects"][0].update(state="running"),
    "project.support_own": lambda d: d["projects"][0]["targets"][0].update(role="supports"),
    "project.target_duplicate": lambda d: d["projects"][0]["targets"].append({"target": "h1"}),
    "project.no_target": lambda d: d["projects"][0].update(provenance="demonstration", targets=[]),
    "pilot.no_lessons": lambda d: d["projects"][0].update(**pilot(state="ended_without_adoption")),
    "pilot.needs_line_decision": lambda d: d["projects"][0].update(
        **pilot(state="adopted", provenance="demonstration")
    ),
    "milestone.dates": lambda d: d["milestones"][0].update(planned_on="2021-01-01"),
    "schedule.range": lambda d: d["schedules"][0]["entries"][0].update(status_on="2031-12-31"),
    "text.not_same": lambda d: d["bodies"][0]["name"].update(sv="Fullmäktige", state={"sv": "same"}),
    "report.too_early": lambda d: d["schedules"][0]["entries"][0].update(cut_at="2018-12-31T12:00:00+02:00"),
}  # fmt: skip
# Codes whose failing file is one that the schema refuses first, or whose sample stands in test_import.
ELSEWHERE = {"text.unreadable", "case_number.format", "text.language_missing"}


def test_the_register_itself_is_sound():
    assert [str(fault) for fault in check(register(), SETTING)] == []


@pytest.mark.parametrize("code", BREAKS)
def test_a_file_that_breaks_the_rule_is_refused_with_its_place(code):
    data = register()
    BREAKS[code](data)
    found = check(data, SETTING)
    assert code in {fault.code for fault in found}, [str(fault) for fault in found]
    assert all(fault.place.startswith("/") for fault in found)


def test_a_target_of_another_programme_does_not_do():
    data = register()
    other = {"key": "q", "code": "other", "name": text("Toinen"), "order": 2}
    phases = [{"key": "q.set", "phase": "topic_set", "effective_on": "2017-06-12"}]
    data["programmes"].append(data["programmes"][0] | other | {"phases": phases})
    data["projects"][0]["programme"] = "q"
    assert {fault.code for fault in check(data, SETTING)} == {"project.foreign_target"}


@pytest.mark.parametrize(
    ("seat", "body", "fits"),
    [("sg.e1", "council", True), ("sg.e1", "boss", False), ("sg.o1", "boss", True), ("sg.o1", "council", False)],
)
@pytest.mark.parametrize("capacity", ["member", "deputy"])
@pytest.mark.parametrize("provenance", ["taken_over", "demonstration"])
def test_the_body_that_appoints_to_a_seat_appoints_members_and_deputies(seat, body, fits, capacity, provenance):
    data = register()
    data["steering_groups"][0]["deputies"] = "personal"
    data["bodies"].append(COMMON | {"key": "boss", "kind": "manager", "name": text("Johtaja")})
    data["decisions"].append(decision("named", body, "elect", "2017-10-16", 9))
    held = {"seat": seat, "appointed_by": "named", "provenance": provenance}
    data["tenures"] = [seat_held("a", "2018-01-01", capacity=capacity) | held]
    assert [fault.code for fault in check(data, SETTING)] == ([] if fits else ["member.appointer"])


def test_an_indicator_says_a_direction_that_its_kind_can_have():
    data = register()
    data["benefit_targets"][0]["indicators"] = [INDICATOR | {"kind": "keep_at_most", "direction": "up"}]
    (fault,) = check(data, SETTING)
    assert (fault.code, fault.place) == ("indicator.direction", "/benefit_targets/0/indicators/0/direction")


def test_nothing_is_measured_before_the_first_baseline():
    data = register()
    with_plan(data)
    data["measurements"] = measured("2017-12-31", "2017-12-30")
    assert [(fault.code, fault.place) for fault in check(data, SETTING)] == [
        ("measurement.date", "/measurements/1/measured_on")
    ]


def test_a_seat_that_was_never_decided_is_refused():
    data = register()
    data["steering_groups"][0]["seats"].append({"key": "sg.e2", "kind": "elected", "number": 2})
    (fault,) = check(data, SETTING)
    assert (fault.code, fault.place) == ("group.parity", "/steering_groups/0/seats/2/number")


def test_every_rule_has_a_failing_sample():
    told = "".join(inspect.getsource(module) for module in (rules, checking))
    codes = {
        node.value
        for node in ast.walk(ast.parse(told))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.count(".") == 1
        and node.value.replace(".", "").replace("_", "").isalpha()
        and node.value.islower()
        and not node.value.endswith(".json")
    }
    assert codes - set(BREAKS) - ELSEWHERE - {"project.foreign_target"} == set()
