"""`python -m reporting.documents.rendering fi.pdf sv.html …`: reads a bundle, writes a tar of the files."""

import json
import os
import sys
import tarfile
from typing import BinaryIO

from reporting.documents.rendering import kinds, leash, press
from reporting.facts.canonical import Malformed


def main(names: list[str]) -> int:
    """Runs in a process of its own, so that time and memory can be limited from outside.

    Files that could be made are written even if others could not: those are named on the error output, with the
    reason, and the exit status is 1.
    """
    if not names:
        print(f"usage: python -m reporting.documents.rendering {{{','.join(press.NAMES)}}} …", file=sys.stderr)
        return 2
    try:
        frozen = kinds.read(json.load(sys.stdin.buffer))
    except (Malformed, json.JSONDecodeError) as error:
        print(f"not a bundle: {error}", file=sys.stderr)
        return 2
    out = sys.stdout.buffer
    status = max(_written(out, file) for file in press.files(frozen, names))
    out.write(bytes(2 * tarfile.BLOCKSIZE))
    out.flush()
    return status


def _written(out: BinaryIO, file: press.MadeFile) -> int:
    """A file goes out whole as soon as it is there: `tarfile` would hold its end back until the next one comes."""
    if file.error:
        print(f"{file.name}: {' '.join(file.error.split())}", file=sys.stderr)  # a line each, by which it is found
        return 1
    entry = tarfile.TarInfo(file.name)
    entry.size = len(file.content)
    out.write(entry.tobuf() + file.content + bytes(-entry.size % tarfile.BLOCKSIZE))
    out.flush()
    return 0


if __name__ == "__main__":
    if leash.PARENT in os.environ:
        leash.end_with(int(os.environ[leash.PARENT]))
    raise SystemExit(main(sys.argv[1:]))
