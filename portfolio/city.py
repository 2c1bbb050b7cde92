"""The city as data: what it calls itself and its things, its languages, and the form of its case numbers.

The file that the setting IDENTITY_FILE names is read once a process; every rule that the city may set stands here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, TypeAlias

from portfolio import languages, typed
from portfolio.languages import LANGUAGES, Language, Languages

Words: TypeAlias = Mapping[str, str]
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
NAMED_BY = ("council", "board", "manager")
REPORT_TEXTS = ("title", "period", "prepared_by", "proposal", "caught_up")
FILLED_IN = {"year", "day", "period"}
LONGEST_CASE_NUMBER, LONGEST_TEXT = 40, 2000
SECONDS_TO_TRY = 2.0


class FaultyIdentity(Exception):
    """An identity that can't be used; carries all that is wrong with it."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"IDENTITY_FILE ({path}) can't be used:\n" + "\n".join(f"  {fault}" for fault in faults))


@dataclass(frozen=True)
class CaseForm:
    """How the register numbers its cases: a pattern; its group `year`, if there is one, is the year of the case."""

    pattern: re.Pattern[str] = re.compile(r"\S(.*\S)?")
    example: str = "123/2026"

    def fits(self, number: str) -> bool:
        return bool(self.pattern.fullmatch(number))

    def year(self, number: str) -> int | None:
        """The year that the number tells, if the form says where it stands."""
        found = self.pattern.fullmatch(number)
        told = found.groupdict().get("year") if found else None
        return int(told) if told and told.isdecimal() else None


@dataclass(frozen=True)
class ReportWords:
    """What the city's report is called and says of itself; `{year}`, `{period}` and `{day}` are filled in."""

    title: Words
    period: Words
    prepared_by: Words
    proposal: Words
    caught_up: Words
    handling: tuple[Words, ...] = ()


@dataclass(frozen=True)
class City:
    """A city's identity, checked."""

    name: Words
    signature: Words
    report: ReportWords
    languages: Languages = Languages()
    colours: Mapping[str, str] = field(default_factory=dict)
    case_number: CaseForm = CaseForm()
    officials_named_by: str = "manager"
    terms: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)

    @property
    def first(self) -> Language:
        """The language in which every text is written before it is translated."""
        return self.languages.first


def identity() -> City:
    """The city of this installation.

    Raises FaultyIdentity, with everything that is wrong, when IDENTITY_FILE names no file or one that can't be used.
    """
    from django.conf import settings  # noqa: PLC0415 - the settings themselves read the first language from here

    return read(settings.IDENTITY_FILE)


@cache
def read(path: Path) -> City:
    """The city that a file tells of."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FaultyIdentity(path, [f"the file can't be read: {error.strerror}"]) from error
    except (ValueError, RecursionError) as error:
        raise FaultyIdentity(path, [f"the file is no JSON: {error}"]) from error
    if found := list(faults(data)):
        raise FaultyIdentity(path, found)
    return _city(data)


PLACES = r"\{[^{}]*\}|%\([^)]*\)\w|%\w"  # what is filled in later is no word


def in_own_words(sentence: str, terms: Mapping[str, str], language: str = "") -> str:
    """A sentence of ours with the city's own words: each where a word of ours begins, its ending and capital kept.

    In English the article before it becomes that of the city's word.
    """
    if not terms:
        return sentence
    ours = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    own = {word.lower(): theirs for word, theirs in terms.items()}

    def said(found: re.Match[str]) -> str:
        word = found["word"]
        if word is None:
            return found[0]
        theirs = own[word.lower()]
        theirs = theirs[:1].upper() + theirs[1:] if word[0].isupper() else theirs
        return f"{_article(found['article'], theirs)}{theirs}" if found["article"] else theirs

    article = r"(?P<article>\ban?[ \u00a0])?" if language == "en" else r"(?P<article>(?!))?"
    return re.sub(rf"(?:{PLACES})|{article}(?<!\w)(?P<word>{ours})", said, sentence, flags=re.IGNORECASE)


# Words that sound otherwise than they are written, by their beginnings; and letters whose names begin with a vowel.
AS_IF_VOWEL = re.compile(r"hono|honest|hour|heir|8|1[18](?!\d)|[AEFHILMNORSX](?![a-z])")
AS_IF_CONSONANT = re.compile(
    r"uni(?!n|m|dent)|unani|us[aeu]|ut[ei]|eu|ew|one(?!r)|once|ubi|ura|U(?![a-z])", re.IGNORECASE
)


def _article(ours: str, word: str) -> str:
    """`a` or `an` as the word sounds, with the capital and the space of ours."""
    plain = word[:1].lower() + word[1:] if word[1:2].islower() else word
    vowel = unicodedata.normalize("NFD", plain)[0] in "aeiou" and not AS_IF_CONSONANT.match(plain)
    article = "an" if vowel or AS_IF_VOWEL.match(plain) else "a"
    return (article.capitalize() if ours[0].isupper() else article) + ours[-1]


def first_language() -> Language:
    """The city's first language, for what must stand even where the identity can't be used: models, defaults."""
    from django.conf import settings  # noqa: PLC0415 - as above

    return first_language_of(settings.IDENTITY_FILE)


def first_language_of(path: Path) -> Language:
    """The first language for settings, which must stand even where the file can't be used: then it is Finnish."""
    try:
        return read(path).first
    except FaultyIdentity:
        return LANGUAGES[0]


def pages_of(path: Path) -> tuple[str, ...]:
    """The languages in which pages can be asked for, for settings: the program's own, and the city's beside them."""
    try:
        return tuple(dict.fromkeys((*LANGUAGES, *read(path).languages.pages)))
    except FaultyIdentity:
        return LANGUAGES


def _city(data: dict[str, Any]) -> City:
    report = data["report"]
    form = data.get("case_number")
    return City(
        name=data["name"],
        signature=data["signature"],
        report=ReportWords(**{name: report[name] for name in REPORT_TEXTS}, handling=tuple(report.get("handling", ()))),
        languages=languages.of(data),
        colours=data.get("colours", {}),
        case_number=CaseForm(re.compile(form["pattern"], re.ASCII), form["example"]) if form else CaseForm(),
        officials_named_by=data.get("officials_named_by", "manager"),
        terms=data.get("terms", {}),
    )


def faults(data: object) -> Iterator[str]:
    """Everything that is wrong with an identity, each a sentence that names the place."""
    if not isinstance(data, dict):
        yield "$: an object is expected"
        return
    known = {"name", "signature", "colours", "languages", "case_number", "officials_named_by", "terms", "report"}
    yield from (f"{name}: this is not known; known are {', '.join(sorted(known))}" for name in data.keys() - known)
    broken = [*_faults_of_text(data.get("name"), "name", ()), *languages.faults(data)]
    if broken := broken or list(languages.faults_apart(data)):
        yield from broken
        return  # nothing else can be judged before it is known which languages there are
    needed = _needed(data)
    yield from _faults_of_text(data.get("signature"), "signature", needed)
    yield from _faults_of_text(data["name"], "name", needed)
    yield from _faults_of_report(data.get("report"), needed)
    yield from _faults_of_colours(data.get("colours", {}))
    yield from _faults_of_case_number(data.get("case_number"))
    yield from _faults_of_terms(data.get("terms", {}))
    if data.get("officials_named_by", "manager") not in NAMED_BY:
        yield f"officials_named_by: {_shown(data['officials_named_by'])} is none of {', '.join(NAMED_BY)}"


def _needed(data: dict[str, Any]) -> tuple[Language, ...]:
    """What a text must be written in: the first language and every official one."""
    ours = languages.of(data)
    return tuple(dict.fromkeys((ours.first, *ours.official)))


def _faults_of_text(text: object, place: str, needed: tuple[Language, ...]) -> Iterator[str]:
    if not isinstance(text, dict) or not text:
        yield f'{place}: texts by language are expected, as in {{"fi": "…"}}'
        return
    for code, words in text.items():
        if code not in LANGUAGES:
            yield f"{place}.{code}: the languages are {', '.join(LANGUAGES)}"
        elif not isinstance(words, str) or not words.strip():
            yield f"{place}.{code}: words are expected"
        elif len(words) > LONGEST_TEXT or not _is_legible(words):
            yield f"{place}.{code}: a text of at most {LONGEST_TEXT} characters that can be printed is expected"
    yield from (f"{place}.{code}: this text is missing" for code in needed if code not in text)


def _is_legible(words: str) -> bool:
    """Whether the table of typed text would take the words as they are; half a character is none."""
    halves = any("\ud800" <= each <= "\udfff" for each in words)
    return not halves and not typed.refused(words) and typed.cleaned(words) == unicodedata.normalize("NFC", words)


def _faults_of_report(report: object, needed: tuple[Language, ...]) -> Iterator[str]:
    if not isinstance(report, dict):
        yield "report: an object is expected"
        return
    for name in REPORT_TEXTS:
        yield from _faults_of_filled(report.get(name), f"report.{name}", needed)
    handling = report.get("handling", [])
    if not isinstance(handling, list):
        yield "report.handling: a list of bodies is expected"
        return
    for number, body in enumerate(handling):
        yield from _faults_of_text(body, f"report.handling.{number}", needed)


def _faults_of_filled(text: object, place: str, needed: tuple[Language, ...]) -> Iterator[str]:
    yield from (wrong := list(_faults_of_text(text, place, needed)))
    for code, words in text.items() if isinstance(text, dict) and not wrong else ():
        try:
            found = [part for part in Formatter().parse(words) if part[1] is not None]
            names = {"!" if form or how else str(name) for _, name, form, how in found}
        except ValueError:
            names = {"{"}
        if names - FILLED_IN:
            yield f"{place}.{code}: only {{year}}, {{period}} and {{day}} may stand in braces"


def _faults_of_colours(colours: object) -> Iterator[str]:
    names = ("brand", "brand_strong", "accent")
    if not isinstance(colours, dict):
        yield "colours: an object is expected"
        return
    for name, value in colours.items():
        if name not in names or not isinstance(value, str) or not COLOUR.fullmatch(value):
            yield f"colours.{name}: {_shown(value)}; accepted are {', '.join(names)} as in #0B4F5C"


def _faults_of_case_number(form: object) -> Iterator[str]:
    if form is None:
        return
    if not isinstance(form, dict) or {name for name in form if isinstance(form[name], str)} != {"pattern", "example"}:
        yield "case_number: a pattern and an example are expected"
        return
    if len(form["example"]) > LONGEST_CASE_NUMBER:
        yield f"case_number.example: at most {LONGEST_CASE_NUMBER} characters are expected"
        return
    try:
        pattern = re.compile(form["pattern"], re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        yield f"case_number.pattern: no regular expression: {error}"
        return
    if _takes_too_long(form["pattern"], form["example"]):
        yield "case_number.pattern: it takes too long to try on a number that does not fit"
        return
    if not pattern.fullmatch(form["example"]):
        yield f"case_number.example: {_shown(form['example'])} does not fit the pattern"
    if pattern.fullmatch(""):
        yield "case_number.pattern: it must not fit an empty number"


def _takes_too_long(pattern: str, example: str) -> bool:
    """Whether a pattern goes back and forth without end: tried by a process that can be ended, as no thread could be.

    What is tried are numbers of the greatest length that fit almost to their end, made of the example's characters.
    """
    probes = [(part * LONGEST_CASE_NUMBER)[: LONGEST_CASE_NUMBER - 1] + "\n" for part in {*example, example, "0", "A"}]
    trial = "import re, sys; [re.compile(sys.argv[1], re.ASCII).fullmatch(each) for each in sys.argv[2:]]"
    try:
        subprocess.run([sys.executable, "-I", "-c", trial, pattern, *probes], timeout=SECONDS_TO_TRY, check=False)
    except subprocess.TimeoutExpired:
        return True
    return False


def _faults_of_terms(terms: object) -> Iterator[str]:
    if not isinstance(terms, dict):
        yield "terms: words by language are expected"
        return
    for code, words in terms.items():
        if code not in LANGUAGES or not isinstance(words, dict):
            yield f"terms.{code}: words by language are expected"
            continue
        for ours, theirs in words.items():
            if not ours.strip() or not isinstance(theirs, str) or not theirs.strip() or set("{}%") & {*ours, *theirs}:
                yield f"terms.{code}.{ours}: a word for a word is expected, without braces and percent signs"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
