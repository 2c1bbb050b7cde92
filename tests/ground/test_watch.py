"""The watch: a trouble is told once, and once that it is over, whatever is away, full or started again meanwhile."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from config.condition import OF_ROWS, OVER, SENTENCES, Condition, Trouble
from config.embedded.servers import PROJECT, Servers
from config.watching import Looker, News, Watch, channels
from tests.ground.waiting import processes_about, until
from tests.reporting.ticking import ticking

# Appends what it is given, on one line.
HOOK = "import sys; print(sys.stdin.read(), file=open(sys.argv[1], 'a'))"
NOW = 1
DISK, BACKUPS = (Trouble("disk", {"folder": folder, "free": 3}) for folder in ("/d", "/backups"))
DATABASE = Trouble("database", {"why": "gone"})
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
        ({"disk /d"}, set(), set()),
        ({"worker"}, set(), {"disk /d"}),
        (set(), {"disk /d"}, {"worker"}),
        (set(), {"worker"}, set()),
    ]


def test_of_two_full_disks_each_is_told_and_each_is_over_on_its_own(tmp_path: Path) -> None:
    told: list[News] = []
    with translation.override("en"):
        for troubles in ([DISK, BACKUPS], [BACKUPS], [DISK, BACKUPS], []):
            a_watch(tmp_path, told).take_note(seen(*troubles))
    assert [of(news) for news in told] == [
        ({"disk /d", "disk /backups"}, set(), set()),
        (set(), {"disk /d"}, {"disk /backups"}),
        ({"disk /d"}, set(), {"disk /backups"}),
        (set(), {"disk /d", "disk /backups"}, set()),
    ]
    assert told[1].over == {"disk /d": "The disk of /d has room again."}


def test_memory_that_is_spoilt_or_of_another_version_is_begun_anew_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[News] = []
    kept = tmp_path / "watch.json"
    a_watch(tmp_path, told).take_note(seen(DISK, WORKER))
    rows = json.loads(kept.read_text())
    later = {"a_later_code": rows["worker"], "worker": {"told": "list"}, "beat": 7}
    for spoilt in (b"[1, 2]", b"[" * 200_000, b"{", b"\xff", b"7", json.dumps(rows | later).encode()):
        kept.write_bytes(spoilt)
        told.clear()
        a_watch(tmp_path, told).take_note(seen(DISK, WORKER))
        anew = {"worker"} if spoilt.startswith(b'{"') else {"worker", "disk /d"}
        assert [of(news)[:2] for news in told] == [(anew, set())], "what is known is not told again"
        assert "watch.json can't be read and is begun anew" in capsys.readouterr().out
    a_watch(tmp_path, told).take_note(seen())
    assert told[-1].over and json.loads(kept.read_text()) == {} and capsys.readouterr().out == ""


def test_a_look_that_fails_or_hangs_is_told_by_its_name_and_is_no_silent_database(
    own_database: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_FOLDER = tmp_path

    def fails(folder: Path) -> list[Any]:
        raise ZeroDivisionError("a folder like no other")

    monkeypatch.setattr("config.backups.kept", fails)
    found = Looker().look()
    told = {trouble.key: str(trouble) for trouble in found.troubles}
    with translation.override("en"):
        assert "backups (ZeroDivisionError: a folder like no other)" in told["look backups"]
    assert "database" not in told and {"backup", "backup_failed"} <= found.unasked and "worker" in told
    go_on = threading.Event()
    monkeypatch.setattr("config.backups.kept", lambda folder: [] if go_on.wait(60) else [])
    looker = Looker()
    until(lambda: [trouble.key for trouble in looker.look(0.2).troubles] == ["look backups"], within=30)
    go_on.set()
    monkeypatch.setattr("config.condition.look", lambda at: 1 / 0)
    assert [trouble.key for trouble in Looker().look().troubles] == ["look all"]


def test_what_passes_within_the_patience_is_never_told(tmp_path: Path) -> None:
    told: list[News] = []
    watch = a_watch(tmp_path, told, patience=3)
    for troubles in ([DISK], [DISK], []):
        watch.take_note(seen(*troubles))
    assert told == []
    for _ in range(3):
        watch.take_note(seen(DISK))  # looks are counted: a clock that is a moment early tells no later
    assert [of(news)[0] for news in told] == [{"disk /d"}]


Posted = Callable[[], list[EmailMessage]]


@pytest.fixture
def posted(tmp_path: Path, settings: Any) -> Posted:
    """The letters to the duty officer so far, in their order: as files, since another process sends them."""
    settings.ALARM_TO, settings.MAIL_URL = ["duty@city.invalid"], "smtp://mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")

    def letters() -> list[EmailMessage]:
        files = sorted((tmp_path / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        sent = [letter for path in files for letter in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")]
        return [message_from_bytes(letter, policy=policy.default) for letter in sent if letter]

    return letters


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
    tmp_path: Path, settings: Any, posted: Posted, language: str, subjects: list[str], said: list[str]
) -> None:
    settings.LANGUAGE_CODE = language
    backup = Trouble("backup", {"folder": "/b", "since": None})
    with translation.override(language):
        for troubles in ([backup, WORKER], [backup], []):
            Watch(tmp_path, NOW, channels()).take_note(seen(*troubles))
    letters = posted()
    assert [" ".join(letter["subject"].split()) for letter in letters] == subjects
    assert all(sentence in letter.get_content() for letter, sentence in zip(letters, said, strict=True))
    assert set(OVER) == set(SENTENCES)


def test_a_trial_of_the_alarm_is_sent_and_a_channel_that_fails_is_named(settings: Any, posted: Posted) -> None:
    settings.ALARM_TO = []
    with pytest.raises(CommandError, match="Nothing was sent"):
        call_command("watch", "--test")
    settings.ALARM_TO, settings.ALARM_HOOK = ["duty@city.invalid"], "false"
    with pytest.raises(CommandError, match=r"^hook: .*status 1"):
        call_command("watch", "--test")
    assert len(posted()) == 1


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
    assert [of(news)[:2] for news in told] == [
        ({"disk /d"}, set()),
        (set(), {"disk /d"}),
        ({"disk /d"}, set()),
    ]


ALERT = b"\x15\x03\x01\x00\x02\x02\x46"


@contextmanager
def somebody_else(says: bytes = ALERT, heard: list[bytes] | None = None) -> Iterator[str]:
    """A server that does not speak HTTP: it answers whatever comes with an alert of TLS, or as it `says`."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    caller, _from = server.accept()
                    with caller:
                        asked = caller.recv(4096)
                        caller.sendall(says)
                        if heard is not None:
                            heard.append(asked)

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)


def test_a_hook_that_is_no_web_server_keeps_nobody_from_hearing_what_comes_next(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[News] = []
    with somebody_else() as settings.ALARM_HOOK:
        hook = channels()["hook"]
        for troubles in ([DISK], [DISK, WORKER], []):
            Watch(tmp_path, NOW, {"hook": hook, "list": heard.append}).take_note(seen(*troubles))
        with pytest.raises(CommandError, match="^hook: "):
            call_command("watch", "--test")
    assert [of(news)[:2] for news in heard] == [
        ({"disk /d"}, set()),
        ({"worker"}, set()),
        (set(), {"disk /d", "worker"}),
    ]
    assert "watch: hook failed and is tried again" in capsys.readouterr().out
    settings.ALARM_HOOK = "an 'unbalanced quote"
    with pytest.raises(CommandError, match="^hook: No closing quotation"):
        call_command("watch", "--test")


def test_a_web_that_hangs_or_is_another_is_told_of_by_the_watch_and_one_that_lacks_something_answers(
    own_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.condition.WEB_WITHIN", 0.5)
    settings.ALLOWED_HOSTS = ["salkku.example.fi"]
    heard: list[bytes] = []
    unready = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with (
        somebody_else(unready, heard) as web,
        somebody_else() as other,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        hangs = f"http://127.0.0.1:{silent.getsockname()[1]}"
        for address, troubled in ((web, False), (other, True), (hangs, True), ("", False)):
            settings.WEB_ADDRESS = address
            assert ("web" in {trouble.key for trouble in Looker().look().troubles}) == troubled, address
    assert len(heard) == 3 and heard[0].startswith(b"GET /readyz ") and b"\r\nHost: salkku.example.fi\r\n" in heard[0]


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
