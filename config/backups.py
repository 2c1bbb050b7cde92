"""Backups: an archive of one moment, and beside it a manifest of what it must hold when it is restored.

    salkku-20270101T020000Z-4711.dump    pg_dump's archive; 4711 is the head of the history's chain
    salkku-20270101T020000Z-4711.json    the manifest: there is a backup once this stands
    failed.txt                           why the last one failed; gone with the next that does not

Sessions are left out: who restores signs in anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config import manifest, postgres_programs
from config.embedded.keeper import hold
from config.postgres_programs import Unable
from portfolio.schema import RESTORING, how_to_migrate

PREFIX, ARCHIVE, MANIFEST, PARTIAL, FAILED, LOCK = "salkku-", ".dump", ".json", ".partial", "failed.txt", ".lock"
SESSIONS = "portfolio_session"
NAMED = re.compile(rf"{PREFIX}(\d{{8}}T\d{{6}}Z)-(\d+){MANIFEST}", re.ASCII)
STAMP = "%Y%m%dT%H%M%SZ"
AT_ONCE = 1 << 20
UNKNOWN = "the reason could not be written down; is the disk full?"


@dataclass(frozen=True)
class Backup:
    """A finished backup."""

    manifest: Path

    @property
    def archive(self) -> Path:
        return self.manifest.with_suffix(ARCHIVE)

    @property
    def made_at(self) -> datetime:
        stamp = self.manifest.name.removeprefix(PREFIX).split("-")[0]
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def kept(folder: Path) -> list[Backup]:
    """The finished backups of a folder, the newest first; what bears another name than ours is somebody else's.

    So is what bears our name, and has no manifest that reads as ours beside an archive of the size that it tells.
    """
    found = [Backup(path) for path in folder.glob(f"{PREFIX}*{MANIFEST}") if _ours(path.name)]
    return sorted(filter(_is_whole, found), key=lambda one: one.manifest.name, reverse=True)


def _is_whole(one: Backup) -> bool:
    try:
        told = manifest.read(one.manifest)
        return manifest.is_file(one.archive) and one.archive.stat().st_size == told["bytes"]
    except (manifest.NoManifest, OSError):
        return False


def _ours(name: str) -> bool:
    with suppress(ValueError):  # figures that are no date
        return bool(NAMED.fullmatch(name) and Backup(Path(name)).made_at)
    return False


def why_failed(folder: Path) -> str:
    """Why the last backup failed, if it did; of a file that came out empty no more is known than that it did."""
    with suppress(OSError):
        return (folder / FAILED).read_text().strip() or UNKNOWN
    return ""


def make(folder: Path, *, keep: int) -> Backup:
    """Make a backup, then let go of all but the newest `keep`.

    Written beside and renamed: what stands under its name is whole. Raises Unable; then nothing is let go, and the
    reason stands in the folder too.
    """
    with _alone(folder):
        try:
            made = _made(folder)
        except (Unable, OSError, psycopg.Error) as error:
            reason = str(error).strip()
            _let_go_of_halves(folder)  # first: they may be what leaves no room for the reason
            with suppress(OSError):
                (folder / FAILED).write_text(f"{_now():%Y-%m-%d %H:%M UTC}: {reason}\n")
            raise error if isinstance(error, Unable) else Unable(reason) from error
        (folder / FAILED).unlink(missing_ok=True)
        for old in _others(folder, made)[keep - 1 :]:
            _let_go(old)
    return made


def _others(folder: Path, made: Backup) -> list[Backup]:
    """All but the new one, which stays whatever the clock was; those of a time to come push no other out."""
    others = [one for one in kept(folder) if one != made]
    return sorted(others, key=lambda one: one.made_at > made.made_at)


def _let_go(old: Backup) -> None:
    """First it is no backup any more, then it is gone: of one that is killed between, the next lets go."""
    old.manifest.replace(_draft(old.manifest))
    _let_go_of_halves(old.manifest.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time; what a killed one left half written goes."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = hold(folder / LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Unable(f"Backups can't be written to {folder}: {error.strerror}.") from error
    if lock is None:
        raise Unable(f"Another backup is being written to {folder}.")
    with lock:
        _let_go_of_halves(folder)
        yield


def _let_go_of_halves(folder: Path) -> None:
    """What is half written or half let go of: an archive beside the draft of its manifest is no backup either."""
    for left in folder.glob(f"{PREFIX}*{PARTIAL}"):
        whole = left.with_suffix("")
        if _ours(whole.name) and not whole.exists():
            Backup(whole).archive.unlink(missing_ok=True)  # first: the draft says what it is
        left.unlink(missing_ok=True)


def _draft(path: Path) -> Path:
    return path.with_name(f"{path.name}{PARTIAL}")


def _now() -> datetime:
    return datetime.now(UTC)


def _made(folder: Path) -> Backup:
    to = postgres_programs.address()
    with postgres_programs.connect(to) as moment:
        moment.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        program = postgres_programs.find("pg_dump", at_least=moment.info.server_version // 10000)
        told = _told(moment)
        backup = Backup(folder / f"{PREFIX}{_now():{STAMP}}-{told['head']['seq']}{MANIFEST}")
        draft = _draft(backup.archive)
        draft.touch(mode=0o600)
        _dump(program, draft, to, moment)
    told |= {"program": program.version, "bytes": draft.stat().st_size, "sha256": sha256_of(draft)}
    telling = _draft(backup.manifest)
    telling.touch(mode=0o600)
    telling.write_text(json.dumps(told, indent=1))
    _keep(draft, backup.archive)
    _keep(telling, backup.manifest)
    return backup


def _dump(program: postgres_programs.Program, draft: Path, to: dict[str, str], moment: psycopg.Connection[Any]) -> None:
    """The very moment that the manifest tells of; then a look whether the archive can be read."""
    [snapshot] = moment.execute("SELECT pg_export_snapshot()").fetchone() or [""]
    words = ["--format=custom", "--no-owner", "--no-privileges", "-B", "--lock-wait-timeout=60s"]
    left_out = f"--exclude-table-data=public.{SESSIONS}"
    postgres_programs.run(program, *words, left_out, f"--snapshot={snapshot}", "--file", draft, to=to)
    reader = postgres_programs.find("pg_restore", at_least=program.major)
    postgres_programs.run(reader, "--list", draft)


def _told(moment: psycopg.Connection[Any]) -> dict[str, Any]:
    """What the manifest says of the database at one moment. Raises Unable where it holds none, or half of one."""
    if moment.execute("SELECT FROM pg_namespace WHERE nspname = %s", [RESTORING]).fetchone() is not None:
        raise Unable("A restore into this database was not finished; run restore again.")
    if moment.execute("SELECT to_regclass('public.portfolio_head')").fetchone() == (None,):
        raise Unable(f"The database holds no installation yet: run {how_to_migrate()} first.")
    head = moment.execute("SELECT seq, sha256, recorded_at::text FROM portfolio_head").fetchone() or (0, "", "")
    [kind] = moment.execute("SELECT kind FROM portfolio_installation").fetchone() or ("",)
    applied = moment.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return {
        "format": manifest.FORMAT,
        "made_at": _now().isoformat(timespec="seconds"),
        "installation": kind,
        "head": dict(zip(("seq", "sha256", "recorded_at"), head, strict=True)),
        "migrations": [name for (name,) in applied],
        "server": moment.info.parameter_status("server_version"),
        "rows": rows(moment),
    }


def rows(moment: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has; sessions stay behind."""
    tables = moment.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    counted = {}
    for (table,) in tables:
        [count] = moment.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() or (0,)
        counted[table] = 0 if table == SESSIONS else count
    return counted


def sha256_of(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _keep(draft: Path, name: Path) -> None:
    """Under its name once all of it is on the disk."""
    with open(draft, "rb") as stream:
        os.fsync(stream.fileno())
    draft.replace(name)
    folder = os.open(name.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
