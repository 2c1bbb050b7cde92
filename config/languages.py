"""Compiles the translations, which are kept as text room by room, into what gettext reads; no tool is needed."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import polib

from config.made import BrokenStart
from portfolio import terms

LOCALE = Path(__file__).resolve().parent / "locale"
ROOMS = LOCALE / "rooms"
LANGUAGES = ("fi", "sv")


def sentences() -> dict[str, dict[str, str]]:
    """Every English sentence with its translations, from the files of all rooms and the terms that papers share."""
    found = terms.sentences()
    for source in sorted(ROOMS.glob("*.json")):
        found |= json.loads(source.read_text(encoding="utf-8"))
    return found


def compile_stale() -> None:
    """Compile each language that is older than its sources; two at once do no harm."""
    newest = max((source.stat().st_mtime for source in [ROOMS, terms.FILE, *ROOMS.glob("*.json")]), default=0.0)
    for language in LANGUAGES:
        compiled = LOCALE / language / "LC_MESSAGES" / "django.mo"
        if not compiled.exists() or compiled.stat().st_mtime < newest:
            try:
                _compile(language, compiled)
            except OSError as reason:
                raise BrokenStart(f"The translations can't be compiled into {compiled}: {reason.strerror}.") from reason


def _compile(language: str, compiled: Path) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for english, told in sentences().items():
        singular, _, plural = english.partition("\x04")
        if told.get(language):
            catalogue.append(_entry(singular, plural, told[language]))
    compiled.parent.mkdir(parents=True, exist_ok=True)
    draft = compiled.with_suffix(f".mo.{os.getpid()}")
    catalogue.save_as_mofile(str(draft))
    draft.replace(compiled)
    for left in compiled.parent.glob("django.mo.*"):  # of one that was killed at it
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < compiled.stat().st_mtime - 3600:
                left.unlink()


def _entry(singular: str, plural: str, told: str) -> polib.POEntry:
    """A sentence, or a pair for one and for many, both halves parted by a form-feed-like U+0004."""
    if not plural:
        return polib.POEntry(msgid=singular, msgstr=told)
    one, _, many = told.partition("\x04")
    return polib.POEntry(msgid=singular, msgid_plural=plural, msgstr_plural={0: one, 1: many})


if __name__ == "__main__":
    compile_stale()
