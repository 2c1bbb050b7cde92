"""The processes of a service: brought back when they die, sent home in order, gone when we are killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import psycopg
import pytest

from config.embedded.servers import PROJECT, Servers
from config.embedded.staff import Post, Staff
from config.made import BrokenStart
from tests.ground.waiting import free_port, hear, processes_about, until

IDENTITY = str(PROJECT / "config/demo/identity.json")

WAITS = """
import signal, sys
def leave(*_):
    print(sys.argv[2], file=open(sys.argv[1], "a"))
    sys.exit()
signal.signal(signal.SIGTERM, leave)
print("ready", flush=True)
signal.pause()
"""
DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Staff]:
    staff = Staff(Servers(), tmp_path / "log")  # the addresses of this run are given, so nothing is started
    yield staff
    staff.dismiss()


def waiting(name: str, folder: Path) -> Post:
    return Post(name, [sys.executable, "-c", WAITS, str(folder / "order"), name], patience=60)


def is_ready(staff: Staff, post: Post) -> bool:
    return "ready" in (staff.log / f"{post.name}.log").read_text()


def test_one_that_dies_is_started_again(staff: Staff, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post = waiting("worker", tmp_path)
    staff.take_on(post)
    assert post.process
    first = post.process.pid
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        staff.watch()
        return post.process is not None and post.process.pid != first

    until(again)
    assert "worker ended with status -9 and is started again" in capsys.readouterr().out


# Stays with two children, as the site does with its workers; they hear of no end but a kill.
BRANCHES = """
import os, signal
for _child in range(2):
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        break
print("ready", flush=True)
while True:
    signal.pause()
"""


def group_of(pid: int) -> list[int]:
    return [other for other in map(int, filter(str.isdigit, os.listdir("/proc"))) if in_group(other, pid)]


def in_group(pid: int, leader: int) -> bool:
    try:
        return os.getpgid(pid) == leader and state(pid) != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_what_one_that_died_leaves_behind_goes_too(staff: Staff, tmp_path: Path) -> None:
    """A site whose main process is killed would leave its workers at the port; so would one that nobody missed yet."""
    post = Post("web", [sys.executable, "-c", BRANCHES], patience=20)
    staff.take_on(post)
    assert post.process
    first = post.process.pid
    until(lambda: len(group_of(first)) == 3)
    os.kill(first, signal.SIGKILL)
    until(lambda: staff.watch() and post.process and post.process.pid != first)
    until(lambda: not group_of(first))
    second = post.process.pid
    until(lambda: len(group_of(second)) == 3)
    os.kill(second, signal.SIGKILL)
    until(lambda: state(second) == "Z")
    staff.dismiss()
    until(lambda: not group_of(second))


# The parent of a process that serves, and that process, which says its number.
SERVES = """
import multiprocessing, os, signal, time
from config.embedded.offspring import end_with_parent
def serve():
    end_with_parent()
    print(os.getpid(), flush=True)
    time.sleep(600)
end_with_parent()  # of somebody's terminal nobody is a worker
multiprocessing.get_context("fork").Process(target=serve).start()
"""


def test_a_worker_of_the_site_goes_with_its_parent_though_nobody_looks(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", SERVES], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    worker = int(parent.stdout.readline())
    parent.kill()
    assert parent.communicate(timeout=60) == ("", None), "the worker too holds the other end"
    until(lambda: not in_group(worker, os.getpgrp()))


def test_a_log_that_cannot_be_written_is_said_and_the_others_are_looked_after(
    staff: Staff, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (staff.log / "beat.log").mkdir(parents=True)
    with pytest.raises(BrokenStart, match="beat.log is a folder where a file must be. Move it away"):
        staff.take_on(waiting("beat", tmp_path))
    staff.posts[0].not_before = 0.0
    staff.watch()
    assert "beat is not started: " in capsys.readouterr().out
    (staff.log / "beat.log").rmdir()
    staff.posts[0].not_before = 0.0
    until(lambda: staff.watch() and staff.posts[0].process)


def test_the_last_to_come_leaves_first(staff: Staff, tmp_path: Path) -> None:
    for name in ("worker", "beat", "web"):
        staff.take_on(waiting(name, tmp_path))
    until(lambda: all(is_ready(staff, post) for post in staff.posts))
    staff.dismiss()
    assert (tmp_path / "order").read_text().split() == ["web", "beat", "worker"]


def test_one_that_will_not_leave_is_killed(staff: Staff, tmp_path: Path) -> None:
    post = Post("deaf", [sys.executable, "-c", DEAF], patience=0.2)
    staff.take_on(post)
    until(lambda: is_ready(staff, post))
    staff.dismiss()
    assert post.process and post.process.returncode == -signal.SIGKILL


def run(*words: str, data: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config", *words],
        cwd=PROJECT,
        env=os.environ | {"DATA_DIR": str(data)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_taken_port_is_said_before_anything_starts(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        up = run("up", data=data, PORT=str(port), IDENTITY_FILE=IDENTITY)
        assert up.communicate()[0] == f"Port {port} is taken. Set PORT to a free one, for example PORT={port + 1}.\n"
    assert up.returncode == 1
    assert not data.exists()


def stand_up(data: Path) -> subprocess.Popen[str]:
    up = run("up", data=data, PORT=free_port(), IDENTITY_FILE=IDENTITY)
    try:
        hear(up, "Salkku is at")
    except BaseException:
        up.kill()
        raise
    return up


def half_migrated(data: Path) -> bool:
    try:
        owner = json.loads((data / "servers.json").read_text())["OWNER_DATABASE_URL"]
        with psycopg.connect(owner) as connection:
            done = connection.execute("SELECT count(*) FROM django_migrations WHERE app = 'portfolio'").fetchone()
    except (OSError, psycopg.Error):
        return False
    return bool(done and done[0])


def by_age(data: Path, word: str) -> list[int]:
    return sorted(pid for pid, words in processes_about(data).items() if word in words)


@pytest.mark.proof
def test_a_service_stands_alone_over_its_folder_and_however_it_ends_leaves_nothing(data: Path) -> None:
    """Killed while it migrates, asked to stop in either way, its site killed, then all; beside another and `psql`."""
    first = run("up", data=data, PORT=free_port(), IDENTITY_FILE=IDENTITY)
    until(lambda: half_migrated(data), within=180, of=[first])
    first.kill()
    first.communicate()
    until(lambda: not processes_about(data), within=120)
    site = stand_up(data)
    second = run("up", data=data, PORT=free_port(), IDENTITY_FILE=IDENTITY)
    assert "Salkku is already running over" in second.communicate(timeout=120)[0]
    assert second.returncode == 1
    asked = run("psql", "-Atc", "SELECT current_user", data=data)
    assert asked.communicate(timeout=120)[0] == "salkku\n"
    for number in (signal.SIGINT, signal.SIGTERM):
        assert site.poll() is None
        site.send_signal(number)
        assert "Stopping" in site.communicate(timeout=180)[0]
        assert site.returncode == 0
        until(lambda: not processes_about(data))
        site = stand_up(data)
    [web, *_] = by_age(data, "granian")
    os.kill(web, signal.SIGKILL)
    hear(site, "web ended with status -9 and is started again")
    until(lambda: not group_of(web))
    again = until(lambda: by_age(data, "granian"))[0]
    until(lambda: len(group_of(again)) >= 3, within=120)
    for pid in (site.pid, again, by_age(data, " worker ")[0]):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not processes_about(data), within=120)
    assert not (data / "servers.json").exists()
    site.communicate()
    with Servers(data), psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("ALTER TABLE portfolio_person DROP CONSTRAINT portfolio_person_pkey CASCADE")
    changed = run("up", data=data, PORT=free_port(), IDENTITY_FILE=IDENTITY)
    said = changed.communicate(timeout=180)[0]
    assert changed.returncode == 1 and "portfolio_person lacks the constraint portfolio_person_pkey" in said
    assert "worker started" not in said and "nothing is started" in said


# Listens at once, but answers only once a file is there.
SLOW = """
import http.server, os, socket, sys, time
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler)
while not os.path.exists(sys.argv[2]):
    time.sleep(0.05)
server.serve_forever()
"""


@pytest.mark.proof
def test_a_slow_site_is_waited_for_while_the_others_work(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing ends for it: a worker that dies meanwhile is started again, and the site is said to be there late."""
    monkeypatch.setattr("config.embedded.staff.SAID_EVERY", 0.5)
    worker, port = waiting("worker", tmp_path), free_port()
    staff.take_on(worker)
    assert worker.process
    first = worker.process.pid
    os.kill(first, signal.SIGKILL)

    def open_late() -> None:
        try:
            until(lambda: worker.process and worker.process.pid != first)
            until(lambda: "not answer" in (tmp_path / "said").read_text())
        finally:
            (tmp_path / "open").touch()

    web = Post("web", [sys.executable, "-c", SLOW, port, str(tmp_path / "open")], patience=1)
    with (tmp_path / "said").open("w", buffering=1) as out, redirect_stdout(out):
        opener = threading.Thread(target=open_late)
        opener.start()
        staff.take_on(web, at=int(port))
        opener.join()
    lines = (tmp_path / "said").read_text().splitlines()
    assert "web does not answer on port" in next(line for line in lines if line.startswith("web"))
    assert lines[-1] == "web started" and any("worker ended with status -9" in line for line in lines)


# Stops a process, as the demonstration stops beat, and is then killed.
STOPS = """
import os, signal, sys
os.kill(int(sys.argv[1]), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGKILL)
"""


def state(pid: int) -> str:
    """How the kernel calls what a process does: S sleeps, T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_what_a_killed_command_has_stopped_goes_on(staff: Staff, tmp_path: Path) -> None:
    beat = waiting("beat", tmp_path)
    staff.take_on(beat)
    assert beat.process
    until(lambda: is_ready(staff, beat))
    assert staff.until_done([sys.executable, "-c", STOPS, str(beat.process.pid)]) == -signal.SIGKILL
    until(lambda: beat.process and state(beat.process.pid) == "S")


def test_what_is_stopped_still_leaves_in_order(staff: Staff, tmp_path: Path) -> None:
    beat = waiting("beat", tmp_path)
    staff.take_on(beat)
    assert beat.process
    until(lambda: is_ready(staff, beat))
    os.kill(beat.process.pid, signal.SIGSTOP)
    until(lambda: beat.process and state(beat.process.pid) == "T")
    staff.dismiss()
    assert (tmp_path / "order").read_text().split() == ["beat"]


# The demonstration while beat is stopped: it says so, and waits to be ended.
ASLEEP = """
import django, signal
django.setup()
from config.management.commands.perform_demo import Command
with Command()._beat_asleep():
    print("asleep", flush=True)
    signal.pause()
"""


@pytest.mark.proof
def test_a_demonstration_that_is_ended_wakes_beat(staff: Staff, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WAITS, str(tmp_path / "order"), "beat", f"{tmp_path}/beat-schedule"]
    beat = Post("beat", command, patience=60)
    staff.take_on(beat)
    assert beat.process
    until(lambda: is_ready(staff, beat))
    own = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings", "TICK_SECONDS": "1"}
    playing = subprocess.Popen([sys.executable, "-c", ASLEEP], cwd=PROJECT, env=os.environ | own, stdout=-1, text=True)
    assert playing.stdout and playing.stdout.readline() == "asleep\n"
    assert state(beat.process.pid) == "T"
    playing.send_signal(signal.SIGTERM)
    assert playing.wait(120) == 128 + signal.SIGTERM
    until(lambda: beat.process and state(beat.process.pid) == "S")
