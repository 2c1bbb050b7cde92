"""Waits for what other processes do, and looks at which of them are there."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def until(
    look: Callable[[], Answer], within: float = 60.0, of: Iterable[subprocess.Popen[Any]] = (), said: Path | None = None
) -> Answer:
    """The first true answer; fails when none comes in time, and at once when a process ends of which it must come."""
    deadline = time.monotonic() + within
    while not (answer := look()):
        ended = [process.args for process in of if process.poll() is not None]
        if ended or time.monotonic() > deadline:
            why = f"ended: {ended}" if ended else f"nothing came of it within {within} s"
            raise AssertionError(f"{why}: {look}\n{said.read_text(errors='replace') if said else ''}")
        time.sleep(0.05)
    return answer


def hear(process: subprocess.Popen[str], words: str, within: float = 180.0) -> str:
    """All that a process says up to the line with these words; fails with it when the process ends or is too slow."""
    assert process.stdout
    too_late = threading.Timer(within, process.kill)
    too_late.start()
    said = ""
    try:
        for line in process.stdout:
            said += line
            if words in line:
                return said
    finally:
        too_late.cancel()
    raise AssertionError(f"It ended with {process.wait()} before it said {words!r}:\n{said}")


def processes_about(folder: Path) -> dict[int, str]:
    """Every process that names this folder, works in it or was told to keep its data there: pid and command line."""
    found, told = {}, b"DATA_DIR=%s\0" % os.fsencode(folder)
    for pid in (int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            about = str(folder) in words or os.readlink(f"/proc/{pid}/cwd").startswith(str(folder))
            about = about or told in Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            continue
        if pid != os.getpid() and words and about:
            found[pid] = words
    return found


def free_port() -> str:
    """One that nobody has, below those that the kernel hands out to whoever asks for any in the meantime."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return str(port)
