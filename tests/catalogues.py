"""What the catalogues say, for tests that read it."""

from __future__ import annotations

from functools import cache

from config import catalogues, languages
from config.sentences import Key


@cache
def translations() -> dict[Key, dict[str, str]]:
    """By context and English what is said in each language; the form for many stands behind that for one."""
    found: dict[Key, dict[str, str]] = {}
    for language in sorted(languages.catalogued()):
        for each in catalogues.of(language):
            for entry in each.read():
                told = "\n".join(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
                english = f"{entry.msgid}\n{entry.msgid_plural}" if entry.msgid_plural else entry.msgid
                found.setdefault((entry.msgctxt, english), {})[language] = told
    return found
