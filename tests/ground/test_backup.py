"""Backups: whole or not there, refused with a reason; and the rehearsal: a city loses its disk and goes on."""

from __future__ import annotations

import hashlib
import http.cookiejar
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as installed
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import CommandError, call_command
from psycopg import sql

from config import backups, condition, postgres_programs, readiness, restoring
from config.embedded.servers import ADDRESSES, PROJECT
from portfolio import clock, schema
from portfolio.history.models import Head
from portfolio.people.models import Account
from reporting.documents.queries import kept_files
from reporting.models import Rendition, Report, Work
from reporting.reports import letters
from reporting.schedule.queries import programmes_of
from tests import story
from tests.conftest import _connect_to, _drop
from tests.ground.test_staff import free_port
from tests.ground.waiting import until
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.test_letters import give_up, reachable

PASSWORD = "a long way to the council"


@pytest.fixture
def empty_database(own_database: str) -> Any:
    """A database with nothing in it, to which the test's commands go; the first is still there."""
    name = f"{own_database}_new"
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield name
    _drop(name)


def made(folder: Path, **options: Any) -> backups.Backup:
    call_command("backup", str(folder), verbosity=0, **options)
    return backups.kept(folder)[0]


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command(*words)
    assert refusal.value.returncode == 1
    return str(refusal.value)


@pytest.mark.proof
def test_a_backup_is_whole_is_restored_into_an_empty_database_alone_and_says_what_is_wrong(
    empty_database: str, own_database: str, tmp_path: Path
) -> None:
    draft = factories.draft(factories.schedule(factories.indicator().target.programme))
    (tmp_path / "salkku-of-a-killed-one.dump.partial").touch()
    backup = made(tmp_path)
    told = json.loads(backup.manifest.read_text())
    assert told["sha256"] == backups.sha256_of(backup.archive) and told["bytes"] == backup.archive.stat().st_size
    assert told["head"]["seq"] == Head.objects.get().seq and told["rows"]["reporting_blob"] == 6
    assert {path.stat().st_mode & 0o077 for path in (backup.archive, backup.manifest)} == {0}
    assert not list(tmp_path.glob("*.partial"))

    assert f"database {own_database} at" in (said := refused("restore", str(backup.archive)))
    assert re.search(r"is not empty: it has \d+ tables, public\.\w+ first\. Restore into a new database", said)
    before = _connect_to(empty_database)
    try:
        for file, damage, sentence in (
            (backup.archive, lambda was: was[:-1], "the checksum differs"),
            (backup.manifest, lambda was: was.replace(b'"installation": "test"', b'"installation": "live"'), "a live"),
            (backup.manifest, lambda was: was.replace(b'"portfolio.0001', b'"portfolio.9999'), "of a later version"),
            (backup.manifest, lambda was: was.replace(b'"format": 1', b'"format": 2'), "format 2"),
            (backup.manifest, lambda was: b"{}", "is no backup with its manifest"),
        ):
            was = file.read_bytes()
            file.write_bytes(damage(was))
            assert sentence in refused("restore", str(backup.archive))
            file.write_bytes(was)
        call_command("restore", str(backup.manifest), verbosity=0)
        assert Report.objects.get().state == draft.state and kept_files() == (6, [])
    finally:
        _connect_to(before)


@pytest.mark.proof
def test_the_half_of_a_restore_serves_nobody_and_is_restored_over(
    empty_database: str, own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended between the rows and the checks: no service, no migration, no command; the same restore again mends it."""
    draft = factories.draft(factories.schedule(factories.indicator().target.programme))
    backup = made(tmp_path)
    before = _connect_to(empty_database)
    try:
        assert readiness.migration_faults()[0].startswith("The database lacks")
        with monkeypatch.context() as killed, pytest.raises(SystemExit):
            killed.setattr(restoring.leases, "begin_after_a_restore", sys.exit)
            restoring.restore(backup.archive)
        assert readiness.migration_faults() == [schema.HALF]
        for words in (["migrate"], ["verify_history"]):
            with pytest.raises(CommandError, match="was not finished"):
                call_command(*words)
        with monkeypatch.context() as spoilt:
            spoilt.setattr(backups, "rows", lambda _owner: {})
            assert "Other rows than the manifest says" in refused("restore", str(backup.archive))
        assert schema.half_restored()
        call_command("restore", str(backup.archive), verbosity=0)
        assert not schema.half_restored() and readiness.migration_faults() == []
        assert Report.objects.get().state == draft.state and kept_files() == (6, [])
        assert "is not empty" in refused("restore", str(backup.archive))
    finally:
        _connect_to(before)


def test_the_half_of_a_restore_is_no_database_to_back_up_and_every_command_and_the_watch_say_so(
    own_database: str, as_owner: psycopg.Connection[Any], tmp_path: Path, settings: Any
) -> None:
    """It has all tables, so that nothing but the mark tells it from a whole one."""
    settings.BACKUP_FOLDER = tmp_path
    as_owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema.RESTORING)))
    said = "No backup was made. A restore into this database was not finished; run restore again."
    assert refused("backup") == said and backups.kept(tmp_path) == [] and said.endswith(failed_for(tmp_path))
    for words in (["migrate"], ["migrate", "--check"], ["verify_history"], ["api_token", "ana"], ["perform_demo"]):
        with pytest.raises(CommandError, match="was not finished"):
            call_command(*words)
    assert [trouble.code for trouble in condition.unready()] == ["restoring"]
    told = {trouble.code for trouble in condition.look().troubles}
    assert {"restoring", "backup", "backup_failed"} <= told and not told & {"worker", "beat", "look"}
    as_owner.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(schema.RESTORING)))
    assert condition.unready() == [] and made(tmp_path).archive.exists()


def failed_for(folder: Path) -> str:
    return backups.why_failed(folder).partition(" UTC: ")[2]


def test_old_backups_are_kept_by_number_and_a_failed_one_lets_go_of_none(
    own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    first = made(folder)
    for turn in range(2):
        for path in (first.archive, first.manifest):
            shutil.copy(path, folder / f"salkku-2020010{turn + 1}T000000Z-1{path.suffix}")
    monkeypatch.setattr(postgres_programs, "wheel_home", lambda: None)
    monkeypatch.setattr(postgres_programs, "DEBIAN", tmp_path / "nothing")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert "pg_dump is not installed here" in refused("backup", str(folder), "--keep", "1")
    (tmp_path / "bin").mkdir()
    old = tmp_path / "bin/pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    assert "pg_dump is of version 9.6 here, and 18 or newer is needed" in refused("backup", str(folder), "--keep", "1")
    assert "pg_dump is of version 9.6" in backups.why_failed(folder)
    assert len(backups.kept(folder)) == 3
    monkeypatch.undo()
    made(folder, keep=2)
    assert first.manifest.stem in {one.manifest.stem for one in backups.kept(folder)}, "the newest stay"
    assert len(list(folder.glob("*.dump"))) == len(backups.kept(folder)) == 2 and backups.why_failed(folder) == ""
    (tmp_path / "file").touch()
    assert "Backups can't be written to" in refused("backup", str(tmp_path / "file"))


def test_a_full_disk_keeps_no_half_of_a_backup_and_the_reason_in_short(own_database: str, tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))  # no file grows further, as where no room is left
    try:
        assert "pg_dump failed" in refused("backup", str(tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name for path in tmp_path.iterdir()} == {backups.FAILED, backups.LOCK}
    assert "pg_dump failed" in backups.why_failed(tmp_path)
    query = "pg_dump: error: query failed: ERROR: no\npg_dump: detail: Query was: SELECT 1" + ", 1" * 900
    assert postgres_programs._reason(query) == "pg_dump: error: query failed: ERROR: no"
    assert len(postgres_programs._reason("x" * 9000)) == 500


def test_the_working_role_alone_can_make_a_backup_too(
    own_database: str, tmp_path: Path, settings: Any, as_owner: psycopg.Connection[Any]
) -> None:
    settings.OWNER_DATABASE = None
    assert made(tmp_path).archive.stat().st_size > 10_000


# ---- the rehearsal --------------------------------------------------------------------------------------------------


def a_city_in_service(people: story.People, mail: Path) -> Report:
    """One report made and one to come; one given up, a letter about it sent and another waiting; Ana can sign in."""
    programme = factories.indicator().target.programme
    benefits.measured(programme.benefit_targets.get().indicators.get(), value="90", on=factories.NEW_YEAR)
    dates = [factories.NEW_YEAR, factories.NEXT_YEAR]
    of = factories.schedule(programme, dates=[{"status_date": day, "cut_off_at": clock.now()} for day in dates])
    report = factories.draft(of)
    stuck = factories.frozen(factories.schedule(programme))
    ana, sirpa = (reachable(people[name], "fi") for name in ("ana", "sirpa"))
    hashed = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    Account.objects.filter(person=ana).update(password=hashed)
    give_up(stuck)
    letters.write_due()
    [first, _] = letters.to_send()
    letters.send(first)
    assert len(list(mail.iterdir())) == 1 and Work.objects.get(pk=first).done_at and sirpa
    return report


def manage(*words: str | Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, PROJECT / "manage.py", *words], env=environment, capture_output=True, text=True, cwd=PROJECT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Browser:
    """Somebody at the site."""

    def __init__(self, port: str) -> None:
        self.site, self.jar = f"http://127.0.0.1:{port}", http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> bytes:
        with self.opener.open(f"{self.site}{path}", timeout=30) as answer:
            assert answer.status == 200
            return bytes(answer.read())

    def sign_in(self, name: str, password: str) -> None:
        self.get("/sign-in/")
        token = next(cookie.value for cookie in self.jar if "csrf" in cookie.name)
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token or ""}
        asked = urllib.request.Request(f"{self.site}/sign-in/", urllib.parse.urlencode(form).encode())
        asked.add_header("Referer", self.site)
        with self.opener.open(asked, timeout=30) as answer:
            assert "/sign-in/" not in answer.url


@contextmanager
def in_service(environment: dict[str, str]) -> Iterator[Browser]:
    """`./run up` until the block is left, and somebody at it."""
    command = [sys.executable, "-m", "config", "up"]
    up = subprocess.Popen(
        command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert up.stdout
    said = iter(up.stdout.readline, "")
    try:
        assert any("Salkku is at" in line for line in said), "it ended before it was there"
        yield Browser(environment["PORT"])
    finally:
        up.terminate()
        up.communicate(timeout=90)


def files_of(report: Report) -> dict[str, str]:
    """Where each file of a report is, and its checksum."""
    found = Rendition.objects.filter(snapshot__report=report).values_list("language", "format", "blob__sha256")
    return {f"/reports/{report.pk}/{language}.{kind}": sha256 for language, kind, sha256 in found}


@pytest.mark.proof
def test_a_city_that_loses_its_disk_restores_last_nights_backup_and_goes_on(
    own_database: str, tmp_path: Path, settings: Any
) -> None:
    """Backup in service, writes after it, a new cluster: sign-in, every file, the chain, no letter twice, the next."""
    mail = tmp_path / "mail"
    mail.mkdir()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH, settings.MAIL_URL = str(mail), f"file://{mail}"
    report = a_city_in_service(story.people(), mail)
    files = files_of(report)
    call_command("backup", str(tmp_path / "backups"), verbosity=0)
    head, kept = Head.objects.get(), Rendition.objects.count()
    factories.draft(factories.schedule(*programmes_of(report.schedule)))  # goes with the disk
    assert Head.objects.get().seq > head.seq and len(files) == 6

    begun = time.monotonic()
    new = {name: value for name, value in os.environ.items() if name not in ADDRESSES} | {
        "DATA_DIR": str(tmp_path / "var"),
        "IDENTITY_FILE": str(installed.IDENTITY_FILE),
        "MAIL_URL": f"file://{mail}",
        "TICK_SECONDS": "1",
        "PORT": free_port(),
    }
    [backup] = backups.kept(tmp_path / "backups")
    said = manage("restore", backup.archive, environment=new)
    assert f"head {head.seq}:{head.sha256}" in said and f"{kept} files of reports" in said
    assert "Letters that waited then and are not sent now: 1" in said
    with in_service(new) as ana:
        ana.sign_in("ana", PASSWORD)
        for path, sha256 in files.items():
            assert hashlib.sha256(ana.get(path)).hexdigest() == sha256, path
        print(f"restored, signed in, every file by its checksum: {time.monotonic() - begun:.0f} s")
        assert time.monotonic() - begun < 15 * 60
        until(lambda: b"31.12.2023" in ana.get("/reports/"), within=120)
        assert "sound" in manage("verify_history", "--against", f"{head.seq}:{head.sha256}", environment=new)
        assert len(list(mail.iterdir())) == 1, "no letter a second time"
