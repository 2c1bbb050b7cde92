"""Council terms and strategies for stories, entered as the setup would."""

from datetime import date
from typing import Any

from portfolio.strategy import commands
from portfolio.strategy.models import CouncilTerm, Goal, Strategy
from tests import story

DATES = {
    "2013–2017": (date(2013, 1, 1), date(2017, 5, 31)),
    "2017–2021": (date(2017, 6, 1), date(2021, 7, 31)),
    "2021–2025": (date(2021, 8, 1), date(2025, 5, 31)),
}


def term(label: str = "2021–2025") -> CouncilTerm:
    """The council term of these years: always the same one."""
    if known := CouncilTerm.objects.filter(label=label).first():
        return known
    starts_on, ends_on = DATES[label]
    return commands.record_council_term(label=label, starts_on=starts_on, ends_on=ends_on, by=story.SETUP)


def strategy(**given: Any) -> Strategy:
    """A strategy that nobody has adopted yet, unless told otherwise."""
    said = {"council_term": term(), "name_fi": "Kaupungin tarina", "name_sv": "Stadens berättelse"}
    return commands.record_strategy(by=story.SETUP, **(said | given))


def goal(of: Strategy | None = None, *, order: int = 1) -> Goal:
    """A goal in a focus area of its own."""
    area = commands.add_focus_area(strategy=of or strategy(), order=order, name_fi="Elinvoima", by=story.SETUP)
    return commands.add_goal(focus_area=area, order=1, text_fi="Työllisyys paranee.", by=story.SETUP)
