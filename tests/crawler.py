"""A reader who follows every link of the site and presses nothing, and what is wrong with the pages they come to."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from django.test import Client

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col", "use", "path", "circle", "line"})
# Where a link's words are read: a row is named by its first cell, a part of a page by its heading.
SECTIONS = frozenset({"aside", "article", "footer", "header", "main", "nav", "section", "tr"})
MENUS = {"nav": {"a", "button"}, "ul": {"li"}, "ol": {"li"}, "select": {"option"}, "table": {"tr"}, "dl": {"dt"}}
NUMBER = re.compile(r"(?<=/)\d+(?=/|\.|$)")
PAST = b'class="asof"'
LANGUAGE = re.compile(r"^/[a-z]{2}/")


@dataclass
class Element:
    """What stands open while a page is read."""

    tag: str
    given: dict[str, str]
    words: list[str] = field(default_factory=list)
    inside: set[str] = field(default_factory=set)
    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def name(self) -> str:
        """What is read out of it."""
        return " ".join((self.given.get("aria-label") or "".join(self.words)).replace("\u00ad", "").split())


class Page(HTMLParser):
    """One page: where it leads, and what is wrong with it as it stands."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.links, self.faults = address, list[str](), list[str]()
        self._open, self._ids = [Element("", {})], Counter[str]()
        self.feed(text)
        self.close()
        self.faults += [f"id {name!r} stands {count} times" for name, count in self._ids.items() if count > 1]
        self.faults += [f"#{part} is nowhere" for part in self._leads_within() if part not in self._ids]

    def _leads_within(self) -> Iterator[str]:
        for link in self.links:
            path, part = urldefrag(link)
            if part and path == self.address:
                yield part

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: told or "" for name, told in attrs}
        self._ids.update([given["id"]] if "id" in given else [])
        for each in self._open:
            each.inside.add(tag)
        if tag not in VOID:
            self._open.append(Element(tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and tag not in VOID:
            closed = self._open.pop()
            self._look_at(closed)
            if closed.tag == tag:
                break

    def _look_at(self, closed: Element) -> None:
        if closed.tag == "a" and "href" in closed.given:
            self._lead(closed)
        if MENUS.get(closed.tag, {""}).isdisjoint(closed.inside) and closed.tag in MENUS:
            self.faults.append(f"<{closed.tag} class={closed.given.get('class', '')!r}> is empty")
        if closed.tag in SECTIONS:
            told = [f"{name!r} leads to {sorted(to)}" for name, to in closed.links.items() if len(to) > 1]
            self.faults += told

    def _lead(self, link: Element) -> None:
        to = urljoin(self.address, link.given["href"])
        self.links.append(to)
        if not link.name:
            self.faults.append(f"a link to {to} has no words")
        section = next((each for each in reversed(self._open) if each.tag in SECTIONS), self._open[0])
        section.links[link.name].add(to)


def shape(address: str) -> str:
    """Addresses of one kind of page: in whatever language, without the numbers of records and of what is asked."""
    parts = urlsplit(address)
    asked = sorted(parse_qs(parts.query, keep_blank_values=True))
    return f"{LANGUAGE.sub('/', NUMBER.sub('#', parts.path))}?{'&'.join(asked)}"


def of_the_past(address: str) -> str:
    """The moment that an address names; none where it is of now."""
    return parse_qs(urlsplit(address).query).get("as_of", [""])[0]


def anywhere(address: str) -> bool:
    return True


@dataclass
class Crawl:
    """A walk from one or more pages, to at most `each` pages of a shape and of what is within; what was seen."""

    browser: Client
    each: int = 1
    within: Callable[[str], object] = anywhere
    pages: dict[str, Page] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    shapes: Counter[str] = field(default_factory=Counter)

    def walk(self, *starts: str) -> Crawl:
        """Follow what leads further until nothing is left."""
        waiting, come_to = [*starts], set[str]()
        for link in waiting:  # which grows
            address = urldefrag(link)[0]
            far = urlsplit(address).netloc or self.shapes[shape(address)] >= self.each
            if not (far or address in come_to):
                come_to.add(address)
                self.shapes[shape(address)] += 1
                waiting += filter(self.within, self._links(address))
        return self

    def _links(self, address: str) -> list[str]:
        answer = self.browser.get(address, follow=True)
        if answer.status_code >= 400:
            self.faults[address] = [f"answers {answer.status_code}"]
        if answer.status_code >= 400 or not address.split("?")[0].endswith("/"):  # a file
            return []
        page = self.pages[address] = Page(address, answer.content.decode())
        if page.faults:
            self.faults[address] = page.faults
        return page.links

    def lost(self, as_of: str) -> set[tuple[str, str]]:
        """Links of pages of the past to a page that can show it, which lead out of it: what page, and where to."""
        out = [
            (address, link)
            for address, page in self.pages.items()
            for link in page.links
            if not of_the_past(link) and urlsplit(link).path != urlsplit(address).path  # the way back to now
        ]
        can = {kind: self._shows(link, as_of) for kind, link in {shape(link): link for _, link in out}.items()}
        return {(address, link) for address, link in out if can[shape(link)]}

    def _shows(self, link: str, as_of: str) -> bool:
        answer = self.browser.get(urldefrag(link)[0], {"as_of": as_of}, follow=True)
        return PAST in answer.content
