"""A pytest plugin: real servers are up before pytest-django reads the settings, in a folder that goes with the run.

It wraps `pytest_load_initial_conftests`, because pytest-django reads the settings there, before any conftest.py. The
workers of pytest-xdist inherit the addresses and start nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
import redis

from config import languages
from config.embedded.servers import Servers

MEMORY, ROOM = Path("/dev/shm"), 4 << 30
_servers: Servers | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    global _servers
    asked_for_help = early_config.known_args_namespace.help or early_config.known_args_namespace.version
    if not asked_for_help and "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.setdefault("SALKKU_INSTALLATION", "test")
        languages.compile_stale()
        _servers = Servers(_folder(), durable=False, passing=True, mending=False)
        _servers.start()
    return (yield)


def _folder() -> Path:
    """In memory where that has room: a clone of the database is a thousand small files."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix="salkku-test-", dir=MEMORY if roomy else None))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _servers:
        _servers.stop()


def pytest_report_header(config: pytest.Config) -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        version = connection.info.parameter_status("server_version")
    broker = redis.Redis.from_url(os.environ["REDIS_URL"].replace("redis+socket", "unix").split("?")[0])
    return f"real servers: PostgreSQL {version}, Valkey {broker.info('server')['valkey_version']}"
