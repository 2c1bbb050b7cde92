"""The report as PDF/UA-1: drawn by Typst, its tables told by a pass over the structure tree: captions, row heads."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name

from reporting.documents.rendering import document as d
from reporting.documents.rendering import glyphs, hyphenation, labels
from reporting.documents.rendering.binding import bound
from reporting.documents.rendering.room import mark_long
from reporting.facts import Language
from reporting.facts.canonical import names

Part: TypeAlias = dict[str, Any]
HERE = Path(__file__).parent
# A long English word: neither a part of a compound with a hyphen, nor a name, whose language is another.
LONG_WORD = re.compile(r"(?<![\w-])((?:^[^\W\d_]|[^\W\d_A-ZÅÄÖ])[^\W\d_]{13,})(?![\w-])")
# What letters are read as, where a stretch of them is drawn and in the table of their font.
JOINTS = re.compile(rb"(/ActualText<FEFF|<(?<=> <))((?:[0-9A-F]{4})*(?:00AD|2060|200B)(?:[0-9A-F]{4})*)>")
PAGE = 174.0  # millimetres between the margins
LETTER = 0.19  # millimetres of a letter for each point of its size: somewhat more than the mean
WITHOUT_TABLES = {Name.P, Name.Span, Name.H1, Name.H2, Name.H3, Name.Figure, Name.Caption, Name.THead, Name.TOC, Name.L}
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"


def render(document: d.Document, *, compiled_at: datetime) -> bytes:
    """The same document gives the same bytes, whenever, wherever and by whomever it is rendered."""
    data = payload(document)
    if glyphs.troubled(given := json.dumps(data, ensure_ascii=False)):
        given = json.dumps(glyphs.set_apart(data, document.lang), ensure_ascii=False)
    tables = [table for table, _ in _tables(data["blocks"], PAGE) if table["rows"]]
    try:
        return with_tables_told(typeset(given, compiled_at=compiled_at), tables)
    except typst.TypstError:  # a text is no reason for a missing paper: whatever is out of the ordinary is told by name
        given = json.dumps(glyphs.set_apart(data, document.lang, plainest=True), ensure_ascii=False)
        return with_tables_told(typeset(given, compiled_at=compiled_at), tables)


def typeset(given: str, *, compiled_at: datetime) -> bytes:
    """The PDF as Typst draws it from the payload; data reaches the templates as data, never as their source."""
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    drawn: bytes = typst.compile(
        str(TEMPLATES / "report.typ"),
        root=str(TEMPLATES),
        format="pdf",
        pdf_standards="ua-1",
        timestamp=compiled_at,
        font_paths=faces,
        sys_inputs={"data": given},
    )
    return drawn


def payload(document: d.Document) -> dict[str, Any]:
    """The document as the templates read it; tables also say how much room their fractions need."""
    plain: dict[str, Any] = _plain(document)
    mark_long(plain["blocks"])
    labels.fit(plain["blocks"], document.lang)
    for table, width in _tables(plain["blocks"], PAGE):
        table["rooms"] = rooms(table)
        letters = _letters(table, width)
        labels.fit_heads(table, _room_of(table, width), document.lang)
        table["heads"] = [_head(table, row) for row in table["rows"]]
        for row in table["rows"]:
            row["cells"] = [
                _lines(cell, document.lang, room) for cell, room in zip(row["cells"], letters, strict=False)
            ]
    return plain


def _head(table: dict[str, Any], row: dict[str, Any]) -> int:
    """As `document.head_of`, of plain values."""
    cells, head = row["cells"], int(table["head"])
    return head if head < len(cells) and cells[head] else 0


def _plain(part: Any) -> Any:
    """A part of the document as plain values; they are frozen, so nothing needs to be copied."""
    if isinstance(part, d.Run):
        return {"t": part.t, "text": bound(part.text), "style": part.style, "lang": part.lang}
    if isinstance(part, tuple):
        return [_plain(item) for item in part]
    if members := names(type(part)):
        return {name: _plain(getattr(part, name)) for name in members}
    return part


def rooms(table: dict[str, Any]) -> list[int]:
    """Per column, the digits behind the longest decimal comma."""
    longest = [0] * len(table["columns"])
    for row in table["rows"]:
        for n, cell in enumerate(row["cells"]):
            fractions = [len(run["fraction"]) - 1 for run in cell if run["t"] == "number" and run["fraction"]]
            longest[n] = max([longest[n], *fractions])
    return longest


def _letters(table: dict[str, Any], width: float) -> list[int]:
    """Per column, how many letters of a word a line has room for, give or take one."""
    letter = float(table["size"]) * LETTER
    return [int((room - float(table["gutter"])) / letter) for room in _widths(table, width)]


def _room_of(table: dict[str, Any], width: float) -> list[float]:
    """Per column, the millimetres between its edges, as the template sets it off from the next."""
    sides = [column["align"] for column in table["columns"]]
    wider = [here == "right" and after == "left" for here, after in zip(sides, [*sides[1:], ""], strict=True)]
    behind = [float(table["gutter"]) * (1.6 if more else 1) for more in wider]
    return [room - gutter for room, gutter in zip(_widths(table, width), [*behind[:-1], 0.0], strict=True)]


def _widths(table: dict[str, Any], width: float) -> list[float]:
    told = [column["width"] for column in table["columns"]]
    fixed = sum(float(one.removesuffix("mm")) for one in told if one.endswith("mm"))
    shares = sum(float(one.removesuffix("fr")) for one in told if one.endswith("fr")) or 1
    return [_millimetres(one, (width - fixed) / shares) for one in told]


def _millimetres(told: str, share: float) -> float:
    return float(told.removesuffix("mm")) if told.endswith("mm") else float(told.removesuffix("fr")) * share


def _lines(cell: list[Part], lang: Language, room: int) -> list[list[Part | str]] | str:
    """A cell as its lines, or as its words alone if it has no more to it: most cells are, and so cost the least."""
    lines: list[list[Part | str]] = [[]]
    for part in cell:
        if part["t"] == "break":
            lines.append([])
        else:
            lines[-1] += _pieces(part, lang, room) if part["t"] == "run" else [part]
    match lines:
        case [[str(words)]]:
            return words
    return lines


def _pieces(run: Part, lang: Language, room: int) -> list[Part | str]:
    """In a narrow cell only long words may be parted; shorter ones move to the next line whole."""
    lang = run["lang"] or lang
    if lang != "en":
        return [_piece(run, hyphenation.softened(run["text"], lang, room))]
    pieces = [piece for piece in LONG_WORD.split(run["text"]) if piece]
    return [_piece(run, piece, hyphenate=bool(LONG_WORD.fullmatch(piece))) for piece in pieces or [""]]


def _piece(run: Part, words: str, *, hyphenate: bool = False) -> Part | str:
    """English is left to the typesetter's own patterns."""
    more: Part = {"hyphenate": True} if hyphenate else {}
    if run["lang"]:
        more["lang"] = run["lang"]
    return run | {"text": words, "more": more} if run["style"] or more else words


def _tables(blocks: list[dict[str, Any]], width: float) -> Iterator[tuple[dict[str, Any], float]]:
    """Every table, with the millimetres that it may take."""
    for block in blocks:
        if block["t"] == "table":
            yield block, width
        elif block["t"] == "pair":
            yield from _tables(block["left"], _columns(block["split"]))
            yield from _tables(block["right"], _columns(12 - block["split"]))
        else:
            yield from _tables(block.get("blocks", []), _columns(9))


def _columns(number: int) -> float:
    """So many of the page's twelve columns, in millimetres; the template counts the same."""
    return number * (PAGE - 44) / 12 + (number - 1) * 4


def with_tables_told(drawn: bytes, tables: list[dict[str, Any]]) -> bytes:
    """Typst knows column heads only; each table gets its caption, each body row the cell that heads it."""
    pdf = pikepdf.open(io.BytesIO(drawn))
    fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.get("/Font", Dictionary()).values()}
    for drawn_or_read in (*(page.Contents for page in pdf.pages), *(font.ToUnicode for font in fonts.values())):
        _without_joints(drawn_or_read)
    _without_hyphens(pdf.Root.get("/Outlines"))
    for table, told in zip(_found(pdf.Root.StructTreeRoot.K, Name.Table), tables, strict=True):
        _add(table, Summary=told["caption"].replace(hyphenation.SOFT, ""))
        for row, head in zip(_rows(table), told["heads"], strict=True):
            cells = iter(row.K if isinstance(row.K, Array) else Array([row.K]))
            told_cells = (cell for cell in cells if isinstance(cell, Dictionary) and "/S" in cell)
            _make_row_head(next(islice(told_cells, head, None)))
    out = io.BytesIO()
    pdf.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)
    return _identified(out.getvalue(), hashlib.sha256(drawn).hexdigest()[: len(STATIC_ID)].encode())


def _without_joints(content: Any) -> None:
    """Where a line might have been parted and was not, nothing is read or copied: a word is its letters."""
    drawn = content.read_bytes()
    if (read := JOINTS.sub(_said, drawn)) != drawn:
        content.write(read)


def _without_hyphens(entry: Any) -> None:
    """An entry of the outline, those under it and those behind it as their headings are read."""
    while entry is not None:
        if hyphenation.SOFT in (title := str(entry.get("/Title", ""))):
            entry.Title = title.replace(hyphenation.SOFT, "")
        _without_hyphens(entry.get("/First"))
        entry = entry.get("/Next")


def _said(found: re.Match[bytes]) -> bytes:
    """The letters without the joints beside them; a hyphen at the end of a line is alone, and stays."""
    units = [found[2][n : n + 4] for n in range(0, len(found[2]), 4)]
    said = b"".join(unit for unit in units if unit not in (b"00AD", b"2060", b"200B"))
    return found[1] + (said or found[2]) + b">"


# What qpdf writes where a file names itself; to have it count its own would have it write the whole file twice.
STATIC_ID = b"31415926535897932384626433832795"


def _identified(content: bytes, name: bytes) -> bytes:
    """The file under a name of its own: the checksum of what was drawn."""
    before, found, after = content.rpartition(STATIC_ID)
    if not found:
        raise ValueError("the file has no place for its name")
    return before + name + after


def _found(node: Any, kind: Name) -> Iterator[Any]:
    """The elements of a kind, in reading order; none stands inside another."""
    if isinstance(node, Array):
        for kid in node:
            yield from _found(kid, kind)
    elif isinstance(node, Dictionary) and "/S" in node:
        if node.S == kind:
            yield node
        elif node.S not in WITHOUT_TABLES and "/K" in node:
            yield from _found(node.K, kind)


def _rows(table: Any) -> Iterator[Any]:
    for body in _found(table.K, Name.TBody):
        yield from _found(body.K, Name.TR)


def _make_row_head(cell: Any) -> None:
    cell.S = Name.TH
    _add(cell, Scope=Name.Row)


def _add(element: Any, **told: Any) -> None:
    """Attributes of a table or its cell, behind those that it has."""
    known = element.get("/A")
    already = list(known) if isinstance(known, Array) else [known] if known is not None else []
    element.A = Array([*already, Dictionary(O=Name.Table, **told)])
