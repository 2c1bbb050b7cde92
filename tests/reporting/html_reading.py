"""Reads a report's HTML as a browser without pictures would: headings, tables, languages, attributes."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# A no-break space inside a figure is part of it, so only plain white space is folded.
WHITE = re.compile(r"[ \n\t]+")
INLINE = {"span", "strong", "em", "b", "small", "a"}
VOID = {"meta", "br", "use", "path", "circle", "rect", "link", "img", "input"}
# What heads a row says what the row is about; none of these does: a code, a number, a day, a dash, nothing.
BARE = re.compile(r"[A-Z]{1,3}-?\d+(\.\d+)?|[\d.,\s–-]*|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}")


def is_bare(head: str) -> bool:
    return BARE.fullmatch(head.strip().replace("\u00a0", " ")) is not None


@dataclass
class Node:
    """An element with its attributes and kids."""

    tag: str
    attributes: dict[str, str]
    kids: list["Node | str"] = field(default_factory=list)

    def all(self, *tags: str) -> list["Node"]:
        found = []
        for kid in self.kids:
            if isinstance(kid, Node):
                found += [kid] if kid.tag in tags else []
                found += kid.all(*tags)
        return found

    def text(self, lang: str = "", skip: tuple[str, ...] = ("svg", "style", "caption")) -> str:
        """What is read aloud; with `lang`, without the parts that stand in another language."""
        return WHITE.sub(" ", self._raw(lang, skip)).strip()

    def _raw(self, lang: str, skip: tuple[str, ...]) -> str:
        parts = []
        for kid in self.kids:
            if isinstance(kid, str):
                parts.append(kid)
            elif kid.tag not in skip and not (lang and kid.attributes.get("lang", lang) != lang):
                block = kid.tag not in INLINE or kid.attributes.get("class", "") in {"line", "sub"}
                parts.append(f" {kid._raw(lang, skip)} " if block else kid._raw(lang, skip))
        return "".join(parts)


class Reading(HTMLParser):
    """A file opened for reading."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.root = Node("root", {})
        self._open = [self.root]
        self.feed(content.decode())
        assert len(self._open) == 1, "an element was left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].kids.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].kids.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self._open[-1].kids.append(data)

    @property
    def tables(self) -> list[list[list[str]]]:
        return [
            [[cell.text() for cell in row.all("th", "td")] for row in table.all("tr")]
            for table in self.root.all("table")
        ]
