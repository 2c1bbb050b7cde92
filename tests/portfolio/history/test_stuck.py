"""Whoever falls silent inside a change set is ended, and all others write again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import translation

from config import condition
from portfolio import history
from portfolio.api.errors import refused
from portfolio.history import Job, stuck
from portfolio.ledger.verification import verify
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting.work import leases

TRIAL = Job("trial")
LIMIT = 1.0
SILENT = """
import os, signal, sys, psycopg
with psycopg.connect(sys.argv[1], options=sys.argv[2]) as session:
    session.execute("SELECT history_open('job', NULL, '', 'silent', NULL, '', '')")
    session.execute(
        "INSERT INTO portfolio_person (name, title_fi, title_sv, title_en, email, phone, council_group, unit, active, "
        "provenance) VALUES ('Silent', '', '', '', '', '', '', '', true, 'recorded')")
    print("open", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        session.execute("SELECT history_close()")
    except psycopg.Error as error:
        print(type(error).__name__, flush=True)
"""

# What a program leaves the database waiting for, in the middle of a command or between two without a limit.
WAITS = {
    "to read an answer": """session.pgconn.send_query(b"SELECT repeat('x', 1000) FROM generate_series(1, 200000)")""",
    "to send rows": """session.pgconn.send_query(b"COPY django_session FROM STDIN")""",
    "to end a pipeline": """
session.pgconn.enter_pipeline_mode()
session.pgconn.send_query_params(b"SELECT 1", [])
session.pgconn.send_flush_request()
session.pgconn.flush()""",
    "to go on": """session.execute("SET idle_in_transaction_session_timeout = 0")""",
}
WAITING = """
import os, signal, sys, psycopg
session = psycopg.connect(sys.argv[1])
session.execute("SELECT history_open('job', NULL, '', 'waiting', NULL, '', '')")
{}
print(session.info.backend_pid, flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""


def short(options: str) -> str:
    assert "idle_in_transaction_session_timeout=30s" in options
    return options.replace("idle_in_transaction_session_timeout=30s", f"idle_in_transaction_session_timeout={LIMIT}s")


@pytest.fixture
def impatient(own_database: str) -> Iterator[str]:
    """The program's own connection, with a limit that a test can wait for."""
    before = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = before | {"options": short(before["options"])}
    connection.close()
    yield own_database
    connection.settings_dict["OPTIONS"] = before
    connection.close()


def test_a_process_that_stops_in_a_change_set_stops_nobody_for_long(own_database: str) -> None:
    address = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=own_database)
    options = short(settings.DATABASES["default"]["OPTIONS"]["options"])
    silent = subprocess.Popen([sys.executable, "-c", SILENT, address, options], stdout=subprocess.PIPE, text=True)
    try:
        assert silent.stdout and silent.stdout.readline() == "open\n"
        began = time.monotonic()
        with history.change(by=TRIAL):
            Person.objects.create(name="Ana")
        assert time.monotonic() - began < LIMIT + 3
        silent.send_signal(signal.SIGCONT)
        told, _ = silent.communicate(timeout=20)
        assert told == "IdleInTransactionSessionTimeout\n"
    finally:
        silent.kill()
    assert [person.name for person in Person.objects.all()] == ["Ana"]
    assert verify().sound and history.head().seq == 1


def test_a_change_set_whose_program_falls_silent_over_a_command_is_told_and_ended_by_who_waits(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's own limits don't end it: it waits for its program, and is neither idle nor at work."""
    address = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=own_database)
    monkeypatch.setattr(stuck, "LOOKS_APART", 0.1)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    for name, waits in WAITS.items():
        monkeypatch.setattr(stuck, "SILENT_FOR", 30.0)
        silent = subprocess.Popen(
            [sys.executable, "-c", WAITING.format(waits), address], stdout=subprocess.PIPE, text=True
        )
        try:
            assert silent.stdout
            pid = int(silent.stdout.readline())
            if name == "to read an answer":
                _told_in_three_languages(pid)
                with pytest.raises(Refused, match="busy.retry"), history.change(by=TRIAL):
                    pass
                assert stuck.writer(), "one that is young is not ended"
            monkeypatch.setattr(stuck, "SILENT_FOR", 0.0)
            with pytest.raises(Refused, match="busy.retry"), history.change(by=TRIAL):
                pass
            with history.change(by=TRIAL):
                Person.objects.create(name=name)
        finally:
            silent.kill()
            silent.wait()
    assert list(condition._of_writing()) == [] and verify().sound


def _told_in_three_languages(pid: int) -> None:
    [young] = condition._of_writing()
    assert young.code == "writing" and young.params["pid"] == pid
    told = {}
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            told[language] = str(young)
    assert len(set(told.values())) == 3 and all(str(pid) in words for words in told.values())


def test_who_was_ended_is_told_to_try_again_and_the_next_request_works(impatient: str) -> None:
    with pytest.raises(DatabaseError) as ended, history.change(by=TRIAL):
        Person.objects.create(name="Silent")
        with psycopg.connect(os.environ["DATABASE_URL"], dbname=impatient, options="-c lock_timeout=10s") as other:
            other.execute("SELECT history_open('job', NULL, '', 'other', NULL, '', '')")  # waits until we are ended
        Person.objects.create(name="Late")
    answer = refused(ended.value)
    assert answer and (answer.code, answer.status) == ("busy.retry", 503)
    assert leases.is_nobodys_fault(ended.value)  # a worker puts the work back, without a strike
    connection.close_if_unusable_or_obsolete()  # what happens between two requests, and between two tasks
    with history.change(by=TRIAL):
        Person.objects.create(name="Ana")
    assert [person.name for person in Person.objects.all()] == ["Ana"]


def shown(name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def test_a_session_asks_for_itself_whatever_its_role_has_been_set_to(own_database: str) -> None:
    """The role may set its own defaults; the program's sessions don't go by them."""
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=own_database, autocommit=True) as runtime:
        for setting in ("search_path = 'nowhere'", "default_transaction_read_only = on", "lock_timeout = '1h'"):
            runtime.execute(f"ALTER ROLE {settings.RUNTIME_ROLE} IN DATABASE {own_database} SET {setting}")
        runtime.execute(
            f"ALTER ROLE {settings.RUNTIME_ROLE} IN DATABASE {own_database} SET idle_in_transaction_session_timeout = 0"
        )
    connection.close()
    assert (shown("search_path"), shown("lock_timeout")) == ("public", "5s")
    assert shown("idle_in_transaction_session_timeout") == "30s"
    assert settings.OWNER_DATABASE and "session_timeout=10min" in settings.OWNER_DATABASE["OPTIONS"]["options"]
    with history.change(by=TRIAL):
        Person.objects.create(name="Ana")


def test_a_dead_line_is_noticed_by_both_ends() -> None:
    """On a socket of the same machine the kernel tells at once, and the settings count for nothing."""
    options = settings.DATABASES["default"]["OPTIONS"]
    assert (options["keepalives_idle"], options["keepalives_interval"], options["keepalives_count"]) == (30, 10, 3)
    assert all(f"-c tcp_keepalives_{name}" in options["options"] for name in ("idle=30", "interval=10", "count=3"))
    assert "-c tcp_user_timeout=60s" in options["options"] and options["tcp_user_timeout"] == 60_000
