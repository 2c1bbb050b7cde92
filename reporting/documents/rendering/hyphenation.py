"""Where a long Finnish or Swedish word may be parted: at the seams of a compound, and never near its ends.

`seams/fi.txt` and `seams/sv.txt` hold the first parts of compounds as they stand inside a word, and how second parts
begin. A piece that is still too long for a narrow column is parted between syllables, five letters from its ends.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from reporting.facts import Language

SOFT = "\u00ad"
LEAST = 3  # letters on either side of a seam
LONG = 14  # letters of a word that is worth parting
PIECE = 16  # letters of a piece that is not parted further, where there is room for them
SHORTEST = 9  # letters of a word that is never parted, however little room there is
FEWEST = 2  # letters of a part of a word that has nowhere else to be parted
WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")
CONSONANT, VOWEL = "[bcdfghjklmnpqrstvwxzšž]", "[aeiouyåäöé]"
SYLLABLE = {
    "fi": re.compile(rf"(?<=\w{{4}})(?={CONSONANT}{VOWEL}\w{{3}})"),
    "sv": re.compile(rf"(?<=\w{{4}})(?<![cnstkj](?=[gkj]))(?={CONSONANT}{VOWEL}\w{{3}})"),
}


def softened(text: str, lang: Language, room: int = PIECE) -> str:
    """The text with soft hyphens in its long words and in those for which a line has no `room`, in letters.

    English words are left whole.
    """
    if lang == "en" or len(text) < SHORTEST:
        return text
    long = max(SHORTEST, min(LONG, room + 1))
    return WORD.sub(lambda word: parted(word[0], lang, room) if len(word[0]) >= long else word[0], text)


@cache
def parted(word: str, lang: Language, room: int = PIECE) -> str:
    """The word at its seams, and at its syllables where a piece is longer than the line."""
    longest = min(PIECE, max(room, SHORTEST))
    pieces = _at_seams(word, lang)
    return SOFT.join(part for one in pieces for part in ([one] if len(one) <= longest else _syllables(one, lang)))


# How broad letters are, in ems of the semibold sans: each class by its broadest. What is not told is as broad as a `D`.
BROAD = {"ijlI.,: ": 0.29, "f-()/\u00ad": 0.345, "tr": 0.375, "sšzž": 0.445, "cxvyeJLYé": 0.515}
BROAD |= {"agkåäbdhnpquoöFEVXZSTAÅÄ0123456789€": 0.565, "mwMW%": 0.85}
EMS = {letter: ems for letters, ems in BROAD.items() for letter in letters}


def breadth(word: str) -> float:
    """How broad a word is at the most, in ems."""
    return sum(EMS.get(letter, 0.69) for letter in word)


def fitted(text: str, lang: Language, ems: float) -> str:
    """A label with soft hyphens in each word that is broader than its line: it never lies over its neighbour.

    They stand at seams and between syllables; where a piece is broader still, or the language has no rule, anywhere.
    """
    return re.sub(r"[^ \n\u00a0]+", lambda word: _within(word[0], lang, ems), text)


def _within(word: str, lang: Language, ems: float) -> str:
    if breadth(word) <= ems:
        return word
    known = word if lang == "en" else WORD.sub(lambda found: parted(found[0], lang, SHORTEST), word)
    return SOFT.join(part for piece in known.split(SOFT) for part in _cut(piece, ems - breadth("-")))


def _cut(piece: str, ems: float) -> Iterator[str]:
    """A piece in parts that a line has room for, the last of two letters at the least."""
    while breadth(piece) > ems and len(piece) > 2 * FEWEST:
        end = next((n for n in range(len(piece), FEWEST, -1) if breadth(piece[:n]) <= ems), FEWEST)
        end = min(end, len(piece) - FEWEST)
        yield piece[:end]
        piece = piece[end:]
    yield piece


def _syllables(piece: str, lang: Language) -> list[str]:
    """A long piece in parts of four letters or more."""
    ends, last = [], 0
    for found in SYLLABLE[lang].finditer(piece):
        if found.start() - last >= 4:
            ends.append(last := found.start())
    return [piece[start:end] for start, end in zip([0, *ends], [*ends, len(piece)], strict=True)]


def _at_seams(word: str, lang: Language) -> list[str]:
    """The pieces of a compound; the longest first part that leaves a second one wins."""
    firsts, seconds = _parts(lang)
    lower = word.lower()
    for end in range(len(word) - LEAST, LEAST - 1, -1):
        rest = lower[end:]
        if lower[:end] in firsts and any(rest[:n] in seconds for n in range(LEAST, len(rest) + 1)):
            return [*_at_seams(word[:end], lang), *_at_seams(word[end:], lang)]
    return [word]


@cache
def _parts(lang: Language) -> tuple[frozenset[str], frozenset[str]]:
    told = (Path(__file__).parent / "seams" / f"{lang}.txt").read_text("utf-8")
    firsts, rule, seconds = re.sub(r"^#.*\n", "", told).partition("---\n")
    if not rule:
        raise ValueError(f"seams/{lang}.txt: no line --- parts how second parts begin from the first parts")
    return frozenset(firsts.split()), frozenset(seconds.split())
