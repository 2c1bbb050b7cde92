"""All files of one snapshot at once: a process a language, so that one that fails or grows harms no other."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from multiprocessing import connection, get_context
from typing import NamedTuple

from reporting import rendering
from reporting.facts import Language
from reporting.rendering import places
from reporting.rendering.composition import compose
from reporting.rendering.frozen import Frozen

FORK = get_context("fork")  # what was read and composed is there already, and is not copied
AT_ONCE = os.cpu_count() or 1


class File(NamedTuple):
    """What came of one file: its bytes, or the reason why there are none."""

    name: str
    content: bytes = b""
    error: str = ""


NAMES = {f"{lang}.{form}": (lang, form) for lang in rendering.LANGUAGES for form in rendering.FORMATS}


def files(frozen: Frozen, names: Iterable[str]) -> Iterator[File]:
    """Each file as it becomes ready; one that is not of `NAMES`, or whose process died, as the reason why not.

    Raises RuntimeError in a process with threads: what they hold at the fork would never be let go in its children.
    """
    if threading.active_count() > 1:
        raise RuntimeError("files are printed by a process that has no other thread")
    asked = set(names)
    _ = frozen.facts.sha256  # counted once here, and found by all
    yield from (File(name, error="there is no such file") for name in sorted(asked - set(NAMES)))
    known = sorted(asked & set(NAMES))
    waiting = [(lang, list(some)) for lang, some in groupby(known, key=lambda name: NAMES[name][0])]
    running: dict[connection.Connection, set[str]] = {}
    threads = max(1, AT_ONCE // max(1, len(waiting)))
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            language, wanted = waiting.pop()
            running[_start(frozen, language, wanted, threads)] = set(wanted)
        for pipe in connection.wait(list(running)):
            assert isinstance(pipe, connection.Connection)
            yield from _received(pipe, running)


def _start(frozen: Frozen, lang: Language, names: list[str], threads: int) -> connection.Connection:
    ours, theirs = FORK.Pipe(duplex=False)
    FORK.Process(target=_print, args=(theirs, frozen, lang, names, threads), daemon=True).start()
    theirs.close()
    return ours


def _print(to: connection.Connection, frozen: Frozen, lang: Language, names: list[str], threads: int) -> None:
    os.environ["RAYON_NUM_THREADS"] = str(threads)  # Typst's own: more than there are processors only wait for another
    document = cache(lambda: compose(frozen, lang))
    for name in names:
        try:
            to.send(File(name, rendering.draw(document(), frozen.facts, NAMES[name][1])))
        except Exception as error:
            to.send(File(name, error=places.told(error, frozen.facts)))


def _received(pipe: connection.Connection, running: dict[connection.Connection, set[str]]) -> Iterator[File]:
    try:
        file: File = pipe.recv()
    except EOFError:
        yield from (File(name, error="its process ended early") for name in sorted(running.pop(pipe)))
        pipe.close()
    else:
        running[pipe].discard(file.name)
        yield file
