"""Words of the trade that pages and papers share, once for both, in all languages: read from `terms.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from portfolio.languages import LANGUAGES

FILE = Path(__file__).with_suffix(".toml")
Words = dict[str, str]


@cache
def _read() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def terms() -> dict[str, Words]:
    """By the code under which the report says it, what it is in English, Finnish and Swedish."""
    found: dict[str, Words] = {}
    for name, told in _read().items():
        words = {code: told[code] for code in LANGUAGES}
        found |= dict.fromkeys(told.get("codes", [name]), words)
        found |= dict.fromkeys(
            told.get("small", []), {code: said[0].lower() + said[1:] for code, said in words.items()}
        )
        found |= dict.fromkeys(
            told.get("capital", []), {code: said[0].upper() + said[1:] for code, said in words.items()}
        )
    return found


@cache
def sentences() -> dict[str, Words]:
    """By the English that pages and programs write, what it is in the other languages."""
    return {told["en"]: {code: told[code] for code in LANGUAGES if code != "en"} for told in _read().values()}
