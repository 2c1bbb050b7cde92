"""What is made once on a disk: written beside its place and put there as a whole, so that no kill leaves half of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


class BrokenStart(Exception):
    """Something that we need did not start; the sentence is for the person at the keyboard."""


@contextlib.contextmanager
def usable(data: Path) -> Iterator[None]:
    """What hinders us in the data folder, as a sentence for the person at the keyboard."""
    try:
        yield
    except PermissionError as reason:
        raise BrokenStart(f"{data} belongs to another user; set DATA_DIR to a folder of yours.") from reason
    except (IsADirectoryError, NotADirectoryError, FileExistsError) as reason:
        raise BrokenStart(f"{_in_the_way(reason)}. Move it away, or set DATA_DIR to another folder.") from reason
    except OSError as reason:
        where = reason.filename or data
        raise BrokenStart(
            f"{data} can't be used ({where}: {reason.strerror}); set DATA_DIR to a folder that can be written in."
        ) from reason


def _in_the_way(reason: OSError) -> str:
    path = Path(reason.filename2 or reason.filename)
    files = [part for part in (path, *path.parents) if part.is_file()]
    return f"{files[0]} is a file where a folder must be" if files else f"{path} is a folder where a file must be"


def once(path: Path, content: str) -> str:
    """The content of a small file of ours, made the first time; of several who make it at once the first has it."""
    if not told(path):
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        _write(draft, content)
        try:
            with contextlib.suppress(OSError):  # it is there by now, or these are no files that can be linked
                os.link(draft, path)
            if not told(path):  # or an empty one, of a disk that was full or lost its power
                draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        settle(path.parent)
    return told(path)


def settle(folder: Path) -> None:
    """What was put into the folder or renamed in it stays so after a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def told(path: Path) -> str:
    """What stands in such a file; nothing where there is none."""
    try:
        return path.read_text().strip() if path.exists() else ""
    except UnicodeDecodeError as reason:
        raise BrokenStart(f"{path} holds no text. Put back what stood in it.") from reason


def _write(draft: Path, content: str) -> None:
    draft.touch(mode=0o600)
    with draft.open("w") as stream:
        stream.write(f"{content}\n")
        stream.flush()
        os.fsync(stream.fileno())
