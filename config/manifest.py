"""What a backup's manifest says, read from a file that may be anything: a fault is a sentence, and never waited for."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

FORMAT = 1
LONGEST = 4_000_000  # bytes; ours has some thousand
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
VERSION = re.compile(r"\d{1,4}(\.\d{1,4})*", re.ASCII)


class NoManifest(Exception):
    """It is no manifest of ours; says why."""


def read(path: Path) -> dict[str, Any]:
    """What it says, each member of the kind that we write. Raises NoManifest."""
    try:
        told = json.loads(_bytes(path))
    except OSError as error:
        raise NoManifest(f"it can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NoManifest("it is no JSON") from error
    if not isinstance(told, dict):
        raise NoManifest("it tells of no backup")
    if told.get("format") != FORMAT:
        raise NoManifest(f"it is of format {told.get('format')!r:.20}; this version reads {FORMAT}")
    if wrong := [name for name, is_sound in MEMBERS.items() if not is_sound(told.get(name))]:
        raise NoManifest(f"what it says of {', '.join(wrong)} can't be used")
    return told


def is_file(path: Path) -> bool:
    """An ordinary one, whose bytes are there: to open another may wait for ever."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _bytes(path: Path) -> bytes:
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # another kind of file, as a pipe, is not waited for
    with open(opened, "rb") as stream:
        there = os.fstat(opened)
        if not stat.S_ISREG(there.st_mode):
            raise NoManifest("it is no ordinary file")
        if there.st_size > LONGEST:
            raise NoManifest(f"it is longer than {LONGEST // 1_000_000} MB")
        return stream.read(LONGEST)


def _is_number(told: Any) -> bool:
    return type(told) is int and 0 <= told < 1 << 63


def _is_text(told: Any) -> bool:
    return isinstance(told, str)


def _is_written(form: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda told: isinstance(told, str) and bool(form.fullmatch(told))


def _is_head(told: Any) -> bool:
    """Of a history in which nothing has happened yet the sum is empty."""
    return isinstance(told, dict) and _is_number(told.get("seq")) and _is_text(told.get("sha256"))


def _are_migrations(told: Any) -> bool:
    return isinstance(told, list) and all(map(_is_text, told))


def _are_rows(told: Any) -> bool:
    return isinstance(told, dict) and all(map(_is_number, told.values()))


MEMBERS: dict[str, Callable[[Any], bool]] = {
    "made_at": _is_text,
    "installation": _is_text,
    "head": _is_head,
    "migrations": _are_migrations,
    "rows": _are_rows,
    "program": _is_written(VERSION),
    "bytes": _is_number,
    "sha256": _is_written(SHA256),
}
