"""A long list, so many rows a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
ROWS = 25
EVERY = 0  # in place of the number of a page: all rows on one


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, with its number and how many pages and rows there are."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int


def paged(rows: Sequence[Row], number: int) -> Page[Row]:
    """The page that was asked for, else the last one there is; `EVERY` row on one."""
    if number == EVERY:
        return Page(rows, 1, 1, len(rows))
    pages = max(-(-len(rows) // ROWS), 1)
    here = min(max(number, 1), pages)
    return Page(rows[(here - 1) * ROWS : here * ROWS], here, pages, len(rows))
