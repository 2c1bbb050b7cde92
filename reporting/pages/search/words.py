"""What was typed into the search, as patterns that the database and the page read alike.

A word is sought by its stem, in Finnish and Swedish wherever it stands, for a compound is written as one word:
*tavoite* finds *hyötytavoitteen*. The stems are PostgreSQL's own. What is in quotes is sought as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from django.db import connection

from portfolio import typed
from portfolio.languages import LANGUAGES, Language

LONGEST, MOST = 200, 8  # characters and words that are read of what was typed
SECTION = re.compile(r"§\s*([1-9][0-9]{0,5})\b|\b([1-9][0-9]{0,5})\s*§")
TYPED = re.compile(r'"([^"]+)"|(\S+)')
AT_ENDS = "\"'”’“.,;:!?()[]{}<>«»*"
STEMMERS: Mapping[Language, str] = {"fi": "finnish_stem", "sv": "swedish_stem", "en": "english_stem"}
STEMS = "SELECT " + ", ".join(f"ts_lexize('{each}', word)" for each in STEMMERS.values())
IN_COMPOUNDS = frozenset({"fi", "sv"})
SHORT = 4  # letters from which a stem is sought wherever it stands: shorter ones stand in many a word by chance
DERIVED = r"(?!tu[sk]|nt[aäo]|nn[aäo]|sto)"  # what makes another word of one that ends in a vowel
ENDING = r"\w{0,4}"
# Finnish consonants before the last vowels of a stem, strong and weak: kaupunki, kaupungin.
GRADES = {
    "nk": "ng",
    "nt": "nn",
    "lt": "ll",
    "rt": "rr",
    "mp": "mm",
    "kk": "k",
    "pp": "p",
    "tt": "t",
    "t": "d",
    "p": "v",
}
GRADED = re.compile(rf"(.*[aeiouyäö].*?)({'|'.join(GRADES)})([aeiouyäö]*)")


@dataclass(frozen=True)
class Word:
    """A word that was typed: what finds it in a text of each language, and in a name, a code or a number."""

    typed: str
    patterns: Mapping[Language, str]
    plain: str


@dataclass(frozen=True)
class Sought:
    """What was asked for: every word of it, and the section of a decision where one was named."""

    text: str
    words: tuple[Word, ...]
    section: int | None

    def __bool__(self) -> bool:
        return bool(self.words) or self.section is not None

    @property
    def exact(self) -> str:
        """The same question for exactly these forms; none where that is what was asked."""
        bent = [word.typed for word in self.words if word.plain not in word.patterns.values()]
        return " ".join(f'"{each}"' for each in bent) if bent and self.section is None else ""

    def marks(self, language: Language) -> re.Pattern[str]:
        """What the page marks in a text: each word found, to the end of what is written together."""
        found = chain(*((word.patterns[language], word.plain) for word in self.words))
        return re.compile("|".join(rf"(?:{_for_python(each)})\w*" for each in found) or r"(?!)", re.IGNORECASE)


def sought(text: str) -> Sought:
    """The question in what was typed; one statement, and none where nothing is to be stemmed."""
    told = " ".join(typed.comparable(text.replace("\0", " ")).split())[:LONGEST].strip()
    section = SECTION.search(told)
    rest = SECTION.sub(" ", told)
    found = [(quoted or bare.strip(AT_ENDS), bool(quoted)) for quoted, bare in TYPED.findall(rest)]
    named = list(dict.fromkeys((word.strip(), exact) for word, exact in found if re.search(r"\w", word)))[:MOST]
    stems = _stems([word for word, exact in named if not exact and not _coded(word)])
    number = int(section[1] or section[2]) if section else None
    return Sought(told, tuple(_word(word, stems.get(word)) for word, _ in named), number)


def _coded(word: str) -> bool:
    """Whether it is a code, a case number or a year, which has no other forms."""
    return any(sign.isdigit() for sign in word)


def _stems(words: list[str]) -> dict[str, dict[Language, str]]:
    """The stem of each word in each language; a word that a language counts for nothing stays as it is."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"{STEMS} FROM unnest(%s::text[]) WITH ORDINALITY AS asked (word, place) ORDER BY place", [
            [word.lower() for word in words]
        ])  # fmt: skip
        rows = cursor.fetchall()
    return {
        word: {code: (found or [word.lower()])[0] for code, found in zip(STEMMERS, row, strict=True)}
        for word, row in zip(words, rows, strict=True)
    }


def _word(word: str, stems: dict[Language, str] | None) -> Word:
    lowered = word.lower()
    plain = _whole(lowered) if _coded(word) or len(lowered) < SHORT else _literal(lowered)
    if stems is None:
        return Word(word, dict.fromkeys(LANGUAGES, plain), plain)
    return Word(word, {code: "|".join(_forms(lowered, stems[code], code)) for code in LANGUAGES}, plain)


def _forms(word: str, stem: str, language: Language) -> Iterator[str]:
    """The patterns that find a word of a language in its forms, and as a part of a compound where it has them."""
    begins = {word, stem if len(stem) >= SHORT else word}
    begins |= set(chain(*map(_bent, (word, stem)))) if language == "fi" else set()
    parts = {each for each in begins if len(each) >= SHORT and language in IN_COMPOUNDS}
    yield from (_part(each, word, language) for each in sorted(parts))
    yield from (rf"\m{_literal(each)}" for each in sorted(begins - parts) if len(each) >= SHORT)
    if len(stem) < SHORT:
        yield rf"\m{_literal(stem)}{ENDING}\M"
        if len(word) == SHORT - 1 and language in IN_COMPOUNDS:
            yield rf"{_literal(word)}\M"


def _part(begins: str, word: str, language: Language) -> str:
    """A part of a compound; not where the letters go on as another word: *halli* in *hallitus*, *hallinta*."""
    if begins != word:
        return _literal(begins) + (r"\w{0,3}\M" if len(begins) == SHORT else "")
    return _literal(begins) + (DERIVED if language == "fi" and begins[-1] in "aeiouyäö" else "")


def _bent(stem: str) -> Iterable[str]:
    """What else a Finnish stem becomes: kaupunk-, kaupung-; osaamin-, osaamis-; koulutus-, koulutuks-."""
    found = GRADED.fullmatch(stem)
    weak = found and f"{found[1]}{GRADES[found[2]]}{found[3]}"
    nominal = f"{stem[:-1]}s" if stem.endswith("min") else ""
    act = f"{stem[:-1]}ks" if stem.endswith(("us", "ys")) else ""
    return [each for each in (weak, nominal, act) if each and len(each) >= SHORT]


def _literal(text: str) -> str:
    """A text as a pattern of itself, to PostgreSQL and to Python."""
    return re.sub(r"([^\w\s])", r"\\\1", text).replace("_", "[_]")


def _whole(text: str) -> str:
    return rf"\m{_literal(text)}\M"


def _for_python(pattern: str) -> str:
    return pattern.replace(r"\m", r"\b").replace(r"\M", r"\b")
