"""The watch: a trouble is told once, and once that it is over, whatever is away, full or started again meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from config.condition import OF_ROWS, OVER, SENTENCES, Condition, Trouble
from config.servers import PROJECT, Servers
from config.watching import News, Watch, channels
from tests.ground.waiting import processes_about, until
from tests.reporting.ticking import ticking

# Appends what it is given, on one line.
HOOK = "import sys; print(sys.stdin.read(), file=open(sys.argv[1], 'a'))"
NOW = 1
DISK, DATABASE = Trouble("disk", {"folder": "/d", "free": 3}), Trouble("database", {"why": "gone"})
WORKER = Trouble("worker", {"since": None})


def a_watch(folder: Path, told: list[News], patience: int = NOW) -> Watch:
    return Watch(folder, patience, {"list": told.append})


def seen(*troubles: Trouble, unasked: frozenset[str] = frozenset()) -> Condition:
    return Condition(troubles, {}, unasked)


def of(news: News) -> tuple[set[str], set[str], set[str]]:
    return set(news.new), set(news.over), set(news.still)


def test_a_trouble_is_told_once_and_once_that_it_is_over_also_by_another_watch(tmp_path: Path) -> None:
    told: list[News] = []
    for troubles in ([DISK], [DISK], [DISK, WORKER], [WORKER], [], []):
        a_watch(tmp_path, told).take_note(seen(*troubles))  # each a new one, as after a restart
    assert [of(news) for news in told] == [
        ({"disk"}, set(), set()),
        ({"worker"}, set(), {"disk"}),
        (set(), {"disk"}, {"worker"}),
        (set(), {"worker"}, set()),
    ]


def test_what_passes_within_the_patience_is_never_told(tmp_path: Path) -> None:
    told: list[News] = []
    watch = a_watch(tmp_path, told, patience=3)
    for troubles in ([DISK], [DISK], []):
        watch.take_note(seen(*troubles))
    assert told == []
    for _ in range(3):
        watch.take_note(seen(DISK))  # looks are counted: a clock that is a moment early tells no later
    assert [of(news)[0] for news in told] == [{"disk"}]


@pytest.mark.parametrize(
    ("language", "subjects", "said"),
    [
        ("fi", ["Salkku: palvelussa häiriö (2)", "Salkku: häiriö ohi, muita jäljellä (1)",
                "Salkku: palvelu toimii taas"],
         ["Kansiossa /b ei ole yhtään varmuuskopiota.", "Työprosessi toimii taas.", "Varmuuskopio on taas tuore."]),
        ("sv", ["Salkku: störning i tjänsten (2)", "Salkku: störning över, andra kvarstår (1)",
                "Salkku: tjänsten fungerar igen"],
         ["Det finns ingen säkerhetskopia i /b.", "Arbetsprocessen fungerar igen.", "Säkerhetskopian är färsk igen."]),
    ],
)  # fmt: skip
def test_letters_say_what_begins_what_ends_and_what_is_left(
    tmp_path: Path, settings: Any, mailoutbox: list[Any], language: str, subjects: list[str], said: list[str]
) -> None:
    settings.LANGUAGE_CODE, settings.ALARM_TO, settings.MAIL_URL = language, ["duty@city.invalid"], "smtp://mail"
    backup = Trouble("backup", {"folder": "/b", "since": None})
    with translation.override(language):
        for troubles in ([backup, WORKER], [backup], []):
            Watch(tmp_path, NOW, channels()).take_note(seen(*troubles))
    assert [letter.subject for letter in mailoutbox] == subjects
    assert all(sentence in letter.body for letter, sentence in zip(mailoutbox, said, strict=True))
    assert set(OVER) == set(SENTENCES)


def test_a_trial_of_the_alarm_is_sent_and_a_channel_that_fails_is_named(
    tmp_path: Path, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.ALARM_TO, settings.MAIL_URL = [], ""
    with pytest.raises(CommandError, match="Nothing was sent"):
        call_command("watch", "--test")
    settings.ALARM_TO, settings.MAIL_URL, settings.ALARM_HOOK = ["duty@city.invalid"], "smtp://mail", "false"
    with pytest.raises(CommandError, match=r"^hook: .*status 1"):
        call_command("watch", "--test")
    assert len(mailoutbox) == 1


def test_what_can_not_be_asked_while_the_database_is_away_is_not_said_to_be_over(tmp_path: Path) -> None:
    told: list[News] = []
    watch = a_watch(tmp_path, told)
    watch.take_note(seen(WORKER))
    watch.take_note(seen(DATABASE, unasked=OF_ROWS - {"database"}))
    watch.take_note(seen(WORKER))
    assert [of(news)[:2] for news in told] == [({"worker"}, set()), ({"database"}, set()), (set(), {"database"})]


def test_a_channel_that_fails_is_told_at_the_next_look_and_the_others_are_not_told_again(tmp_path: Path) -> None:
    told: list[News] = []
    away = [True]

    def flaky(news: News) -> None:
        if away[0]:
            raise ConnectionRefusedError("the mail server is away")
        told.append(news)

    heard: list[News] = []
    watch = Watch(tmp_path, NOW, {"letter": flaky, "hook": heard.append})
    watch.take_note(seen(DISK))
    away[0] = False
    watch.take_note(seen(DISK))
    assert len(told) == len(heard) == 1
    (tmp_path / "watch.json.new").mkdir()  # as on a disk that is full: nothing can be written
    for troubles in ([DISK], [], [], [DISK], [DISK]):
        watch.take_note(seen(*troubles))
    assert [of(news)[:2] for news in told] == [({"disk"}, set()), (set(), {"disk"}), ({"disk"}, set())]


@contextmanager
def watching(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """`manage watch` with a hook and a mail folder of the test's own."""
    given = environment | {
        "DATA_DIR": str(folder),
        "ALARM_HOOK": f'{sys.executable} -c "{HOOK}" {folder / "told"}',
        "ALARM_TO": "duty@city.invalid",
        "MAIL_URL": f"file://{folder / 'mail'}",
    }
    words = [sys.executable, str(PROJECT / "manage.py"), "watch", "--every", "0.5", "--patience", "1"]
    with (folder / "watch.log").open("ab") as log:
        watch = subprocess.Popen(words, env=given, cwd=PROJECT, stdout=log, stderr=log)
    try:
        yield
    finally:
        watch.terminate()
        assert watch.wait(60) == 0, "it remembers what it told before it leaves"


def told(folder: Path) -> list[str]:
    """Every alarm and every all-clear so far, in their order."""
    lines = (
        [json.loads(line) for line in (folder / "told").read_text().splitlines()] if (folder / "told").exists() else []
    )
    return [f"{kind} {code}" for line in lines for kind in ("new", "over") for code in line[kind]]


def until_told(folder: Path, *news: str) -> None:
    try:
        until(lambda: told(folder)[-len(news) :] == list(news), within=90)
    except AssertionError:
        raise AssertionError(f"{told(folder)}\n{(folder / 'watch.log').read_text()[-2000:]}") from None


@pytest.mark.proof
def test_a_worker_that_is_killed_and_a_broker_that_hangs_are_told_of_once_each_across_a_restart_of_the_watch(
    own_database: str, as_owner: psycopg.Connection[Any]
) -> None:
    with ticking(own_database, as_owner) as machine:
        worker = machine.worker()
        machine.beat()
        alive = "SELECT count(*) FROM reporting_heartbeat WHERE name IN ('worker', 'beat')"
        until(lambda: as_owner.execute(alive).fetchone() == (2,), within=90)
        machine.kill(worker)
        as_owner.execute("UPDATE reporting_heartbeat SET at = at - interval '1 hour' WHERE name = 'worker'")
        with watching(machine.folder, machine.environment):
            until_told(machine.folder, "new worker")
        assert machine.broker.process
        with watching(machine.folder, machine.environment):  # another one, which knows what was told
            os.kill(machine.broker.process.pid, signal.SIGSTOP)
            until_told(machine.folder, "new broker")
            os.kill(machine.broker.process.pid, signal.SIGCONT)
            until_told(machine.folder, "over broker")
            machine.worker()
            until_told(machine.folder, "over worker")
        assert told(machine.folder) == ["new worker", "new broker", "over broker", "over worker"]
        letters = [path.read_text() for path in (machine.folder / "mail").iterdir()]
        assert len(letters) and all("duty@city.invalid" in letter for letter in letters)


@pytest.mark.proof
def test_a_database_that_has_stopped_is_told_of_without_it(data: Path, tmp_path: Path) -> None:
    """An empty one, whose missing tables are told before: they are neither said to be over nor told again."""
    with Servers(data, durable=False):
        [postgres] = [pid for pid, words in processes_about(data).items() if "bin/postgres -D" in words]
        with watching(tmp_path, dict(os.environ)):
            until_told(tmp_path, "new migrations")
            os.kill(postgres, signal.SIGSTOP)
            until_told(tmp_path, "new migrations", "new database")
            os.kill(postgres, signal.SIGCONT)
            until_told(tmp_path, "new migrations", "new database", "over database")
