"""What the catalogues say, for tests that read it."""

from __future__ import annotations

from functools import cache

from config import catalogues


@cache
def translations() -> dict[str, dict[str, str]]:
    """By the English what is said in each language; the form for many stands behind that for one."""
    found: dict[str, dict[str, str]] = {}
    for language in catalogues.spoken():
        for each in catalogues.of(language):
            for entry in each.read():
                told = "\n".join(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
                english = f"{entry.msgid}\n{entry.msgid_plural}" if entry.msgid_plural else entry.msgid
                found.setdefault(english, {})[language] = told
    return found
