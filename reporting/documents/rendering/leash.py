"""A process that ends with the one that began it: killed or not, a parent leaves nobody behind."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from types import FrameType

PARENT = "ENDS_WITH"  # where a renderer finds the id of the process that wants its files
GLANCE = 1.0  # seconds between two looks, where the kernel does not watch
SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Let this process be killed when its parent is gone; at once, if that has happened already.

    Linux does it by itself. Elsewhere an alarm looks: no thread, for a process with threads can't be forked.
    """
    if not _watched_by_the_kernel():
        _look_every(GLANCE, parent)
    _end_without(parent)


def _watched_by_the_kernel() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    return not ctypes.CDLL(None).prctl(SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _look_every(seconds: float, parent: int) -> None:
    def look(_signal: int, _frame: FrameType | None) -> None:
        _end_without(parent)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def _end_without(parent: int) -> None:
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
