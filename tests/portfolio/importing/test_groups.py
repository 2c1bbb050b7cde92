"""Steering groups as a register tells them: resized, with days in words, checked, met by others."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from portfolio import history
from portfolio.steering.models import Chairship, JointEvent, QuotaCheck, Seat, SteeringGroup, Tenure
from reporting.models import ReportSchedule, ScheduledDate
from tests.portfolio.importing.conftest import COMMON, decision, text

pytestmark = pytest.mark.django_db
IN_2018 = {"precision": "year", "text": text("vuonna 2018"), "not_after": "2018-12-31"}


def held(key: str, seat: str, person: str, **told: Any) -> dict[str, Any]:
    row = {"key": key, "seat": seat, "person": person, "capacity": "member", "starts_on": "2017-10-16"}
    return COMMON | row | told


@pytest.fixture
def grown(older):
    """One seat of each half to begin with, two from 2019 on, one again from 2021 on."""
    older["decisions"].append(decision("more", "council", "set", "2019-01-14", 3))
    older["people"] += [COMMON | {"key": key, "name": f"{key.title()} Esimerkki"} for key in ("bo", "dee")]
    group = older["steering_groups"][0]
    group["seats"] += [
        {"key": "sg.e2", "kind": "elected", "number": 2}, {"key": "sg.o2", "kind": "official", "number": 2},
    ]  # fmt: skip
    group["resizings"] = [
        {"key": "sg.2", "elected_seats": 2, "official_seats": 2, "sized_by": "more", "starts_on": "2019-01-14"},
        {"key": "sg.1", "elected_seats": 1, "official_seats": 1, "starts_on": "2021-01-01"},
    ]
    older["tenures"] = [
        held("second", "sg.e2", "bo", starts_on="2019-02-01", ends_on="2020-12-31"),
        held("first", "sg.e1", "chen", starts_on=IN_2018),
    ]
    return older


def seats() -> list[tuple[str, int, date, date | None]]:
    return list(Seat.objects.order_by("kind", "number").values_list("kind", "number", "starts_on", "ends_on"))


def test_a_group_is_resized_in_the_course_of_its_life(run, grown):
    done = run(grown)
    assert done.status == 0, done.lines
    added, closed = date(2019, 1, 14), date(2020, 12, 31)
    assert seats() == [
        ("elected", 1, date(2017, 6, 12), None), ("elected", 2, added, closed),
        ("official", 1, date(2017, 6, 12), None), ("official", 2, added, closed),
    ]  # fmt: skip
    assert SteeringGroup.objects.get().elected_seats == 1
    assert Tenure.objects.get(key="older:second").seat.key == "older:sg.e2"
    head = history.head()
    assert run(grown).status == 0 and history.head() == head


def test_a_later_file_tells_of_a_resizing_that_an_earlier_one_did_not(run, grown):
    later = grown["steering_groups"][0].pop("resizings")[:1]
    grown["steering_groups"][0]["seats"] = grown["steering_groups"][0]["seats"][:2]
    grown["tenures"].pop(0)
    assert run(grown).status == 0
    grown["steering_groups"][0]["resizings"] = later
    assert run(grown).status == 0
    assert (SteeringGroup.objects.get().elected_seats, Seat.objects.count()) == (2, 4)


def test_a_seat_that_somebody_holds_is_not_closed_over_their_head(run, grown):
    del grown["tenures"][0]["ends_on"]
    done = run(grown)
    assert (done.status, done.codes) == (1, ["group.seats_held"])
    assert done.lines[0].startswith("/steering_groups/0/resizings/1/elected_seats (sg.1): 1")


def test_a_first_day_told_in_words_is_kept_as_the_last_that_they_allow(run, grown):
    grown["chairships"] = [
        COMMON | {"key": "chair", "group": "sg", "person": "chen", "office": "chair", "starts_on": IN_2018}
    ]
    assert run(grown).status == 0
    for row in (Tenure.objects.get(key="older:first"), Chairship.objects.get()):
        assert (row.starts_on, row.starts_precision) == (date(2018, 12, 31), "year")
        assert (row.starts_text_fi, row.starts_text_sv) == ("vuonna 2018", "vuonna 2018 (sv)")
    assert Tenure.objects.get(key="older:second").starts_precision == "day"


def test_how_a_tenure_ended_is_not_known_unless_the_source_tells(run, grown):
    grown["tenures"].append(held("third", "sg.o1", "dee", ends_on="2018-05-31", ending="seat_closed"))
    assert run(grown).status == 0
    endings = dict(Tenure.objects.exclude(ending="").values_list("key", "ending"))
    assert endings == {"older:second": "unknown", "older:third": "seat_closed"}


def test_a_chairship_ends_by_the_decision_that_ended_it(run, grown):
    told = {"key": "chair", "group": "sg", "person": "chen", "office": "chair", "starts_on": "2019-01-01"}
    grown["chairships"] = [COMMON | told | {"ends_on": "2019-06-30", "ended_by": "more"}]
    assert run(grown).status == 0
    row = Chairship.objects.get()
    assert row.ended_by is not None
    assert (row.ends_on, row.ended_by.key) == (date(2019, 6, 30), "older:more")


def test_the_quota_was_checked_among_those_who_sat(run, grown):
    check = {"key": "q", "group": "sg", "capacity": "member", "checked_on": "2019-03-01", "checked_by": "dee"}
    grown["quota_checks"] = [COMMON | check | {"result": "not_met", "special_reason": "yksi virkapaikka avoinna"}]
    assert run(grown).status == 0
    row = QuotaCheck.objects.get(key="older:q")
    assert (row.holders, row.result, row.special_reason) == (2, "not_met", "yksi virkapaikka avoinna")
    assert (row.checked_by.key, row.provenance) == ("older:dee", "taken_over")
    head = history.head()
    assert run(grown).status == 0 and history.head() == head


def test_groups_met_each_other(run, grown):
    phases = [{"key": "q.set", "phase": "topic_set", "effective_on": "2017-06-12"}]
    grown["programmes"].append(
        grown["programmes"][0] | {"key": "q", "code": "second", "name": text("Toinen"), "phases": phases}
    )
    grown["steering_groups"].append(
        grown["steering_groups"][0] | {"key": "sq", "programme": "q", "seats": [], "resizings": []}
    )
    event = {"key": "day", "title": text("Yhteinen päivä"), "summary": text("Sovittiin."), "held_on": "2019-05-02"}
    grown["joint_events"] = [COMMON | event | {"groups": ["sg", "sq"]}]
    assert run(grown).status == 0
    row = JointEvent.objects.get(key="older:day")
    assert (row.title_sv, row.summary_fi, row.held_on) == ("Yhteinen päivä (sv)", "Sovittiin.", date(2019, 5, 2))
    assert set(row.participants.values_list("group__key", flat=True)) == {"older:sg", "older:sq"}


def test_a_schedule_has_its_own_time_days_of_grace_and_decision(run, older):
    told = {"starts_on": "2018-01-01", "ends_on": "2020-12-31", "grace_days": 30, "cut_off_time": "09:30"}
    older["schedules"][0] |= told | {"decision": "approve"}
    older["schedules"][0]["entries"][0]["name"] = text("Väliraportti")
    assert run(older).status == 0
    row = ReportSchedule.objects.get()
    assert (row.starts_on, row.ends_on) == (date(2018, 1, 1), date(2020, 12, 31))
    assert (row.grace_days, row.cut_off_time, row.decision.key) == (30, time(9, 30), "older:approve")
    assert ScheduledDate.objects.get().name_sv == "Väliraportti (sv)"


def test_a_status_date_outside_the_schedules_time_is_refused(run, older):
    older["schedules"][0]["starts_on"] = "2019-01-01"
    assert run(older).codes == ["schedule.range"]
