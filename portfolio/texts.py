"""Texts in the city's three languages as plain columns, and the state of each translation."""

import hashlib
import re
from collections.abc import Collection
from typing import Any, TypeAlias, cast

from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.functional import Promise
from django.utils.translation import get_language

from portfolio import city, typed
from portfolio.languages import LANGUAGES, Language

Column: TypeAlias = "models.Field[Any, Any]"
Words: TypeAlias = str | Promise
SAME, STATEMENT, NO_MARK = "same", "statement", "none"
# Three letters of which two that touch are small: "ton", "kpl"; not "kWh", "VTT", "m²", "EE1". PostgreSQL reads it too.
SMALL, LETTER = "a-z\u00df-\u00f6\u00f8-\u00ff\u0101-\u024f", "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
OTHER_SCRIPTS = "\u0370-\u1fff\u2c00-\ud7ff"
WORDED = f"[{SMALL}]{{2}}[{LETTER}]|[{LETTER}][{SMALL}]{{2}}|[{OTHER_SCRIPTS}]"


def texts(max_length: int | None = None, *, blank: bool = False, called: Words = "") -> tuple[Column, Column, Column]:
    """Three columns for one text; that of the city's first language is required unless `blank` (decision 13)."""

    def column(language: Language) -> Column:
        plain: dict[str, Any] = {} if language == LANGUAGES[0] and not blank else {"blank": True, "default": ""}
        plain |= {"verbose_name": called} if called else {}
        own = "" if blank else language
        if max_length is None:
            return LongText(language=own, **plain)
        return ShortText(language=own, max_length=max_length, **plain)

    first, second, third = (column(language) for language in LANGUAGES)
    return first, second, third


class _OfOneLanguage:
    """A column of a text that may be empty unless its language is the city's first; to the database as any other."""

    plain = ""

    def __init__(self, *positional: Any, language: str = "", **options: Any) -> None:
        self.language = language
        super().__init__(*positional, **options)

    @property
    def needed(self) -> bool:
        """Whether the text is: then the column of the city's first language may not be empty."""
        return bool(self.language)

    @property
    def blank(self) -> bool:
        return self._blank if not self.language else self.language != city.first_language()

    @blank.setter
    def blank(self, may_be: bool) -> None:
        self._blank = may_be

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """As declared, whatever the city's first language is: no city needs migrations of its own."""
        name, _, positional, options = super().deconstruct()  # type: ignore[misc]
        options.pop("blank", None)
        options.pop("verbose_name", None)  # what it is called is no migration
        return name, self.plain, positional, options | ({"blank": True} if self._blank else {})


class LongText(_OfOneLanguage, models.TextField):  # type: ignore[type-arg]
    """A text of any length in one language."""

    plain = "django.db.models.TextField"


class ShortText(_OfOneLanguage, models.CharField):  # type: ignore[type-arg]
    """A short text in one language."""

    plain = "django.db.models.CharField"


def stems(model: type[models.Model], *, but: Collection[str] = ()) -> tuple[str, ...]:
    """The texts of a model in three columns, by the names that these begin with, as the model has them."""
    first = f"_{LANGUAGES[0]}"
    ours = [each.name for each in model._meta.local_concrete_fields if isinstance(each, _OfOneLanguage)]
    return tuple(stem for name in ours if name.endswith(first) and (stem := name.removesuffix(first)) not in but)


def spelt(model: type[models.Model], name: str) -> tuple[str, ...]:
    """The columns of what is called so in a model: one, the languages of a text, or a name alone and in each."""
    own = {each.name for each in model._meta.concrete_fields}
    languages = tuple(each for each in columns(name) if each in own)
    return (name, *languages) if name in own or not languages else languages


def columns(*stems: str) -> tuple[str, ...]:
    """The columns of texts."""
    return tuple(f"{stem}_{code}" for stem in stems for code in LANGUAGES)


def short_texts(max_length: int) -> tuple[Column, Column, Column]:
    """Three columns for a word or two that may be missing in all three languages, such as a unit."""
    first, second, third = (models.CharField(max_length=max_length, blank=True) for _ in range(3))
    return first, second, third


def names(max_length: int) -> tuple[Column, Column, Column]:
    """Three columns for a name that once had a single one, which stays beside them and is what older rows say."""

    def column() -> Column:
        return models.CharField(max_length=max_length, blank=True, default="", db_default="")

    return column(), column(), column()


class TextStates(models.JSONField):
    """{field: {language: {"state": …, "of": SHA-256 of the source text}}} for the texts of a row.

    `official`, `unofficial`: a translation. `same`: the original, kept on purpose. `statement`: given in that language.
    """

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {"default": dict, "blank": True, "editable": False}
        super().__init__(**(given | options))


class SourceLanguage(models.CharField):  # type: ignore[type-arg]
    """The language in which the texts of a row were written."""

    def __init__(self, **options: Any) -> None:
        choices = [(code, code) for code in LANGUAGES]
        given: dict[str, Any] = {"max_length": 2, "default": "fi", "choices": choices}
        super().__init__(**(given | options))

    def get_default(self) -> str:
        """Where nothing is said, the city's first language."""
        return city.first_language()


def fingerprint(text: str) -> str:
    """What a translation was made of; a changed source makes it outdated."""
    return hashlib.sha256(text.encode()).hexdigest()


class Fingerprint(models.Func):
    """The same by the database."""

    template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
    output_field = models.CharField()


def first(record: Any, field: str) -> str:
    """The text in the city's first language, else in the next one that has it."""
    ours = city.identity().first
    found = (getattr(record, f"{field}_{code}", "") for code in (ours, *LANGUAGES))
    return str(next((words for words in found if words), ""))


class Comparable(models.Func):
    """A text as `typed.comparable` has it, by the database: what is stored may be older than the rules of today."""

    template = "NORMALIZE(TRANSLATE(%(expressions)s))"
    output_field = models.TextField()

    def __init__(self, text: models.F) -> None:
        spaces = typed.SPACES + typed.INVISIBLE  # each space has a partner, what can't be seen has none and goes
        super().__init__(text, models.Value(spaces), models.Value(" " * len(typed.SPACES)))


def says_words(text: str) -> bool:
    """Whether a text says anything in words; a number, a code or a unit’s sign reads the same everywhere."""
    return re.search(WORDED, text) is not None


def said(field: str) -> Coalesce:
    """For the database: what a text says in the first of our languages that has it."""
    return Coalesce(*(NullIf(models.F(f"{field}_{code}"), models.Value("")) for code in LANGUAGES), models.Value(""))


def unsaid(field: str) -> models.Q:
    """For the database: a text that has no words in any language."""
    return models.Q(**{f"{field}_{code}": "" for code in LANGUAGES})


def source_of(record: Any) -> Language:
    """The language in which a row was written; rows without one are in the first."""
    source: Language = getattr(record, "source_language", None) or city.identity().first
    return source


def statement_in(record: Any, field: str) -> Language | None:
    """The language in which a text was given as a statement and stays (28 § of the Language Act), or None."""
    for code, state in _states(record, field).items():
        if state["state"] == STATEMENT and state["of"] == fingerprint(_column(record, field, code)):
            return cast(Language, code)
    return None


def wordings(record: Any, field: str) -> dict[str, str]:
    """What a text of a row says in each language.

    A wording that only repeats the original is none, unless it is marked the same on purpose or says nothing in words.
    A statement has its own language alone. A name of before it had three columns is in the row's language.
    """
    said: dict[str, str] = {code: _column(record, field, code) for code in LANGUAGES}
    if given_in := statement_in(record, field):
        return {code: said[code] if code == given_in else "" for code in LANGUAGES}
    source = source_of(record)
    if not any(said.values()):
        said[source] = original_of(record, field)
    original, states = said[source], _states(record, field)
    if not says_words(original):
        return {code: words or original for code, words in said.items()}
    return {
        code: "" if code != source and is_copy(words, original, states.get(code, {})) else words
        for code, words in said.items()
    }


def original_of(record: Any, field: str) -> str:
    """A text as it was written: in the row's language, else the name of before it had three columns."""
    return _column(record, field, source_of(record)) or str(getattr(record, field, None) or "")


def is_copy(words: str, original: str, state: dict[str, str]) -> bool:
    """Whether a wording only repeats the original, unmarked; a mark holds as long as the original stands."""
    if words != original or not says_words(words):
        return False
    return not (state.get("state") == SAME and state.get("of") == fingerprint(original))


def _states(record: Any, field: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = (getattr(record, "texts", None) or {}).get(field, {})
    return found


def _column(record: Any, field: str, code: str) -> str:
    return str(getattr(record, f"{field}_{code}", None) or "")


def readers() -> Language:
    """The language in which the reader is told texts, days and numbers: that of the page, else the city's first one.

    Pages may speak a language that no text has a column for.
    """
    language = (get_language() or "")[:2]
    return next((code for code in LANGUAGES if code == language), city.identity().first)


def shown(field: str) -> Coalesce:
    """For ordering rows: the text in the reader's language, else in the first language that has one."""
    codes = dict.fromkeys((readers(), city.identity().first, *LANGUAGES))
    said = [NullIf(models.F(f"{field}_{code}"), models.Value("")) for code in codes]
    return Coalesce(*said, models.Value(""))


def local(record: Any, field: str) -> str:
    """The text in the reader's language, else as it was written, else in the first language that has one."""
    return spoken(record, field)[0]


def spoken(record: Any, field: str) -> tuple[str, str]:
    """The same, and the language that it is in."""
    language = readers()
    said = wordings(record, field)
    for code in (language, source_of(record), city.identity().first, *LANGUAGES):
        if found := said.get(code):
            return found, code
    return "", language


def in_step(record: Any, given: dict[str, Any], *fields: str) -> dict[str, Any]:
    """What is given of names, with the single column beside the three saying the name in the row's own language.

    A single name given alone is a new name: it has no wording in other languages yet.
    """
    told, own = dict(given), str(given.get("source_language") or source_of(record))
    for field in fields:
        columns = [f"{field}_{code}" for code in LANGUAGES]
        if any(column in given for column in columns):
            said = {column: given.get(column, getattr(record, column, "")) for column in columns}
            told[field] = said[f"{field}_{own}"] or next(filter(None, said.values()), "")
        elif field in given and given[field] != getattr(record, field, ""):
            told |= dict.fromkeys(columns, "") | {f"{field}_{own}": given[field]}
    return told


def of(texts_by_language: dict[str, str], field: str) -> dict[str, str]:
    """{"fi": …} as the columns of one field."""
    return {f"{field}_{code}": texts_by_language.get(code, "") for code in LANGUAGES}
