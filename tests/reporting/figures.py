"""Finds the numbers and days in a text, written in any of the three languages, as values."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from reporting.facts import IndicatorFacts, ReportFacts

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
SPACES = "\u00a0\u2009\u202f"
CASE = re.compile(r"\b\d{1,6}/\d\d\.\d\d\.\d\d(?:\.\d\d)?/\d{4}\b")
HEX = re.compile(r"\b[0-9a-f]{8}\b")
CLOCK = re.compile(r"(?:klo|kl\.) (\d{1,2})\.(\d\d)|(\d{4}), (\d{1,2}):(\d\d)")
ENGLISH_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})[a-z]* (\d{{4}})\b")
DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
# A span has its year once: `1.7.–31.12.2023`.
TO = "\u2060?–\u2060?"
FIRST_DAY = re.compile(rf"\b(\d{{1,2}}\.\d{{1,2}}\.)(?={TO}\d{{1,2}}\.\d{{1,2}}\.(\d{{4}})\b)")
FIRST_ENGLISH_DAY = re.compile(
    rf"\b(\d{{1,2}} (?:{'|'.join(MONTHS)})[a-z]*)(?={TO}\d{{1,2}} (?:{'|'.join(MONTHS)})[a-z]* (\d{{4}})\b)"
)
VERSION = re.compile(r"versio[n]? (\d+\.\d+)")
NUMBER = {
    "fi": re.compile(r"(?<![\w.,])\d{1,3}(?:[\u202f]\d{3})+(?:,\d+)?|(?<![\w])\d+(?:,\d+)?"),
    "en": re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w])\d+(?:\.\d+)?"),
}


def numbers(text: str, lang: str) -> Counter[Decimal | date | str]:
    """Every figure of the text, however often."""
    found: Counter[Decimal | date | str] = Counter()
    text = HEX.sub(" ", CASE.sub(" ", text.replace("\u00a0", " ").replace("\u2009", "\u202f")))
    text = VERSION.sub(" ", CLOCK.sub(lambda m: f"{m[3] or ''} ", text))
    text = FIRST_ENGLISH_DAY.sub(r"\1 \2", FIRST_DAY.sub(r"\1\2", text))
    for match in ENGLISH_DAY.finditer(text):
        found[date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))] += 1
    for match in DAY.finditer(text):
        found[date(int(match[3]), int(match[2]), int(match[1]))] += 1
    text = DAY.sub(" ", ENGLISH_DAY.sub(" ", text))
    for match in NUMBER["en" if lang == "en" else "fi"].finditer(text):
        plain = match[0].replace("\u202f", "")
        found[Decimal(plain.replace(",", "") if lang == "en" else plain.replace(",", ".")).normalize()] += 1
    return found


def expected(facts: ReportFacts) -> Counter[Decimal | date | str]:
    """Every figure and day of a snapshot, a figure to the decimals of its indicator."""
    return Counter(_walk(facts, None))


def _walk(value: object, decimals: int | None) -> Iterator[Decimal | date | str]:
    if isinstance(value, IndicatorFacts):
        decimals = value.decimals
    if isinstance(value, Decimal):
        shown = value if decimals is None else value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        yield shown.normalize()
    elif type(value) is date:
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _walk(item, decimals)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _walk(getattr(value, one.name), decimals)


def share_found(facts: ReportFacts, shown: Counter[Decimal | date | str]) -> float:
    """How much of the snapshot's figures a rendition shows, each as a value."""
    wanted = expected(facts)
    return sum(wanted[value] for value in wanted if value in shown) / wanted.total()
