"""Everything the report itself says, by code, in each language; no other module holds a word of it but the terms.

Terms are what pages say in the same words (`portfolio/terms.toml`).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from portfolio.terms import terms
from reporting.facts import Language

HERE = Path(__file__).parent


class Faulty(Exception):
    """A file of phrases that can't be read, or a phrase that can't be said: names the file, the line and the phrase."""


class Phrases(dict[str, str]):
    """The phrases of one language, by code."""

    def __init__(self, lang: Language, phrases: Mapping[str, str]) -> None:
        super().__init__(phrases)
        self.lang = lang

    def __missing__(self, code: str) -> str:
        raise Faulty(f"{self.lang}.toml: there is no phrase {code}")


class _Languages(Mapping[Language, Phrases]):
    """Each language is read when it is first spoken: a fault in its file silences no other."""

    def __getitem__(self, lang: Language) -> Phrases:
        if lang not in get_args(Language):
            raise KeyError(lang)
        return _read(lang)

    def __iter__(self) -> Iterator[Language]:
        return iter(get_args(Language))

    def __len__(self) -> int:
        return len(get_args(Language))


PHRASES: Mapping[Language, Phrases] = _Languages()


def filled(lang: Language, code: str, phrase: str, blanks: Mapping[str, Any]) -> str:
    """The phrase of that code with its blanks filled. Raises Faulty when the phrase asks for what can't be given."""
    try:
        return phrase.format(**blanks)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Faulty(f"{_place(lang, code)}: {phrase!r} can't be filled: {type(error).__name__} {error}") from error


@cache
def _read(lang: Language) -> Phrases:
    try:
        found = tomllib.loads((HERE / f"{lang}.toml").read_text("utf-8"))
    except ValueError as error:  # of TOML with its line, or of what is no UTF-8
        raise Faulty(f"{lang}.toml can't be read: {error}") from error
    for code, phrase in found.items():
        if not isinstance(phrase, str):
            raise Faulty(f"{_place(lang, code)}: no text")
    return Phrases(lang, {code: told[lang] for code, told in terms().items()} | found)


def _place(lang: Language, code: str) -> str:
    """File and line of a phrase."""
    lines = (HERE / f"{lang}.toml").read_text("utf-8").splitlines()
    begins = re.compile(rf"""\s*\[?["']?{re.escape(code)}["']?\s*[]=.]""")
    line = next((number for number, line in enumerate(lines, 1) if begins.match(line)), 0)
    return f"{lang}.toml, line {line}, phrase {code}"
