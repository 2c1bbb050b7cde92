"""Typed text: what becomes of each character on its way in, by one table for every door, for search and for paper.

Pure: it knows no database and no form. What is stored already is never rewritten by it (see `history.Record`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

# Of characters, from one to another: those in private use alone are too many for every program to spell at its start.
Codes: TypeAlias = tuple[range, ...]


class CharacterRule(NamedTuple):
    """What becomes of some characters: another one, nothing (""), or a refusal (None)."""

    why: str
    characters: Codes
    becomes: str | None


def _all(*ranges: tuple[int, int]) -> Codes:
    return tuple(range(first, last + 1) for first, last in ranges)


def _each(characters: str) -> Codes:
    return tuple(range(ord(one), ord(one) + 1) for one in characters)


# Windows has signs of its own where Unicode has controls, and text that was converted carelessly still holds them.
NOT_OF_WINDOWS = (0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D)
WINDOWS = [chr(code) for code in range(0x80, 0xA0) if code not in NOT_OF_WINDOWS]
# The signs of Word's lists, by their places in its fonts Symbol and Wingdings.
WORD = {"•": "\uf076\uf0a7\uf0a8\uf0b7\uf0d8", "–": "\uf02d", "→": "\uf0e0", "✓": "\uf0fc"}
LAST_OF_PLANES = _all(*((top + 0xFFFE, top + 0xFFFF) for top in range(0, 0x110000, 0x10000)))

RULES = (
    CharacterRule("ends a line", _each("\r\v\f\x85\u2028\u2029"), "\n"),
    CharacterRule("is an empty place", _each("\t\u2800"), " "),
    *(CharacterRule("is a sign of Windows", _each(sign), sign.encode("latin1").decode("cp1252")) for sign in WINDOWS),
    *(CharacterRule("is a sign of Word's lists", _each(places), sign) for sign, places in WORD.items()),
    CharacterRule("controls a machine", _all((1, 8), (0xE, 0x1F), (0x7F, 0x7F)) + _each("\x81\x8d\x8f\x90\x9d"), ""),
    CharacterRule("turns text around", _each("\u061c\u200e\u200f") + _all((0x202A, 0x202E), (0x2066, 0x2069)), ""),
    CharacterRule("can't be seen", _each("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\ufeff\uffa0"), ""),
    CharacterRule("can't be seen", _all((0x180B, 0x180F), (0x200B, 0x200D), (0x2060, 0x2065), (0x206A, 0x206F)), ""),
    CharacterRule(
        "can't be seen", _all((0xFE00, 0xFE0F), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A)), ""
    ),
    CharacterRule("can't be seen", _all((0xE0000, 0xE0FFF)), ""),
    CharacterRule("held a picture or a file", _each("\ufffc"), ""),
    CharacterRule("is no character", _all((0xFDD0, 0xFDEF)) + LAST_OF_PLANES, ""),
    CharacterRule("is where a machine's text ends", _each("\0"), None),
    CharacterRule("is half a character", _all((0xD800, 0xDFFF)), None),
    CharacterRule("stands for one that was lost", _each("\ufffd"), None),
    CharacterRule(
        "means something in one font alone", _all((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)), None
    ),
)

# Spaces of other widths, or at which no line breaks: kept in a text, and equal to a space where texts are compared.
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

EMPTY = "\U0001d159\n"  # signs without ink, in whatever class


def _table() -> dict[int, str]:
    """What is refused is not in it: it stays, so that it can be told."""
    return {code: rule.becomes for rule in RULES if rule.becomes is not None for code in chain(*rule.characters)}


def in_ranges(characters: Iterable[str]) -> str:
    """Characters as a pattern names them between brackets."""
    codes = sorted({ord(one) for one in characters})
    starts = [code for n, code in enumerate(codes) if n == 0 or codes[n - 1] != code - 1]
    ends = [code for n, code in enumerate(codes) if n == len(codes) - 1 or codes[n + 1] != code + 1]
    return _spelled(range(a, b + 1) for a, b in zip(starts, ends, strict=True))


def _spelled(ranges: Iterable[range]) -> str:
    return "".join(f"\\U{one[0]:08x}-\\U{one[-1]:08x}" for one in ranges if one)


def _refused() -> Iterator[range]:
    """What is refused: of the characters of those rules, all that no other rule makes something of."""
    for rest in chain(*(rule.characters for rule in RULES if rule.becomes is None)):
        for code in sorted(code for code in BECOMES if code in rest):
            yield range(rest.start, code)
            rest = range(code + 1, rest.stop)
        yield rest


BECOMES = _table()
REFUSED = re.compile(f"[{_spelled(_refused())}]")
TOUCHED = re.compile(f"[{_spelled(chain(*(rule.characters for rule in RULES)))}]")
INVISIBLE = "".join(sorted(chr(code) for code, sign in BECOMES.items() if sign == "" and code < 0xE0000))


def legible(text: str) -> str:
    """A text without what can't be seen or turns other text around, in NFC; what is refused of new text stays."""
    if text.isascii() and not TOUCHED.search(text):
        return text
    if TOUCHED.search(text):
        text = text.replace("\r\n", "\n").translate(BECOMES)
    return unicodedata.normalize("NFC", text)


def is_legible(text: str) -> bool:
    """Whether `legible` leaves a text as it is."""
    return not TOUCHED.search(text) and unicodedata.is_normalized("NFC", text)


def cleaned(text: str, *, lines: bool = True) -> str:
    """A new text as it is stored: legible, no space around it, and on one line unless it may have `lines`.

    Nothing at all when nothing of it could be seen: signs of format and accents that stand on no letter are no text.
    """
    found = legible(text).strip()
    if not found.isascii() and not any(map(_is_seen, found)):
        return ""
    return found if lines or "\n" not in found else " ".join(filter(None, (part.strip() for part in found.split("\n"))))


def _is_seen(one: str) -> bool:
    """Whether a character that `legible` leaves is a sign by itself; one that is refused has to be told, and is."""
    return one not in EMPTY and unicodedata.category(one) not in ("Cf", "Me", "Mn", "Zs")


def cleaned_all(value: Any) -> Any:
    """The same for every text in lists and objects; their names stay."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, Mapping):
        return {name: cleaned_all(inner) for name, inner in value.items()}
    return [cleaned_all(inner) for inner in value] if isinstance(value, list | tuple) else value


def refused(value: Any) -> str:
    """The characters of a text, or of those in lists and objects, that can't be taken in: as "U+FFFD, U+E000"."""
    if isinstance(value, str):
        return ", ".join(dict.fromkeys(f"U+{ord(one):04X}" for one in REFUSED.findall(value)))
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return ", ".join(dict.fromkeys(filter(None, map(refused, inner))))


COMPARED = {ord(one): None for one in INVISIBLE} | {ord(one): " " for one in SPACES}


def comparable(text: str) -> str:
    """A text as it is compared: composed, no matter which spaces it has or what of it can't be seen."""
    return unicodedata.normalize("NFC", text.translate(COMPARED))
