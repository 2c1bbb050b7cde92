"""Which characters the report's fonts can draw, read from the font files themselves."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FULL, BASIC = 12, 4  # formats of a map from characters to glyphs


@cache
def drawable() -> frozenset[str]:
    """Every character for which at least one face has a glyph: the typesetter takes it from there."""
    return frozenset(chr(code) for path in sorted(FONTS.glob("*.ttf")) for code in _codes(path.read_bytes()))


def _codes(font: bytes) -> Iterator[int]:
    """The characters of one font: those of the widest map that it has."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {tag: start for tag, _, start, _ in struct.iter_unpack(">4sIII", font[12 : 12 + 16 * count])}
    top = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", font, top + 2)
    places = {top + start for _, _, start in struct.iter_unpack(">HHI", font[top + 4 : top + 4 + 8 * count])}
    forms = {struct.unpack_from(">H", font, place)[0]: place for place in places}
    return _full(font, forms[FULL]) if FULL in forms else _basic(font, forms[BASIC])


def _full(font: bytes, place: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, place + 12)
    for first, last, _ in struct.iter_unpack(">III", font[place + 16 : place + 16 + 12 * count]):
        yield from range(first, last + 1)


def _basic(font: bytes, place: int) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", font, place + 6)
    lasts = struct.unpack_from(f">{double // 2}H", font, place + 14)
    firsts = struct.unpack_from(f">{double // 2}H", font, place + 16 + double)
    for first, last in zip(firsts, lasts, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
