"""Everything the report itself says, by code, in each language; no other module holds a word of it."""

import tomllib
from pathlib import Path

from reporting.facts import Language


def _read(lang: Language) -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / f"{lang}.toml").read_text("utf-8"))


PHRASES: dict[Language, dict[str, str]] = {"fi": _read("fi"), "sv": _read("sv"), "en": _read("en")}
