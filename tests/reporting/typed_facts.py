"""A snapshot with something typed into every text that it has."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

from reporting.facts import Text

Words = Callable[[str], str]
# Texts of the snapshot that the program makes: keys and references, codes of its own, zones, colours, checksums.
MADE = {
    "key", "rescaled_from", "serves", "programme", "project", "period", "what", "subject_code", "time_zone", "brand",
    "brand_strong", "accent", "chain_head", "sha256", "previous_sha256", "corrects_sha256", "languages",
}  # fmt: skip


def retyped(part: Any, words: Words) -> Any:
    """Every text that people type, in every language that it has, as `words` writes it anew."""
    if isinstance(part, Text):
        return dataclasses.replace(part, **{code: words(said) for code, said in _languages(part)})
    if isinstance(part, tuple):
        return tuple(retyped(each, words) for each in part)
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    hints = get_type_hints(type(part))
    given = {each.name: getattr(part, each.name) for each in dataclasses.fields(part)}
    return dataclasses.replace(part, **{name: _value(name, hints[name], value, words) for name, value in given.items()})


def _languages(text: Text) -> Iterator[tuple[str, str]]:
    return ((code, said) for code in ("fi", "sv", "en") if (said := getattr(text, code)))


def _value(name: str, hint: Any, value: Any, words: Words) -> Any:
    if not isinstance(value, str):
        return retyped(value, words)
    return words(value) if value and typed_by_people(name, hint) else value


def typed_by_people(name: str, hint: Any) -> bool:
    """A code that the program knows is none, and neither is what stands in MADE."""
    literal = get_origin(hint) is Literal or any(get_origin(each) is Literal for each in get_args(hint))
    return not literal and name not in MADE
