"""A table as HTML: captioned, with heads for its columns and rows."""

from html import escape

from reporting.documents.rendering import document as d
from reporting.documents.rendering import inlines

WIDE = 5


def table(block: d.Table) -> str:
    if not block.rows:
        return f'<p class="muted">{escape(block.empty)}</p>\n'
    rooms = [_room(block, n) for n in range(len(block.columns))]
    head = "".join(_head(column) for column in block.columns)
    body = "".join(_row(block, row, rooms) for row in block.rows)
    wide = " wide" if len(block.columns) >= WIDE else ""
    caption = escape(block.caption)
    return (
        f'<div class="scroll{wide}" role="group" aria-label="{caption}" tabindex="0"><table>'
        f'<caption class="vh">{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n'
    )


def _head(column: d.Column) -> str:
    sub = f' <span class="sub">{escape(column.sub)}</span>' if column.sub else ""
    cls = "right" if column.align == "right" else "axis" if column.picture else ""
    picture = inlines.svg(column.picture.svg, column.picture.alt) if column.picture else ""
    return f'<th scope="col"{_class(cls)}>{escape(column.head)}{sub}{picture}</th>'


def _row(block: d.Table, row: d.Row, rooms: list[int]) -> str:
    if row.kind == "group":
        span = f'scope="rowgroup" colspan="{len(block.columns)}"'
        return f'<tr class="group"><th {span}>{inlines.runs(row.cells[0])}</th></tr>'
    head = d.head_of(block, row)
    cells = "".join(
        _cell(cell, column, room, heads=n == head)
        for n, (cell, column, room) in enumerate(zip(row.cells, block.columns, rooms, strict=True))
    )
    return f"<tr{_class(row.kind or ('flush' if block.flush else ''))}>{cells}</tr>"


def _cell(cell: d.Runs, column: d.Column, room: int, *, heads: bool) -> str:
    cls = "right" if column.align == "right" else "stage" if column.picture else ""
    tag, scope = ("th", ' scope="row"') if heads else ("td", "")
    return f"<{tag}{scope}{_class(cls)}>{_lines(cell, room)}</{tag}>"


def _lines(cell: d.Runs, room: int) -> str:
    """A cell of several lines keeps each in a block of its own, so that a standing hangs."""
    pieces: list[list[d.Inline]] = [[]]
    for part in cell:
        if isinstance(part, d.Break):
            pieces.append([])
        else:
            pieces[-1].append(part)
    if len(pieces) == 1:
        return inlines.runs(cell, room)
    return " ".join(f'<span class="line">{inlines.runs(tuple(piece), room)}</span>' for piece in pieces)


def _room(block: d.Table, n: int) -> int:
    """The digits behind the longest decimal comma of a column."""
    cells = [row.cells[n] for row in block.rows if n < len(row.cells)]
    return max(
        (len(part.fraction) - 1 for cell in cells for part in cell if isinstance(part, d.Number) and part.fraction),
        default=0,
    )


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
