"""What somebody else may hold up is done in a process of its own: it ends in time, or it is ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from threading import Event

from config.embedded.offspring import end_with_parent

FORK = multiprocessing.get_context("fork")  # a thread could not be ended, and what is to be done is here
GLANCE = 0.1  # seconds between two looks whether we are to leave


class Undone(Exception):
    """It was not done; says why, in the words of what failed."""


def do(task: Callable[[], None], *, within: float, leave: Event) -> None:
    """Do all of it within so many seconds, whatever it waits for. Raises Undone, also once `leave` is set."""
    hears, says = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_do, args=(task, says), daemon=True)
    process.start()
    says.close()
    try:
        reason = _heard(hears, within, leave)
    except BaseException:
        _end(process)
        raise
    finally:
        hears.close()
    process.join(GLANCE)
    if reason:
        raise Undone(reason)


def _heard(hears: Connection, within: float, leave: Event) -> str:
    until = time.monotonic() + within
    while not hears.poll(GLANCE):
        if leave.is_set():
            raise Undone("it was broken off, since the program ends")
        if time.monotonic() > until:
            raise Undone(f"it did not end within {within:.0f} s")
    try:
        return str(hears.recv())
    except EOFError as ended:
        raise Undone("it ended without a word") from ended


def _end(process: ForkProcess) -> None:
    """With whatever it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.kill()  # it may not have come to lead a session yet
    process.join()


def _do(task: Callable[[], None], says: Connection) -> None:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    end_with_parent()
    try:
        task()
    except Exception as error:  # the other side tells of it
        says.send(str(error) or type(error).__name__)
    else:
        says.send("")
