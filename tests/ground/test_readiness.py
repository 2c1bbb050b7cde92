"""What a service needs and lacks is said before anything starts: all of it at once, and never as a traceback."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config import backups, made
from config.embedded.keeper import LOCK, USERS, hold
from config.embedded.postgres import WHOLE
from config.embedded.servers import PROJECT, Servers
from config.made import BrokenStart
from tests.reporting.ticking import address_of

UP = ["-m", "config", "up"]
GOOD_KEY = "a key of a test's own, which is long and of many letters"


def said(*words: str, **environment: str) -> tuple[int, str]:
    """The status of a command and what it said, with the servers of this run unless others are given."""
    ended = subprocess.run(
        [sys.executable, *words], cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True, timeout=180
    )
    assert "Traceback" not in ended.stdout + ended.stderr, ended.stderr
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A city's own database, in which nothing has been migrated."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE DATABASE salkku_empty")
        yield address_of("salkku_empty")["DATABASE_URL"]
        owner.execute("DROP DATABASE salkku_empty WITH (FORCE)")


def test_all_that_is_missing_on_the_servers_of_a_city_is_said_at_once(empty_database: str, tmp_path: Path) -> None:
    lacking = {"DATABASE_URL": empty_database, "SECRET_KEY": "short", "SECRET_KEY_FILE": "", "DEBUG": "1"}
    own = {"SALKKU_INSTALLATION": "live", "IDENTITY_FILE": str(tmp_path / "none.json"), "DATA_DIR": str(tmp_path / "d")}
    status, found = said(*UP, **lacking, **own, PORT="99999")
    assert status == 1
    for words in (
        "PORT=99999 is no port",
        "IDENTITY_FILE",
        "SECRET_KEY is too easily guessed",
        "DEBUG=1 shows strangers",
        "The database lacks",
        "portfolio.0001_initial, ",
        "Run manage.py migrate first, with OWNER_DATABASE_URL",
    ):
        assert words in found
    assert not (tmp_path / "d").exists()
    with psycopg.connect(empty_database) as connection:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(tables).fetchone() == (0,), "nobody migrates a city's server unasked"
    served = said("manage.py", "check", "--database", "default", **lacking, **own)
    assert served[0] == 1
    assert all(f"config.E00{number}" in served[1] for number in (1, 2, 3, 5)), "a process by itself refuses too"


def test_a_command_says_in_one_sentence_that_the_tables_come_first(empty_database: str) -> None:
    """In a folder where nothing has been set up yet; it asks nothing of the database before."""
    status, told = said("manage.py", "import_portfolio", "config/demo/espoo.json", DATABASE_URL=empty_database)
    assert (status, told) == (
        1, "CommandError: The tables of the database are not there yet: run ./run manage migrate first.\n",
    )  # fmt: skip


BY_HAND = (
    "ALTER TABLE portfolio_person DROP CONSTRAINT portfolio_person_pkey CASCADE",
    "ALTER TABLE portfolio_programme ENABLE ROW LEVEL SECURITY",
)
CHANGED = ("portfolio_person lacks the constraint portfolio_person_pkey", "portfolio_programme has row-level security")


def test_a_database_that_was_changed_by_hand_is_laid_out_for_nobody_and_all_of_it_said(
    own_database: str, as_owner: psycopg.Connection[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    for change in BY_HAND:
        as_owner.execute(change)
    with pytest.raises(CommandError) as refusal:
        call_command("lay_out")
    said = str(refusal.value)
    assert refusal.value.returncode == 1 and all(each in said for each in CHANGED) and capfd.readouterr().err == ""


def test_how_a_database_writes_dates_and_names_changes_nothing_for_us(
    own_database: str, as_owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """Each session says for itself how: the owner may have set it otherwise for whoever comes."""
    for setting in ("datestyle = 'SQL, DMY'", "intervalstyle = 'iso_8601'", "quote_all_identifiers = on"):
        as_owner.execute(f"ALTER DATABASE {own_database} SET {setting}")
    connection.close()
    call_command("check", databases=["default"], verbosity=0)
    call_command("verify_history", verbosity=0)
    call_command("backup", str(tmp_path), verbosity=0)
    [backup] = backups.kept(tmp_path)
    assert datetime.fromisoformat(json.loads(backup.manifest.read_text())["head"]["recorded_at"])


def test_a_command_that_needs_the_city_says_in_a_sentence_that_there_is_none(own_database: str, tmp_path: Path) -> None:
    there = {"DATABASE_URL": address_of(own_database)["DATABASE_URL"], "IDENTITY_FILE": str(tmp_path / "none.json")}
    status, found = said("manage.py", "open_account", "ada", "--person", "Ada Esimerkki", "--temporary", **there)
    assert status == 1 and f"IDENTITY_FILE ({tmp_path}/none.json) can't be used" in found


WRONG = {
    "TICK_SECONDS": "soon",
    "CITY_TIME_ZONE": "Espoo",
    "LOG_LEVEL": "loud",
    "MAIL_URL": "https://post:hush@relay",
    "DATABASE_URL": "postgresql://salkku:hush@host:port/salkku",
    "OWNER_DATABASE_URL": "mysql://owner:hush@host/salkku",
    "REDIS_URL": "amqp://:hush@host",
    "SALKKU_INSTALLATION": "production",
    "SECURE_COOKIES": "yes",
    "DEBUG": "true",
    "ALLOWED_HOSTS": "https://salkku.example.fi",
    "CSRF_TRUSTED_ORIGINS": "salkku.example.fi",
    "SITE_ADDRESS": "salkku.example.fi",
    "ALARM_TO": "duty@example.fi, duty",
    "ALARM_HOOK": "/nowhere/alarm --loud",
}


@pytest.mark.parametrize("command", [UP, ["manage.py", "check"]], ids=["up", "manage"])
def test_whatever_is_wrong_with_the_settings_is_named_at_once_and_no_secret_told(command: list[str]) -> None:
    status, found = said(*command, **WRONG, SECRET_KEY_FILE="/nowhere/key", PORT="abc")
    assert status == 1
    assert {name for name in WRONG if f"{name} can't be used" not in found} == set()
    assert "SECRET_KEY_FILE names /nowhere/key, which can't be read" in found
    assert ("PORT=abc is no port" in found) is (command == UP)
    assert "hush" not in found


@pytest.mark.proof
def test_a_citys_settings_are_looked_through_by_check_without_a_service(tmp_path: Path) -> None:
    live = {"SALKKU_INSTALLATION": "live", "OWNER_DATABASE_URL": "", "OWNER_DATABASE_URL_FILE": "", "ALLOWED_HOSTS": ""}
    lacking = {"SECRET_KEY": "", "SECRET_KEY_FILE": "", "IDENTITY_FILE": str(tmp_path / "none.json")}
    status, found = said("manage.py", "check", **live, **lacking)
    assert status == 1
    for words in ("SECRET_KEY is not set", "IDENTITY_FILE", "ALLOWED_HOSTS is not set"):
        assert words in found
    status, found = said("manage.py", "migrate", **live, DATABASE_URL=address_of("template1")["DATABASE_URL"])
    assert status == 1 and "may not change tables: give OWNER_DATABASE_URL" in found


Spoil = Callable[[Path], Path]
NO_FOLDERS: dict[str, Spoil] = {
    "a file": lambda folder: folder / "file",
    "below a file": lambda folder: folder / "file" / "below",
    "under /proc": lambda folder: Path("/proc/salkku"),
    "a file where its log should be": lambda folder: folder / "spoilt",
}
IN_THE_WAY = {
    "servers.json": "a folder where a file must be",
    "servers.lock": "a folder where a file must be",
    "log/postgres.log": "a folder where a file must be",
    "postgres-18/postmaster.pid": "a folder where a file must be",
    "postgres-18": "a file where a folder must be",
    "postgres-18.new": "a file where a folder must be",
}


def test_what_lies_in_the_way_of_the_servers_is_named(tmp_path: Path, no_addresses: None) -> None:
    for number, (name, why) in enumerate(IN_THE_WAY.items()):
        path = tmp_path / str(number) / name
        path.parent.mkdir(parents=True)
        for part in WHOLE if path.name == "postmaster.pid" else ():
            (path.parent / part).mkdir(parents=True)
        path.touch() if "a file where" in why else path.mkdir()
        with pytest.raises(BrokenStart, match=rf"{name} is {why}. Move it away, or set DATA_DIR"):
            Servers(tmp_path / str(number), durable=False).start()


def test_what_is_made_once_and_holds_no_text_any_more_is_named(tmp_path: Path) -> None:
    for name in ("installation", "secret_key"):
        (tmp_path / name).write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenStart, match="secret_key holds no text. Put back what stood in it."):
        made.once(tmp_path / "secret_key", "another")
    (tmp_path / "other/installation").mkdir(parents=True)
    for folder, why in (("", "installation holds no text"), ("other", "installation is a folder where a file must be")):
        ours = dict.fromkeys(("DATABASE_URL", "REDIS_URL", "OWNER_DATABASE_URL", "SALKKU_INSTALLATION"), "")
        status, found = said(*UP, DATA_DIR=str(tmp_path / folder), **ours)
        assert status == 1 and why in found


def test_what_lies_where_a_keeper_announces_the_servers_is_named_and_not_waited_for(
    tmp_path: Path, no_addresses: None
) -> None:
    (tmp_path / "servers.json").mkdir()
    kept, used = hold(tmp_path / LOCK, fcntl.LOCK_EX), hold(tmp_path / USERS, fcntl.LOCK_SH)  # of servers that run
    assert kept and used
    with kept, used, pytest.raises(BrokenStart, match=r"servers.json is a folder where a file must be. Move it away"):
        Servers(tmp_path, durable=False).start()


def test_a_data_folder_that_cannot_be_one_is_said_in_a_sentence(tmp_path: Path, no_addresses: None) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "spoilt").mkdir()
    (tmp_path / "spoilt/log").touch()
    for case, spoil in NO_FOLDERS.items():
        with pytest.raises(BrokenStart, match=r"can't be used|is a file where|belongs to another"):
            Servers(spoil(tmp_path), durable=False).start()
        assert case
    (tmp_path / "played").mkdir()
    (tmp_path / "played/installation").write_text("demo\n")
    only = "PORT=abc is no port. Set it to a number from 1024 to 65535, for example PORT=8000.\n"
    assert said(*UP, DATA_DIR=str(tmp_path / "played"), PORT="abc") == (1, only), "a demonstration has its identity"
    identity = str(PROJECT / "config/demo/identity.json")
    for words in (UP, ["manage.py", "check"]):
        assert said(*words, DATA_DIR=str(tmp_path / "file"), IDENTITY_FILE=identity, PORT="20999")[0] == 1


def test_one_address_alone_is_said_beside_the_rest(tmp_path: Path, no_addresses: None) -> None:
    status, found = said(*UP, REDIS_URL="redis://city", DATA_DIR=str(tmp_path), PORT="0", TICK_SECONDS="soon")
    assert status == 1 and "both DATABASE_URL and REDIS_URL, or neither" in found
    assert "PORT=0 is no port" in found and "TICK_SECONDS can't be used" in found


@pytest.mark.proof
def test_a_live_deployment_is_clean_by_djangos_own_check() -> None:
    """And its cookies stay with this very host."""
    live = {"SALKKU_INSTALLATION": "live", "SECRET_KEY": GOOD_KEY, "SECRET_KEY_FILE": "", "SECURE_COOKIES": "1"}
    look = (
        "from django.conf import settings as s; from django.core.management import call_command;"
        "call_command('check', deploy=True, fail_level='WARNING', verbosity=0);"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    )
    status, found = said("manage.py", "shell", "-v0", "-c", look, **live)
    assert status == 0 and "no issues" in found
    assert found.split()[-2:] == ["__Host-sessionid", "__Host-csrftoken"]


@pytest.mark.proof
def test_a_play_whose_database_goes_away_ends_so_that_it_is_taken_up_again(tmp_path: Path) -> None:
    gone = {"DATABASE_URL": f"postgresql://salkku@/salkku?host={tmp_path}", "SALKKU_INSTALLATION": "demo"}
    status, found = said("manage.py", "perform_demo", "--once", **gone, DATA_DIR=str(tmp_path))
    assert status == os.EX_TEMPFAIL and "The database went away" in found
