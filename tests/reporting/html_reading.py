"""Reads a report's HTML as a browser without pictures would: headings, tables, languages, attributes."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

# A no-break space inside a figure is part of it, so only plain white space is folded.
WHITE = re.compile(r"[ \n\t]+")
INLINE = {"span", "strong", "em", "b", "small", "a"}
TOKEN = re.compile(
    r"""<(?P<closes>/?)(?P<tag>[a-zA-Z][\w-]*)(?P<rest>(?:[^<>"]|"[^"]*")*)>|(?P<text>[^<]+)|<!doctype[^>]*>|<!--.*?-->""",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r'([^\s="/]+)(?:="([^"]*)")?')
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


class Reading:
    """A file opened for reading: its elements, which are read once, and are for looking at alone."""

    def __init__(self, content: bytes) -> None:
        self.root = _read(content)

    @property
    def tables(self) -> list[list[list[str]]]:
        return [
            [[cell.text() for cell in row.all("th", "td")] for row in table.all("tr")]
            for table in self.root.all("table")
        ]


@lru_cache(maxsize=16)
def _read(content: bytes) -> Node:
    return Parsing(content).root


class Parsing:
    """What a file holds: stricter than a browser, which closes and forgives what it can't read."""

    def __init__(self, content: bytes) -> None:
        self.root = Node("root", {})
        self._open = [self.root]
        text, end = content.decode(), 0
        for token in TOKEN.finditer(text):
            assert token.start() == end, f"no browser reads this alike: {text[end : end + 60]}"
            end = token.end()
            if token["tag"]:
                self._tag(token["closes"], token["tag"].lower(), token["rest"])
            elif said := token["text"]:
                self._open[-1].kids.append(said if self._open[-1].tag == "style" else unescape(said))
        assert end == len(text) and len(self._open) == 1, "an element was left open"

    def _tag(self, closes: str, tag: str, rest: str) -> None:
        if closes:
            assert self._open.pop().tag == tag, f"</{tag}> closes another element"
            return
        node = Node(tag, {name.lower(): unescape(value) for name, value in ATTRIBUTE.findall(rest)} if rest else {})
        self._open[-1].kids.append(node)
        if tag not in VOID and not rest.endswith("/"):
            self._open.append(node)
