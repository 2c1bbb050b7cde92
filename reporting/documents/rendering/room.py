"""What may go on over the end of its page: a text of any length loses no word, and all else stays whole."""

from collections.abc import Iterator
from typing import Any, TypeAlias

Part: TypeAlias = dict[str, Any]

# The most characters that stay whole: of a row in its fullest cell, of a chart's words, of a block.
ROW = 500
BLOCKS = {"railed": 2000, "pair": 2000, "decision": 2000}
FULL_LINE = 60
DRAWN = {
    "text", "word", "blocks", "left", "right", "runs", "rows", "cells", "items", "title", "words", "facts", "label",
}  # fmt: skip


def mark_long(blocks: list[Part]) -> None:
    """Say of each row, chart and block whether it is too long to stay whole."""
    for block in _inside(blocks):
        block["long"] = block["t"] in BLOCKS and length(block) > BLOCKS[block["t"]]
        for row in block["rows"] if block["t"] == "table" else ():
            row["long"] = max(map(length, row["cells"]), default=0) > ROW
        for item in block["items"] if block["t"] == "multiples" else ():
            item["long"] = length(item["words"]) > ROW


def length(part: Any) -> int:
    """How many characters are drawn of a part, a line that ends counted as full."""
    if isinstance(part, dict):
        return sum(length(inner) for name, inner in part.items() if name in DRAWN)
    if isinstance(part, list):
        return sum(map(length, part))
    return len(part) + FULL_LINE * part.count("\n") if isinstance(part, str) else 0


def _inside(blocks: list[Part]) -> Iterator[Part]:
    """Every block, also those inside others."""
    for block in blocks:
        yield block
        for inner in ("blocks", "left", "right"):
            yield from _inside(block.get(inner, []))
