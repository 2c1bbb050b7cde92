"""How the identity's words of a report are filled in: its year, its period and a day, as each language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portfolio import city
from reporting.facts import Text

# The last month of a period is written out; a Finnish one leaves its end to the last: tammi–maaliskuu.
MONTHS: dict[str, list[str]] = {
    "fi": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu".split(),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def told(words: city.Words) -> Text:
    """A text of the identity, which is written in the city's first language."""
    return Text.of(words, city.identity().first)


@dataclass(frozen=True)
class Naming:
    """What a report is called after, first day to last, and the day that is told of it."""

    after: tuple[date, date]
    day: date

    def filled(self, words: city.Words) -> Text:
        """A sentence of the identity with what its braces ask for."""
        return told({lang: self._fill(sentence, lang) for lang, sentence in words.items()})

    def period(self, words: city.Words) -> Text:
        """The name of the period; where it tells no more than the year, a part of a year stands beside it."""
        named = {
            lang: said if "{period}" in said or self._is_a_year else f"{said} ({{period}})"
            for lang, said in words.items()
        }
        return self.filled(named)

    @property
    def _is_a_year(self) -> bool:
        first, last = self.after
        return (first.month, last.month) == (1, 12)

    def _fill(self, sentence: str, lang: str) -> str:
        return sentence.format(year=self.after[1].year, period=self._period(lang), day=_written(self.day, lang))

    def _period(self, lang: str) -> str:
        first, last = self.after
        if self._is_a_year:
            return str(last.year)
        if first == last:
            return _written(last, lang)
        months = MONTHS[lang]
        return f"{months[first.month - 1]}–{months[last.month - 1]}{'kuu' if lang == 'fi' else ''} {last.year}"


def _written(day: date, lang: str) -> str:
    return (
        f"{day.day} {MONTHS['en'][day.month - 1]} {day.year}" if lang == "en" else f"{day.day}.{day.month}.{day.year}"
    )
