"""How each language writes numbers, dates, money and decisions, and what it does when a text is missing."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from reporting.compilation.findings import Figure, Param, Sentence
from reporting.facts import DecisionFacts, Language, Text
from reporting.rendering import phrases
from reporting.rendering.document import Number, Run, Runs, Style

NARROW, NO_BREAK, MINUS = "\u202f", "\u00a0", "\u2212"
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
ENGLISH_MONTHS = ("January February March April May June July August September October November December").split()


@dataclass(frozen=True)
class Voice:
    """One language of the report; what is missing in it is told in the city's first language, if it is there."""

    lang: Language
    zone: str = "Europe/Helsinki"
    first: Language = "fi"

    def say(self, code: str, **params: str | int) -> str:
        return phrases.PHRASES[self.lang][code].format(**params)

    def sentence(self, sentence: Sentence) -> str:
        return self.say(sentence.code, **{name: self.param(value) for name, value in sentence.params})

    def param(self, value: Param) -> str:
        match value:
            case Figure():
                return self.figure(value)
            case Text():
                return self.words(value)[0]
            case date():
                return self.day(value)
            case int():
                return self.number(Decimal(value), 0)
        return value

    def words(self, text: Text) -> tuple[str, Language]:
        """The text in this language, or the nearest there is, and which language that was."""
        for lang in (self.lang, self.first, *LANGUAGES):
            found: str = getattr(text, lang)
            if found:
                return found, lang
        return "", self.lang

    def text(self, text: Text, style: Style = "") -> Runs:
        """The text as runs; one that fell back to another language says so (and carries its `lang`)."""
        words, lang = self.words(text)
        if lang == self.lang:
            return (Run(words, style),) if words else ()
        return Run(words, style, lang), Run(f" [{self.say('language.' + lang)}]", "small")

    def number(self, value: Decimal, decimals: int) -> str:
        whole, fraction = self._parts(value, decimals)
        return whole + fraction

    def aligned(self, value: Decimal, decimals: int, style: Style = "") -> Number:
        return Number(*self._parts(value, decimals), style)

    def figure(self, figure: Figure) -> str:
        return self.with_unit(self.number(figure.value, figure.decimals), self.words(figure.unit)[0])

    def with_unit(self, number: str, unit: str) -> str:
        if not unit:
            return number
        glued = unit == "%" and self.lang == "en"
        return number + ("" if glued else NO_BREAK) + self.unit(unit)

    def unit(self, unit: str) -> str:
        """A unit with its own number keeps it together: `1 000 t`."""
        return unit.replace("1 000", f"1{NARROW}000")

    def euros(self, amount: Decimal) -> str:
        """To the cent where there are cents."""
        return self.number(amount, 0 if amount == amount.to_integral_value() else 2)

    def millions(self, amount: Decimal) -> str:
        return self.number(amount / 1_000_000, 2)

    def day(self, on: date) -> str:
        if self.lang == "en":
            return f"{on.day}{NO_BREAK}{ENGLISH_MONTHS[on.month - 1]} {on.year}"
        return f"{on.day}.{on.month}.{on.year}"

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
        if told := self.words(decision.date_text)[0]:
            return told
        if decision.outcome == "planned" and decision.planned_on:
            return self.say("planned", day=self.short_day(decision.planned_on))
        return self.say("decision.no_date")

    def reference(self, decision: DecisionFacts) -> str:
        """Body, day and section: how an official refers to a decision."""
        parts = [self.words(decision.body)[0], self.when(decision)]
        if decision.section is not None:
            parts.append(self.section(decision.section))
        told = (", " if self.lang == "en" else " ").join(parts)
        return f"{told} ({self.say('decision.provisional')})" if decision.provisional else told

    def listed(self, words: list[str]) -> str:
        """`a, b ja c`."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.say('and')} {words[-1]}"

    def _parts(self, value: Decimal, decimals: int) -> tuple[str, str]:
        rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        digits = f"{abs(rounded):,.{decimals}f}"
        whole, _, fraction = digits.partition(".")
        sign = MINUS if rounded < 0 else ""
        if self.lang == "en":
            return sign + whole, f".{fraction}" if fraction else ""
        return sign + whole.replace(",", NARROW), f",{fraction}" if fraction else ""
