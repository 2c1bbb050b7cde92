"""What the catalogues say, for tests that read it."""

from __future__ import annotations

from functools import cache

from config import catalogues, languages


@cache
def translations() -> dict[str, dict[str, str]]:
    """By the English without a context what is said in each language; the form for many stands behind that for one."""
    found: dict[str, dict[str, str]] = {}
    for language in sorted(languages.catalogued()):
        for each in catalogues.of(language):
            for entry in (one for one in each.read() if not one.msgctxt):
                told = "\n".join(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
                english = f"{entry.msgid}\n{entry.msgid_plural}" if entry.msgid_plural else entry.msgid
                found.setdefault(english, {})[language] = told
    return found
