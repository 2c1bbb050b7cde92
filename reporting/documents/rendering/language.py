"""How each language writes numbers, dates, money and decisions, and what it does when a text is missing."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

from portfolio.city import in_own_words
from portfolio.languages import LANGUAGES
from reporting.compilation.findings import Figure, Param, Sentence
from reporting.documents.rendering import foreign, phrases, units
from reporting.documents.rendering.counting import Count, fitting
from reporting.documents.rendering.document import Number, Run, Runs, Style
from reporting.facts import DecisionFacts, Language, Text

NARROW, NO_BREAK, MINUS = "\u202f", "\u00a0", "\u2212"
LIMITS = {"keep_at_least": "at_least", "keep_at_most": "at_most"}
DOUBLED = re.compile(r"(?<!\.)\.\.(?!\.)")  # of a unit, and of the sentence that it ends: `38 st.`
IN_LOWER_CASE = {"council", "board", "manager", "committee"}  # a unit may have a name of its own
ENGLISH_MONTHS = ("January February March April May June July August September October November December").split()


@cache
def _phrase(lang: Language, code: str, terms: tuple[tuple[str, str], ...]) -> str:
    """A phrase of ours in the city's own words."""
    return in_own_words(phrases.PHRASES[lang][code], dict(terms), lang)


@dataclass(frozen=True)
class Voice:
    """One language of the report; what is missing in it is told in the city's first language, if it is there."""

    lang: Language
    zone: str = "Europe/Helsinki"
    first: Language = "fi"
    terms: tuple[tuple[str, str], ...] = ()
    marks: bool = False

    def say(self, code: str, **params: str | int) -> str:
        """A phrase with its blanks filled; one that counts is said in the form that fits its counts."""
        known = phrases.PHRASES[self.lang]
        counts = {name: self._count(value) for name, value in params.items() if isinstance(value, int)}
        code = fitting(code, counts, known)
        said = phrases.filled(self.lang, code, _phrase(self.lang, code, self.terms), params | counts)
        return DOUBLED.sub(".", said)

    def has(self, code: str) -> bool:
        """Whether the language has a phrase of its own for it."""
        return code in phrases.PHRASES[self.lang]

    def sentence(self, sentence: Sentence) -> str:
        subject = next((self.told(value) for name, value in sentence.params if isinstance(value, Text)), "")
        return self.say(sentence.code, **{name: self.param(name, value, subject) for name, value in sentence.params})

    def param(self, name: str, value: Param, subject: str = "") -> str | int:
        """What goes into a blank; the first figure of a sentence says what it is, the others only how much.

        What the sentence's subject has said already is no unit of its figures: `järjestöt: 74`.
        """
        match value:
            case Figure():
                return self.figure(value, brief=name != "value", subject=subject)
            case Text():
                return self.told(value)
            case date():
                return self.day(value)
            case int():
                return Count(value, self.lang, self.number(Decimal(value), 0))
        return value

    def _count(self, value: int) -> Count:
        return value if isinstance(value, Count) else Count(value, self.lang, str(value))

    def words(self, text: Text) -> tuple[str, Language]:
        """The text in this language, or the nearest there is, and which language that was."""
        for lang in (self.lang, text.source, self.first, *LANGUAGES):
            found: str = getattr(text, lang)
            if found:
                return found, lang
        return "", self.lang

    def text(self, text: Text, style: Style = "") -> Runs:
        """The text as runs; one that fell back to another language says so (and carries its `lang`)."""
        words, lang = self.words(text)
        if lang == self.lang:
            return (Run(words, style),) if words else ()
        note = self._note("given." + lang if text.statement else "language." + lang)
        return Run(words, style, lang), Run(f" {note}", "small")

    def told(self, text: Text) -> str:
        """The text for a sentence; one that fell back is marked with its language, and says so."""
        words, lang = self.words(text)
        return self._marked(words, lang) if words else ""

    def _marked(self, words: str, lang: Language) -> str:
        marked = self.spoken(words, lang)
        return words if marked == words else f"{marked} {self._note('language.' + lang)}"

    def _note(self, code: str) -> str:
        """In which language something is, in brackets that no line parts."""
        return f"[{self.say(code)}]".replace(" ", NO_BREAK)

    def spoken(self, words: str, lang: Language) -> str:
        """Words that are spoken in a language: of a unit it is enough that a reader's voice knows."""
        return words if lang == self.lang or not self.marks else foreign.marked(words, lang)

    def number(self, value: Decimal, decimals: int) -> str:
        whole, fraction = self._parts(value, decimals)
        return whole + fraction

    def aligned(self, value: Decimal, decimals: int, style: Style = "") -> Number:
        return Number(*self._parts(value, decimals), style)

    def figure(self, figure: Figure, *, brief: bool = False, subject: str = "") -> str:
        """A number, a limit or a range with its unit, unless the subject has named it; an old one with its day."""
        told = self.measured(self.number_of(figure), figure.unit, subject, brief=brief)
        limit = LIMITS.get(figure.limit)
        told = self.say(limit, value=told) if limit else told
        return f"{told} ({self.day(figure.on)})" if figure.on else told

    def measured(self, number: str, unit: Text, subject: str, *, brief: bool = False) -> str:
        """A number as it is written with its unit, unless the subject beside it has named that."""
        words, lang = self.words(unit)
        words = "" if units.echoes(words, subject, self.lang) else words
        return self.spoken(self.with_unit(number, words, brief=brief), lang)

    def bare(self, figure: Figure) -> str:
        """The same without unit and day."""
        limit = LIMITS.get(figure.limit)
        return self.say(limit, value=self.number_of(figure)) if limit else self.number_of(figure)

    def number_of(self, figure: Figure) -> str:
        """One number, or a range of two."""
        number = self.number(figure.value, figure.decimals)
        return number if figure.upper is None else f"{number}–{self.number(figure.upper, figure.decimals)}"

    def with_unit(self, number: str, unit: str, *, brief: bool = False) -> str:
        """The number as it is read: `4,9 t`, `4. sija`, `keskiarvo 3,8 (asteikko 1–5)`, which is `3,8` in brief."""
        return units.written(number, unit, self.lang, brief=brief, terms=self.terms)

    def rank(self, place: Decimal) -> str:
        return units.words(self.lang, self.terms).rank.format(self.number(place, 0))

    def after_name(self, unit: str, name: str) -> str:
        """The unit as it follows a name: nothing where the name says it already."""
        told = units.told(unit, self.lang, self.terms)
        return f", {told}" if told and not units.echoes(unit, name, self.lang) else ""

    def body(self, body: Text) -> str:
        """A body in running text: in lower case where the language writes it so."""
        name, lang = self.words(body)
        return self._marked(name if lang == "en" else lowered(name), lang)

    def euros(self, amount: Decimal) -> str:
        """To the cent where there are cents."""
        return self.number(amount, 0 if amount == amount.to_integral_value() else 2)

    def day(self, on: date) -> str:
        if self.lang == "en":
            return f"{on.day}{NO_BREAK}{ENGLISH_MONTHS[on.month - 1]} {on.year}"
        return f"{on.day}.{on.month}.{on.year}"

    def span(self, first: date, last: date) -> str:
        """From day to day, the year once where it is the same: `1.1.–31.12.2023`, `1 January–31 December 2023`."""
        if first.year != last.year:
            return f"{self.day(first)}–{self.day(last)}"
        begins = self.day(first).removesuffix(str(first.year)).rstrip()
        return f"{begins}–{self.day(last)}"

    def interval(self, months: int) -> str:
        """How often: by the word that people have for it, else in months."""
        named = f"interval.{months}"
        return self.say(named) if self.has(named) else self.say("interval", months=months)

    def short_day(self, on: date) -> str:
        if self.lang == "en":
            return f"{on.day}{NO_BREAK}{ENGLISH_MONTHS[on.month - 1][:3]}{NO_BREAK}{on.year}"
        return self.day(on)

    def instant(self, at: datetime) -> str:
        here = at.astimezone(ZoneInfo(self.zone))
        clock = f"{here.hour}:{here.minute:02}" if self.lang == "en" else f"{here.hour}.{here.minute:02}"
        return self.say("instant", day=self.day(here.date()), clock=clock)

    def section(self, section: int) -> str:
        return self.say("section", number=section)

    def when(self, decision: DecisionFacts) -> str:
        """The day as far as the source tells it."""
        if decision.date_precision == "day" and decision.decided_on:
            return self.short_day(decision.decided_on)
        if told := self.told(decision.date_text):
            return told
        if decision.outcome == "planned" and decision.planned_on:
            return self.say("planned", day=self.short_day(decision.planned_on))
        return self.say("decision.no_date" if decision.provenance == "taken_over" else "decision.no_day")

    def reference(self, decision: DecisionFacts) -> str:
        """Body, day and section: how an official refers to a decision."""
        named = decision.body_kind in IN_LOWER_CASE
        parts = [self.body(decision.body) if named else self.told(decision.body), self.when(decision)]
        if decision.section is not None:
            parts.append(self.section(decision.section))
        told = (", " if self.lang == "en" else " ").join(parts)
        return f"{told} ({self.say('decision.provisional')})" if decision.provisional else told

    def listed(self, words: list[str]) -> str:
        """`a, b ja c`; `a, b sekä c ja d` where one of them is two."""
        if len(words) < 2:
            return "".join(words)
        among = any(f" {self.say('and')} " in word for word in words)
        return f"{', '.join(words[:-1])} {self.say('and.over' if among else 'and')} {words[-1]}"

    def _parts(self, value: Decimal, decimals: int) -> tuple[str, str]:
        rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        digits = f"{abs(rounded):,.{decimals}f}"
        whole, _, fraction = digits.partition(".")
        sign = MINUS if rounded < 0 else ""
        if self.lang == "en":
            return sign + whole, f".{fraction}" if fraction else ""
        return sign + whole.replace(",", NARROW), f",{fraction}" if fraction else ""


def lowered(name: str) -> str:
    """Without its capital, unless it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
