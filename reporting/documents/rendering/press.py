"""All files of one snapshot at once: a process a language, so that one that fails or grows harms no other."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from typing import IO, NamedTuple, TypeAlias

from portfolio.languages import LANGUAGES
from reporting.documents import formats
from reporting.documents.rendering import leash, places
from reporting.documents.rendering.kinds import Frozen, compiled_at, compose
from reporting.facts import Language

FORK = get_context("fork")  # what was read and composed is there already, and is not copied
AT_ONCE = os.cpu_count() or 1
SECONDS, GLANCE, LAST_BREATH = 90, 1.0, 5.0
LONGEST_LINE = 500


class MadeFile(NamedTuple):
    """What came of one file: its bytes, or the reason why there are none."""

    name: str
    content: bytes = b""
    error: str = ""


NAMES = {f"{lang}.{form}": (lang, form) for lang in LANGUAGES for form in formats.names()}


def files(frozen: Frozen, names: Iterable[str]) -> Iterator[MadeFile]:
    """Each file as it becomes ready; one that is not of `NAMES`, or whose process died, as the reason why not.

    A language that is not done within SECONDS is ended. Raises RuntimeError in a process with threads: what they hold
    at the fork would never be let go in its children.
    """
    if threading.active_count() > 1:
        raise RuntimeError("files are printed by a process that has no other thread")
    asked = set(names)
    yield from (MadeFile(name, error="there is no such file") for name in sorted(asked - set(NAMES)))
    known = sorted(asked & set(NAMES))
    waiting = [(lang, list(some)) for lang, some in groupby(known, key=lambda name: NAMES[name][0])]
    running: Running = {}
    threads = max(1, AT_ONCE // max(1, len(waiting)))
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            _start(running, frozen, *waiting.pop(), threads)
        for pipe in connection.wait(list(running), timeout=GLANCE):
            assert isinstance(pipe, connection.Connection)
            yield from _received(pipe, running)
        yield from _overdue(running)


@dataclass(frozen=True)
class LanguageAtWork:
    """A language at work: its process, what that writes to its error output, the files that it owes, until when it may.

    That output is a file of its own, which its limits end: whoever writes without end fills nobody's memory.
    """

    process: BaseProcess
    complaints: IO[bytes]
    owes: set[str]
    until: float


Running: TypeAlias = dict[connection.Connection, LanguageAtWork]


def _start(running: Running, frozen: Frozen, lang: Language, names: list[str], threads: int) -> None:
    ours, theirs = FORK.Pipe(duplex=False)
    complaints = tempfile.TemporaryFile()
    work = (theirs, complaints, [ours, *running], os.getpid(), frozen, lang, names, threads)
    process = FORK.Process(target=_print, args=work, daemon=True)
    process.start()
    theirs.close()
    running[ours] = LanguageAtWork(process, complaints, set(names), time.monotonic() + SECONDS)


def _print(
    to: connection.Connection,
    complaints: IO[bytes],
    foreign: list[connection.Connection],
    parent: int,
    frozen: Frozen,
    lang: Language,
    names: list[str],
    threads: int,
) -> None:
    leash.end_with(parent)
    _let_go(foreign, complaints)
    os.environ["RAYON_NUM_THREADS"] = str(threads)  # Typst's own: more than there are processors only wait for another
    document = cache(lambda: compose(frozen, lang))
    for name in names:
        try:
            to.send(MadeFile(name, formats.draw(document(), compiled_at(frozen), NAMES[name][1])))
        except BaseException as error:  # native code that panics raises what is no Exception
            to.send(MadeFile(name, error=places.told(error, frozen.facts)))


def _let_go(foreign: list[connection.Connection], complaints: IO[bytes]) -> None:
    """What is another's: whoever reads it must see its end when that other is gone."""
    for pipe in foreign:
        pipe.close()
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(complaints.fileno(), 2)
    os.close(nothing)


def _received(pipe: connection.Connection, running: Running) -> Iterator[MadeFile]:
    try:
        file: MadeFile = pipe.recv()
    except (EOFError, OSError):  # a file of which only a part came is none
        yield from _ended(pipe, running)
    else:
        running[pipe].owes.discard(file.name)
        yield file


def _overdue(running: Running) -> Iterator[MadeFile]:
    """Languages that hang are ended; a file that lies ready is taken first."""
    late = [pipe for pipe, one in running.items() if time.monotonic() > one.until and not pipe.poll()]
    for pipe in late:
        running[pipe].process.kill()
        yield from _ended(pipe, running, because=f"not made within {SECONDS} s")


def _ended(pipe: connection.Connection, running: Running, because: str = "") -> Iterator[MadeFile]:
    printing = running.pop(pipe)
    pipe.close()
    printing.process.join(LAST_BREATH)
    printing.process.kill()
    printing.process.join()
    reason = because or f"its process ended early ({_how(printing.process.exitcode or 0)})"
    if complaint := _last_line(printing.complaints):
        reason = f"{reason}: {complaint}"
    yield from (MadeFile(name, error=reason) for name in sorted(printing.owes))


def _last_line(complaints: IO[bytes]) -> str:
    """What native code said last, before it gave up."""
    with complaints:
        complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - LONGEST_LINE))
        lines = complaints.read().decode(errors="replace").replace("\0", "").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _how(status: int) -> str:
    if status == -signal.SIGXCPU:
        return f"more than {resource.getrlimit(resource.RLIMIT_CPU)[0]} s of processor time"
    return signal.Signals(-status).name if status < 0 else f"status {status}"
