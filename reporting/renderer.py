"""The renderer as the machine runs it: a process of its own that is limited, watched and, if it must be, killed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from django.conf import settings

SECONDS, HEARTBEAT_SECONDS = 180, 15
# A renderer reads one bundle and writes a few files: more than this is a fault of its own, and harms nobody else.
LIMITS = {
    resource.RLIMIT_CPU: SECONDS,
    resource.RLIMIT_DATA: 1_000_000_000,
    resource.RLIMIT_FSIZE: 100_000_000,
    resource.RLIMIT_CORE: 0,
}
# No address and no secret is any business of the renderer.
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "TMPDIR")


class Failed(Exception):
    """A file was not made; says what the renderer told."""


@dataclass(frozen=True)
class Rendered:
    """A file as the renderer made it."""

    content: bytes
    sha256: str


Outcome: TypeAlias = Rendered | Failed


def run(given: bytes, names: list[str], *, still_wanted: Callable[[], None] = lambda: None) -> dict[str, Outcome]:
    """What came of each file: native code can't be interrupted, so a process of its own makes them.

    `still_wanted` is asked every HEARTBEAT_SECONDS; what it raises ends the renderer. Raises Failed after SECONDS.
    """
    with tempfile.TemporaryFile() as bundle:  # a pipe would have to be fed while the renderer is watched
        bundle.write(given)
        bundle.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-m", "reporting.rendering", *names],
            stdin=bundle,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env={"LANG": "C.UTF-8"} | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
        )
    try:
        for limit, most in LIMITS.items():
            resource.prlimit(child.pid, limit, (most, most))
        written, told = _watch(child, still_wanted)
    finally:
        with contextlib.suppress(ProcessLookupError):  # its own processes too, though it may be gone itself
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    found, said = _unpacked(written), told.decode(errors="replace")
    return {name: _outcome(name, found, said, child.returncode) for name in names}


def _watch(child: subprocess.Popen[bytes], still_wanted: Callable[[], None]) -> tuple[bytes, bytes]:
    until = time.monotonic() + SECONDS
    while True:
        try:
            return child.communicate(timeout=HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise Failed(f"no file within {SECONDS} s") from None
            still_wanted()


def _unpacked(written: bytes) -> dict[str, bytes]:
    """The files of a tar that may be cut off."""
    found: dict[str, bytes] = {}
    with contextlib.suppress(tarfile.TarError), tarfile.open(fileobj=io.BytesIO(written)) as packed:
        for entry in packed:
            content = packed.extractfile(entry)
            found[entry.name] = content.read() if content else b""
    return found


def _outcome(name: str, found: dict[str, bytes], said: str, status: int) -> Outcome:
    if content := found.get(name):
        return Rendered(content, hashlib.sha256(content).hexdigest())
    reasons = [line for line in said.splitlines() if line.startswith(f"{name}: ")]
    return Failed((reasons or [f"{name} ({status}): {said}"])[0][-2000:])
