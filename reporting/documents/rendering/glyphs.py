"""Which characters the report's fonts can draw, and what is drawn for those that they can't.

Old texts hold what would be refused today, and new ones may hold any sign of any script. Neither stops a paper: what
no font has is printed by its name in brackets, and the HTML report shows the character itself.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from portfolio import typed
from reporting.documents.rendering.coverage import drawable
from reporting.documents.rendering.phrases import PHRASES
from reporting.facts import Language
from reporting.facts.canonical import names

Part: TypeAlias = dict[str, Any]
BOX = "□"
# Neither can stand in a file: half a character, and the end of a text for a machine.
BROKEN = dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")
BROKEN_ONE = re.compile("[\0\ud800-\udfff]")
# What is written in the languages of the report, and its own signs.
PLAINEST = frozenset(
    [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x180)), *"–—’‘“”„…•€−×→≥≤□✓\u202f\u2009\u200b"]
)
# What the press itself puts between letters: where a word may break, and where not.
OWN = frozenset("\n\u00ad\u200b\u2060")
NEW_LINE, MAY_BREAK = "\n", "\u200b"
ENDLESS, PIECE = re.compile(r"[^\s<>\"]{60,}"), re.compile(r".{1,12}", re.DOTALL)
# What the typesetter reads and does not draw.
AS_IT_IS = {"t", "id", "to", "lang", "style", "kind", "align", "width", "alt", "brand", "brand_strong", "accent"}
OF_THE_FILE = ("title", "author", "keywords")  # said by a reading program, not drawn
# Scripts by the word with which Unicode's names of their characters begin.
SCRIPTS = {
    "ARABIC": "arabic", "HEBREW": "hebrew", "CJK": "chinese", "HIRAGANA": "japanese", "KATAKANA": "japanese",
    "HANGUL": "korean", "THAI": "thai", "DEVANAGARI": "devanagari", "GEORGIAN": "georgian", "ARMENIAN": "armenian",
    "ETHIOPIC": "ethiopic",
}  # fmt: skip


def legible(part: Any) -> Any:
    """A document without what can't be seen, controls a machine or turns other text around, in NFC."""
    return part if typed.is_legible("\n".join(_texts(part))) else _legible(part)


def _texts(part: Any) -> Iterator[str]:
    """Every text of a document, in no order."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        else:
            waiting += one if isinstance(one, tuple) else [getattr(one, name) for name in names(type(one))]


def _legible(part: Any) -> Any:
    if isinstance(part, str):
        return typed.legible(part.translate(BROKEN) if BROKEN_ONE.search(part) else part)
    if isinstance(part, tuple):
        found = tuple(map(_legible, part))
        return part if all(new is old for new, old in zip(found, part, strict=True)) else found
    if is_dataclass(part) and not isinstance(part, type):
        given = {name: getattr(part, name) for name in names(type(part))}
        other = {name: new for name, old in given.items() if (new := _legible(old)) is not old}
        return replace(part, **other) if other else part
    return part


def undrawable(*, plainest: bool = False) -> re.Pattern[str]:
    """Characters that no font has, with the marks and the spaces between them; and drawable letters under marks.

    A letter and its marks come from one font, and the sans serif alone has all marks. The `plainest` text has no marks
    and no character that is not among the languages' own.
    """
    return _undrawable(PLAINEST if plainest else drawable())


@cache
def _undrawable(known: frozenset[str]) -> re.Pattern[str]:
    marks = "".join(sorted(_marks(known)))
    lacking = f"[^{typed.in_ranges(known | OWN)}]"
    run = f"(?P<lacking>{lacking}(?:[ \u00a0]*{lacking}|[{marks or NEW_LINE}])*)"
    return re.compile(f"{run}|(?P<marked>[^{marks}{NEW_LINE}]?[{marks}]+)" if marks else run)


@cache
def _troubling(known: frozenset[str]) -> re.Pattern[str]:
    """The same, and odd spaces, one by one: where a long text has none of them, that is seen at a glance."""
    return re.compile(f"[^{typed.in_ranges((known | OWN) - _marks(known))}]")


def _marks(known: frozenset[str]) -> set[str]:
    return {one for one in known if unicodedata.combining(one)}


def troubled(text: str) -> bool:
    """Whether some of it can't be drawn as it is."""
    return bool(_troubling(drawable()).search(text) or ENDLESS.search(text))


def lacks(text: str) -> str:
    """The characters of a text that are printed by their names, each once."""
    found = (match["lacking"] or "" for match in undrawable().finditer(spaced(typed.legible(text))))
    return "".join(one for one in dict.fromkeys("".join(found)) if one not in drawable())


def spaced(text: str) -> str:
    """A space that no font has is drawn as a plain one; a word that fills a line by itself may break anywhere."""
    plain = text.translate({ord(one): " " for one in typed.SPACES if one not in drawable()})
    return ENDLESS.sub(lambda word: MAY_BREAK.join(PIECE.findall(word[0])), plain)


def set_apart(payload: Part, lang: Language, *, plainest: bool = False) -> Part:
    """A payload whose texts are taken apart where they can't be drawn as they are, with the note that says so.

    A text becomes its parts: what is drawn as it is, what is drawn in the font of all marks, and substitutes.
    """
    said = {name: payload[name] for name in OF_THE_FILE}
    apart: Part = _apart(payload, Hand(lang, undrawable(plainest=plainest))) | {"said": said, "apart": True}
    if not _lacking(apart):
        return apart
    note = {"t": "run", "text": PHRASES[lang]["lacking.note"], "style": "", "lang": ""}
    blocks = [*apart["blocks"], {"t": "paragraph", "small": True, "runs": [note]}]
    return apart | {"blocks": blocks}


def _lacking(part: Any) -> bool:
    """Whether there is a substitute in it."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return isinstance(part, dict) and part.get("t") == "lacking" or any(map(_lacking, inner))


class Hand(NamedTuple):
    """In which language a text is taken apart, and at what."""

    lang: Language
    pattern: re.Pattern[str]


def _apart(part: Any, hand: Hand, name: str = "") -> Any:
    if isinstance(part, dict):
        return {key: _apart(inner, hand, key) for key, inner in part.items()}
    if isinstance(part, list):
        return [_apart(inner, hand, name) for inner in part]
    if not isinstance(part, str) or name in AS_IT_IS:
        return part
    text = spaced(part)
    if not hand.pattern.search(text):
        return text
    return _boxed(text, hand) if name == "svg" else {"t": "parts", "parts": list(_parts(text, hand))}


def _boxed(drawing: str, hand: Hand) -> str:
    """A drawing has no room for names and can't stack marks: its words stand in full beside it."""
    return hand.pattern.sub(lambda match: BOX if match["lacking"] else _bare(match[0]), drawing)


def _bare(marked: str) -> str:
    return "".join(one for one in marked if not unicodedata.combining(one))


def _parts(text: str, hand: Hand) -> Iterator[Part | str]:
    end = 0
    for match in hand.pattern.finditer(text):
        if text[end : match.start()]:
            yield text[end : match.start()]
        yield substitute(match[0], hand.lang) if match["lacking"] else {"t": "marked", "words": match[0]}
        end = match.end()
    if text[end:]:
        yield text[end:]


def substitute(run: str, lang: Language) -> Part:
    """What is printed for characters that no font has: their names, or of a script's letters how many there are."""
    signs = [one for n, one in enumerate(run) if not one.isspace() and not (n and unicodedata.combining(one))]
    groups = [(name, len(list(alike))) for name, alike in groupby(signs, key=_name)]
    words = ", ".join(_told(name, count, lang) for name, count in groups)
    foreign = any(name not in SCRIPTS for name, _ in groups)
    return {"t": "lacking", "words": f"[{BOX}\u00a0{words}]", "lang": "en" if foreign else lang}


def _told(name: str, count: int, lang: Language) -> str:
    if name not in SCRIPTS:
        return name if count == 1 else f"{count} × {name}"
    said = PHRASES[lang]
    form = said["lacking.letter" if count == 1 else "lacking.letters"]
    return form.format(script=said[f"script.{SCRIPTS[name]}"], count=count)


def _name(sign: str) -> str:
    """A letter by its script, another sign by Unicode's name for it, one without a name by its number."""
    name = unicodedata.name(sign, "")
    script = name.split(" ")[0].split("-")[0]
    if script in SCRIPTS:
        return script
    if name and unicodedata.category(sign)[0] in "LM" and script not in ("MATHEMATICAL", "MODIFIER", "COMBINING"):
        return f"{script.lower()} letter"
    return name.lower() or f"U+{ord(sign):04X}"
