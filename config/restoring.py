"""Restoring a backup into an empty database, and holding against its manifest what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config import backups, manifest, postgres_programs
from config.postgres_programs import Unable
from portfolio.ledger.verification import PrintedHead, verify
from portfolio.schema import RESTORING
from reporting.documents.queries import kept_files
from reporting.work import leases

# All that the owner made in the schema, but for what goes with something else or belongs to an extension; named first.
CLEAR = """
DO $$ DECLARE made text[]; each text; BEGIN
    PERFORM set_config('search_path', '', true);
    SELECT array_agg(told) INTO made FROM (
        SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW'
                WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass) AS told,
            oid, 'pg_class'::regclass AS of
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure), oid, 'pg_proc'::regclass
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype), oid, 'pg_type'::regclass
        FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    ) all_of_it WHERE NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = of AND d.objid = oid AND d.deptype IN ('e', 'i'));
    FOREACH each IN ARRAY coalesce(made, '{}') LOOP EXECUTE each; END LOOP;
END $$
"""


@dataclass(frozen=True)
class Restored:
    """What was found in the database afterwards."""

    told: dict[str, Any]
    rows: int
    files: int
    letters: int


def restore(file: Path) -> Restored:
    """Bring a backup back into the empty database that the settings name, or over the half of a restore broken off.

    From before the first row until all is found sound the database is marked, and nothing else starts over it.

    Raises Unable before anything is written when the backup is not whole, not of this installation's kind, or of a
    later version, or the database is not empty; and afterwards when what is there is not what the manifest says.
    """
    backup, told = _read(file)
    _require_fit(told)
    to = postgres_programs.address()
    with postgres_programs.connect(to) as owner:
        _begin_anew(owner)
        _require_empty(owner, to)
        program = postgres_programs.find("pg_restore", at_least=int(told["program"].split(".")[0]))
        owner.execute(f"CREATE SCHEMA IF NOT EXISTS {RESTORING}")
        words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        postgres_programs.run(program, *words, backup.archive, to=to)
        _require_rows(owner, told)
    with _as_owner():  # before the working role has its rights back, so that nobody is at work yet
        letters = leases.begin_after_a_restore()
    call_command("migrate", verbosity=0, restoring=True)
    files = _require_sound(told)
    with postgres_programs.connect(to) as owner:
        owner.execute(f"DROP SCHEMA {RESTORING}")
    return Restored(told, sum(told["rows"].values()), files, letters)


def _read(file: Path) -> tuple[backups.Backup, dict[str, Any]]:
    """A backup by its archive or its manifest, every byte of it checked. Raises Unable."""
    backup = backups.Backup(file.absolute().with_suffix(backups.MANIFEST))
    try:
        told = manifest.read(backup.manifest)
        if not manifest.is_file(backup.archive):
            raise Unable(f"{file} is no backup: {backup.archive} is no file.")
        sha256 = backups.sha256_of(backup.archive)
    except manifest.NoManifest as why:
        raise Unable(f"{file} is no backup with its manifest beside it: of {backup.manifest.name}, {why}.") from why
    except OSError as error:
        raise Unable(f"{backup.archive} can't be read: {error.strerror}.") from error
    if sha256 != told["sha256"]:
        raise Unable(f"{backup.archive} is not what its manifest says: the checksum differs. Take another backup.")
    return backup, told


def _require_fit(told: dict[str, Any]) -> None:
    if told["installation"] != settings.INSTALLATION:
        kind = told["installation"]
        raise Unable(
            f"The backup is of a {kind} installation, and this is a {settings.INSTALLATION} one: "
            f"set SALKKU_INSTALLATION={kind} for it."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    if later := [name for name in told["migrations"] if name not in known]:
        raise Unable(f"The backup is of a later version, which this one does not know: {', '.join(later[:5])}.")


def _begin_anew(owner: psycopg.Connection[Any]) -> None:
    """Clear away what a restore left that was broken off; a database without its mark is not touched."""
    if owner.execute("SELECT to_regnamespace(%s)", [RESTORING]).fetchone() != (None,):
        owner.execute(CLEAR)


def _require_empty(owner: psycopg.Connection[Any], to: dict[str, str]) -> None:
    found = owner.execute(
        "SELECT schemaname || '.' || tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    ).fetchall()
    if found:
        raise Unable(
            f"The {postgres_programs.where(to)} is not empty: it has {len(found)} tables, {found[0][0]} first. "
            "Restore into a new database."
        )
    if owner.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone() != (True,):
        raise Unable("Only the role that owns the database restores: give this command OWNER_DATABASE_URL.")


def _require_rows(owner: psycopg.Connection[Any], told: dict[str, Any]) -> None:
    found = backups.rows(owner)
    if found != told["rows"]:
        tables = sorted(t for t in {*found, *told["rows"]} if found.get(t) != told["rows"].get(t))
        raise Unable(f"Other rows than the manifest says are in {', '.join(tables[:5])}: do not use this database.")


@contextmanager
def _as_owner() -> Iterator[None]:
    """Django's connection in the role that restores."""
    before = connection.settings_dict.copy()
    connection.close()
    connection.settings_dict |= (settings.OWNER_DATABASE or {}) | {"NAME": before["NAME"]}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= before


def _require_sound(told: dict[str, Any]) -> int:
    """The chain against the manifest's head, and every file by its checksum; how many files there are."""
    verdict = verify(against=[PrintedHead(told["head"]["seq"], told["head"]["sha256"])])
    if not verdict.sound:
        first = verdict.faults[0]
        raise Unable(f"The history is not sound: seq {first.seq}, {first.table}: {first.what}. Do not use it.")
    count, spoilt = kept_files()
    if spoilt:
        raise Unable(f"Not what their checksums say: {', '.join(spoilt[:5])}. Do not use this database.")
    return count
