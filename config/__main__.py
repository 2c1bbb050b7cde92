"""The command line behind ./run: the demo, the service, and psql."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from config import languages
from config.keeper import LOG, hold
from config.offspring import BrokenStart
from config.postgres import wheel_home
from config.servers import PROJECT, Servers, data_dir, secret
from config.staff import Post, Staff
from portfolio import city

DEMO = {"SALKKU_INSTALLATION": "demo", "TICK_SECONDS": "2"}


def main(arguments: list[str] | None = None) -> int:
    options, rest = _parser().parse_known_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if options.command == "psql":
            return psql(rest)
        if rest:
            raise BrokenStart(f"`./run {options.command}` does not know {' '.join(rest)}.")
        return demo(once=options.once) if options.command == "demo" else up()
    except BrokenStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def up() -> int:
    """The whole service in one terminal: servers if none are given, web, worker and beat."""
    port = _free_port()
    with _service() as staff:
        _take_on_workers(staff)
        _serve(staff, port)
    return 0


def demo(*, once: bool) -> int:
    """The city's data played into its reports; then, unless `once`, the site."""
    os.environ.update({name: os.environ.get(name, value) for name, value in DEMO.items()})
    port = None if once else _free_port()
    with _service() as staff:
        _take_on_workers(staff)
        status = staff.until_done(_manage("perform_demo", *(["--once"] if once else [])))
        if status == 0 and port:
            _serve(staff, port)
    return status


def psql(arguments: list[str]) -> int:
    """PostgreSQL's own client, in the role that the program itself has."""
    with Servers():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client
        return subprocess.call([_psql_program(), secret("DATABASE_URL"), *arguments])


@contextmanager
def _service() -> Iterator[Staff]:
    """Servers, then the schema, then the staff; taken down the other way round."""
    _require_identity()
    with _only_one(data_dir()), Servers() as servers:
        print("Laying out the database", flush=True)
        languages.compile_stale()
        _do("migrate", "--verbosity", "0")
        staff = Staff(servers, data_dir() / LOG)
        try:
            yield staff
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            print("Stopping", flush=True)
            staff.dismiss()


def _require_identity() -> None:
    """No service without knowing whose: the setting and all that is wrong with its file are named before the start."""
    from config.settings import IDENTITY_FILE  # noqa: PLC0415 - read once DATA_DIR and the kind of installation are set

    try:
        city.read(IDENTITY_FILE)
    except city.Faulty as faulty:
        raise BrokenStart(str(faulty)) from faulty


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    lock = hold(data / "service.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if lock is None:
        raise BrokenStart(f"Salkku is already running over {data}. Stop it first, or set DATA_DIR to another folder.")
    with lock:
        yield


def _take_on_workers(staff: Staff) -> None:
    celery = [sys.executable, "-m", "celery", "-A", "workers.celery"]
    schedule = data_dir() / "beat-schedule"
    staff.take_on(Post("worker", [*celery, "worker", "--concurrency=2", "--loglevel=INFO"], patience=40))
    staff.take_on(Post("beat", [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel=INFO"], patience=10))


def _serve(staff: Staff, port: int) -> None:
    """Keep the site up until somebody stops it."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
    # a worker that is told to stop while it starts does not hear it: hence the kill after five seconds
    lasting = ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
    address = ["--host", "127.0.0.1", "--port", str(port), "config.wsgi:application"]
    staff.take_on(Post("web", [*granian, *lasting, *address], patience=10), at=port)
    try:  # whoever reads the line may stop us before the next one is reached
        print(f"Salkku is at http://127.0.0.1:{port}/ (Ctrl-C stops it)", flush=True)
        staff.stay()
    except KeyboardInterrupt:
        pass


def _free_port() -> int:
    port = int(os.environ.setdefault("PORT", "8000"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as reason:
            raise BrokenStart(f"Port {port} is taken. Set PORT to a free one, for example PORT={port + 1}.") from reason
    return port


def _manage(*words: str) -> list[str]:
    return [sys.executable, "-u", str(PROJECT / "manage.py"), *words]


def _do(*words: str) -> None:
    if subprocess.call(_manage(*words), cwd=PROJECT) != 0:
        raise BrokenStart(f"`./run manage {' '.join(words)}` failed.")


def _psql_program() -> str:
    home = wheel_home()
    program = str(home / "bin/psql") if home else shutil.which("psql")
    if program is None:
        raise BrokenStart("psql is not installed here.")
    return program


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run", add_help=False)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="the service")
    commands.add_parser("demo", help="the city's data, played").add_argument("--once", action="store_true")
    commands.add_parser("psql", add_help=False, help="the database")
    return parser


if __name__ == "__main__":
    sys.exit(main())
