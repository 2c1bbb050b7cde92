"""Translations are compiled when they are newer than what was made of them."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from config import languages


def test_every_catalogue_is_compiled_before_the_tests_begin() -> None:
    assert all(source.with_suffix(".mo").exists() for source in languages.catalogues())


def test_a_changed_catalogue_is_compiled_and_an_unchanged_one_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "PROJECT", tmp_path)
    source = tmp_path / "room/locale/fi/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Decision"\nmsgstr "Päätös"\n'
    )
    languages.compile_stale()
    compiled = source.with_suffix(".mo")
    with compiled.open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Decision") == "Päätös"
    os.utime(compiled, (source.stat().st_mtime + 5,) * 2)
    before = compiled.stat()
    languages.compile_stale()
    assert compiled.stat().st_mtime_ns == before.st_mtime_ns
    assert [path.name for path in source.parent.iterdir() if path.suffix not in (".po", ".mo")] == []
