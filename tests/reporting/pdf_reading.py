"""Reads a tagged PDF as a screen reader would: its structure tree with the text behind each element."""

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

# A no-break space inside a figure is part of it, so only plain white space is folded.
WHITE = re.compile(r"[ \n]+")
HYPHEN = re.compile(r"[ \n]*\u00ad[ \n]*")
INLINE = {"Span", "Link", "Reference", "Strong", "Em"}
OF_TEXT = "BDC BMC EMC Tf q Q cm Tm Tj TJ"  # the instructions by which text and its place are told; no other is read
Place = tuple[float, float, float, float, float, float]
PLAIN: Place = (1, 0, 0, 1, 0, 0)


@dataclass
class Element:
    """One structure element: its kind, its own text in reading order, its kids."""

    kind: str
    scope: str = ""
    lang: str = ""
    alt: str | None = None
    kids: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return WHITE.sub(" ", HYPHEN.sub("", self._raw()).replace("\u00a0/\u00a0", " / ")).strip()

    def _raw(self) -> str:
        parts = [kid if isinstance(kid, str) else kid._raw() for kid in self.kids]
        return "".join(parts) if self.kind in INLINE else f" {''.join(parts)} "

    def all(self, *kinds: str) -> Iterator["Element"]:
        """Those of a kind below this one, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Element):
                if kid.kind in kinds:
                    yield kid
                yield from kid.all(*kinds)

    def without(self, *kinds: str) -> "Element":
        kids = [
            k if isinstance(k, str) else k.without(*kinds)
            for k in self.kids
            if isinstance(k, str) or k.kind not in kinds
        ]
        return Element(self.kind, self.scope, self.lang, self.alt, kids)

    def speaking(self, lang: str) -> "Element":
        """Without the parts that stand in another language."""
        kids = [
            kid if isinstance(kid, str) else kid.speaking(lang)
            for kid in self.kids
            if isinstance(kid, str) or not kid.lang or kid.lang.startswith(lang)
        ]
        return Element(self.kind, self.scope, self.lang, self.alt, kids)


class Reading:
    """A PDF opened for reading."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(content))

    @cached_property
    def tree(self) -> Element:
        root = Element("Root")
        self._walk(self.pdf.Root.StructTreeRoot.K, root, None)
        return root

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        """Every table as rows of texts."""
        return [
            [[cell.text for cell in row.kids if isinstance(cell, Element)] for row in table.all("TR")]
            for table in self.tree.all("Table")
        ]

    @cached_property
    def fonts(self) -> dict[str, bool]:
        """Each font's name, and whether it is inside the file."""
        found = {}
        for thing in self.pdf.objects:
            if isinstance(thing, Dictionary) and thing.get("/Type") == Name.FontDescriptor:
                found[str(thing.FontName)] = "/FontFile2" in thing or "/FontFile3" in thing
        return found

    @property
    def outline(self) -> list[str]:
        with self.pdf.open_outline() as outline:
            return list(_titles(outline.root))

    def _walk(self, node: Any, into: Element, page: Any) -> None:
        if isinstance(node, Array):
            for kid in node:
                self._walk(kid, into, page)
        elif isinstance(node, int):
            into.kids += _spoken(self._texts(page).get(node, []))
        elif isinstance(node, Dictionary):
            page = node.get("/Pg", page)
            if node.get("/Type") == Name.MCR:
                into.kids += _spoken(self._texts(page).get(int(node.MCID), []))
            elif "/S" in node:
                element = Element(str(node.S)[1:], _scope(node), str(node.get("/Lang", "")), _alt(node))
                into.kids.append(element)
                self._walk(node.get("/K", Array()), element, page)

    def _texts(self, page: Any) -> "dict[int, list[Piece]]":
        key = page.objgen
        if key not in self._known:
            self._known[key] = _page_texts(page)
        return self._known[key]

    @cached_property
    def _known(self) -> "dict[tuple[int, int], dict[int, list[Piece]]]":
        return {}


@lru_cache(maxsize=8)
def read(content: bytes) -> Reading:
    """The reading of a file, made once: not for one who changes what was opened."""
    return Reading(content)


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _alt(node: Any) -> str | None:
    return str(node.Alt) if "/Alt" in node else None


def _scope(node: Any) -> str:
    known = node.get("/A", Array())
    for attributes in known if isinstance(known, Array) else [known]:
        if isinstance(attributes, Dictionary) and "/Scope" in attributes:
            return str(attributes.Scope)[1:]
    return ""


# A stretch of text and the language that the content says it is in, if any.
Piece = tuple[str, str]


def _spoken(pieces: list[Piece]) -> list[Element | str]:
    """Text as it is; a part in a language of its own is an element, however the file says so."""
    runs = [(lang, "".join(text for text, _ in some)) for lang, some in groupby(pieces, key=lambda piece: piece[1])]
    return [Element("Span", lang=lang, kids=[text]) if lang else text for lang, text in runs]


def _page_texts(page: Any) -> dict[int, list[Piece]]:
    """The text of every marked content of a page; a new line is a space."""
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", Dictionary()).items()}
    texts: dict[int, list[Piece]] = {}
    stack: list[tuple[int | None, bool, str]] = []
    letters: dict[int, str] = {}
    level: list[float] = [0.0]
    places = [PLAIN]
    for one in pikepdf.parse_content_stream(pikepdf.Page(page), OF_TEXT):
        match str(one.operator):
            case "BDC" | "BMC":
                stack.append(_marked(one.operands, stack, texts, page))
            case "EMC":
                stack.pop()
            case "Tf":
                letters = fonts[str(one.operands[0])]
            case "q":
                places.append(places[-1])
            case "Q":
                places.pop()
            case "cm":
                places[-1] = _within(one.operands, places[-1])
            case "Tm":
                _new_line(stack, texts, level, _within(one.operands, places[-1])[5])
            case "Tj" | "TJ":
                mcid, replaced, lang = stack[-1] if stack else (None, False, "")
                if mcid is not None and not replaced:
                    texts.setdefault(mcid, []).append((_shown(one.operands[0], letters), lang))
    return texts


def _within(operands: Any, outer: Place) -> Place:
    """A matrix inside another, as six numbers."""
    a, b, c, d, e, f = map(float, operands)
    u, v, w, x, y, z = outer
    return a * u + b * w, a * v + b * x, c * u + d * w, c * v + d * x, e * u + f * w + y, e * v + f * x + z


def _new_line(
    stack: list[tuple[int | None, bool, str]], texts: dict[int, list[Piece]], level: list[float], y: float
) -> None:
    mcid, _, lang = stack[-1] if stack else (None, False, "")
    if mcid is not None and abs(level[0] - y) > 3:
        texts.setdefault(mcid, []).append(("\n", lang))
        level[0] = y


def _marked(
    operands: Any, stack: list[tuple[int | None, bool, str]], texts: dict[int, list[Piece]], page: Any
) -> tuple[int | None, bool, str]:
    outer, replaced, lang = stack[-1] if stack else (None, False, "")
    if str(operands[0]) == "/Artifact":
        return None, False, ""
    props = operands[1] if len(operands) > 1 else Dictionary()
    if isinstance(props, Name):
        props = page.Resources.Properties[str(props)]
    mcid = int(props.MCID) if "/MCID" in props else outer
    lang = str(props.get("/Lang", lang))
    if "/ActualText" in props and mcid is not None:
        texts.setdefault(mcid, []).append((str(props.ActualText), lang))
        return mcid, True, lang
    return mcid, replaced, lang


def _shown(operand: Any, letters: dict[int, str]) -> str:
    pieces = operand if isinstance(operand, Array) else [operand]
    raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    return "".join([letters.get(code, "") for (code,) in struct.iter_unpack(">H", raw)])


def _letters(font: Any) -> dict[int, str]:
    """Glyph number to text, from the font's own table."""
    if "/ToUnicode" not in font:
        return {}
    found: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(font.ToUnicode):
        parts = [bytes(one) for one in operands if isinstance(one, pikepdf.String)]
        if str(operator) == "endbfchar":
            for code, text in zip(parts[::2], parts[1::2], strict=True):
                found[int.from_bytes(code)] = text.decode("utf-16-be")
        elif str(operator) == "endbfrange":
            for first, last, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
                start = int.from_bytes(first)
                for n in range(int.from_bytes(last) - start + 1):
                    found[start + n] = chr(ord(text.decode("utf-16-be")[0]) + n)
    return found


def off_the_page(content: bytes) -> list[tuple[float, float]]:
    """Where words are drawn that no reader sees: beyond the edges of their page."""
    found = []
    for page in pikepdf.open(io.BytesIO(content)).pages:
        left, low, right, high = (float(edge) for edge in page.mediabox)
        places = [pikepdf.Matrix()]
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "q":
                    places.append(places[-1])
                case "Q":
                    places.pop()
                case "cm":
                    places[-1] = pikepdf.Matrix(*map(float, operands)) @ places[-1]
                case "Tm":
                    at = pikepdf.Matrix(*map(float, operands)) @ places[-1]
                    if not (left <= at.e <= right and low <= at.f <= high):
                        found.append((at.e, at.f))
    return found
