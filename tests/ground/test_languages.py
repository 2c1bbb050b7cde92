"""Translations are compiled when they are newer than what was made of them."""

from __future__ import annotations

import gettext
import os
import re
from pathlib import Path

import pytest

from config import languages
from tests.catalogues import translations


def test_every_language_is_compiled_before_the_tests_begin() -> None:
    compiled = [source.with_suffix(".mo") for source in languages.catalogues()]
    assert len(compiled) == 2 * len(languages.PACKAGES) and all(each.exists() for each in compiled)


def test_a_changed_catalogue_is_compiled_and_an_unchanged_one_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "FOLDERS", (tmp_path,))
    source = tmp_path / "fi" / languages.FILE
    source.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    source.write_text(f'{head}\nmsgid "Decision"\nmsgstr "Päätös"\n')
    languages.compile_stale()
    compiled = source.with_suffix(".mo")
    with compiled.open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Decision") == "Päätös"
    os.utime(compiled, (compiled.stat().st_mtime + 5,) * 2)
    before = compiled.stat().st_mtime_ns
    languages.compile_stale()
    assert compiled.stat().st_mtime_ns == before
    assert sorted(path.name for path in compiled.parent.iterdir()) == ["django.mo", "django.po"]


def test_the_program_itself_is_never_taken_for_a_programme_of_the_city() -> None:
    """In Finnish and Swedish both have one word, so what runs by itself is the system."""
    told = [told for (_, said), told in translations().items() if re.search(r"\bthe program\b", said, re.IGNORECASE)]
    assert told and not [one for one in told if "ohjelma" in one["fi"].lower() or "program" in one["sv"].lower()]
