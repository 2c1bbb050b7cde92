"""Small figures that lines and pages of programmes share: a milestone's slip, a year's money, a risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from projects.progress.models import Risk
from projects.progress.scale import level, mitigation_overdue
from reporting.compilation import work
from reporting.facts import Text
from reporting.pages.moment import Moment
from reporting.snapshot import overall
from reporting.snapshot.projects import used_by_then
from reporting.snapshot.world import text

OPEN = ("planned", "running", "suspended")


@dataclass(frozen=True)
class NextMilestone:
    """What is to be reached next, when, and how many days after the plan."""

    name: Text
    on: date
    slip: int


@dataclass(frozen=True)
class YearsMoney:
    """What may be used, and what has been; None where nothing is known."""

    available: Decimal | None
    used: Decimal | None


@dataclass(frozen=True)
class TopRisk:
    """An open risk: its level of at most 25, and whether its mitigation is overdue."""

    title: Text
    level: int
    overdue: bool

    @classmethod
    def of(cls, row: Risk, on: date) -> TopRisk:
        """As a row of it says on a day."""
        overdue = mitigation_overdue(row.mitigate_by, on=on)
        return cls(text(row, "title"), level(row.likelihood, row.impact), overdue)


def years_money(rows: Sequence[overall.MoneyLine], shown: Moment) -> YearsMoney:
    """Sources together; a gap is not zero."""
    used = used_by_then(rows, shown.on, shown.cut)
    return YearsMoney(work.total(map(work.available, rows)), work.total(used.get(row.id) for row in rows))


def slip(planned_on: date, expected_on: date, on: date) -> int:
    """Days after the plan: by the forecast, or by today where that has passed too."""
    return max((max(expected_on, on if expected_on < on else expected_on) - planned_on) // timedelta(days=1), 0)
