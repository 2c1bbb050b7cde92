"""PostgreSQL's own programs for backups: found, held against the server's version, run with no password in sight."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from config.embedded.postgres import wheel_home

DEBIAN = Path("/usr/lib/postgresql")
LONGEST_REASON = 500
LEFT_OUT = {"options"}  # limits for requests, not for a backup


class Unable(Exception):
    """A backup or a restore can't be done; the sentence is for whoever looks after the installation."""


@dataclass(frozen=True)
class Program:
    """One of PostgreSQL's programs, with its version."""

    path: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def address() -> dict[str, str]:
    """Where the database is, for libpq: as the owner where the owner's address is given, else as the working role."""
    role: dict[str, Any] = settings.OWNER_DATABASE or settings.DATABASES["default"]
    options = {name: str(value) for name, value in role["OPTIONS"].items() if name not in LEFT_OUT}
    named = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {word: str(role[name]) for word, name in named.items() if role[name]}
    return options | given | {"dbname": str(connection.settings_dict["NAME"])}


def where(to: Mapping[str, str]) -> str:
    """A database as a person would name it."""
    return f"database {to['dbname']} at {to.get('host', 'the local socket')}, as {to.get('user', 'oneself')}"


def connect(to: Mapping[str, str]) -> psycopg.Connection[Any]:
    """A connection that waits as long as it must. Raises Unable where there is none."""
    try:
        opened = psycopg.connect(**to, autocommit=True)  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        raise Unable(f"The {where(to)} does not answer: {str(error).strip()}") from error
    opened.execute("SET idle_in_transaction_session_timeout = 0")
    opened.execute("SET datestyle = 'ISO, YMD'")  # moments in a manifest are read by other programs
    return opened


def find(name: str, *, at_least: int) -> Program:
    """The program of this very version, or the nearest newer one. Raises Unable where there is none."""
    found = sorted(_here(name), key=lambda program: program.major)
    fit = [program for program in found if program.major >= at_least]
    if fit:
        return fit[0]
    if found:
        raise Unable(
            f"{name} is of version {found[-1].version} here, and {at_least} or newer is needed: "
            f"install the client programs of PostgreSQL {at_least}."
        )
    raise Unable(f"{name} is not installed here: install the client programs of PostgreSQL {at_least}.")


def _here(name: str) -> Iterator[Program]:
    home = wheel_home()
    folders = [*([home / "bin"] if home else []), *map(Path, os.environ.get("PATH", "").split(os.pathsep))]
    for folder in [*folders, *DEBIAN.glob("*/bin")]:
        if path := shutil.which(name, path=str(folder)):
            told = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if version := re.search(r"\d+(\.\d+)?", told):
                yield Program(Path(path), version[0])


def run(program: Program, *words: str | Path, to: Mapping[str, str] | None = None) -> str:
    """What the program prints; the password goes by the environment. Raises Unable with the program's own words."""
    environment = dict(os.environ)
    command: list[str | Path] = [program.path, *words]
    if to is not None:
        environment["PGPASSWORD"] = to.get("password", "")
        command += ["--dbname", psycopg.conninfo.make_conninfo(**_without_password(to))]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise Unable(f"{program.path.name} failed: {_reason(done.stderr) or f'it ended with status {done.returncode}'}")
    return done.stdout


def _reason(said: str) -> str:
    """Its first lines, without the statement that it was at, which may be as long as a table has columns."""
    lines = [line for line in said.partition("Query was")[0].splitlines() if not line.endswith("detail: ")]
    return " / ".join(lines[:6])[:LONGEST_REASON].strip()


def _without_password(to: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in to.items() if name != "password"}
