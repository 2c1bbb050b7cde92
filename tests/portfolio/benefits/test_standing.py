"""The written rule of standings, case by case and for whatever figures may come."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.benefits.path import expected, lag
from portfolio.benefits.standing import (
    CURRENT_RULE,
    RULES,
    Direction,
    Kind,
    Point,
    Reading,
    Standing,
    Unjudged,
    Verdict,
    Yardstick,
    judge,
    reported_since,
    worst,
)

BEGUN, DUE, HALFWAY = date(2020, 1, 1), date(2024, 1, 2), date(2022, 1, 1)


def stick(kind: Kind = Kind.REACH, direction: Direction = Direction.UP, **fields: Any) -> Yardstick:
    figures = {"target_on": DUE, "interval_months": 12, "target": Decimal(100), "baseline": Point(BEGUN, Decimal(0))}
    return Yardstick(kind=kind, direction=direction, **(figures | fields))


def verdict(plan: Yardstick, *series: tuple[date, Any, bool], on: date = HALFWAY, rule: int = 2) -> Verdict:
    readings = [Reading(day, Decimal(value), *approved) for day, value, *approved in series]
    return judge(readings, plan, RULES[rule], on)


def judged(yardstick: Yardstick, value: str | int, *, on: date = HALFWAY) -> Standing:
    """The standing of a value measured and approved on the judging day itself."""
    return verdict(yardstick, (on, value), on=on).standing


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
    oldest = reported_since(HALFWAY, interval_months=12, grace_days=31)
    assert oldest == date(2020, 12, 1)
    assert verdict(stick(), (oldest, 100)).standing is Standing.MET
    too_old = verdict(stick(), (oldest - timedelta(days=1), 100))
    assert (too_old.standing, too_old.value, too_old.unjudged) == (Standing.NOT_REPORTED, 100, Unjudged.TOO_OLD)
    assert (too_old.age_days, too_old.counts) == ((HALFWAY - oldest).days + 1, False)
    assert verdict(stick()).unjudged is Unjudged.NEVER_MEASURED


def test_an_old_value_is_held_against_the_path_of_the_judging_day_and_tells_its_age():
    found = verdict(stick(), (date(2021, 1, 1), 25))
    assert (found.standing, found.age_days, found.expected) == (Standing.AT_RISK, 365, 50)


def test_what_nobody_approved_is_awaited_and_does_not_count():
    found = verdict(stick(), (date(2021, 12, 1), 10), (HALFWAY, 60, False))
    assert (found.standing, found.value, found.awaiting_on) == (Standing.OFF_TRACK, 10, HALFWAY)
    alone = verdict(stick(), (HALFWAY, 60, False))
    assert (alone.value, alone.unjudged, alone.awaiting_on) == (None, Unjudged.NOT_APPROVED, HALFWAY)
    later = verdict(stick(), (HALFWAY, 60), (date(2021, 12, 1), 10, False), (date(2022, 2, 1), 70))
    assert (later.standing, later.value, later.awaiting_on) == (Standing.ON_TRACK, 60, None)


def test_the_unknown_gives_no_verdict_and_says_what_is_unknown():
    for missing, why in (
        ({"interval_months": None}, Unjudged.NO_INTERVAL),
        ({"target_on": None}, Unjudged.NO_TARGET),
        ({"target": None}, Unjudged.NO_TARGET),
        ({"baseline": None}, Unjudged.NO_BASELINE),
        ({"baseline": None, "direction": None}, Unjudged.NO_DIRECTION),
    ):
        found = verdict(stick(**missing), (HALFWAY, 60))
        assert (found.standing, found.value, found.unjudged) == (Standing.NOT_REPORTED, 60, why)
    assert verdict(stick(Kind.KEEP_AT_LEAST, Direction.NONE, target=None), (HALFWAY, 60)).unjudged == "no_target"
    assert judged(stick(direction=None), 60) is Standing.ON_TRACK
    assert judged(stick(direction=None, target=Decimal(-100)), -60) is Standing.ON_TRACK
    assert judged(stick(baseline=None), 100) is Standing.MET
    assert judged(stick(baseline=None), 99, on=DUE + timedelta(days=1)) is Standing.OFF_TRACK


def test_the_first_rule_judges_as_the_first_reports_did():
    done = stick(Kind.DONE, target=None, baseline=None)
    mean = stick(
        Kind.AVERAGE, baseline=Point(BEGUN, Decimal(50)), target=Decimal(60), period_starts_on=date(2021, 1, 1)
    )
    early_and_late = ((date(2020, 6, 30), 100), (date(2021, 6, 30), 50))
    after = DUE + timedelta(days=1)
    cases = [
        (done, [(after, 1)], after, Standing.OFF_TRACK, Standing.MET),
        (mean, early_and_late, HALFWAY, Standing.ON_TRACK, Standing.OFF_TRACK),
        (stick(interval_months=None), [(HALFWAY, 60)], HALFWAY, Standing.ON_TRACK, Standing.NOT_REPORTED),
        (stick(target=None), [(HALFWAY, 60)], HALFWAY, Standing.ON_TRACK, Standing.NOT_REPORTED),
    ]
    for plan, series, on, first, second in cases:
        assert [verdict(plan, *series, on=on, rule=rule).standing for rule in (1, 2)] == [first, second]


def test_months_of_different_length_are_counted_by_the_calendar():
    assert reported_since(date(2023, 3, 31), interval_months=1, grace_days=31) == date(2023, 2, 28) - timedelta(days=31)


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
    found = verdict(mean, *((point.on, point.value) for point in points))
    assert (found.value, found.mean_of, found.on, found.expected) == (100, 2, HALFWAY, None)
    early = verdict(mean, (date(2019, 12, 31), 110), on=date(2020, 6, 1))
    assert (early.value, early.unjudged) == (None, Unjudged.OUTSIDE_PERIOD)
    assert judged(mean, 100) is Standing.ON_TRACK
    assert judged(mean, 80) is Standing.AT_RISK
    assert judged(mean, 100, on=date(2023, 1, 1)) is Standing.MET
    settled = verdict(mean, (date(2022, 12, 1), 99), (date(2024, 6, 1), 500), on=date(2025, 1, 1))
    assert (settled.standing, settled.value) == (Standing.OFF_TRACK, 99)


def test_a_thing_to_be_done_is_on_track_until_its_day():
    done = stick(Kind.DONE, Direction.UP, target=None, baseline=None)
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


@given(sticks(), numbers, numbers, st.dates(BEGUN, DUE))
def test_a_better_value_never_stands_worse(yardstick, one, other, on):
    order = [Standing.MET, Standing.ON_TRACK, Standing.AT_RISK, Standing.OFF_TRACK]
    less_is_better = yardstick.direction is Direction.DOWN or yardstick.kind is Kind.KEEP_AT_MOST
    worse, better = sorted([one, other], reverse=less_is_better)
    assert order.index(judged(yardstick, better, on=on)) <= order.index(judged(yardstick, worse, on=on))


@given(numbers, numbers, days, st.decimals(0, 1, places=3))
def test_on_a_straight_way_the_lag_decides(start, target, on, behind):
    if start == target or not BEGUN <= on <= DUE:
        return
    on_track, at_risk = CURRENT_RULE.on_track_within, CURRENT_RULE.at_risk_within
    upwards = target > start
    way = stick(direction=Direction.UP if upwards else Direction.DOWN, target=target, baseline=Point(BEGUN, start))
    value = expected(way, on=on) - behind * (target - start)
    found = lag(way, value, on=on)
    assert abs(found - behind) < Decimal("1e-9")
    if (upwards and value >= target) or (not upwards and value <= target):
        assert judged(way, value, on=on) is Standing.MET
    elif all(abs(found - share) > Decimal("1e-9") for share in (on_track, at_risk)):
        within = Standing.AT_RISK if found <= at_risk else Standing.OFF_TRACK
        assert judged(way, value, on=on) is (Standing.ON_TRACK if found <= on_track else within)


@given(sticks(), days)
def test_the_expected_value_lies_between_the_stops(yardstick, on):
    if yardstick.kind is Kind.AVERAGE:
        assert expected(yardstick, on=on) == yardstick.target
        return
    stops = [yardstick.baseline.value, yardstick.target, *(p.value for p in yardstick.path if BEGUN < p.on < DUE)]
    assert min(stops) - Decimal("1e-9") <= expected(yardstick, on=on) <= max(stops) + Decimal("1e-9")


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 60))
def test_what_counts_reaches_back_an_interval_and_a_month(on, months):
    since = reported_since(on, interval_months=months, grace_days=31)
    assert months * 28 <= (on - since).days <= months * 31 + 62
