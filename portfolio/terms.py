"""Words of the trade that pages and papers share, once for both, in all languages: read from `terms.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


@cache
def terms() -> dict[str, dict[str, str]]:
    """By the code under which the report says it, what it is in English, Finnish and Swedish."""
    found: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text("utf-8"))
    return found


def sentences() -> dict[str, dict[str, str]]:
    """By the English that pages and programs write, what it is in the other languages."""
    return {told["en"]: {code: words for code, words in told.items() if code != "en"} for told in terms().values()}
