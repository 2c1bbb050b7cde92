"""What many stories about reports begin with: the cast, and a report of one programme at each state."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from reporting.models import Report
from reporting.reports import commands
from tests import story
from tests.reporting import factories

STATES = ("open", "frozen", "draft", "confirmed", "sent")


def report_at(state: str, ana: Person, of: Programme | None = None) -> Report:
    """A report that has come as far as this."""
    schedule = factories.schedule(of or factories.indicator().target.programme)
    if state in ("open", "frozen"):
        return factories.opened(schedule) if state == "open" else factories.frozen(schedule)
    report = factories.draft(schedule)
    if state in ("confirmed", "sent"):
        report = commands.confirm_report(report, by=ana)
    return commands.send_report(report, by=ana) if state == "sent" else report


@dataclass(frozen=True)
class Begun:
    """What stories about reports begin with, by its keys: each story reads it for itself."""

    cast: dict[str, int]
    reports: dict[str, int]

    def people(self) -> story.People:
        found = Person.objects.in_bulk(self.cast.values())
        return {name: found[pk] for name, pk in self.cast.items()}

    def at(self, state: str) -> Report:
        """The report that has come as far as this."""
        return Report.objects.get(pk=self.reports[state])


def begin() -> Begun:
    """Enter the cast, and a report of one programme at each state."""
    cast, programme = story.people(), factories.indicator().target.programme
    reports = {state: report_at(state, cast["ana"], programme).pk for state in STATES}
    return Begun({name: someone.pk for name, someone in cast.items()}, reports)
