"""The report as blocks, runs and tables in one language: what both the PDF and the HTML are drawn from."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from reporting.facts import Language, Standing

Style: TypeAlias = Literal["", "strong", "small", "muted", "em", "smallstrong"]


@dataclass(frozen=True)
class Run:
    """A stretch of text; `lang` marks a part that stands in another language than the document."""

    text: str
    style: Style = ""
    lang: str = ""
    t: Literal["run"] = "run"


@dataclass(frozen=True)
class Break:
    """A new line."""

    t: Literal["break"] = "break"


@dataclass(frozen=True)
class Status:
    """A standing as mark and word; the word is the information."""

    kind: Standing
    word: str
    style: Style = ""
    t: Literal["status"] = "status"


@dataclass(frozen=True)
class Swarm:
    """One mark per target, best first; `words` say how many stand where."""

    kinds: tuple[Standing, ...]
    words: str = ""
    t: Literal["swarm"] = "swarm"


@dataclass(frozen=True)
class Counts:
    """Counts read together, their slashes under each other."""

    numbers: tuple[str, ...]
    style: Style = ""
    t: Literal["counts"] = "counts"


@dataclass(frozen=True)
class Number:
    """A figure whose decimal comma stands under the others of its column."""

    whole: str
    fraction: str = ""
    style: Style = ""
    t: Literal["number"] = "number"


@dataclass(frozen=True)
class Picture:
    """A drawing; without `alt` it only repeats what stands beside it."""

    svg: str
    alt: str = ""
    width: float = 51
    t: Literal["picture"] = "picture"


@dataclass(frozen=True)
class Link:
    """A way to another chapter."""

    text: str
    to: str
    t: Literal["link"] = "link"


Inline: TypeAlias = Run | Break | Status | Swarm | Counts | Number | Picture | Link
Runs: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True)
class Column:
    """A column's head, the smaller words under it, its width (mm or a share) and its side."""

    head: str
    sub: str = ""
    width: str = "1fr"
    align: Literal["left", "right"] = "left"
    picture: Picture | None = None


@dataclass(frozen=True)
class Row:
    """A row; a group row has one cell that spans all but the last column."""

    cells: tuple[Runs, ...]
    kind: Literal["", "total", "group"] = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption; in each row the cell of the column `head` heads it, or the first if that is empty."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    size: float = 8.5
    pad: float = 3.4
    gutter: float = 3
    flush: bool = False
    head: int = 0
    t: Literal["table"] = "table"


def head_of(table: Table, row: Row) -> int:
    """Which cell of a row says what the row is about: a name, not a code, a number or a day."""
    return table.head if table.head < len(row.cells) and row.cells[table.head] else 0


@dataclass(frozen=True)
class Cover:
    """The first page."""

    city: str
    term: str
    title: str
    date: str
    facts: tuple[tuple[str, str], ...]
    note: str
    draft: str
    svg: str
    alt: str
    t: Literal["cover"] = "cover"


@dataclass(frozen=True)
class Contents:
    """The table of contents."""

    title: str
    t: Literal["contents"] = "contents"


@dataclass(frozen=True)
class Chapter:
    """A heading of the first level; begins a page."""

    id: str
    title: str
    lang: str = ""
    t: Literal["chapter"] = "chapter"


@dataclass(frozen=True)
class Section:
    """A heading of the second level; programmes repeat theirs, so the contents leave them out."""

    title: str
    listed: bool = True
    lang: str = ""
    t: Literal["section"] = "section"


@dataclass(frozen=True)
class Opening:
    """The claim of a chapter, and beside it facts or a note."""

    lede: Runs
    facts: tuple[tuple[str, Runs], ...] = ()
    note: Runs = ()
    t: Literal["opening"] = "opening"


@dataclass(frozen=True)
class Paragraph:
    """Running text, or a note in small."""

    runs: Runs
    small: bool = False
    t: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Multiple:
    """One small chart with its heading, what is measured, and where it stands."""

    title: str
    sub: Runs
    picture: Picture | None
    status: Status
    words: Runs = ()
    lang: str = ""


@dataclass(frozen=True)
class Multiples:
    """Small charts three abreast, on common axes."""

    items: tuple[Multiple, ...]
    t: Literal["multiples"] = "multiples"


@dataclass(frozen=True)
class Item:
    """A numbered point: a claim and its sentence."""

    title: Runs
    runs: Runs


@dataclass(frozen=True)
class Items:
    """Numbered points."""

    items: tuple[Item, ...]
    empty: str = ""
    t: Literal["items"] = "items"


@dataclass(frozen=True)
class Equation:
    """Counts and signs that reconcile, each count with its words."""

    terms: tuple[tuple[str, str], ...]
    signs: tuple[str, ...]
    t: Literal["equation"] = "equation"


@dataclass(frozen=True)
class Facts:
    """Labels and values, two abreast."""

    rows: tuple[tuple[str, Runs], ...]
    t: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Drawing:
    """A chart across the page."""

    picture: Picture
    t: Literal["drawing"] = "drawing"


@dataclass(frozen=True)
class Decision:
    """What is proposed, alone at the foot of the page."""

    label: str
    runs: Runs
    t: Literal["decision"] = "decision"


@dataclass(frozen=True)
class Foot:
    """What follows stands at the foot of the page."""

    t: Literal["foot"] = "foot"


@dataclass(frozen=True)
class Railed:
    """A label in the rail and blocks beside it; with `heading` the label is a heading of the second level."""

    label: str
    blocks: "tuple[Block, ...]"
    heading: bool = False
    t: Literal["railed"] = "railed"


@dataclass(frozen=True)
class Pair:
    """Two columns of blocks; `split` is the share of the left one in twelfths."""

    left: "tuple[Block, ...]"
    right: "tuple[Block, ...]"
    split: int = 6
    t: Literal["pair"] = "pair"


Block: TypeAlias = (
    Cover | Contents | Chapter | Section | Opening | Paragraph | Table | Multiples | Items | Equation | Facts | Drawing
    | Decision | Foot | Railed | Pair
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """A whole report in one language, with what every page of it carries."""

    lang: Language
    title: str
    author: str
    keywords: tuple[str, ...]
    head_left: str
    head_right: str
    foot: str
    contents: str
    reader: str
    skip: str
    brand: str
    brand_strong: str
    accent: str
    blocks: tuple[Block, ...] = field(default=())
