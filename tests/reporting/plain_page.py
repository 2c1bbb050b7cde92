"""A kind of document of the tests, a page of plain facts; run as a program it is a renderer that knows this kind."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from reporting.documents.rendering import document as d
from reporting.documents.rendering import frozen, kinds, leash

NAME = "page"


@dataclass(frozen=True)
class Facts:
    place: str
    made_at: str


@dataclass(frozen=True)
class Page:
    kind: ClassVar[str] = NAME

    facts: Facts


def read(data: Any) -> Page:
    return Page(Facts(**frozen.part(data, "snapshot")))


def compose(page: Page, lang: Any) -> d.Document:
    told = (d.Paragraph((d.Run(f"{lang}: {page.facts.place}"),)),)
    return d.Document(
        lang=lang, title=page.facts.place, author="", keywords=(), head_left="", head_right="", foot="", contents="",
        reader="", skip="", brand="#0000bf", brand_strong="#00005e", accent="#ffe977", blocks=told,
    )  # fmt: skip


PRINTING = kinds.Printing(read, compose, lambda page: datetime.fromisoformat(page.facts.made_at))

if __name__ == "__main__":
    from reporting.documents.rendering.__main__ import main

    kinds.PRINTINGS[NAME] = PRINTING
    if leash.PARENT in os.environ:
        leash.end_with(int(os.environ[leash.PARENT]))
    raise SystemExit(main(sys.argv[1:]))
