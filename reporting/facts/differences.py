"""How a corrected edition differs from the one that it replaces, in plain values and codes (INV-97)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from reporting.facts.words import Text


@dataclass(frozen=True, kw_only=True)
class SaidFacts:
    """What one edition says at a place: a figure with its unit, a day, a text or a code, only one of them."""

    figure: Decimal | None = None
    decimals: int = 0
    unit: Text = Text()
    day: date | None = None
    text: Text = Text()
    code: str = ""
    approved: bool = True  # a measurement that nobody has approved yet judges nothing


@dataclass(frozen=True, kw_only=True)
class DifferenceFacts:
    """One difference; without a programme it is of the whole report. What only is there or not has nothing `said`."""

    programme: Text = Text()
    what: str
    subject: Text = Text()
    subject_code: str = ""
    on: date | None = None
    change: Literal["changed", "added", "removed"]
    was: SaidFacts | None = None
    now: SaidFacts | None = None
