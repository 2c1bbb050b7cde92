"""The status dates of one schedule are frozen one after the other, each compared with the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from django.conf import settings

from portfolio import clock, history
from portfolio.people.models import Account, Role
from reporting.facts import canonical
from reporting.models import Report, Snapshot, Work
from reporting.reports import commands, machine, queries, turns
from reporting.schedule.commands import schedule_date
from reporting.snapshot.queries import facts_of, newest_snapshot
from reporting.snapshot.taking import take
from tests import story
from tests.ground.waiting import until
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.test_work import time_passes
from tests.reporting.ticking import Ticking, ticking
from tests.story import SETUP

DATES = [date(2024, 3, 30), date(2024, 3, 31), date(2024, 6, 30), date(2024, 10, 26), date(2024, 10, 27)]


@pytest.fixture
def machine_at_work(own_database: str, as_owner: psycopg.Connection[Any]) -> Iterator[Ticking]:
    with ticking(own_database, as_owner) as parts:
        yield parts


def scheduled(*days: date, **given: Any) -> Any:
    """A schedule whose cut-offs are all still to come, the earliest status date's first."""
    programme = factories.indicator().target.programme
    benefits.measured(programme.benefit_targets.get().indicators.get(), value="90", on=factories.NEW_YEAR)
    dates = [{"status_date": on, "cut_off_at": clock.now() + timedelta(days=n + 1)} for n, on in enumerate(days)]
    return factories.schedule(programme, dates=dates, **given)


def leased() -> int:
    return Work.objects.filter(kind="freeze", leased_until__isnull=False, done_at=None).count()


def assert_each_follows_the_one_before(of: Any) -> None:
    reports = Report.objects.filter(schedule=of).order_by("status_date")
    kept = [snapshot for report in reports if (snapshot := newest_snapshot(report))]
    said = [facts_of(snapshot) for snapshot in kept]
    assert (said[0].previous_sha256, said[0].earlier) == ("", ())
    for (before, snapshot), facts in zip(pairwise(kept), said[1:], strict=True):
        assert facts.previous_sha256 == before.sha256, f"{facts.document.status_date} is compared with another"
        assert facts.document.period_starts_on == before.report.status_date + timedelta(days=1)
        earlier = [one.report.status_date for one in kept if one.report.status_date < facts.document.status_date]
        assert [one.status_date for one in facts.earlier] == earlier
        assert snapshot.report.period_starts_on == facts.document.period_starts_on
    for snapshot in kept:
        again = take(machine.order_of(queries.as_ordered(snapshot.report_id)))
        assert canonical.dumps(again).decode() == snapshot.payload, "the same history gives the same bytes"


@pytest.mark.proof
def test_two_workers_freeze_the_dates_of_a_schedule_in_order_and_another_schedule_meanwhile(machine_at_work):
    """400 days late, two processes are stopped while they take facts, and a third is idle: it takes no next date."""
    parts, of = machine_at_work, scheduled(*DATES)
    other = factories.schedule(of.programmes.get().programme, dates=[
        {"status_date": DATES[0], "cut_off_at": clock.now() + timedelta(days=1)}
    ])  # fmt: skip
    parts.owner.execute("UPDATE portfolio_installation SET shift = shift + interval '400 days'")
    with parts.gate("LOCK TABLE projects_pilot IN ACCESS EXCLUSIVE MODE"):
        parts.worker()
        parts.worker(processes=2)
        for _ in range(3):
            parts.beat()
        until(lambda: Report.objects.count() == len(DATES) + 1 and leased() >= 2, within=90)
        asked = parts.ticks("freeze_due_reports")
        until(lambda: parts.ticks("freeze_due_reports") >= asked + 3, within=30)
        held = Report.objects.filter(work__kind="freeze", work__leased_until__isnull=False)
        assert sorted(held.values_list("schedule", "status_date")) == [(of.pk, DATES[0]), (other.pk, DATES[0])]
    until(lambda: Snapshot.objects.count() == len(DATES) + 1, within=90)
    assert_each_follows_the_one_before(of)
    assert set(Work.objects.filter(kind="freeze").values_list("epoch", "strikes")) == {(1, 0)}


@pytest.mark.django_db
def test_a_later_date_waits_for_one_with_a_later_cut_off_and_for_one_that_is_given_up_and_says_so(
    api, ana, client, caplog
):
    turns._log.cache_clear()
    of, now = scheduled(), clock.now()
    first, second = (commands.open_report(of, status_date=on, cut_off_at=now, by=SETUP) for on in DATES[:2])
    tasks_of = {report.pk: Work.objects.get(report=report) for report in (first, second)}
    cut_off(first, now + timedelta(days=9))
    assert machine.to_freeze() == []
    machine.freeze(tasks_of[second.pk].pk)
    assert not Snapshot.objects.exists() and Work.objects.get(report=second).epoch == 0
    told = api(ana).get(f"reports/{second.pk}/").json()["waits_for"]
    assert (told["status_date"], told["report_id"], told["parked"]) == ("2024-03-30", first.pk, False)
    assert api(ana).get(f"reports/{first.pk}/").json()["holds_up"] == ["2024-03-31"]
    cut_off(first, now)
    Work.objects.filter(report=first).update(parked=True, strikes=5, last_error="3× KeyError: 'dag'")
    assert machine.to_freeze() == []
    assert f"report {second.pk} of 2024-03-31 waits" in caplog.text and "is given up" in caplog.text
    assert api(ana).get(f"reports/{second.pk}/").json()["waits_for"]["parked"]
    client.force_login(Account.objects.get(person=ana))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    pages = [client.get(f"/reports/{report.pk}/").content.decode() for report in (first, second)]
    assert "A later report of the schedule waits" in pages[0] and "waits for the report before it" in pages[1]
    assert f'href="/reports/{first.pk}/"' in pages[1]
    seen = Report.objects.get(pk=first.pk).version
    assert api(ana).post(f"reports/{first.pk}/unpark/", {"because": "Korjattu"}, seen=seen).status_code == 200
    for report in (first, second):
        assert machine.to_freeze() == [tasks_of[report.pk].pk]
        factories.freeze(report)
    assert "is frozen" in caplog.text and "later ones that waited: 1" in caplog.text
    assert api(ana).get(f"reports/{second.pk}/").json()["waits_for"] is None
    assert_each_follows_the_one_before(of)


def cut_off(report: Report, at: Any) -> None:
    with history.change(by=SETUP):
        current = Report.objects.get(pk=report.pk)
        current.cut_off_at = at
        current.checked_save()


@pytest.mark.django_db
@pytest.mark.parametrize("event", ["opened by hand", "taken again", "due and not opened yet"])
def test_what_comes_in_between_while_facts_are_taken_puts_the_later_one_back(event, monkeypatch):
    """Asked again under the head's lock: an earlier date that begins to collect after the claim."""
    of = scheduled()
    first = factories.draft(of, DATES[0])
    later = factories.opened(of, DATES[2])

    def meanwhile(order: Any) -> Any:
        found = take(order)
        monkeypatch.setattr(machine, "take", take)
        if event == "opened by hand":
            factories.opened(of, DATES[1])
        elif event == "taken again":
            commands.retake_report(first, because="Uudestaan", by=SETUP)
        else:
            schedule_date(of, status_date=DATES[1], cut_off_at=clock.now(), by=SETUP)
        return found

    monkeypatch.setattr(machine, "take", meanwhile)
    factories.freeze(later)
    assert later.state == "open" and not Snapshot.objects.filter(report=later).exists()
    task = Work.objects.get(report=later)
    assert (task.strikes, task.leased_until, task.done_at) == (0, None, None)
    commands.open_due_reports(now=clock.now())
    for report in Report.objects.filter(schedule=of, state="open").order_by("status_date"):
        time_passes(Work.objects.get(report=report, kind="freeze"))
        factories.freeze(report)
    [facts] = [factories.facts(report) for report in Report.objects.filter(pk=later.pk)]
    before = Report.objects.filter(schedule=of, status_date__lt=DATES[2]).latest("status_date")
    assert facts.previous_sha256 == newest_snapshot(before).sha256
    assert facts.document.period_starts_on == before.status_date + timedelta(days=1)


def again(report: Report) -> Report:
    """Taken again and rendered."""
    report.refresh_from_db()
    return factories.rendered(factories.freeze(commands.retake_report(report, because="Uudestaan", by=SETUP)))


def assert_held_by(client: Any, later: Report, **held: list[date]) -> None:
    """Refused by these codes alone, each naming its days; the API tells the same beforehand."""
    wanted = {f"report.{code}": [str(on) for on in days] for code, days in held.items()}
    told = client.get(f"reports/{later.pk}/").json()["confirmed_after"]
    path = f"reports/{later.pk}/confirm/"
    errors = story.assert_refused(client, "post", path, seen=later.version, code=next(iter(wanted)), status=409)
    for found in (told, errors):
        days: dict[str, list[str]] = {}
        for each in found:
            days.setdefault(each["code"], []).append(each["params"]["status_date"])
            assert each["params"]["report_id"] in (*Report.objects.values_list("pk", flat=True), None)
        assert days == wanted


@pytest.mark.django_db
def test_a_draft_is_confirmed_after_those_before_it_while_all_that_it_says_of_them_is_so(api, ana, client):
    """An earlier date retaken, opened by hand, still open, due and unopened, corrected; and two dates before it."""
    of, office = scheduled(), api(ana)
    first, later = factories.draft(of, DATES[0]), factories.draft(of, DATES[2])
    assert_held_by(office, later, earlier_unconfirmed=[DATES[0]])
    client.force_login(Account.objects.get(person=ana))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(f"/reports/{later.pk}/").content.decode()
    assert "is not confirmed yet" in page and f'href="/reports/{first.pk}/"' in page
    first = again(first)
    assert_held_by(office, later, earlier_unconfirmed=[DATES[0]], previous_retaken=[DATES[0]])
    first, later = commands.confirm_report(first, by=ana), again(later)
    schedule_date(of, status_date=DATES[1], cut_off_at=clock.now(), by=SETUP)
    assert_held_by(office, later, earlier_unconfirmed=[DATES[1]])
    between = factories.opened(of, DATES[1])
    assert_held_by(office, later, earlier_unconfirmed=[DATES[1]])
    between = commands.confirm_report(factories.rendered(factories.freeze(between)), by=ana)
    assert_held_by(office, later, previous_retaken=[DATES[1]])
    later = again(later)
    corrected = commands.supersede_report(first, because="Virhe", by=ana)
    assert not office.get(f"reports/{later.pk}/").json()["confirmed_after"], "a correction is not said yet"
    commands.confirm_report(factories.rendered(factories.freeze(corrected)), by=ana)
    assert_held_by(office, later, previous_retaken=[DATES[0]])
    later = again(later)
    assert office.post(f"reports/{later.pk}/confirm/", seen=later.version).status_code == 200
    assert [(one.status_date, one.edition) for one in factories.facts(later).earlier] == [(DATES[0], 2), (DATES[1], 1)]
    assert factories.facts(later).previous_sha256 == newest_snapshot(between).sha256
    assert office.get(f"reports/{later.pk}/").json()["confirmed_after"] == []


@pytest.mark.django_db
def test_a_date_that_is_named_later_does_not_rename_the_report_of_its_year():
    of = scheduled()
    first = factories.frozen(of, DATES[0])
    assert factories.facts(first).document.period.fi.endswith("2024"), "the only one of its year"
    schedule_date(of, status_date=DATES[2], by=SETUP)
    assert_each_follows_the_one_before(of)


@pytest.mark.django_db
def test_a_correction_of_an_earlier_report_holds_nobody_up():
    of = scheduled()
    first, later = factories.draft(of, DATES[0]), factories.opened(of, DATES[1])
    confirmed = commands.confirm_report(first, by=story.person("Sirpa", Role.SECRETARY))
    commands.supersede_report(confirmed, because="Virhe", by=SETUP)
    factories.freeze(later)
    assert later.state == "frozen" and factories.facts(later).previous_sha256
