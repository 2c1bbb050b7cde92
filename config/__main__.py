"""The command line behind ./run: the demo, the service, and psql."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from config import languages, readiness
from config.embedded.keeper import LOG, hold
from config.embedded.postgres import wheel_home
from config.embedded.servers import PROJECT, Servers, data_dir, given, kept_kind, secret
from config.embedded.staff import Post, Staff
from config.made import BrokenStart, usable

DEMO = {"SALKKU_INSTALLATION": "demo", "TICK_SECONDS": "2"}
PERFORMANCES = 10  # how often a play is taken up whose database went away


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
    """The whole service in one terminal: servers if none are given, web, worker, beat and watch."""
    with _service(site=True) as staff:
        _take_on_workers(staff)
        os.environ.setdefault("WEB_ADDRESS", f"http://127.0.0.1:{os.environ['PORT']}")
        staff.take_on(Post("watch", _manage("watch"), patience=20))
        _serve(staff)
    return 0


def demo(*, once: bool) -> int:
    """The city's data played into its reports; then, unless `once`, the site."""
    os.environ.update({name: os.environ.get(name, value) for name, value in DEMO.items()})
    with _service(site=not once) as staff:
        _take_on_workers(staff)
        status = _perform(staff, *(["--once"] if once else []))
        if status == 0 and not once:
            _serve(staff)
    return status


def _perform(staff: Staff, *words: str) -> int:
    """The play, taken up where it was when the database goes away under it, as by a kill of the servers."""
    for _time in range(PERFORMANCES):
        status = staff.until_done(_manage("perform_demo", *words))
        if status != os.EX_TEMPFAIL:
            break
        print("The database went away; the demonstration goes on from where it was", flush=True)
        staff.until_kept()
    return status


def psql(arguments: list[str]) -> int:
    """PostgreSQL's own client, in the role that the program itself has."""
    with Servers():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client
        return subprocess.call([_psql_program(), secret("DATABASE_URL"), *arguments])


@contextmanager
def _service(*, site: bool) -> Iterator[Staff]:
    """Servers, then the schema, then the staff; taken down the other way round."""
    ours = not (given("DATABASE_URL") or given("REDIS_URL"))
    with usable(data_dir()):
        if ours and (kept := kept_kind(data_dir())):
            os.environ.setdefault("SALKKU_INSTALLATION", kept)
    readiness.require(port=site)
    with _only_one(data_dir()), Servers(mending=False) as servers:
        languages.compile_stale()
        if ours:
            print("Laying out the database", flush=True)
            _lay_out()
        staff = Staff(servers, data_dir() / LOG)
        try:
            yield staff
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            print("Stopping", flush=True)
            staff.dismiss()


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    with usable(data):
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


def _serve(staff: Staff) -> None:
    """Keep the site up until somebody stops it."""
    port = int(os.environ["PORT"])
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


def _manage(*words: str) -> list[str]:
    return [sys.executable, "-u", str(PROJECT / "manage.py"), *words]


def _lay_out() -> None:
    """The tables, and a look at them: what would keep worker, beat and web off keeps us from starting them."""
    if subprocess.call(_manage("lay_out"), cwd=PROJECT) != 0:
        raise BrokenStart("The database is not as this version needs it: nothing is started.")


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
