"""Counts as language: number words up to ten, in the case that a sentence needs, and the sentence that fits a count.

A phrase says how it wants a number: `{all:elative}` before its noun ("neljästä ohjelmasta", "20 ohjelmasta"),
`{all:elative alone}` without one ("neljästä", "20:stä"), `{count:genitive}` ("kahden tavoitteen"), `{fine:word}`
("kolme"), `{fine:neuter}` ("ett"). A capital begins a sentence: `{fine:Word}`. Without any of these it is written in
digits.
"""

from collections.abc import Container, Iterator, Mapping

from reporting.facts import Language

WORDS: dict[Language, dict[str, list[str]]] = {
    "fi": {
        "word": "ei yksikään|yksi|kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän|kymmenen".split("|"),
        "elative": (
            "nollasta|yhdestä|kahdesta|kolmesta|neljästä|viidestä|kuudesta|seitsemästä|kahdeksasta|yhdeksästä|"
            "kymmenestä"
        ).split("|"),
        "genitive": (
            "nollan|yhden|kahden|kolmen|neljän|viiden|kuuden|seitsemän|kahdeksan|yhdeksän|kymmenen".split("|")
        ),
    },
    "sv": {
        "word": "ingen|en|två|tre|fyra|fem|sex|sju|åtta|nio|tio".split("|"),
        "neuter": "inget|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio".split("|"),
    },
    "en": {"word": "none|one|two|three|four|five|six|seven|eight|nine|ten".split("|")},
}
# A numeral takes the ending of its last spoken word: viidestätoista 15:stä, kahdestasadasta 200:sta.
FRONT = "014579"
FORMS = ("none", "one", "two", "all", "lone", "lone_not", "zero")
PART, WHOLE = ("fine", "running", "now", "quorate"), ("all", "common", "held")


class Count(int):
    """A number of things, written by one language as its phrases ask."""

    lang: Language
    digits: str

    def __new__(cls, value: int, lang: Language, digits: str) -> "Count":
        self = super().__new__(cls, value)
        self.lang, self.digits = lang, digits
        return self

    def __str__(self) -> str:
        return self.digits

    def __format__(self, spec: str) -> str:
        if not spec:
            return self.digits
        form, _, alone = spec.partition(" ")
        words = WORDS[self.lang][form.lower()]
        if not 0 <= self < len(words):
            return self.digits + (_elative_ending(self) if form.lower() == "elative" and alone else "")
        word = words[self]
        return word[0].upper() + word[1:] if form[0].isupper() else word


def _elative_ending(number: int) -> str:
    """`:stä` or `:sta`, as the last word of the numeral that is inflected has front or back vowels."""
    if number % 100 == 0:
        return ":sta"  # sadasta, tuhannesta, miljoonasta
    return ":stä" if str(number)[-1] in FRONT else ":sta"


def fitting(code: str, numbers: Mapping[str, int], phrases: Container[str]) -> str:
    """The code of the sentence for these counts: its own for none, one, two or all of them, else the plain one."""
    if not numbers:
        return code
    return next((found for one in _forms(numbers) if (found := f"{code}.{one}") in phrases), code)


def _forms(numbers: Mapping[str, int]) -> Iterator[str]:
    part = next((numbers[name] for name in PART if name in numbers), None)
    whole = next((numbers[name] for name in WHOLE if name in numbers), None)
    if part is None or whole is None:
        yield from (FORMS[n] for n in numbers.values() if len(numbers) == 1 and 0 <= n <= 2)
    elif whole < 2:
        yield ("zero", "lone" if part else "lone_not")[whole]
    else:
        yield from (form for form, fits in (("none", part == 0), ("all", part == whole), ("one", part == 1)) if fits)
