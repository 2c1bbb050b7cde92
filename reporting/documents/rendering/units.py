"""How a value stands with its unit: behind the number only where it is one.

A unit is typed as text. Three kinds of it are none: a rank ("sija"), a statistic that says what the number is
("mediaani, päivää"), and a scale ("asteikko 1–5", "1–5"). They are known by their form, in each language.
"""

import re
from functools import cache
from typing import NamedTuple

from portfolio.city import in_own_words
from reporting.facts import Language

NARROW, NO_BREAK = "\u202f", "\u00a0"
RANKS: dict[Language, tuple[frozenset[str], str]] = {
    "fi": (frozenset({"sija", "sijoitus"}), "{}.\u00a0sija"),
    "sv": (frozenset({"plats", "placering"}), "plats\u00a0{}"),
    "en": (frozenset({"rank", "place"}), "rank\u00a0{}"),
}
STATISTICS: dict[Language, frozenset[str]] = {
    "fi": frozenset({"keskiarvo", "mediaani"}),
    "sv": frozenset({"medeltal", "medelvärde", "genomsnitt", "median"}),
    "en": frozenset({"mean", "average", "median"}),
}
SCALES: dict[Language, str] = {"fi": "asteikko", "sv": "skala", "en": "scale"}
SCALE = re.compile(r"(?:(?:asteikko|skala|scale)\s+)?(\d+)\s*[–-]\s*(\d+)", re.IGNORECASE)
# What counts pieces, and how a name says that it counts.
PIECES: dict[Language, frozenset[str]] = {
    "fi": frozenset({"kpl", "kappaletta"}),
    "sv": frozenset({"st", "st.", "stycken"}),
    "en": frozenset({"pcs", "pcs.", "pieces", "units"}),
}
COUNTING: dict[Language, str] = {"fi": "määrä", "sv": "antal", "en": "number"}
WORD = re.compile(r"[^\W\d_]{4,}")


class Words(NamedTuple):
    """What we say of a scale and of a rank, in the city's own words."""

    scale: str
    rank: str


@cache
def words(lang: Language, terms: tuple[tuple[str, str], ...] = ()) -> Words:
    own = dict(terms)
    return Words(in_own_words(SCALES[lang], own, lang), in_own_words(RANKS[lang][1], own, lang))


class Parts(NamedTuple):
    """A unit taken apart: what the number is, the scale that it is on, and what is counted."""

    statistic: str = ""
    scale: str = ""
    unit: str = ""


def parts(unit: str, lang: Language, terms: tuple[tuple[str, str], ...] = ()) -> Parts:
    first, _, rest = unit.partition(",")
    statistic, rest = (first.strip(), rest.strip()) if first.strip().lower() in STATISTICS[lang] else ("", unit.strip())
    if found := SCALE.fullmatch(rest):
        return Parts(statistic, f"{words(lang, terms).scale} {found[1]}–{found[2]}")
    return Parts(statistic, unit=_whole(rest))


def is_rank(unit: str, lang: Language) -> bool:
    return unit.strip().lower() in RANKS[lang][0]


def written(
    number: str, unit: str, lang: Language, *, brief: bool = False, terms: tuple[tuple[str, str], ...] = ()
) -> str:
    """A number with its unit; in brief without the words that have been said of an earlier one."""
    if is_rank(unit, lang):
        return words(lang, terms).rank.format(number)
    statistic, scale, unit = parts(unit, lang, terms)
    glued = unit == "%" and lang == "en"
    told = number + ("" if glued or not unit else NO_BREAK) + unit
    if brief:
        return told
    return f"{statistic}{NO_BREAK if statistic else ''}{told}{f' ({_whole(scale)})' if scale else ''}"


def told(unit: str, lang: Language, terms: tuple[tuple[str, str], ...] = ()) -> str:
    """The unit by itself, as a head of a column or behind a name says it; a rank needs none."""
    if is_rank(unit, lang):
        return ""
    statistic, scale, unit = parts(unit, lang, terms)
    return ", ".join(part for part in (statistic, _whole(scale), unit) if part)


def echoes(unit: str, name: str, lang: Language) -> bool:
    """Whether the name has said it: `järjestöt, järjestöä`, `antal per år, st.`, `mediaani, päivää` of a median."""
    if unit.strip().lower() in PIECES[lang] and COUNTING[lang] in name.lower():
        return True
    stems = [word.lower()[: max(4, (len(word) + 1) // 2)] for word in WORD.findall(told(unit, lang))]
    known = [word.lower() for word in WORD.findall(name)]
    return bool(stems) and all(any(stem in word for word in known) for stem in stems)


def _whole(unit: str) -> str:
    """What belongs together is not parted at the end of a line: `1 000 t`, `t CO₂-ekv.`."""
    return unit.replace("1 000", f"1{NARROW}000").replace(" ", NO_BREAK)
