"""The processes of a running service: one that dies is started again, and they leave in the order they should."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.offspring import BrokenStart, Process, end, launch
from config.servers import PROJECT, Servers

GLANCE = 0.2  # seconds between two looks at them
LONGEST_PAUSE = 30.0


@dataclass
class Post:
    """A process that must be there, and how long it may take to leave."""

    name: str
    command: Sequence[str | Path]
    patience: float
    process: Process | None = field(default=None, init=False)
    not_before: float = field(default=0.0, init=False)
    pause: float = field(default=0.0, init=False)


class Staff:
    """Watches over the posts. Each child holds the servers too, so they wait for it even when we are killed."""

    def __init__(self, servers: Servers, log: Path):
        self.servers, self.log = servers, log
        self.posts: list[Post] = []

    def take_on(self, post: Post) -> None:
        self.posts.append(post)
        self._start(post)
        print(f"{post.name} started", flush=True)

    def watch(self) -> None:
        """One look: whatever died is there again."""
        self.servers.mend()
        for post in self.posts:
            if post.process and post.process.poll() is not None:
                self._lost(post)
            if post.process is None and time.monotonic() >= post.not_before:
                self._start(post)
        time.sleep(GLANCE)

    def until_done(self, command: Sequence[str | Path]) -> int:
        """Watch while `command` works in the foreground; its exit status."""
        task = launch(command, ended_by=signal.SIGTERM, pass_fds=self.servers.held, cwd=PROJECT)
        try:
            while task.poll() is None:
                self.watch()
        finally:
            end(task, signal.SIGTERM, patience=10)
            self._wake()
        return task.returncode

    def until_answering(self, port: int, within: float = 60.0) -> None:
        deadline = time.monotonic() + within
        while not _answers(port):
            if time.monotonic() > deadline:
                raise BrokenStart(f"The site does not answer on port {port}; see {self.log / 'web.log'}.")
            self.watch()

    def stay(self) -> None:
        while True:
            self.watch()

    def dismiss(self) -> None:
        """The last to come leaves first; the servers stay until all are gone."""
        self._wake()
        for post in reversed(self.posts):
            end(post.process, signal.SIGTERM, patience=post.patience)

    def _wake(self) -> None:
        """Let go on what a command has stopped and, killed, could not wake: whoever is stopped hears nothing else."""
        for post in self.posts:
            if post.process and post.process.poll() is None:
                post.process.send_signal(signal.SIGCONT)

    def _start(self, post: Post) -> None:
        post.not_before = time.monotonic() + LONGEST_PAUSE
        post.process = launch(
            post.command,
            log=self.log / f"{post.name}.log",
            ended_by=signal.SIGTERM,
            pass_fds=self.servers.held,
            cwd=PROJECT,
        )

    def _lost(self, post: Post) -> None:
        """Started again at once, but later and later while it keeps dying soon after its start."""
        assert post.process is not None
        soon = time.monotonic() < post.not_before
        post.pause = min(max(2 * post.pause, 1.0), LONGEST_PAUSE) if soon and post.pause else float(soon) / 10
        post.not_before = time.monotonic() + post.pause
        where = self.log / f"{post.name}.log"
        print(f"{post.name} ended with status {post.process.returncode} and is started again; see {where}", flush=True)
        post.process = None


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0
