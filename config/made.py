"""What is made once on a disk: written beside its place and put there as a whole, so that no kill leaves half of it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def once(path: Path, content: str) -> str:
    """The content of a small file of ours, made the first time; of several who make it at once the first has it."""
    if not _told(path):
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        _write(draft, content)
        try:
            with contextlib.suppress(OSError):  # it is there by now, or these are no files that can be linked
                os.link(draft, path)
            if not _told(path):  # or an empty one, of a disk that was full or lost its power
                draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        settle(path.parent)
    return _told(path)


def settle(folder: Path) -> None:
    """What was put into the folder or renamed in it stays so after a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _told(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def _write(draft: Path, content: str) -> None:
    draft.touch(mode=0o600)
    with draft.open("w") as stream:
        stream.write(f"{content}\n")
        stream.flush()
        os.fsync(stream.fileno())
