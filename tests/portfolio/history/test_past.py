"""The state at a cut: for one object, for lists, by day, by instant, by number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from portfolio import clock, history
from portfolio.history import Job
from portfolio.history.models import ChangeSet
from portfolio.people.models import Person
from portfolio.refusals import Refused
from projects.progress.models import Milestone
from tests.portfolio.history import records

TRIAL = Job("trial")


def renamed(person: Person, name: str) -> int:
    with history.change(by=TRIAL) as opened:
        Person.objects.filter(pk=person.pk).update(name=name)
    return opened.seq


@pytest.fixture
def ana(db: None) -> Person:
    with history.change(by=TRIAL):
        return Person.objects.create(name="Ana")


def test_one_object_and_a_list_at_each_cut(ana: Person) -> None:
    with history.change(by=TRIAL) as second:
        bo = Person.objects.create(name="Bo")
        ana.name = "Ana 2"
        ana.save()
        ana.name = "Ana 3"
        ana.save()
    with history.change(by=TRIAL) as third:
        Person.objects.filter(pk=bo.pk).delete()
    names = {cut: [row.name for row in history.rows(Person, cut)] for cut in range(4)}
    assert names == {0: [], 1: ["Ana"], 2: ["Ana 3", "Bo"], 3: ["Ana 3"]}
    assert history.row(Person, bo.pk, third.seq) is None and history.row(Person, bo.pk, second.seq).name == "Bo"
    assert history.row(Person, ana.pk, 0) is None
    assert [row.name for row in history.rows(Person, 2).filter(name="Ana")] == []  # asks the state, not the past's rows


def test_the_newest_by_its_own_date(ana: Person) -> None:
    with history.change(by=TRIAL):
        first = records.made(Milestone, planned_on=date(2023, 1, 1), forecast_on=date(2023, 1, 1))
        for month in (3, 5):
            day = date(2023, month, 1)
            records.made(Milestone, project=first.project, planned_on=day, forecast_on=day)
    cut = history.head().seq
    found = history.newest(Milestone, cut, per="project_id", by="planned_on", until=date(2023, 4, 1))
    assert found[first.project_id].planned_on == date(2023, 3, 1)


def test_a_list_of_the_past_is_one_statement(ana: Person, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        list(history.rows(Person, 1))


def test_by_instant_by_number_and_by_day(ana: Person) -> None:
    first = ChangeSet.objects.get(seq=1).recorded_at
    assert history.seq_at(first) == 1
    assert history.seq_at(first - timedelta(microseconds=1)) == 0
    assert renamed(ana, "Anna") == 2
    second = ChangeSet.objects.get(seq=2).recorded_at
    assert history.seq_at(second - timedelta(microseconds=1)) == 1
    assert history.seq_at(second.isoformat()) == 2
    assert history.seq_at("seq:1") == 1 and history.seq_at("seq:0") == 0
    assert history.seq_at(clock.today() - timedelta(days=1)) == 0
    assert history.seq_at("1999-12-31") == 0


@pytest.mark.parametrize("moment", ["seq:2", "2999-01-01", "9999-12-31", "2999-01-01T00:00:00Z", "seq:999999999999"])
def test_what_is_still_to_come_is_refused(ana: Person, moment: str) -> None:
    with pytest.raises(Refused) as refused:
        history.seq_at(moment)
    assert (refused.value.code, refused.value.status) == ("as_of.future", 400)


def test_today_is_the_day_so_far(ana: Person) -> None:
    assert history.seq_at(clock.today()) == history.head().seq
    assert renamed(ana, "Anna") == history.seq_at(clock.today().isoformat())
    with pytest.raises(Refused, match="as_of.future"):
        history.seq_at(clock.today() + timedelta(days=1))


def test_a_list_as_of_today_is_the_list_of_now(api: Any, ana: Person) -> None:
    today = clock.today().isoformat()
    for name in ("Anna", "Annika"):
        renamed(ana, name)
        told = api(ana).get(f"people/?as_of={today}")
        assert told.status_code == 200
        assert name in [row["name"] for row in told.json()["results"]]


def test_an_open_change_set_is_not_over_yet(ana: Person) -> None:
    with history.change(by=TRIAL):
        Person.objects.create(name="Bo")
        with pytest.raises(Refused, match="as_of.future"):
            history.seq_at(clock.now() - timedelta(microseconds=1))


@pytest.mark.parametrize(
    "moment",
    ["", "yesterday", "2023-13-01", "2023-02-30", "2023-01-01T25:00", "seq:", "seq:-1", "seq:1.5", "seq:²", "seq:1 ",
     "seq:" + "9" * 5000, "2023", "1.1.2023", "'; DROP TABLE", "2023-01-01T10:00:00+99:00"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(ana: Person, moment: str) -> None:
    with pytest.raises(Refused) as refused:
        history.seq_at(moment)
    assert (refused.value.code, refused.value.field) == ("as_of.format", "as_of")


@pytest.mark.parametrize(
    ("day", "last_second"),
    [
        (date(2023, 1, 10), datetime(2023, 1, 10, 21, 59, 59, tzinfo=UTC)),
        (date(2023, 3, 25), datetime(2023, 3, 25, 21, 59, 59, tzinfo=UTC)),  # the night the clocks go forward
        (date(2023, 3, 26), datetime(2023, 3, 26, 20, 59, 59, tzinfo=UTC)),
        (date(2023, 7, 1), datetime(2023, 7, 1, 20, 59, 59, tzinfo=UTC)),
        (date(2023, 10, 28), datetime(2023, 10, 28, 20, 59, 59, tzinfo=UTC)),  # the night they go back
        (date(2023, 10, 29), datetime(2023, 10, 29, 21, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_means_its_end_in_the_city(owner: Any, day: date, last_second: datetime) -> None:
    """One change in the day's last second, one in the next: the day's answer is the first."""
    for number, moment in enumerate((last_second, last_second + timedelta(seconds=1)), start=1):
        at(owner, moment)
        with history.change(by=TRIAL):
            Person.objects.create(name=str(number))
    assert history.seq_at(day) == 1
    assert history.seq_at(day.isoformat()) == 1
    assert history.seq_at(day - timedelta(days=1)) == 0


def test_time_never_falls_while_numbers_rise(owner: Any) -> None:
    """A machine's clock may be put back; the ledger's waits until it has caught up."""
    at(owner, datetime(2023, 1, 1, tzinfo=UTC))
    with history.change(by=TRIAL):
        Person.objects.create(name="Ana")
    with connection.cursor() as cursor:
        cursor.execute("SELECT city_now() >= '2023-01-01'")
        assert cursor.fetchone() == (True,)
    at(owner, datetime(2024, 1, 1, tzinfo=UTC))
    with history.change(by=TRIAL):
        Person.objects.create(name="Bo")
    first, second = ChangeSet.objects.order_by("seq")
    assert (first.recorded_at.year, second.recorded_at.year) == (2023, 2024)


def test_an_empty_command_leaves_the_time_of_the_head(ana: Person) -> None:
    head = history.head()
    with history.change(by=TRIAL):
        pass
    assert history.head() == head


def at(owner: Any, moment: datetime) -> None:
    """Put the installation's clock to a moment, as the demonstration does."""
    owner.execute("UPDATE portfolio_installation SET shift = %s - clock_timestamp()", [moment])
