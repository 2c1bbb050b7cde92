"""What counts as a backup: a pair of files that bears our name and reads as ours; and how long it is kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config import backups
from tests.ground.pairs import ARCHIVE, pair, telling


def test_names_of_somebody_else_count_for_nothing_and_halves_are_let_go_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def standing(ending: str = "dump") -> set[str]:
        return {path.stem.removeprefix("salkku-") for path in tmp_path.glob(f"*.{ending}")}

    foreign = {"before-upgrade", "20261301T000000Z-7", "20260101T000000Z-7-kept", "20260101T000000Z"}
    for name in foreign:
        pair(tmp_path, name)
    ahead, old = pair(tmp_path, "20990101T000000Z-3"), pair(tmp_path, "20260101T000000Z-7")
    assert backups.kept(tmp_path) == [ahead, old]
    monkeypatch.setattr(backups, "_made", lambda folder: pair(tmp_path, "20260102T000000Z-9"))
    fresh = backups.make(tmp_path, keep=1)
    assert backups.kept(tmp_path) == [fresh], "the new one stays, though a clock was ahead once"
    assert standing() == standing("json") == foreign | {"20260102T000000Z-9"}

    half, alone = (
        pair(tmp_path, "20260102T030000Z-9"),
        pair(tmp_path, "20260102T040000Z-9"),
    )  # killed between two renames; not by us
    half.manifest.rename(f"{half.manifest}.partial")
    alone.manifest.unlink()
    backups.make(tmp_path, keep=1)
    assert standing() == foreign | {"20260102T000000Z-9", "20260102T040000Z-9"}
    assert not list(tmp_path.glob("*.partial"))


def test_a_pair_that_only_bears_the_name_of_a_backup_counts_for_nothing_and_keeps_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, older = pair(tmp_path, "20260102T000000Z-7"), pair(tmp_path, "20260101T000000Z-7")
    ahead = pair(tmp_path, "20920101T000000Z-7")
    for number, said in enumerate(JUNK.values()):
        pair(tmp_path, f"2093010{number}T000000Z-1", said)
    shorter = pair(tmp_path, "20940101T000000Z-1")
    shorter.archive.write_bytes(ARCHIVE[:1])
    others = {path for path in tmp_path.glob("*") if path.name > ahead.archive.name[:10]} - {ahead.archive}
    os.mkfifo(tmp_path / "salkku-20950101T000000Z-1.json")
    (tmp_path / "salkku-20950101T000000Z-1.dump").write_bytes(ARCHIVE)
    assert backups.kept(tmp_path) == [ahead, old, older]
    monkeypatch.setattr(backups, "_made", lambda folder: pair(folder, "20260103T000000Z-7"))
    made = backups.make(tmp_path, keep=3)
    assert backups.kept(tmp_path) == [made, old, older], "one of a time to come goes first"
    assert all(path.exists() for path in others - {ahead.manifest}), "what is not ours is not let go of"


JUNK = {
    "no object": "[1,2]",
    "without end": "[" * 200_000,
    "no JSON": "{",
    "of another format": telling(format=2),
    "no rows": telling(rows=None),
    "rows without a number": telling(rows={"portfolio_person": None}),
    "no head": telling(head=7),
    "a sum that is none": telling(sha256="short"),
    "a version that is none": telling(program="new"),
}


@pytest.mark.parametrize("said", JUNK.values(), ids=JUNK)
def test_a_restore_names_in_a_sentence_what_is_wrong_with_a_manifest(tmp_path: Path, said: str) -> None:
    with pytest.raises(CommandError, match=r"salkku-20260101T000000Z-7.dump is no backup with its manifest") as refusal:
        call_command("restore", str(pair(tmp_path, "20260101T000000Z-7", said).archive))
    assert refusal.value.returncode == 1


def test_a_restore_waits_for_no_pipe(tmp_path: Path) -> None:
    pipes: list[Callable[[backups.Backup], Any]] = [lambda one: one.manifest, lambda one: one.archive]
    for number, which in enumerate(pipes):
        backup = pair(tmp_path, f"2026010{number + 1}T000000Z-7")
        which(backup).unlink()
        os.mkfifo(which(backup))
        with pytest.raises(CommandError, match="no ordinary file|is no file"):
            call_command("restore", str(backup.archive))
