"""Compiles the translations, which are kept as text, into what gettext reads; no tool of the machine is needed."""

from __future__ import annotations

import os
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent


def catalogues() -> list[Path]:
    return sorted(PROJECT.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_stale() -> None:
    """Compile each catalogue that is newer than its compiled form; two at once do no harm."""
    for source in catalogues():
        if _stale(source):
            _compile(source)


def _stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> None:
    draft = source.with_suffix(f".mo.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    compile_stale()
