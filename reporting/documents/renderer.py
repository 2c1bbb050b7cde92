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

from reporting.documents.rendering import leash

# A language that loops meets its limit of processor time, one that hangs `press.SECONDS`, and only then all meet this.
SECONDS, HEARTBEAT_SECONDS, GLANCE_SECONDS, LAST_BREATH_SECONDS = 200, 15, 1, 5
# Of each of its processes. A renderer reads one bundle and writes a few files: more than this is a fault of its own,
# and harms nobody else. The first is warned of by a signal that says why it ends, the second is the end.
LIMITS = {
    resource.RLIMIT_CPU: (60, 65),
    resource.RLIMIT_DATA: (1_000_000_000, 1_000_000_000),
    resource.RLIMIT_FSIZE: (100_000_000, 100_000_000),
    resource.RLIMIT_CORE: (0, 0),
}
# No address and no secret is any business of the renderer.
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "TMPDIR")


# What is run, as `python -m` names it.
PROGRAM = "reporting.documents.rendering"


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

    `still_wanted` is asked every HEARTBEAT_SECONDS; what it raises ends the renderer. One that is killed is noticed
    within GLANCE_SECONDS, one that is not done within SECONDS is killed: what it had delivered by then counts.
    """
    with tempfile.TemporaryFile() as bundle:  # a pipe would have to be fed while the renderer is watched
        bundle.write(given)
        bundle.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, *names],
            stdin=bundle,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env=_environment(),
            start_new_session=True,
        )
    try:
        for limit, most in LIMITS.items():
            with contextlib.suppress(ProcessLookupError):  # killed already: then it says so at the end
                resource.prlimit(child.pid, limit, most)
        overdue = _watch(child, still_wanted)
    finally:
        _end(child)
    written, told = _left_in_the_pipes(child)
    found, said = _unpacked(written), told.decode(errors="replace").splitlines()
    how = f"not made within {SECONDS} s" if overdue else _how(child.returncode)
    return {name: _outcome(name, found, said, how) for name in names}


def _environment() -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {"LANG": "C.UTF-8", leash.PARENT: str(os.getpid())} | passed_on


def _watch(child: subprocess.Popen[bytes], still_wanted: Callable[[], None]) -> bool:
    """Read what the renderer delivers until it is gone; whether it had to be given up."""
    begun = beat = time.monotonic()
    while child.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=min(GLANCE_SECONDS, HEARTBEAT_SECONDS))
            break
        if time.monotonic() - begun > SECONDS:
            return True
        if time.monotonic() - beat > HEARTBEAT_SECONDS:
            still_wanted()
            beat = time.monotonic()
    return False


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):  # its own processes too, though it may be gone itself
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _left_in_the_pipes(child: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """All that was written; nobody holds the other ends any more."""
    try:
        return child.communicate(timeout=LAST_BREATH_SECONDS)
    except subprocess.TimeoutExpired as held:
        return held.output or b"", held.stderr or b""


def _unpacked(written: bytes) -> dict[str, bytes]:
    """The files of a tar that may be cut off."""
    found: dict[str, bytes] = {}
    with contextlib.suppress(tarfile.TarError), tarfile.open(fileobj=io.BytesIO(written)) as packed:
        for entry in packed:
            content = packed.extractfile(entry)
            found[entry.name] = content.read() if content else b""
    return found


def _how(status: int) -> str:
    return f"the renderer was ended by {signal.Signals(-status).name}" if status < 0 else f"status {status}"


def _outcome(name: str, found: dict[str, bytes], said: list[str], how: str) -> Outcome:
    if content := found.get(name):
        return Rendered(content, hashlib.sha256(content).hexdigest())
    own = next((line for line in said if line.startswith(f"{name}: ")), "")
    return Failed((own or "\n".join([f"{name}: {how}", *said]))[-2000:])
