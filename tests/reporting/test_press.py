"""Files made side by side: what goes wrong in one language harms no other."""

import os
import signal

import pytest

from reporting import rendering
from reporting.rendering import press
from tests.reporting import renditions


def made(*names: str) -> dict[str, press.File]:
    return {file.name: file for file in press.files(renditions.now(), renditions.then(), names)}


def test_every_file_is_the_one_that_is_rendered_alone():
    found = made(*press.NAMES)
    assert set(found) == set(press.NAMES) and not any(file.error for file in found.values())
    for name in ("sv.html", "fi.pdf"):
        assert found[name].content == renditions.rendition(*press.NAMES[name])


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def broken() -> None:
    raise ValueError("no such phrase")


@pytest.mark.parametrize(
    ("fault", "said"), [(killed, "its process ended early"), (broken, "ValueError: no such phrase")]
)
def test_a_language_that_fails_says_so_for_its_own_files(fault, said, monkeypatch):
    """The process that renders Swedish is hit; Finnish and English come all the same."""
    compose = press.compose

    def hit(facts, previous, lang):
        if lang == "sv":
            fault()
        return compose(facts, previous, lang)

    monkeypatch.setattr(press, "compose", hit)
    found = made("fi.html", "sv.html", "sv.pdf", "en.html")
    assert {name: file.error for name, file in found.items() if file.error} == {"sv.html": said, "sv.pdf": said}
    assert found["en.html"].content == renditions.rendition("en", "html")


def test_a_format_that_fails_leaves_the_other_of_its_language(monkeypatch):
    def failing(document, facts, form):
        return broken() if form == "pdf" else b"a page"

    monkeypatch.setattr(rendering, "draw", failing)
    assert made("fi.html", "fi.pdf")["fi.html"].content == b"a page"
    assert made("fi.pdf")["fi.pdf"].error == "ValueError: no such phrase"


def test_a_name_of_no_file_is_answered():
    assert made("xx.pdf")["xx.pdf"].error == "there is no such file"
