"""The money of a programme by year and source, each year with its own sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.money.models import Funding
from reporting.compilation.work import total
from reporting.pages.programmes.head import Read
from reporting.snapshot import overall
from reporting.snapshot.overall import MoneyLine
from reporting.snapshot.projects import used_by_then


@dataclass(frozen=True)
class MoneyView:
    """A source of money in a year, or all of a year together."""

    year: int
    source: str
    budget: Decimal | None
    granted: Decimal | None
    used: Decimal | None
    together: bool = False


@dataclass(frozen=True)
class MoneyPage:
    """Sums by year and source, the newest year first; none where a part of the money is hidden."""

    rows: tuple[MoneyView, ...]
    some: bool


def money(found: Read) -> MoneyPage:
    """What the reader may know of a programme's money: a sum is the whole's or none."""
    lines = (
        [] if found.partly(Funding) else overall.money(found.shown.known_at, found.shown.on, programme_id=found.row.id)
    )
    return MoneyPage(tuple(sums(lines, used_by_then(lines, found.shown.on, found.shown.cut))), found.partly(Funding))


def sums(lines: Sequence[MoneyLine], used: Mapping[int, Decimal | None]) -> Iterable[MoneyView]:
    """By year and source, the newest year first, each year with its own sum."""
    for year in sorted({line.year for line in lines}, reverse=True):
        of_it = [line for line in lines if line.year == year]
        for source in sorted({line.source for line in of_it}):
            label = str(Funding.Source(source).label)
            yield summed([line for line in of_it if line.source == source], used, year, label)
        yield summed(of_it, used, year, "", together=True)


def summed(
    lines: Sequence[MoneyLine], used: Mapping[int, Decimal | None], year: int, source: str, *, together: bool = False
) -> MoneyView:
    """Some sources of a year as one; a gap is not zero."""
    return MoneyView(
        year=year,
        source=source,
        budget=total(line.budget for line in lines),
        granted=total(line.granted for line in lines),
        used=total(used.get(line.id) for line in lines),
        together=together,
    )
