"""Texts in the city's three languages as plain columns, and the state of each translation."""

import hashlib
from typing import Any, TypeAlias

from django.db import models
from django.utils.translation import get_language

from portfolio import city, typed

LANGUAGES = city.LANGUAGES

Column: TypeAlias = "models.Field[Any, Any]"


def texts(max_length: int | None = None, *, blank: bool = False) -> tuple[Column, Column, Column]:
    """Three columns for one text; the first language is required unless `blank` (decision 13)."""

    def column(required: bool) -> Column:
        if max_length is None:
            return models.TextField(blank=not required, default="" if not required else models.NOT_PROVIDED)
        return models.CharField(
            max_length=max_length, blank=not required, default="" if not required else models.NOT_PROVIDED
        )

    return column(not blank), column(False), column(False)


def short_texts(max_length: int) -> tuple[Column, Column, Column]:
    """Three columns for a word or two that may be missing in all three languages, such as a unit."""
    first, second, third = (models.CharField(max_length=max_length, blank=True) for _ in range(3))
    return first, second, third


class TextStates(models.JSONField):
    """{field: {language: {"state": …, "of": SHA-256 of the source text}}} for the long texts of a row."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {"default": dict, "blank": True, "editable": False}
        super().__init__(**(given | options))


class SourceLanguage(models.CharField):  # type: ignore[type-arg]
    """The language in which the long texts of a row were written."""

    def __init__(self, **options: Any) -> None:
        choices = [(code, code) for code in LANGUAGES]
        given: dict[str, Any] = {"max_length": 2, "default": "fi", "choices": choices}
        super().__init__(**(given | options))


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


def local(record: Any, field: str) -> str:
    """The text in the reader's language, else in the city's first one, else in the next that has it."""
    language = (get_language() or city.identity().first)[:2]
    return str(getattr(record, f"{field}_{language}", "") or first(record, field))


def of(texts_by_language: dict[str, str], field: str) -> dict[str, str]:
    """{"fi": …} as the columns of one field."""
    return {f"{field}_{code}": texts_by_language.get(code, "") for code in LANGUAGES}
