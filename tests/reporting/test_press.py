"""Files made side by side: what goes wrong in one language harms no other."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config.embedded.servers import PROJECT
from reporting.documents import renderer
from reporting.documents.rendering import press
from tests.ground.waiting import until
from tests.reporting import renditions

# A renderer with a fault put into it, in a process of its own as the machine runs it.
PRESS = """
import hashlib, json, os, signal, sys
from multiprocessing import connection
from reporting.documents import formats, rendering
from reporting.documents.rendering import press

def in_swedish(fault):
    compose = press.compose
    press.compose = lambda frozen, lang: fault() if lang == "sv" else compose(frozen, lang)

def in_pdf(fault):
    draw = formats.draw
    formats.draw = lambda document, facts, form: fault() if form == "pdf" else draw(document, facts, form)

def killed_while_it_hands_over():
    def half(self, told, write=os.write):
        write(self._handle, bytes(told)[: len(told) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    connection.Connection._send = half
    raise ValueError("never told whole")

def broken():
    raise ValueError("no such phrase")

eval(sys.argv[1])
frozen = rendering.unbundle(json.load(sys.stdin.buffer))
for file in press.files(frozen, sys.argv[2:]):
    print(json.dumps([file.name, hashlib.sha256(file.content).hexdigest(), file.error]))
"""


def made(fault: str, *names: str) -> dict[str, tuple[str, str]]:
    """Checksum and error of each file, by name."""
    command = [sys.executable, "-c", PRESS, fault, *names]
    said = subprocess.check_output(command, input=bundle(), cwd=PROJECT, timeout=120)
    return {name: (sha256, error) for name, sha256, error in map(json.loads, said.splitlines())}


def bundle() -> bytes:
    return renditions.bundle(renditions.newest())


def alone(name: str) -> tuple[str, str]:
    return hashlib.sha256(renditions.rendition(*press.NAMES[name])).hexdigest(), ""


@pytest.mark.proof
def test_every_file_is_the_one_that_is_rendered_alone():
    found = made("None", *press.NAMES)
    assert set(found) == set(press.NAMES)
    assert {name: found[name] for name in ("sv.html", "fi.pdf")} == {
        name: alone(name) for name in ("sv.html", "fi.pdf")
    }


@pytest.mark.parametrize(
    ("fault", "said"),
    [("killed_while_it_hands_over", "its process ended early (SIGKILL)"), ("broken", "ValueError: no such phrase")],
)
def test_a_language_that_fails_says_so_for_its_own_files(fault, said):
    """The process that renders Swedish is hit; Finnish and English come all the same."""
    found = made(f"in_swedish({fault})", "fi.html", "sv.html", "sv.pdf", "en.html")
    assert {name: error for name, (_, error) in found.items() if error} == {"sv.html": said, "sv.pdf": said}
    assert found["en.html"] == alone("en.html")


def test_a_format_that_fails_leaves_the_other_of_its_language():
    found = made("in_pdf(broken)", "fi.html", "fi.pdf")
    assert found["fi.html"] == alone("fi.html") and found["fi.pdf"][1] == "ValueError: no such phrase"


def test_a_name_of_no_file_is_answered():
    assert made("None", "xx.pdf")["xx.pdf"][1] == "there is no such file"


def test_a_process_with_threads_is_refused():
    """A fork would copy the locks that they hold, and wait for ever."""
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError):
            next(press.files(renditions.newest(), ["fi.html"]))
    finally:
        ended.set()
        thread.join()


def at_work(mark: str) -> int:
    """Processes that have the mark among their words; what a process forks has its words too."""
    found = 0
    for words in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found += mark.encode() in words.read_bytes().split(b"\0")
    return found


def test_a_renderer_that_is_not_wanted_any_more_is_ended_with_all_that_it_started(monkeypatch):
    class TakenOver(Exception):
        pass

    mark, seen = "only-here.pdf", []

    def still_wanted() -> None:
        seen.append(at_work(mark))
        if seen[-1] > 1:
            raise TakenOver

    monkeypatch.setattr(renderer, "HEARTBEAT_SECONDS", 0.1)
    with pytest.raises(TakenOver):
        renderer.run(bundle(), [mark, *press.NAMES], still_wanted=still_wanted)
    until(lambda: at_work(mark) == 0, within=5)
