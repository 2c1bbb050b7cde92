"""Compiles the catalogues, one a package and language, into what gettext reads; no tool of the machine is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import polib

from config.made import BrokenStart

HOME = Path(__file__).resolve().parents[1]
PACKAGES = ("config", "portfolio", "projects", "reporting")  # the first has what packages without a catalogue say
FOLDERS = tuple(HOME / package / "locale" for package in PACKAGES)
FILE = "LC_MESSAGES/django.po"


def catalogues() -> Iterator[Path]:
    """The catalogue of each package in each language that it has one for."""
    for folder in FOLDERS:
        yield from sorted(folder.glob(f"*/{FILE}"))


def catalogued() -> set[str]:
    """The languages that there are catalogues for; English is in the code."""
    return {each.parents[1].name for each in catalogues()}


def compile_stale() -> None:
    """Compile each catalogue that was changed since; two at once do no harm."""
    for source in catalogues():
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            try:
                _compile(source, compiled)
            except OSError as reason:
                raise BrokenStart(f"The translations can't be compiled into {compiled}: {reason.strerror}.") from reason


def _compile(source: Path, compiled: Path) -> None:
    draft = compiled.with_suffix(f".mo.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.replace(compiled)
    for left in compiled.parent.glob("django.mo.*"):  # of one that was killed at it
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < compiled.stat().st_mtime - 3600:
                left.unlink()


if __name__ == "__main__":
    compile_stale()
