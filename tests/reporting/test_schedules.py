"""Schedules are data that people keep (INV-104), and the machine opens what they say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from portfolio import clock, history
from portfolio.history.models import ChangeSet
from reporting.models import Report, ReportSchedule, Work
from reporting.reports import commands, machine
from reporting.schedule.commands import schedule_date
from reporting.schedule.queries import timetable_of
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from workers import tasks

pytestmark = pytest.mark.django_db


def said(programme, **more):
    return {
        "council_term": programme.council_term_id, "name_fi": "Seuranta", "name_sv": "Uppföljning",
        "rhythm": "single_dates", "programmes": [programme.pk], "dates": [{"status_date": "2022-12-31"}], **more,
    }  # fmt: skip


@pytest.mark.parametrize("rhythm", ["quarterly", "half_yearly", "yearly", "single_dates"])
def test_inv_104_the_director_schedules_a_terms_reports(api, ana, rhythm):
    programme = benefits.programme()
    answer = api(ana).post("report-schedules/", said(programme, rhythm=rhythm, grace_days=14, cut_off_time="15:30"))
    assert answer.status_code == 201, answer.json()
    shown = api(ana).get(f"report-schedules/{answer.json()['id']}/").json()
    assert (shown["starts_on"], shown["ends_on"]) == ("2021-08-01", "2025-07-31")
    [timing] = [
        t
        for t in commands.timetable.timings(timetable_of(ReportSchedule.objects.get()), clock.zone())
        if t.status_date == date(2022, 12, 31)
    ]
    assert timing.cut_off_at == datetime(2023, 1, 14, 15, 30, tzinfo=clock.zone())


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": "2022-01-01", "ends_on": "2021-12-31", "dates": []},
        {"ends_on": "2026-01-01"},
        {"starts_on": "2021-01-01"},
        {"dates": [{"status_date": "2020-12-31"}]},
    ],
)
def test_inv_104_a_schedule_and_its_dates_lie_in_the_term(api, ana, wrong):
    body = said(benefits.programme(), **wrong)
    story.assert_refused(api(ana), "post", "report-schedules/", body, code="schedule.range", status=400)


def test_inv_104_a_date_is_named_once(api, ana):
    programme = benefits.programme()
    twice = said(programme, dates=[{"status_date": "2022-12-31"}] * 2)
    story.assert_refused(api(ana), "post", "report-schedules/", twice, code="schedule.duplicate", status=409)


def test_inv_91_a_cut_off_comes_after_the_end_of_the_status_date(api, ana):
    early = said(benefits.programme(), dates=[{"status_date": "2022-12-31", "cut_off_at": "2022-12-31T12:00:00+02:00"}])
    story.assert_refused(api(ana), "post", "report-schedules/", early, code="report.too_early", status=400)


def test_a_slip_of_the_pen_in_a_cut_off_is_refused_or_set_right(api, ana, bo):
    """One cut-off holds up all later dates of its schedule, so it is near, and is corrected while nothing is frozen."""
    programme = benefits.programme()
    day, later, now = date(2022, 6, 30), date(2022, 12, 31), clock.now()
    for late in ("9999-12-31T00:00:00Z", str(now + timedelta(days=32))):
        body = said(programme, dates=[{"status_date": str(day), "cut_off_at": late}])
        story.assert_refused(api(ana), "post", "report-schedules/", body, code="schedule.late", status=400)
    of = factories.schedule(programme, dates=[{"status_date": day, "cut_off_at": now + timedelta(days=30)}])
    schedule_date(of, status_date=later, cut_off_at=now, by=story.SETUP)
    assert tasks.open_due_reports() == 2 and machine.to_freeze() == []
    path, right = f"report-schedules/{of.pk}/correct-cut-off/", {"status_date": str(day), "cut_off_at": str(now)}
    reason = right | {"because": "Väärä vuosi"}
    for wrong, code, status in (
        (right | {"because": "\u2800"}, "field.required", 400),
        (reason | {"status_date": "2022-07-01"}, "schedule.no_date", 400),
        (reason | {"cut_off_at": "9999-12-31T00:00:00Z"}, "schedule.late", 400),
        (reason | {"cut_off_at": "2022-06-30T12:00:00Z"}, "report.too_early", 400),
    ):
        story.assert_refused(api(ana), "post", path, wrong, code=code, status=status, seen=of.version)
    assert api(bo).post(path, reason, seen=of.version).status_code == 403
    assert api(ana).post(path, reason, seen=of.version).status_code == 200
    report, following = Report.objects.order_by("status_date")
    assert report.cut_off_at == now and report.caught_up and ChangeSet.objects.latest("seq").reason == "Väärä vuosi"
    for each in (report, following):
        assert machine.to_freeze() == [Work.objects.get(report=each, kind="freeze").pk]
        factories.freeze(each)
    story.assert_refused(api(ana), "post", path, reason, code="schedule.date_frozen", status=423, seen=of.version)


def test_the_office_sets_a_cut_off_right_on_the_page_of_the_report(ana):
    programme = benefits.programme()
    cut_off, yesterday = clock.now() + timedelta(days=30), clock.today() - timedelta(days=1)
    of = factories.schedule(programme, dates=[{"status_date": factories.NEW_YEAR, "cut_off_at": cut_off}])
    assert tasks.open_due_reports() == 1
    report, browser = Report.objects.get(), Client()
    browser.force_login(story.Client(ana).person.account)
    address = f"/reports/{report.pk}/"
    assert f'action="{address}cut-off/"' in browser.get(address).content.decode()
    assert browser.get(f"{address}cut-off/")["Location"] == address
    sent = {"version": of.version, "once": "1", "cut_off_on": str(yesterday), "because": "Väärä vuosi"}
    for wrong in ({"because": "\u2800"}, {"cut_off_on": "9999-12-31"}, {"cut_off_on": "31.12."}, {"version": "x"}):
        answer = browser.post(f"{address}cut-off/", sent | wrong)
        assert answer.status_code in (400, 428) and Report.objects.get().cut_off_at == cut_off, wrong
    assert browser.post(f"{address}cut-off/", sent)["Location"] == address
    right = datetime.combine(yesterday, of.cut_off_time, clock.zone())
    assert Report.objects.get().cut_off_at == right and "cut_off_on" not in browser.get(address).content.decode()


def test_a_date_is_added_on_top_of_the_version_that_was_seen(api, ana):
    of = factories.schedule(benefits.programme())
    added = api(ana).post(f"report-schedules/{of.pk}/dates/", {"status_date": "2023-06-30"}, seen=of.version)
    assert added.status_code == 201, added.json()
    body = {"status_date": "2023-12-31"}
    story.assert_refused(
        api(ana), "post", f"report-schedules/{of.pk}/dates/", body, code="edit.stale", status=412, seen=of.version + 7
    )


def test_a_council_member_schedules_nothing(api, bo):
    programme = benefits.programme()
    story.assert_refused(api(bo), "post", "report-schedules/", said(programme), code="permission.role", status=403)


def test_inv_104_a_missed_report_is_caught_up_once_and_says_so():
    programme, cut_off = benefits.programme(), clock.now()
    of = factories.schedule(programme, dates=[{"status_date": factories.NEW_YEAR, "cut_off_at": cut_off}])
    assert tasks.open_due_reports() == 1
    assert tasks.open_due_reports() == 0
    report = Report.objects.get(schedule=of)
    assert report.caught_up and report.state == "open"
    assert report.cut_off_at == cut_off
    assert ChangeSet.objects.order_by("-seq")[0].job == "report"
    assert Work.objects.filter(report=report, kind="freeze").count() == 1


def test_a_late_opening_is_told_to_the_council_only_when_the_report_was_made_on_another_day():
    of = factories.schedule(benefits.programme())
    due = clock.now() - timedelta(days=2)
    missed = commands.open_report(of, status_date=factories.NEW_YEAR, cut_off_at=due, by=story.SETUP)
    due = clock.start_of_day(clock.today())
    today = commands.open_report(of, status_date=factories.NEXT_YEAR, cut_off_at=due, by=story.SETUP)
    assert missed.caught_up and today.caught_up, "the office sees both"
    told = [factories.facts(factories.freeze(report)).document.caught_up_because.en for report in (missed, today)]
    assert told[0].startswith("The report was opened only on") and told[1] == ""


def test_what_opens_in_time_is_not_called_caught_up():
    programme, cut_off = benefits.programme(), clock.now() + timedelta(days=1)
    factories.schedule(programme, dates=[{"status_date": date(2025, 6, 30), "cut_off_at": cut_off}])
    [report] = commands.open_due_reports(now=clock.now())
    assert report.caught_up is False


def test_a_takeover_in_mid_term_opens_no_report_of_the_time_before_it(api, ana):
    """Ten quarters and two named days had passed when the register was taken over."""
    programme = benefits.programme()
    of = factories.schedule(
        programme,
        rhythm="quarterly",
        starts_on=date(2022, 1, 1),
        ends_on=date(2024, 6, 30),
        dates=[
            {"status_date": date(2022, 5, 1)},
            {"status_date": date(2022, 6, 1), "cut_off_at": clock.now()},
        ],
    )
    assert tasks.open_due_reports() == 1
    assert [report.status_date for report in Report.objects.all()] == [date(2022, 6, 1)], (
        "the day with a cut-off of now"
    )
    told = api(ana).get(f"report-schedules/{of.pk}/").json()["before_the_record"]
    assert len(told) == 11
    assert told[0]["status_date"] == "2022-03-31" and told[1]["status_date"] == "2022-05-01"
    assert told[0]["cut_off_at"].startswith("2022-04-21")
    browser = Client(headers={"Accept-Language": "sv"})
    browser.force_login(story.Client(ana).person.account)
    page = browser.get(f"/programmes/{programme.pk}/history/").content.decode()
    assert "Före detta register" in page and page.count("31.3.2022") == 1 and "1.5.2022" in page
    assert "Före detta register" not in browser.get(f"/programmes/{programme.pk}/history/?area=money").content.decode()


def test_schedules_of_an_older_register_and_days_without_a_programme_open_nothing_and_stop_nothing():
    programme = benefits.programme()
    factories.schedule(programme, history_only=True, dates=[{"status_date": factories.NEW_YEAR}])
    benefits.close(programme)
    cut_off = clock.now()
    history_of = factories.schedule(programme, dates=[{"status_date": date(2022, 6, 30), "cut_off_at": cut_off}])
    dead = factories.schedule(programme, dates=[{"status_date": date(2025, 6, 30), "cut_off_at": cut_off}])
    with history.change(by=story.SETUP):
        from portfolio.programmes.models import PhaseMove

        PhaseMove(programme=programme, phase="closed", effective_on=date(2025, 2, 15)).checked_save()
    head = history.head().seq
    assert tasks.open_due_reports() == 1
    assert [r.schedule_id for r in Report.objects.all()] == [history_of.pk]
    assert history.head().seq == head + 1
    assert tasks.open_due_reports() == 0 and not dead.reports.exists()


def test_an_idle_tick_costs_the_same_at_any_number_of_schedules(django_assert_num_queries):
    programme = benefits.programme()
    for count in (1, 4):
        for _ in range(count):
            factories.schedule(programme, dates=[{"status_date": factories.NEW_YEAR, "cut_off_at": clock.now()}])
        tasks.open_due_reports()
        now = clock.now()
        with django_assert_num_queries(2):
            commands.open_due_reports(now=now)


def test_lists_cost_a_statement_beside_who_asks(api, ana, django_assert_max_num_queries):
    programme = benefits.programme()
    for _ in range(3):
        factories.opened(factories.schedule(programme))
    client = api(ana)
    for path in ("reports/", "report-schedules/"):
        with django_assert_max_num_queries(3):  # who asks, that the key is in use, the rows of a page that is not full
            assert client.get(path).json()["count"] == 3
