"""What is found for somebody: hits kind by kind with their counts, all in one statement, by right alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, TextField, Value, When, Window
from django.db.models.functions import Cast, Lower, NullIf
from django.db.models.lookups import Regex
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portfolio.languages import LANGUAGES, Language
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.texts import Words, readers, spoken
from reporting.pages.search.kinds import KINDS, SECTIONED, Kind
from reporting.pages.search.words import Sought, Word, sought

FIRST, MOST = 5, 100  # hits of each kind beside the others, and of a kind alone
AROUND, ABOUT = 60, 240  # characters before what is marked, and of an excerpt
TEXTS = ("title", "body")


class Row(NamedTuple):
    """A hit as the database tells it; its texts as `texts.spoken` reads them."""

    best: int
    id: int
    kind: str
    found: int
    opens: int
    note: str
    source_language: str
    title_fi: str
    title_sv: str
    title_en: str
    body_fi: str
    body_sv: str
    body_en: str


@dataclass(frozen=True)
class Hit:
    """A record that was found, as a line of the page."""

    kind: Words
    name: str
    excerpt: str
    address: str
    note: str


@dataclass(frozen=True)
class Group:
    """The hits of a kind: how many there are, and the first of them."""

    name: str
    called: Words
    found: int
    hits: tuple[Hit, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.found - len(self.hits)


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    sought: Sought
    groups: tuple[Group, ...]
    only: str  # the one kind that is shown; "" for all
    kinds: tuple[Words, ...]  # those that were searched

    @property
    def total(self) -> int:
        return sum(group.found for group in self.groups)

    @property
    def shown(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if self.only in ("", group.name))


def search(text: str, by: Person, only: str = "") -> Found:
    """What somebody finds: two statements at any size, and none for an empty question."""
    asked, only = sought(text), only if only in {kind.name for kind in KINDS} else ""
    kinds = [kind for kind in KINDS if asked.section is None or kind.name in SECTIONED]
    rows = _rows(kinds, asked, by, only) if asked else []
    opening = permissions.may(by, "manage_people")
    groups = (_group(kind, [row for row in rows if row.kind == kind.name], asked, only, opening) for kind in kinds)
    return Found(asked, tuple(group for group in groups if group.found), only, tuple(each.several for each in kinds))


def _rows(kinds: list[Kind], asked: Sought, by: Person, only: str) -> list[Row]:
    """The best hits of each kind, each with how many its kind has; of others than the one kind asked for the count."""
    parts = [_hits(kind, asked, by)[: _most(kind, only)] for kind in kinds]
    return [Row(*row) for row in (parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])]


def _most(kind: Kind, only: str) -> int:
    if not only:
        return FIRST
    return MOST if kind.name == only else 1


def _hits(kind: Kind, asked: Sought, by: Person) -> QuerySet[Any]:
    """The rows of a kind that hold every word, those first whose title holds one."""
    rows = kind.seen(by)
    if asked.section is not None:
        rows = rows.filter(section=asked.section)
    for word in asked.words:
        rows = rows.filter(_holds(kind.texts, kind.plain, word))
    own = tuple(set(kind.texts) & {kind.title})
    best = reduce(or_, (_holds(own, (), word) for word in asked.words), Q(pk__in=()))
    source = f"{kind.title.rpartition('__')[0]}__source_language".removeprefix("__")
    told = {
        "best": Case(When(best, then=Value(1)), default=Value(0)),
        "id": F("id"),
        "kind": Value(kind.name, CharField()),
        "found": Window(Count("id")),
        "opens": F(kind.opens),
        "note": Cast(F(kind.note), CharField()) if kind.note else Value("", CharField()),
        "source": F(source),
        **{f"title_{code}": _title(kind, code) for code in LANGUAGES},
        **{f"body_{code}": _joined(" – ", *(f"{stem}_{code}" for stem in kind.body)) for code in LANGUAGES},
    }
    rows = rows.annotate(**{f"hit_{name}": said for name, said in told.items()})
    found: QuerySet[Any] = rows.order_by("-hit_best", "-id").values_list(*(f"hit_{name}" for name in told))
    return found


def _title(kind: Kind, language: Language) -> Any:
    name = kind.title if kind.title in kind.plain else f"{kind.title}_{language}"
    return Cast(F(name), TextField())


def _holds(stems: tuple[str, ...], plain: tuple[str, ...], word: Word) -> Q:
    """The rows that hold a word in a text of some language, or in a column of none."""
    held = Q(pk__in=())
    for code in LANGUAGES if stems else ():
        held |= Q(Regex(Lower(_joined(" ", *(f"{stem}_{code}" for stem in stems))), word.patterns[code]))
    return held | Q(Regex(Lower(_joined(" ", *plain)), word.plain)) if plain else held


def _joined(between: str, *columns: str) -> Any:
    """Columns as one text, without those that say nothing."""
    said = [NullIf(F(column), Value("")) for column in columns]
    return Func(Value(between), *said, function="concat_ws", output_field=TextField())


def _group(kind: Kind, rows: list[Row], asked: Sought, only: str, opening: bool) -> Group:
    hits = (_hit(kind, row, asked, opening) for row in rows) if only in ("", kind.name) else ()
    return Group(kind.name, kind.several, rows[0].found if rows else 0, tuple(hits))


def _hit(kind: Kind, row: Row, asked: Sought, opening: bool) -> Hit:
    address = reverse(kind.page, args=[row.opens]) if kind.name != "people" or opening else ""
    title, body = (_marked(row, text, asked) for text in TEXTS)
    return Hit(kind.called, title, body, address, row.note or "")


def _marked(row: Row, text: str, asked: Sought) -> str:
    """A text of a hit around what was sought: in the reader's language, else in the first in which it was found."""
    said, spoken_in = spoken(row, text)
    language = next(code for code in LANGUAGES if code == spoken_in)
    for code in dict.fromkeys((language, *LANGUAGES)):
        own = str(getattr(row, f"{text}_{code}") or "")
        if asked.marks(code).search(own):
            said, language = own, code
            break
    shown = _with_marks(_excerpt(said, asked.marks(language)), asked.marks(language))
    return shown if language == readers() or not said else format_html('<span lang="{}">{}</span>', language, shown)


def _excerpt(text: str, marks: re.Pattern[str]) -> str:
    """As much of a text as a line of hits has room for, cut between words."""
    found = marks.search(text)
    begins = max(found.start() - AROUND, 0) if found and len(text) > ABOUT else 0
    begins = text.rfind(" ", 0, begins) + 1 if begins else 0
    ends = len(text) if begins + ABOUT >= len(text) else max(text.rfind(" ", begins, begins + ABOUT), begins + 1)
    return f"{'… ' if begins else ''}{text[begins:ends]}{' …' if ends < len(text) else ''}"


def _with_marks(text: str, marks: re.Pattern[str]) -> SafeString:
    """A text with what was sought marked, escaped."""
    told, last = list[str](), 0
    for found in marks.finditer(text):
        told += [conditional_escape(text[last : found.start()]), format_html("<mark>{}</mark>", found[0])]
        last = found.end()
    return mark_safe("".join([*told, conditional_escape(text[last:])]))  # each part is escaped
