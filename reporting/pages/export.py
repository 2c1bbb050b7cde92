"""A list as a file for a spreadsheet: the rows of the page that was asked for, each column declared once."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import get_language

from portfolio import city

Row = TypeVar("Row")
Cell = str | Promise | Decimal | int | date | None
FORMULA = "=+-@\t\r\n"  # a spreadsheet calculates a cell that begins with one of these
MARK = "\ufeff"  # by which a spreadsheet knows that the text is UTF-8
LONGEST_NAME = 120


@dataclass(frozen=True)
class Column(Generic[Row]):
    """What a column is called, and what a row has in it."""

    title: str | Promise
    cell: Callable[[Row], Cell]


@dataclass(frozen=True)
class Form:
    """How spreadsheets of a language read a file: what parts its cells, its decimal sign, its days."""

    between: str
    decimal: str
    day: Callable[[date], str]


FINNISH = Form(";", ",", lambda on: f"{on.day}.{on.month}.{on.year}")
ENGLISH = Form(",", ".", date.isoformat)
FORMS = {"fi": FINNISH, "sv": FINNISH, "en": ENGLISH}


def table(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Iterable[list[Cell]]:
    """The heads and then the cells of each row."""
    yield [column.title for column in columns]
    for row in rows:
        yield [column.cell(row) for column in columns]


def written(table: Iterable[Sequence[Cell]], language: str) -> str:
    """Comma-separated values as a spreadsheet of the language opens them: semicolons in Finnish and Swedish.

    Numbers and days are written as such, nothing known is an empty cell; no text is taken for a formula.
    """
    form, out = FORMS.get(language, ENGLISH), io.StringIO(newline="")
    writer = csv.writer(out, delimiter=form.between)
    writer.writerows([_cell(cell, form) for cell in row] for row in table)
    return MARK + out.getvalue()


def file_response(title: Sequence[str], on: date, table: Iterable[Sequence[Cell]]) -> HttpResponse:
    """The file to keep, named after the city, the list and its day."""
    language, ours = get_language() or "en", city.identity()
    response = HttpResponse(written(table, language), content_type="text/csv; charset=utf-8")
    called = ours.name.get(language) or ours.name[ours.first]
    name = slugify(" ".join([called, *title]))[:LONGEST_NAME].strip("-")
    response["Content-Disposition"] = f'attachment; filename="{name}-{on.isoformat()}.csv"'
    response["Content-Language"] = language
    response["Cache-Control"] = "private, no-cache"
    return response


def _cell(cell: Cell, form: Form) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return form.day(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", form.decimal)
    return str(cell) if isinstance(cell, int) else _text(str(cell))


def _text(told: str) -> str:
    """A text as it is; one that a spreadsheet would calculate begins with an apostrophe, in full width too."""
    first = unicodedata.normalize("NFKC", told.lstrip(" \u00a0")[:1])
    return f"'{told}" if first and first in FORMULA else told
