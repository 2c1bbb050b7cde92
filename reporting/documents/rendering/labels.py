"""Labels on paper: a head of a column, a label in the rail or of a chart stays within its place, whatever its words.

A city has its own words for ours, and one of them may be longer than any that we thought of.
"""

from typing import Any, TypeAlias

from reporting.documents.rendering.hyphenation import fitted
from reporting.facts import Language

Part: TypeAlias = dict[str, Any]
POINT = 0.3528  # millimetres
HEAD, LABEL, TITLE, COVER = 7.4, 7.6, 9.0, 40.0  # points of each, as the template sets them
RAIL = 11 * 1.1  # points of a heading in the rail; the serif is broader than the sans
RAIL_MM, FACTS_MM, CHART_MM, TERM_MM, PAGE_MM = 40.5, 29.0, 54.0, 26.0, 174.0


def fit_heads(table: Part, rooms: list[float], lang: Language) -> None:
    """The heads of a table, each within the millimetres of its column."""
    for column, room in zip(table["columns"], rooms, strict=True):
        column["head"], column["sub"] = (_fitted(column[name], lang, room, HEAD) for name in ("head", "sub"))


def fit(blocks: list[Part], lang: Language) -> None:
    """All other labels of the blocks, and of those inside them."""
    for block in blocks:
        _fit(block, lang)
        for inner in ("blocks", "left", "right"):
            fit(block.get(inner, []), lang)


def _fit(block: Part, lang: Language) -> None:
    match block["t"]:
        case "opening":
            block["facts"] = [[_fitted(label, lang, FACTS_MM, 8), said] for label, said in block["facts"]]
        case "railed":
            block["label"] = _fitted(block["label"], lang, RAIL_MM, RAIL if block["heading"] else LABEL)
        case "decision":
            block["label"] = _fitted(block["label"], lang, RAIL_MM, LABEL)
        case "multiples":
            for item in block["items"]:
                item["title"] = _fitted(item["title"], item["lang"] or lang, CHART_MM, TITLE)
        case "equation":
            block["terms"] = [[number, _fitted(words, lang, TERM_MM, LABEL)] for number, words in block["terms"]]
        case "cover":
            block["title"] = _fitted(block["title"], lang, PAGE_MM, COVER)
            block["facts"] = [[_fitted(label, lang, RAIL_MM, LABEL), said] for label, said in block["facts"]]


def _fitted(words: str, lang: Language, millimetres: float, points: float) -> str:
    return fitted(words, lang, millimetres / (points * POINT))
