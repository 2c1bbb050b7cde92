"""The processes of a running service: one that dies is started again, and they leave in the order they should."""

from __future__ import annotations

import http.client
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.offspring import Process, end, end_family, launch
from config.embedded.servers import PROJECT, Servers
from config.made import BrokenStart, usable

GLANCE = 0.2  # seconds between two looks at them
LONGEST_PAUSE = 30.0
SAID_EVERY = 60.0  # seconds between two words that the site does not answer yet


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

    def take_on(self, post: Post, *, at: int | None = None) -> None:
        """Start it; of one that listens at a port it is said once it answers there, however long that takes."""
        self.posts.append(post)
        self._start(post)
        if at:
            self._until_answering(post, at)
        print(f"{post.name} started", flush=True)

    def watch(self) -> bool:
        """One look: whatever died is there again. Whether the servers are kept too."""
        kept = self.servers.mend()
        for post in self.posts:
            if post.process and post.process.poll() is not None:
                self._lost(post)
            if post.process is None and time.monotonic() >= post.not_before:
                self._try(post)
        time.sleep(GLANCE)
        return kept

    def until_kept(self) -> None:
        while not self.watch():
            pass

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

    def stay(self) -> None:
        while True:
            self.watch()

    def dismiss(self) -> None:
        """The last to come leaves first; the servers stay until all are gone."""
        self._wake()
        for post in reversed(self.posts):
            end(post.process, signal.SIGTERM, patience=post.patience)
            if post.process:  # it may have died since the last look
                end_family(post.process)

    def _wake(self) -> None:
        """Let go on what a command has stopped and, killed, could not wake: whoever is stopped hears nothing else."""
        for post in self.posts:
            if post.process and post.process.poll() is None:
                post.process.send_signal(signal.SIGCONT)

    def _until_answering(self, post: Post, port: int) -> None:
        """A slow one is waited for: the others are at work, and reports are made without a site."""
        said_at = time.monotonic()
        while not _answers(port):
            if time.monotonic() > said_at + SAID_EVERY:
                said_at = time.monotonic()
                where = self.log / f"{post.name}.log"
                print(f"{post.name} does not answer on port {port} yet, still waiting; see {where}", flush=True)
            self.watch()

    def _start(self, post: Post) -> None:
        post.not_before = time.monotonic() + LONGEST_PAUSE
        with usable(self.servers.data):
            post.process = launch(
                post.command,
                log=self.log / f"{post.name}.log",
                ended_by=signal.SIGTERM,
                pass_fds=self.servers.held,
                cwd=PROJECT,
            )

    def _try(self, post: Post) -> None:
        """No disk without room, nor anything else that keeps one from starting, ends the others."""
        try:
            self._start(post)
        except BrokenStart as reason:
            print(f"{post.name} is not started: {reason} It is tried again.", flush=True)

    def _lost(self, post: Post) -> None:
        """Started again at once, but later and later while it keeps dying soon after its start."""
        assert post.process is not None
        end_family(post.process)  # its workers would go on beside those of the next one, and outlive us
        soon = time.monotonic() < post.not_before
        post.pause = min(max(2 * post.pause, 1.0), LONGEST_PAUSE) if soon and post.pause else float(soon) / 10
        post.not_before = time.monotonic() + post.pause
        where = self.log / f"{post.name}.log"
        print(f"{post.name} ended with status {post.process.returncode} and is started again; see {where}", flush=True)
        post.process = None


def _answers(port: int) -> bool:
    """Whether anything is said there, be it that the database is away: to accept a call is not yet to answer it."""
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        caller.request("GET", "/healthz")
        return bool(caller.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        caller.close()
