"""Translations are compiled when they are newer than what was made of them."""

from __future__ import annotations

import gettext
import json
import os
import re
from pathlib import Path

import pytest

from config import languages


def test_every_language_is_compiled_before_the_tests_begin() -> None:
    assert all((languages.LOCALE / language / "LC_MESSAGES/django.mo").exists() for language in languages.LANGUAGES)


def test_a_changed_room_is_compiled_and_an_unchanged_one_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "LOCALE", tmp_path)
    monkeypatch.setattr(languages, "ROOMS", tmp_path / "rooms")
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms/decisions.json").write_text(json.dumps({"Decision": {"fi": "Päätös", "sv": "Beslut"}}))
    languages.compile_stale()
    compiled = tmp_path / "fi/LC_MESSAGES/django.mo"
    with compiled.open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Decision") == "Päätös"
    os.utime(compiled, (compiled.stat().st_mtime + 5,) * 2)
    before = compiled.stat().st_mtime_ns
    languages.compile_stale()
    assert compiled.stat().st_mtime_ns == before
    assert [path.name for path in compiled.parent.iterdir()] == ["django.mo"]


def test_the_program_itself_is_never_taken_for_a_programme_of_the_city() -> None:
    """In Finnish and Swedish both have one word, so what runs by itself is the system."""
    rooms = [json.loads(path.read_text()) for path in languages.ROOMS.glob("*.json")]
    told = [told for room in rooms for said, told in room.items() if re.search(r"\bthe program\b", said, re.IGNORECASE)]
    assert told and not [one for one in told if "ohjelma" in one["fi"].lower() or "program" in one["sv"].lower()]
