"""How processes of ours are started, logged and ended, so that none outlives us unasked."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
ROTATE_AT = 5_000_000

Process = subprocess.Popen[bytes]

_libc = ctypes.CDLL(None)  # loaded before any fork


def launch(
    command: Sequence[str | Path], *, ended_by: signal.Signals, log: Path | None = None, **options: Any
) -> Process:
    """Start a child, in a session of its own, that gets `ended_by` when we go; it writes to `log`, or where we do."""
    options |= {"stdin": subprocess.DEVNULL, "start_new_session": True, "preexec_fn": _ends_with(os.getpid(), ended_by)}
    if log is None:
        return subprocess.Popen(command, **options)
    with _log_file(log) as stream:
        return subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, **options)


def _ends_with(parent: int, number: signal.Signals) -> Callable[[], None]:
    """Asks the kernel to signal the child when we go, even by SIGKILL (Linux; elsewhere it does nothing)."""

    def ask() -> None:
        if hasattr(_libc, "prctl"):
            _libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it was gone before it could be asked for
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def end_with_parent() -> None:
    """For a worker of the site: killed when the process that forked it goes, be it by SIGKILL, and at once if it has.

    By SIGTERM alone it might not go: one that is still starting does not hear it. Elsewhere than in such a worker
    nothing is asked.
    """
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        _ends_with(parent.pid, signal.SIGKILL)()


def _log_file(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > ROTATE_AT:
        path.replace(path.with_suffix(".log.1"))
    return open(path, "ab", buffering=0)


def end(process: Process | None, number: signal.Signals, *, patience: float) -> None:
    """Ask by signal, wait, and kill what will not go, with its own children: each has a session of its own."""
    if process is None or process.returncode is not None:  # its number may be another's by now
        return
    if process.poll() is None:
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    end_family(process)
    process.wait()


def end_family(process: Process) -> None:
    """Kill a process with its children; of one that has just died, those that it left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
