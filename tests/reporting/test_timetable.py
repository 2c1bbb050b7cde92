"""When reports fall due: plain dates and instants, over winters, summers and leap years."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.schedule.timetable import (
    Entry,
    InTheRecord,
    Rhythm,
    Timetable,
    Timing,
    due,
    midnight,
    missed,
    next_timing,
    period,
    timings,
)

HELSINKI = ZoneInfo("Europe/Helsinki")


def timetable(rhythm=Rhythm.HALF_YEARLY, first=date(2021, 8, 1), last=date(2025, 5, 31), **more) -> Timetable:
    return Timetable(rhythm, first, last, **({"grace_days": 21, "cut_off_time": time(12)} | more))


def dates(of: Timetable) -> list[date]:
    return [timing.status_date for timing in timings(of, HELSINKI)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_inv_104_half_yearly_names_every_half_year_of_the_schedule_and_no_other():
    assert dates(timetable(last=date(2023, 6, 30))) == [
        date(2021, 12, 31), date(2022, 6, 30), date(2022, 12, 31), date(2023, 6, 30)
    ]  # fmt: skip
    assert dates(timetable(first=date(2022, 7, 1), last=date(2022, 12, 30))) == []


@pytest.mark.parametrize(
    ("cut_off", "named", "reached"),
    [
        (utc(2025, 12, 31), False, False),  # before the programmes were known
        (utc(2025, 12, 31), True, False),
        (utc(2026, 3, 1), False, False),  # before the schedule was set
        (utc(2026, 3, 1), True, True),  # a day that people named all the same
        (utc(2026, 7, 1), False, True),
    ],
)
def test_a_cut_off_before_the_record_begins_is_not_reached(cut_off, named, reached):
    record = InTheRecord(schedule=utc(2026, 6, 1), programmes=utc(2026, 1, 1))
    assert record.reaches(Timing(date(2025, 12, 31), cut_off, named)) is reached
    assert not InTheRecord(utc(2020, 1, 1), None).reaches(Timing(date(2025, 12, 31), cut_off, named))


def test_inv_104_quarterly_names_the_last_day_of_each_quarter():
    assert dates(timetable(Rhythm.QUARTERLY, first=date(2023, 9, 30), last=date(2024, 7, 1))) == [
        date(2023, 9, 30), date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rhythm", "day", "first"),
    [
        (Rhythm.QUARTERLY, date(2024, 3, 31), date(2024, 1, 1)),
        (Rhythm.QUARTERLY, date(2024, 12, 31), date(2024, 10, 1)),
        (Rhythm.HALF_YEARLY, date(2024, 6, 30), date(2024, 1, 1)),
        (Rhythm.HALF_YEARLY, date(2024, 12, 31), date(2024, 7, 1)),
        (Rhythm.YEARLY, date(2024, 12, 31), date(2024, 1, 1)),
        (Rhythm.YEARLY, date(2024, 6, 30), date(2024, 6, 30)),  # beside the year's own
        (Rhythm.QUARTERLY, date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_report_is_called_after_its_quarter_half_year_or_year(rhythm, day, first):
    assert period(timetable(rhythm), day) == (first, day)


def test_a_single_date_is_called_after_its_year_unless_the_year_has_another():
    alone, first, second = date(2022, 12, 31), date(2023, 6, 30), date(2023, 12, 31)
    of = timetable(Rhythm.SINGLE_DATES, entries=tuple(Entry(day) for day in (alone, first, second)))
    assert period(of, alone) == (date(2022, 1, 1), alone)
    assert (period(of, first), period(of, second)) == ((first, first), (second, second))


def test_inv_104_yearly_names_the_last_day_of_each_year():
    assert dates(timetable(Rhythm.YEARLY)) == [
        date(2021, 12, 31),
        date(2022, 12, 31),
        date(2023, 12, 31),
        date(2024, 12, 31),
    ]


def test_inv_104_single_dates_are_those_that_people_name_and_any_day_is_one():
    named = Entry(date(2015, 7, 31))
    assert dates(timetable(Rhythm.SINGLE_DATES)) == []
    assert dates(timetable(Rhythm.SINGLE_DATES, entries=(named, Entry(date(2016, 2, 29))))) == [
        date(2015, 7, 31), date(2016, 2, 29)
    ]  # fmt: skip


def test_a_named_date_without_a_cut_off_has_the_grace_of_the_schedule():
    [timing] = timings(timetable(Rhythm.SINGLE_DATES, entries=(Entry(date(2022, 12, 31)),)), HELSINKI)
    assert timing.cut_off_at == utc(2023, 1, 21, 10)


def test_a_named_date_takes_the_place_of_the_rhythms_and_adds_others():
    own = Entry(date(2022, 12, 31), utc(2023, 1, 20, 10))
    found = {t.status_date: t.cut_off_at for t in timings(timetable(entries=(own, Entry(date(2022, 9, 30)))), HELSINKI)}
    assert found[date(2022, 12, 31)] == utc(2023, 1, 20, 10)
    assert found[date(2022, 9, 30)] == utc(2022, 10, 21, 9)
    assert found[date(2022, 6, 30)] == utc(2022, 7, 21, 9)
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("day", "ends", "hours"),
    [
        (date(2026, 3, 28), utc(2026, 3, 28, 22), 24),
        (date(2026, 3, 29), utc(2026, 3, 29, 21), 23),
        (date(2026, 10, 24), utc(2026, 10, 24, 21), 24),
        (date(2026, 10, 25), utc(2026, 10, 25, 22), 25),
        (date(2024, 2, 29), utc(2024, 2, 29, 22), 24),
    ],
)
def test_inv_91_a_day_ends_at_the_citys_midnight_also_when_clocks_change(day, ends, hours):
    [timing] = timings(timetable(Rhythm.SINGLE_DATES, first=day, last=day, entries=(Entry(day),)), HELSINKI)
    assert timing.opens_at(HELSINKI) == ends
    assert timing.opens_at(HELSINKI) - midnight(day, HELSINKI) == timedelta(hours=hours)
    of = timetable(Rhythm.SINGLE_DATES, entries=(Entry(day),))
    assert due(of, HELSINKI, now=ends - timedelta(microseconds=1), done=()) == []
    assert [t.status_date for t in due(of, HELSINKI, now=ends, done=())] == [day]


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 3, 8), 9), (date(2026, 10, 4), 10)])
def test_noon_is_noon_on_both_sides_of_a_change_of_clocks(day, hour):
    """21 days after 8.3. is the day summer time begins; after 4.10. the day it ends."""
    [timing] = timings(timetable(Rhythm.SINGLE_DATES, entries=(Entry(day),)), HELSINKI)
    assert timing.cut_off_at == datetime.combine(day + timedelta(days=21), time(hour), UTC)
    assert timing.cut_off_at.astimezone(HELSINKI).hour == 12


def test_no_grace_at_all_still_waits_until_the_status_date_has_ended():
    """INV-91."""
    [timing] = timings(timetable(Rhythm.SINGLE_DATES, grace_days=0, entries=(Entry(date(2022, 12, 31)),)), HELSINKI)
    assert timing.cut_off_at == timing.opens_at(HELSINKI)


def test_inv_104_what_was_missed_stays_due_until_it_is_opened_and_then_no_more():
    of, long_after = timetable(Rhythm.YEARLY), utc(2024, 6, 1)
    assert [t.status_date.year for t in due(of, HELSINKI, now=long_after, done=())] == [2021, 2022, 2023]
    assert [t.status_date.year for t in due(of, HELSINKI, now=long_after, done=[date(2022, 12, 31)])] == [2021, 2023]
    assert all(missed(t, now=long_after) for t in due(of, HELSINKI, now=long_after, done=()))


def test_the_next_is_the_first_whose_cut_off_is_ahead():
    of = timetable(Rhythm.YEARLY)
    assert next_timing(of, HELSINKI, now=utc(2023, 1, 5)).status_date == date(2022, 12, 31)
    assert next_timing(of, HELSINKI, now=utc(2023, 1, 21, 10)).status_date == date(2023, 12, 31)
    assert next_timing(of, HELSINKI, now=utc(2026, 1, 1)) is None


days = st.dates(date(2013, 1, 1), date(2037, 12, 31))
schedules = st.builds(
    lambda rhythm, ends, grace, hour, entries: timetable(
        rhythm, min(ends), max(ends), grace_days=grace, cut_off_time=time(hour), entries=tuple(map(Entry, entries))
    ),
    st.sampled_from(Rhythm), st.lists(days, min_size=2, max_size=2), st.integers(0, 365), st.integers(0, 23),
    st.lists(days, max_size=5, unique=True),
)  # fmt: skip


@given(schedules)
def test_each_day_stands_once_in_order_and_its_cut_off_after_its_end(of):
    found = list(timings(of, HELSINKI))
    assert [t.status_date for t in found] == sorted({t.status_date for t in found})
    assert all(t.cut_off_at >= t.opens_at(HELSINKI) for t in found)


@given(schedules, st.lists(days, min_size=1, max_size=6))
def test_whenever_one_looks_each_day_is_opened_once_and_none_is_forgotten(of, looks):
    """However irregularly the machine wakes, the last look has opened all that had ended by then."""
    opened: list[date] = []
    for look in sorted(looks):
        opened += [t.status_date for t in due(of, HELSINKI, now=midnight(look, HELSINKI), done=opened)]
    assert len(opened) == len(set(opened))
    assert set(opened) == {t.status_date for t in timings(of, HELSINKI) if t.status_date < max(looks)}
