"""A renderer that is killed, hangs, loops or grows: it is noticed, nobody is left, what is done is kept.

The faults are real: a process is killed from outside, or does in one language what a broken program would do.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded.servers import PROJECT
from reporting.documents import commands as documents
from reporting.documents import renderer
from reporting.documents.rendering import leash, press
from reporting.documents.rendering.__main__ import _written
from reporting.models import Rendition, Work
from reporting.reports import letters
from tests.ground.waiting import until
from tests.reporting import factories, renditions
from tests.reporting.ticking import children

MARK = "only-here.pdf"
HTML = ["fi.html", "sv.html", "en.html"]
FAULT = """
from reporting.documents.rendering import press
compose = press.compose
def faulty(frozen, lang):
    {faults}
    return compose(frozen, lang)
press.compose, press.AT_ONCE = faulty, 3
"""
HANGS, LOOPS = "__import__('time').sleep(600)", "while True: pass"
GROWS = "bytearray(1_500_000_000)"
FLOODS = """
import contextlib, os
with contextlib.suppress(OSError):
    while True:
        os.write(2, bytes(1 << 20))
"""
ABORTS = "import os; os.write(2, b'memory allocation failed\\n'); os.abort()"
SOON = """
start = press._start
def soon(running, frozen, lang, *rest):
    press.SECONDS = 1 if lang == "sv" else 90
    start(running, frozen, lang, *rest)
press._start = soon
"""
WITHOUT_THE_KERNEL = "from reporting.documents.rendering import leash\nleash._watched_by_the_kernel = lambda: False\n"


def fault(**of_languages: str) -> str:
    """What each of these languages does instead of being composed."""
    return FAULT.format(
        faults="; ".join(f'exec({does!r}) if lang == "{lang}" else None' for lang, does in of_languages.items())
    )


@pytest.fixture
def put_in(monkeypatch, tmp_path) -> Callable[[str], None]:
    """Put a fault into the renderers that are started from now on: Python runs it before anything else of theirs."""

    def put(fault: str) -> None:
        (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.path.insert(0, {str(PROJECT)!r})\n{fault}")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return put


def bundle() -> bytes:
    return renditions.bundle(renditions.newest())


def at_work(mark: str = MARK) -> list[int]:
    """Processes that have the mark among their words, the eldest first; what a process forks has its words too."""
    found = []
    for words in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if mark.encode() in words.read_bytes().split(b"\0"):
                found.append(int(words.parent.name))
    return sorted(found)


def renderer_at_work() -> tuple[int, list[int]]:
    """The renderer, and the processes of the languages that are not done, as they were begun."""
    main = next((pid for pid in at_work() if children(pid)), 0)
    return main, sorted(children(main))


@pytest.mark.parametrize("end", ["killed", "given up"])
def test_kills_are_noticed_within_seconds_and_cost_no_file_that_is_done(monkeypatch, put_in, end):
    """English is done; Finnish and Swedish hang. Swedish is killed, then the renderer itself, or all are given up."""
    put_in(fault(fi=HANGS, sv=HANGS))
    monkeypatch.setattr(renderer, "HEARTBEAT_SECONDS", 0.2)
    blows: list[float] = []
    seen: list[list[int]] = []

    def still_wanted() -> None:
        main, hanging = renderer_at_work()
        seen.append(hanging)
        if hanging not in seen[-2:-1]:  # it has just changed, and is still being told
            return
        if not blows and len(hanging) == 2:
            blows.append(time.monotonic())
            os.kill(hanging[0], signal.SIGKILL)  # the last of the alphabet is begun first
        elif len(blows) == 1 and len(hanging) == 1:
            blows.append(time.monotonic())
            os.kill(main, signal.SIGKILL) if end == "killed" else monkeypatch.setattr(renderer, "SECONDS", 0)

    made = renderer.run(bundle(), [*HTML, MARK], still_wanted=still_wanted)
    assert time.monotonic() - blows[1] < 5
    until(lambda: not at_work(), within=5)  # who goes with its parent goes a moment later
    assert isinstance(made["en.html"], renderer.Rendered)
    assert str(made["sv.html"]) == "sv.html: its process ended early (SIGKILL)"
    assert str(made["fi.html"]).startswith(
        "fi.html: the renderer was ended by SIGKILL" if end == "killed" else "fi.html: not made within 0 s"
    )


WORKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from reporting.documents import renderer
renderer.run(open(sys.argv[1], "rb").read(), sys.argv[2:])
"""


@pytest.mark.parametrize("watched", ["", pytest.param(WITHOUT_THE_KERNEL, marks=pytest.mark.proof)])
def test_a_worker_that_is_killed_leaves_nobody(put_in, tmp_path, watched):
    put_in(watched + fault(sv=HANGS))
    given, mark = tmp_path / "bundle.json", "of-a-worker.pdf"
    given.write_bytes(bundle())
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(given), "sv.html", mark], cwd=PROJECT, env=os.environ, start_new_session=True
    )
    until(lambda: len(at_work(mark)) == 3)  # itself, its renderer, and the process of Swedish
    worker.kill()
    worker.wait()
    until(lambda: not at_work(mark), within=5)


def test_one_whose_parent_was_gone_before_it_could_look_ends_at_once():
    script = "from reporting.documents.rendering import leash; leash.end_with(1 << 30); print('still here')"
    found = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True)
    assert (found.returncode, found.stdout) == (-signal.SIGKILL, b"")
    assert leash.PARENT in renderer._environment()


def test_a_language_that_hangs_or_grows_is_ended_alone(put_in):
    """It asks for half as much again as it may: with the limit lifted that is given, and the file is made.

    English complains without end, and is made all the same.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    put_in(fault(sv=HANGS, fi=GROWS, en=FLOODS) + SOON)
    made = renderer.run(bundle(), HTML)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 50_000, "and what it complains of fills nobody"
    assert str(made["sv.html"]).startswith("sv.html: not made within")
    assert str(made["fi.html"]) == "fi.html: MemoryError:"
    assert isinstance(made["en.html"], renderer.Rendered)


@pytest.fixture
def a_copy(tmp_path, settings) -> Path:
    """The files of the report's words and looks, to be spoilt; the renderer reads these and not ours."""
    here = tmp_path / "copy"
    for package in ("portfolio", "projects", "config"):
        (here / package).parent.mkdir(exist_ok=True)
        (here / package).symlink_to(PROJECT / package)
    unread = shutil.ignore_patterns("__pycache__", "pages", "migrations", "snapshot")
    shutil.copytree(PROJECT / "reporting", here / "reporting", copy_function=os.symlink, ignore=unread)
    ours, theirs = PROJECT / "reporting" / "documents" / "rendering", here / "reporting" / "documents" / "rendering"
    for kept in ("phrases", "templates"):
        shutil.rmtree(theirs / kept)
        shutil.copytree(ours / kept, theirs / kept)
    settings.BASE_DIR = here
    return theirs


def spoilt(file: Path, line: int, becomes: str) -> str:
    """The line of the file that is now another."""
    lines = file.read_text("utf-8").splitlines()
    lines[line - 1], was = becomes, lines[line - 1]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return was


def test_a_fault_in_the_words_of_a_language_stops_it_alone_and_is_named_with_file_and_line(a_copy):
    """A file that can't be read, a blank that nothing fills, a template that says nothing: each in its own place."""
    spoilt(a_copy / "phrases" / "sv.toml", 7, '"keywords" = "uppföljnings')
    english = a_copy / "phrases" / "en.toml"
    line, was = next(
        (number, told)
        for number, told in enumerate(english.read_text("utf-8").splitlines(), 1)
        if '"cover.status"' in told
    )
    spoilt(english, line, '"cover.status" = "status date {dag}"')
    spoilt(a_copy / "templates" / "report.typ", 9, "#let contents = {")
    names = ["fi.html", "fi.pdf", "sv.html", "sv.pdf", "en.html"]
    made = renderer.run(bundle(), names)
    assert isinstance(made["fi.html"], renderer.Rendered)
    said = {name: str(told).partition(": ")[2] for name, told in made.items() if isinstance(told, renderer.Failed)}
    assert said.keys() == {"fi.pdf", "sv.html", "sv.pdf", "en.html"}
    assert (
        said["sv.html"]
        == said["sv.pdf"]
        == ("Faulty: sv.toml can't be read: Illegal character '\\n' (at line 7, column 27)")
    )
    assert said["en.html"] == (
        f"Faulty: en.toml, line {line}, phrase cover.status: 'status date {{dag}}' can't be filled: KeyError 'dag'"
    )
    assert said["fi.pdf"].startswith("TypstError: ") and "(report.typ, line " in said["fi.pdf"]


def test_what_native_code_said_last_is_told(put_in):
    put_in(fault(sv=ABORTS))
    [told] = renderer.run(bundle(), ["sv.html"]).values()
    assert str(told) == "sv.html: its process ended early (SIGABRT): memory allocation failed"


def test_the_limits_strike_in_their_order():
    """Of processor time first, so that a loop is known for one; then a language's, the renderer's, the task's."""
    warned, ended = renderer.LIMITS[resource.RLIMIT_CPU]
    limits = [warned, ended, press.SECONDS, renderer.SECONDS, settings.CELERY_TASK_SOFT_TIME_LIMIT]
    assert limits == sorted(set(limits))


def test_of_a_parcel_that_is_cut_off_only_whole_files_count():
    out = io.BytesIO()
    files = [
        press.MadeFile("fi.html", b"x" * 700),
        press.MadeFile("sv.html", b"y" * 512),
        press.MadeFile("en.html", b"z"),
    ]
    ends = {}
    for file in files:
        _written(out, file)
        ends[file.name] = out.tell()
    for end in range(0, out.tell() + 1, 64):
        found = renderer._unpacked(out.getvalue()[:end])
        assert all(content == next(one.content for one in files if one.name == name) for name, content in found.items())
        assert {name for name, whole in ends.items() if whole <= end} <= set(found)
    with tarfile.open(fileobj=io.BytesIO(out.getvalue())) as packed:
        assert packed.getnames() == [file.name for file in files]


@pytest.mark.proof
@pytest.mark.django_db
def test_a_loop_in_one_language_parks_its_files_alone_and_once_mended_they_are_made(monkeypatch, put_in):
    """It is told by its processor time; Finnish and English are made at the first run, and never again."""
    report = factories.frozen(factories.schedule(factories.indicator().target.programme))
    put_in(fault(sv=LOOPS))
    monkeypatch.setitem(renderer.LIMITS, resource.RLIMIT_CPU, (4, 5))
    waiting = Work.objects.filter(report=report, kind="render", done_at__isnull=True)
    for number in range(3):
        with pytest.raises(ExceptionGroup):
            documents.render(waiting[0].pk)
        assert Rendition.objects.count() == 4 and {file.strikes for file in waiting} == {number + 1}
        waiting.update(next_at=None)
    assert {(file.language, file.parked, file.last_error) for file in waiting} == {
        ("sv", True, f"3× Failed: sv.{kind}: its process ended early (more than 4 s of processor time)")
        for kind in ("html", "pdf")
    }
    made = set(Rendition.objects.values_list("pk", "blob__sha256"))
    put_in("")
    waiting.update(parked=False)
    documents.render(waiting[0].pk)
    report.refresh_from_db()
    assert report.state == "draft" and made < set(Rendition.objects.values_list("pk", "blob__sha256"))


@pytest.mark.proof
@pytest.mark.django_db
def test_a_fault_in_the_words_parks_one_language_and_its_mending_touches_no_other(api, ana, a_copy):
    """The letter says file and line; the office lets the work on, and what was made stays as it was made."""
    report = factories.frozen(factories.schedule(factories.indicator().target.programme))
    file = a_copy / "phrases" / "sv.toml"
    was = spoilt(file, 7, '"keywords" = "uppföljnings')
    waiting = Work.objects.filter(report=report, kind="render", done_at__isnull=True)
    for _ in range(3):
        with pytest.raises(ExceptionGroup):
            documents.render(waiting[0].pk)
        waiting.update(next_at=None)
    assert {(task.language, task.parked) for task in waiting} == {("sv", True)} and not documents.to_render()
    told = {letters.sentence(task.last_error) for task in waiting}
    assert all("sv.toml can't be read: Illegal character" in one and "(at line 7, column 27)" in one for one in told)
    made = set(Rendition.objects.values_list("pk", "blob__sha256"))
    assert len(made) == 4
    spoilt(file, 7, was)
    path, body = f"reports/{report.pk}/unpark/", {"because": "Sanat korjattu"}
    assert api(ana).post(path, body, seen=report.version).status_code == 200
    documents.render(waiting[0].pk)
    report.refresh_from_db()
    assert report.state == "draft" and made < set(Rendition.objects.values_list("pk", "blob__sha256"))
