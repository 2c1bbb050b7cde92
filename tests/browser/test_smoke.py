"""The sign-in page in a real browser: it comes up without a complaint, wide and narrow; skipped without Chromium."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --enable-logging=stderr"
).split()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: browser tests are skipped")


@pytest.fixture
def site(own_database: str) -> Iterator[str]:
    """The site over a database of its own; truncation is refused, so pytest-django's own live server won't do."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.start()
    assert server.is_ready.wait(30) and server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def browse(profile: Path, address: str, *more: str) -> subprocess.CompletedProcess[str]:
    """What a new, empty browser prints and complains of."""
    command = [str(CHROMIUM), *QUIET, f"--user-data-dir={profile}", "--timeout=15000", *more, address]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


@pytest.mark.parametrize("window", ["1280,900", "390,844"])
def test_signing_in_comes_up_without_a_complaint(site: str, tmp_path: Path, window: str) -> None:
    found = browse(tmp_path, f"{site}/sign-in/", "--dump-dom", f"--window-size={window}")
    assert "<h1" in found.stdout and 'name="password"' in found.stdout
    assert "Content Security Policy" not in found.stderr and "404 (Not Found)" not in found.stderr
