"""Servers of a test's own, over a folder of its own, beside those that the whole run uses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.embedded.servers import ADDRESSES, PROJECT
from tests.ground.waiting import processes_about, until

# Starts the servers, says so, and stays until its standard input ends.
USER = """
import sys
from pathlib import Path
from config.embedded.servers import Servers
with Servers(Path(sys.argv[1]), durable=False):
    print("there", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ADDRESSES, "SECRET_KEY", "SECRET_KEY_FILE", "SALKKU_INSTALLATION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", os.environ["DATA_DIR"])


@pytest.fixture
def data(tmp_path: Path, no_addresses: None) -> Iterator[Path]:
    """A data folder; at the end nobody may be about it."""
    folder = tmp_path / "var"
    yield folder
    until(lambda: not processes_about(folder))


@pytest.fixture
def a_user(data: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Another process that uses the servers over `data` until its standard input is closed."""
    started = []

    def start(
        *before: str, python: str = sys.executable, said: str = "there\n", **environment: str
    ) -> subprocess.Popen[str]:
        user = subprocess.Popen(
            [*before, python, "-c", USER, str(data)],
            cwd=PROJECT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(user)
        assert user.stdout
        while said and (line := user.stdout.readline()) != said:
            assert "an empty database begins" in line
        return user

    yield start
    for user in started:
        user.kill()
        user.communicate()
