"""Ready, and all well: each trouble is told while it stands, and strangers are told no more than that something is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from config import backups, health
from portfolio import clock
from portfolio.people.models import Account
from portfolio.work.models import Errand
from reporting.models import Heartbeat, Work
from reporting.reports import commands, condition
from reporting.work import leases
from tests import story
from tests.ground.pairs import pair
from tests.reporting import factories
from tests.reporting.test_letters import give_up, reachable
from workers.bellringer import Bellringer
from workers.celery import app

TOKEN = "known to the monitoring alone"


@pytest.fixture
def ask(
    own_database: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Any]]:
    """`ask()` as the monitoring does: the codes of the troubles; nothing is in the way but what a test puts there."""
    settings.MONITORING_TOKEN, settings.DATA_DIR = TOKEN, tmp_path
    monkeypatch.setattr("config.condition.LEAST_FREE", 0)  # how full this machine's disk is, is not asked here
    for part in ("worker", "beat"):
        condition.alive(part)

    def ask(token: str = TOKEN, client: Client | None = None) -> Any:
        health._found.cache_clear()
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = (client or Client()).get("/healthz/deep", headers=headers)
        told = answer.json()
        assert answer.status_code == (200 if told["ok"] else 503)
        if "troubles" not in told:
            assert set(told) == {"ok"}, "a stranger is told nothing else"
            return told["ok"]
        return {trouble["code"]: trouble["said"] for trouble in told["troubles"]}

    assert ask() == {}
    yield ask
    health._found.cache_clear()


def test_what_the_machine_does_not_do_is_told_until_it_is_done(
    ask: Callable[..., Any], as_owner: psycopg.Connection[Any]
) -> None:
    late = clock.real_now() - timedelta(minutes=4)
    Heartbeat.objects.filter(name="worker").update(at=late)
    assert ask() == {"worker": f"No worker has given a sign of life since {late:%Y-%m-%d %H:%M UTC}."}
    Heartbeat.objects.filter(name="beat").delete()
    assert ask()["beat"] == "The timetable (beat) has given no sign of life yet."
    Heartbeat.objects.create(name="beat", at=late + timedelta(seconds=9))
    assert set(ask()) == {"beat"}, "nobody rang for the worker since"
    condition.alive("worker")
    condition.alive("beat")

    programme = factories.indicator().target.programme
    of = factories.schedule(programme, dates=[{"status_date": factories.NEW_YEAR, "cut_off_at": clock.now()}])
    assert ask() == {}, "it is due since a moment only"
    as_owner.execute("UPDATE portfolio_installation SET shift = shift + interval '1 hour'")
    assert ask() == {"missed": "Not frozen in time: Seuranta 2022-12-31"}
    [report] = commands.open_due_reports(now=clock.now())
    assert set(ask()) == {"missed", "late"} and of.pk == report.schedule_id
    Work.objects.update(next_at=clock.real_now() + timedelta(minutes=75))
    assert set(ask()) == {"missed"}, "it rests after a strike"
    Work.objects.update(next_at=None)
    factories.rendered(factories.freeze(report))
    assert ask() == {}


def test_a_report_that_waits_for_an_earlier_one_is_neither_late_nor_missed_and_the_earliest_is_told_alone(
    ask: Callable[..., Any], as_owner: psycopg.Connection[Any]
) -> None:
    of, now = factories.schedule(factories.indicator().target.programme), clock.now()
    first, second = (
        commands.open_report(of, status_date=day, cut_off_at=cut_off, by=story.SETUP)
        for day, cut_off in ((date(2024, 3, 31), now + timedelta(days=200)), (date(2024, 6, 30), now))
    )
    as_owner.execute("UPDATE portfolio_installation SET shift = shift + interval '1 hour'")
    assert ask() == {}, "it waits rightly for one that collects until a later day"
    as_owner.execute("UPDATE portfolio_installation SET shift = shift + interval '200 days'")
    told = ask()
    assert told["missed"] == "Not frozen in time: Seuranta 2024-03-31"
    assert set(told) == {"missed", "late"} and told["late"].endswith("nobody does it: 1 tasks.")
    factories.rendered(factories.freeze(first))
    assert ask()["missed"] == f"Not frozen in time: Seuranta {second.status_date}"


def test_a_beat_that_rings_no_further_since_no_worker_listens_is_told_to_live(
    ask: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    settings.TICKS = f"ticks-{tmp_path.name}"
    beat = Bellringer(app=app, schedule_filename=str(tmp_path / "beat"))
    waiting = beat.connection.default_channel.client
    waiting.rpush(settings.TICKS, *settings.CELERY_BEAT_SCHEDULE)
    Heartbeat.objects.all().delete()
    try:
        for name, entry in beat.schedule.items():
            beat.apply_entry(entry, producer=beat.producer)
            assert waiting.llen(settings.TICKS) == len(settings.CELERY_BEAT_SCHEDULE), name
    finally:
        waiting.delete(settings.TICKS)
        beat.close()
    assert set(ask()) == {"worker"}


def test_parked_work_is_told_of(ask: Callable[..., Any]) -> None:
    report = factories.frozen(factories.schedule(factories.indicator().target.programme))
    give_up(report)
    name = f"Seuranta {report.status_date}"
    assert ask() == {"parked": f"The system has given up 6 tasks of {name}; the report’s page says why."}
    assert not leases.waiting().exists()
    Errand.objects.create(kind="import", asked_at=clock.real_now(), parked=True)
    assert ask()["errand"] == "The system has given up 1 errands (import); manage.py errands says why."


def test_a_change_set_that_stays_open_is_told_of_and_so_is_a_broker_that_is_away(
    ask: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=name) as stuck:
        stuck.execute("SELECT history_open('job', NULL, '', 'report', NULL, '', '')")
        assert set(ask()) == {"writing"}
        stuck.rollback()
    assert ask() == {}
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0"
    assert set(ask()) == {"broker"}


def test_backups_and_the_disk_are_looked_at(
    ask: Callable[..., Any], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_FOLDER = tmp_path / "backups"
    settings.BACKUP_FOLDER.mkdir()
    assert ask() == {"backup": f"There is no backup in {settings.BACKUP_FOLDER} yet."}
    for hours, troubles in ((30, {"backup"}), (3, set())):
        made = clock.real_now() - timedelta(hours=hours)
        pair(settings.BACKUP_FOLDER, f"{made:%Y%m%dT%H%M%SZ}-7")
        assert set(ask()) == troubles
    (settings.BACKUP_FOLDER / backups.FAILED).write_text("2027-01-01 02:00 UTC: pg_dump is not installed here\n")
    assert ask() == {"backup_failed": "The last backup failed: 2027-01-01 02:00 UTC: pg_dump is not installed here"}
    (settings.BACKUP_FOLDER / backups.FAILED).write_text("")  # as a full disk leaves it
    assert set(ask()) == {"backup_failed"}
    monkeypatch.setattr("config.condition.LEAST_FREE", 1 << 60)
    assert set(ask()) == {"backup_failed", "disk"}


def test_only_the_monitoring_and_the_office_are_told_what_it_is(ask: Callable[..., Any]) -> None:
    people = story.people()
    assert ask("") is True and ask("wrong") is True
    Heartbeat.objects.all().delete()
    assert ask("") is False and ask("wrong") is False
    for name, knows in (("sirpa", True), ("ana", True), ("bo", False), ("dee", False)):
        reachable(people[name], "fi")
        client = Client()
        client.force_login(Account.objects.get(person=people[name]))
        assert (ask("", client) is not False) == knows, name


def ready(client: Client) -> list[str]:
    answer = client.get("/readyz")
    told = answer.json()
    assert answer.status_code == (200 if told["ready"] else 503) and told["ready"] == (not told["reasons"])
    return list(told["reasons"])


def test_who_lacks_tables_or_a_city_is_not_ready(
    own_database: str, client: Client, as_owner: psycopg.Connection[Any], settings: Any, tmp_path: Path
) -> None:
    assert ready(client) == []
    as_owner.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    settings.IDENTITY_FILE = tmp_path / "none.json"
    assert ready(client) == ["migrations", "identity"]


def test_while_the_database_is_away_pages_and_programs_are_told_to_come_again(
    own_database: str, tmp_path: Path
) -> None:
    reachable(story.people()["ana"], "fi")
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.first())
    before = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(tmp_path)
    form = {"username": "ana", "password": "a long way to the council"}
    try:
        answers = [
            client.get("/"),
            client.get("/programmes/"),
            client.post("/sign-in/", form),
            client.get("/api/v1/programmes/"),
            Client(raise_request_exception=False).get("/api/v1/programmes/", headers={"Authorization": "Bearer none"}),
        ]
    finally:
        connection.settings_dict["HOST"] = before
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "5")] * 5
    for sentence in ("Tietokanta ei juuri nyt vastaa", "Databasen svarar inte just nu", "The database does not answer"):
        assert all(sentence in answer.content.decode() for answer in answers[:3])
    assert all(answer.json()["errors"][0]["code"] == "database.away" for answer in answers[3:])
    assert client.get("/programmes/").status_code == 200
