"""Databases and people of the tests: a migrated template, a clone for each worker, a clone for whoever commits."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck
from psycopg import sql
from pytest_django.plugin import blocking_manager_key

from config.embedded.postgres import wheel_home
from portfolio.city import first_language_of
from tests import cities, story
from tests.reporting import begun as begun_reports

TEMPLATE, BEGUN = "salkku_template", "salkku_template_begun"
settings.PASSWORD_HASHERS = ["tests.story.QuickHasher"]
settings.WHITENOISE_AUTOREFRESH = True  # a static file is looked for when asked, not all of them for each new client
# A busy machine is no fault of the examples.
hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("any machine")
LAID_OUT_BY = (
    "portfolio/migrations",
    "projects/migrations",
    "reporting/migrations",
    "portfolio/history",
    "portfolio/ledger",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest proof begins first; the other worker takes what is left meanwhile."""
    items.sort(key=lambda item: "tests/kills/" not in item.nodeid)


def pytest_collection_finish() -> None:
    """What is loaded stays: the collector looks only at what the tests make, and seldom (a tenth of their time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _as_owner() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True)


def _clone(name: str, of: str = TEMPLATE) -> None:
    with _as_owner() as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(of)
            )
        )


def _drop(name: str) -> None:
    """Drop a database once those are gone whose work the owner may not end: the runtime role's, a vacuum's."""
    until = time.monotonic() + 10
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with _as_owner() as owner:
        while True:
            try:
                owner.execute(drop)
                return
            except psycopg.errors.InsufficientPrivilege:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)


def _connect_to(name: str) -> str:
    before = settings.DATABASES["default"]["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    return before


def pytest_sessionstart(session: pytest.Session) -> None:
    """While the workers collect, the process that waits for them lays the template out."""
    if getattr(session.config.option, "numprocesses", None):
        session.config.stash[blocking_manager_key].unblock()
        folder = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        threading.Thread(target=_make_template, args=(folder,)).start()


def _make_template(shared: Path) -> None:
    """Once in a run, by whoever comes first."""
    with Path(shared, "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _lay_out()


def _lay_out() -> None:
    with _as_owner() as owner:
        if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            return
        left = sql.Identifier(f"{TEMPLATE}_new")  # by a run that was killed while it made it
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(left))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(left))
    before = _connect_to(f"{TEMPLATE}_new")
    kept = settings.BASE_DIR / "var" / "test-template" / f"{_comes_of()}.sql"
    taken_over = kept.exists() and _program("psql", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f", kept)
    call_command("migrate", verbosity=0, run_syncdb=True)  # nothing to do but the triggers, where it was kept
    _connect_to(before)
    taken_over or _keep(kept)
    with _as_owner() as owner:
        owner.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(f"{TEMPLATE}_new"), sql.Identifier(TEMPLATE)
            )
        )


def _comes_of() -> str:
    """What a migrated database comes of: the migrations, and how history is laid into it."""
    files = [f for name in LAID_OUT_BY for f in sorted((settings.BASE_DIR / name).rglob("*.py"))]
    files += [settings.BASE_DIR / "config/embedded/postgres.py", settings.BASE_DIR / "portfolio/ledger/functions.sql"]
    found = b"".join(str(f.relative_to(settings.BASE_DIR)).encode() + f.read_bytes() for f in files)
    return hashlib.sha256(found).hexdigest()[:16]


def _keep(kept: Path) -> None:
    """The migrated database as SQL, so that the next run need not migrate; without the programs it does again."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("*.sql"):
        old.unlink(missing_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    if _program("pg_dump", "-f", draft):
        draft.replace(kept)
    draft.unlink(missing_ok=True)


def _program(name: str, *arguments: str | Path) -> bool:
    """Whether one of PostgreSQL's programs did its work on the new template, as the owner."""
    home = wheel_home()
    if home is None:
        return False
    database = psycopg.conninfo.make_conninfo(os.environ["OWNER_DATABASE_URL"], dbname=f"{TEMPLATE}_new")
    done = subprocess.run([home / "bin" / name, *arguments, "-d", database], capture_output=True)
    return done.returncode == 0


def _shared(tmp_path_factory: Any) -> Path:
    """A folder that all workers of the run know."""
    folder: Path = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """Each worker has a clone of one migrated template, and connects as the runtime role."""
    if request.config.getvalue("nomigrations"):
        settings.MIGRATION_MODULES = dict.fromkeys(("portfolio", "projects", "reporting"))
    name = f"salkku_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        _make_template(_shared(tmp_path_factory))
        _drop(name)
        _clone(name)
        _connect_to(name)
    yield
    connection.close()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database in which a test may commit; it goes with the test (decision 11)."""
    yield from _in_a_clone(django_db_blocker)


@pytest.fixture(scope="module")
def shared_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The same for all tests of a module, where what they stand on is dear to build."""
    yield from _in_a_clone(django_db_blocker)


def _in_a_clone(django_db_blocker: Any) -> Iterator[str]:
    name = f"salkku_{uuid.uuid4().hex[:12]}"
    _clone(name)
    with django_db_blocker.unblock():
        before = _connect_to(name)
        try:
            yield name
        finally:
            _connect_to(before)
            _drop(name)


@pytest.fixture(scope="session")
def dressed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> tuple[str, begun_reports.Begun]:
    """A worker's clone of the database in which the reports of the stories have begun, entered once in a run."""
    shared, name = _shared(tmp_path_factory), f"salkku_begun_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    told = shared / "begun.json"
    with Path(shared, "begun.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            _drop(BEGUN)
            _clone(BEGUN)
            before = _connect_to(BEGUN)
            kept = begun_reports.begin()
            _connect_to(before)
            told.write_text(json.dumps(asdict(kept)))
    _drop(name)
    _clone(name, BEGUN)
    return name, begun_reports.Begun(**json.loads(told.read_text()))


@pytest.fixture(scope="module")
def begun(dressed: tuple[str, begun_reports.Begun], django_db_blocker: Any) -> Iterator[begun_reports.Begun]:
    """The cast and a report at each state; what a story does with them goes with it."""
    name, told = dressed
    with django_db_blocker.unblock():
        before = _connect_to(name)
        yield told
        _connect_to(before)


@pytest.fixture
def as_owner(own_database: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to the test's own database, for what the program itself may not do."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], dbname=own_database, autocommit=True) as owner:
        yield owner


@pytest.fixture
def setup_people(db: None) -> story.People:
    """Ana directs, Bo is a council member, Sirpa is the secretary, Uma administers users, Dee is nobody."""
    return story.people()


@pytest.fixture
def ana(setup_people: story.People) -> Any:
    return setup_people["ana"]


@pytest.fixture
def sirpa(setup_people: story.People) -> Any:
    return setup_people["sirpa"]


@pytest.fixture
def uma(setup_people: story.People) -> Any:
    return setup_people["uma"]


@pytest.fixture
def bo(setup_people: story.People) -> Any:
    return setup_people["bo"]


@pytest.fixture
def dee(setup_people: story.People) -> Any:
    return setup_people["dee"]


@pytest.fixture
def api(db: None) -> Callable[[Any], story.Client]:
    """`api(ana)` is Ana's program, signed in by token once; `api(None)` is nobody's."""
    return cache(story.Client)


@pytest.fixture
def live_in(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """`live_in(cities.FINNISH_ONLY)` makes the installation that city's."""

    def live_in(told: dict[str, Any], **changes: Any) -> None:
        settings.IDENTITY_FILE = cities.written(tmp_path, cities.identity(told, **changes))
        settings.LANGUAGE_CODE = first_language_of(settings.IDENTITY_FILE)

    return live_in
