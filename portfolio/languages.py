"""The three lists of languages that a city has: of its texts, of its pages and of its reports.

A text has a column for each of LANGUAGES, and a report a book of phrases. Pages may speak others beside them, for which
there are catalogues. What a page in such a language says of texts, days and numbers stands in the city's first one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args

Language: TypeAlias = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NATIONAL: frozenset[Language] = frozenset({"fi", "sv"})  # what the authorities' languages can be by the Language Act
LISTS = ("official", "service", "reports", "pages")
OF_PAGES = re.compile(r"[a-z]{2}")


@dataclass(frozen=True)
class Languages:
    """Those of a city, its first one first in each list: each text is written in that one before it is translated.

    Texts are worded in those of `service`; in the `official` ones each must be before it goes to the council.
    """

    service: tuple[Language, ...] = LANGUAGES
    official: tuple[Language, ...] = ("fi", "sv")
    reports: tuple[Language, ...] = LANGUAGES
    pages: tuple[str, ...] = LANGUAGES

    @property
    def first(self) -> Language:
        """That in which every text is written."""
        return self.service[0]


def of(data: dict[str, Any]) -> Languages:
    """What an identity tells of them; untold those of its name, and for reports and pages those of service."""
    told = data.get("languages", {})
    service = told.get("service") or [code for code in LANGUAGES if data["name"].get(code)]
    official = told.get("official") or [code for code in service if code in NATIONAL] or service[:1]
    first = told.get("first") or official[0]

    def ordered(codes: list[str]) -> tuple[Language, ...]:
        return cast(tuple[Language, ...], (first, *(code for code in codes if code != first)))

    return Languages(
        service=ordered(service),
        official=tuple(official),
        reports=ordered(told.get("reports") or service),
        pages=ordered(told.get("pages") or service),
    )


def faults(data: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the lists themselves, each a sentence that names the place."""
    told = data.get("languages", {})
    if not isinstance(told, dict) or told.keys() - {"first", *LISTS}:
        yield f"languages: first, {', '.join(LISTS[:-1])} and {LISTS[-1]} are expected"
        return
    for name in LISTS:
        yield from _faults_of(name, told.get(name, [LANGUAGES[0]]))
    if told.get("first", LANGUAGES[0]) not in LANGUAGES:
        yield f"languages.first: {_shown(told['first'])} is none of {', '.join(LANGUAGES)}"


def _faults_of(name: str, given: object) -> Iterator[str]:
    if not isinstance(given, list) or not given or not all(isinstance(code, str) for code in given):
        yield f"languages.{name}: a list of languages is expected"
    elif name == "pages":
        if len(set(given)) < len(given) or not all(OF_PAGES.fullmatch(code) for code in given):
            yield f"languages.pages: codes of two letters, each once, are accepted; given is {_shown(given)}"
    elif len(set(given)) < len(given) or set(given) - set(LANGUAGES):
        yield f"languages.{name}: each one of {', '.join(LANGUAGES)}, once, is accepted; given is {_shown(given)}"


def faults_apart(data: dict[str, Any]) -> Iterator[str]:
    """The first language is an official one, and every official one is in each list."""
    told, ours = data.get("languages", {}), of(data)
    if told.get("first", ours.official[0]) not in ours.official:
        yield "languages.first: this is none of the official languages"
    served = told.get("service") or ours.service
    if lacking := [code for code in ours.official if code not in served]:
        yield f"languages.official: {', '.join(lacking)} must be among the languages of service"
    for name in ("reports", "pages"):
        if lacking := [code for code in ours.official if code not in (told.get(name) or ours.official)]:
            yield f"languages.{name}: {', '.join(lacking)} must be among them, as an official language"
    if beside := [code for code in told.get("reports", ()) if code not in ours.service]:
        yield f"languages.reports: {', '.join(beside)} must be among the languages of service"


def _shown(given: object) -> str:
    text = json.dumps(given, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
