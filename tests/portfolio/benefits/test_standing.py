"""The written rule of standings, case by case and for whatever figures may come."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.benefits.standing import (
    AT_RISK_WITHIN,
    ON_TRACK_WITHIN,
    Direction,
    Kind,
    Point,
    Standing,
    Yardstick,
    average,
    expected,
    lag,
    reported_since,
    standing,
    worst,
)

BEGUN, DUE, HALFWAY = date(2020, 1, 1), date(2024, 1, 2), date(2022, 1, 1)


def stick(kind: Kind = Kind.REACH, direction: Direction = Direction.UP, **fields: Any) -> Yardstick:
    figures = {"target_on": DUE, "interval_months": 12, "target": Decimal(100), "baseline": Point(BEGUN, Decimal(0))}
    return Yardstick(kind=kind, direction=direction, **(figures | fields))


def judged(yardstick: Yardstick, value: str | int, *, on: date = HALFWAY) -> Standing:
    return standing(yardstick, latest=Point(on, Decimal(value)), on=on)


def test_the_path_is_straight_from_baseline_through_its_points_to_the_target():
    bent = stick(path=(Point(date(2023, 1, 1), Decimal(40)), Point(date(2021, 1, 1), Decimal(10))))
    assert expected(bent, on=date(2019, 1, 1)) == 0
    assert expected(bent, on=date(2021, 1, 1)) == 10
    assert expected(bent, on=HALFWAY) == 25
    assert expected(bent, on=date(2030, 1, 1)) == 100


@pytest.mark.parametrize(
    ("value", "expected_standing"),
    [
        (100, Standing.MET),
        (50, Standing.ON_TRACK),
        ("45.1", Standing.ON_TRACK),
        (44, Standing.AT_RISK),
        ("25.1", Standing.AT_RISK),
        (24, Standing.OFF_TRACK),
    ],
)
def test_the_lag_is_a_share_of_the_whole_way(value, expected_standing):
    assert judged(stick(), value) is expected_standing
    downwards = stick(direction=Direction.DOWN, target=Decimal(0), baseline=Point(BEGUN, Decimal(100)))
    assert judged(downwards, 100 - Decimal(value)) is expected_standing


def test_a_value_older_than_interval_and_grace_does_not_count():
    oldest = reported_since(HALFWAY, interval_months=12)
    assert oldest == date(2020, 12, 1)
    assert standing(stick(), latest=Point(oldest, Decimal(100)), on=HALFWAY) is Standing.MET
    too_old = Point(oldest - timedelta(days=1), Decimal(100))
    assert standing(stick(), latest=too_old, on=HALFWAY) is Standing.NOT_REPORTED
    assert standing(stick(), latest=None, on=HALFWAY) is Standing.NOT_REPORTED


def test_months_of_different_length_are_counted_by_the_calendar():
    assert reported_since(date(2023, 3, 31), interval_months=1) == date(2023, 2, 28) - timedelta(days=31)


def test_zero_is_a_value():
    sites = stick(Kind.ZERO, Direction.DOWN, target=Decimal(0), baseline=Point(BEGUN, Decimal(8)))
    assert judged(sites, 0) is Standing.MET
    assert judged(sites, 4) is Standing.ON_TRACK
    assert judged(sites, 8) is Standing.OFF_TRACK


def test_after_its_day_a_target_that_was_not_reached_is_off_track():
    assert judged(stick(), 99, on=DUE + timedelta(days=1)) is Standing.OFF_TRACK
    assert judged(stick(), 99, on=DUE) is Standing.ON_TRACK


def test_what_is_kept_holds_its_limit():
    kept = stick(Kind.KEEP_AT_LEAST, Direction.NONE, baseline=Point(BEGUN, Decimal(100)))
    assert judged(kept, 100) is Standing.ON_TRACK
    assert judged(kept, 95) is Standing.AT_RISK
    assert judged(kept, 94) is Standing.OFF_TRACK
    assert judged(kept, 100, on=DUE) is Standing.MET
    assert judged(stick(Kind.KEEP_AT_MOST, Direction.NONE), 101) is Standing.AT_RISK
    within = stick(Kind.KEEP_WITHIN, Direction.NONE, target=None, lower=Decimal(10), upper=Decimal(30))
    assert [judged(within, value) for value in (10, 31, 32)] == [
        Standing.ON_TRACK,
        Standing.AT_RISK,
        Standing.OFF_TRACK,
    ]


def test_a_rank_improves_towards_the_first_place():
    ranked = stick(Kind.RANK, Direction.DOWN, target=Decimal(1), baseline=Point(BEGUN, Decimal(5)), group_size=6)
    assert [judged(ranked, place) for place in (1, 3, 4, 5)] == [
        Standing.MET,
        Standing.ON_TRACK,
        Standing.AT_RISK,
        Standing.OFF_TRACK,
    ]
    first = stick(Kind.RANK, Direction.DOWN, target=Decimal(1), baseline=Point(BEGUN, Decimal(1)), group_size=5)
    assert judged(first, 2) is Standing.AT_RISK


def test_an_average_is_met_when_its_period_has_ended():
    mean = stick(Kind.AVERAGE, Direction.UP, period_starts_on=BEGUN, period_ends_on=date(2023, 1, 1))
    points = [Point(date(2019, 12, 31), Decimal(0)), Point(date(2021, 6, 1), Decimal(90)), Point(HALFWAY, Decimal(110))]
    assert average(mean, points, on=HALFWAY) == Point(HALFWAY, Decimal(100))
    assert average(mean, points, on=date(2020, 6, 1)) is None
    assert judged(mean, 100) is Standing.ON_TRACK
    assert judged(mean, 80) is Standing.AT_RISK
    assert judged(mean, 100, on=date(2023, 1, 1)) is Standing.MET


def test_a_thing_to_be_done_is_on_track_until_its_day():
    done = stick(Kind.DONE, Direction.UP, target=Decimal(1), baseline=None)
    assert judged(done, 0) is Standing.ON_TRACK
    assert judged(done, 1) is Standing.MET
    assert judged(done, 0, on=DUE + timedelta(days=1)) is Standing.OFF_TRACK


def test_a_scale_in_words_is_judged_by_its_verdicts_or_its_level():
    verdicts = {Decimal(1): Standing.OFF_TRACK, Decimal(2): Standing.AT_RISK, Decimal(3): Standing.MET}
    worded = stick(Kind.QUALITATIVE, Direction.NONE, target=None, baseline=None, verdicts=verdicts)
    assert [judged(worded, level) for level in (1, 2, 3)] == [*verdicts.values()]
    levels = stick(Kind.QUALITATIVE, Direction.UP, target=Decimal(5), baseline=Point(BEGUN, Decimal(1)))
    assert [judged(levels, level) for level in (1, 2, 3, 5)] == [
        Standing.OFF_TRACK,
        Standing.AT_RISK,
        Standing.ON_TRACK,
        Standing.MET,
    ]


def test_a_target_stands_as_its_weakest_indicator():
    assert worst([Standing.MET, Standing.ON_TRACK]) is Standing.ON_TRACK
    assert worst([Standing.MET, Standing.NOT_REPORTED]) is Standing.NOT_REPORTED
    assert worst([Standing.NOT_REPORTED, Standing.AT_RISK]) is Standing.AT_RISK
    assert worst([]) is Standing.NOT_REPORTED


numbers = st.decimals(-(10**6), 10**6, places=2)
days = st.dates(date(2018, 1, 1), date(2027, 1, 1))
kinds = st.sampled_from(
    [
        (Kind.REACH, Direction.UP),
        (Kind.REACH, Direction.DOWN),
        (Kind.KEEP_AT_LEAST, Direction.NONE),
        (Kind.KEEP_AT_MOST, Direction.NONE),
        (Kind.RANK, Direction.DOWN),
        (Kind.AVERAGE, Direction.UP),
        (Kind.QUALITATIVE, Direction.NONE),
    ]
)


@st.composite
def sticks(draw: Any) -> Yardstick:
    kind, direction = draw(kinds)
    path = [Point(draw(days), draw(numbers)) for _ in range(draw(st.integers(0, 3)))]
    baseline = Point(BEGUN, draw(numbers))
    return stick(kind, direction, target=draw(numbers), baseline=baseline, path={p.on: p for p in path}.values())


@given(sticks(), numbers, days)
def test_every_figure_has_a_standing_and_the_same_twice(yardstick, value, on):
    assert judged(yardstick, value, on=on) is judged(yardstick, value, on=on)


@given(sticks(), numbers, numbers, days)
def test_a_better_value_never_stands_worse(yardstick, one, other, on):
    order = [Standing.MET, Standing.ON_TRACK, Standing.AT_RISK, Standing.OFF_TRACK]
    less_is_better = yardstick.direction is Direction.DOWN or yardstick.kind is Kind.KEEP_AT_MOST
    worse, better = sorted([one, other], reverse=less_is_better)
    assert order.index(judged(yardstick, better, on=on)) <= order.index(judged(yardstick, worse, on=on))


@given(numbers, numbers, days, st.decimals(0, 1, places=3))
def test_on_a_straight_way_the_lag_decides(start, target, on, behind):
    if start == target or not BEGUN <= on <= DUE:
        return
    upwards = target > start
    way = stick(direction=Direction.UP if upwards else Direction.DOWN, target=target, baseline=Point(BEGUN, start))
    value = expected(way, on=on) - behind * (target - start)
    found = lag(way, value, on=on)
    assert abs(found - behind) < Decimal("1e-9")
    if (upwards and value >= target) or (not upwards and value <= target):
        assert judged(way, value, on=on) is Standing.MET
    elif abs(found - ON_TRACK_WITHIN) > Decimal("1e-9") and abs(found - AT_RISK_WITHIN) > Decimal("1e-9"):
        within = Standing.AT_RISK if found <= AT_RISK_WITHIN else Standing.OFF_TRACK
        assert judged(way, value, on=on) is (Standing.ON_TRACK if found <= ON_TRACK_WITHIN else within)


@given(sticks(), days)
def test_the_expected_value_lies_between_the_stops(yardstick, on):
    if yardstick.kind is Kind.AVERAGE:
        assert expected(yardstick, on=on) == yardstick.target
        return
    stops = [yardstick.baseline.value, yardstick.target, *(p.value for p in yardstick.path if BEGUN < p.on < DUE)]
    assert min(stops) - Decimal("1e-9") <= expected(yardstick, on=on) <= max(stops) + Decimal("1e-9")


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 60))
def test_what_counts_reaches_back_an_interval_and_a_month(on, months):
    assert months * 28 <= (on - reported_since(on, interval_months=months)).days <= months * 31 + 62
