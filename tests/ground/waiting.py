"""Waits for what other processes do, and looks at which of them are there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")


def until(look: Callable[[], Answer], within: float = 30.0) -> Answer:
    """The first true answer; a failed assertion when none comes in time."""
    deadline = time.monotonic() + within
    while not (answer := look()):
        assert time.monotonic() < deadline, f"nothing came of it within {within} s: {look}"
        time.sleep(0.05)
    return answer


def processes_about(folder: Path) -> dict[int, str]:
    """Every process that names this folder or works in it: pid and command line."""
    found = {}
    for pid in (int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            works_in = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if pid != os.getpid() and words and (str(folder) in words or works_in.startswith(str(folder))):
            found[pid] = words
    return found
