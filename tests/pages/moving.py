"""What the stories about a report's moves are told with."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import translation

from portfolio import clock, history
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import REFUSALS, Lack
from reporting.models import Report, Work
from reporting.reports import commands
from tests import story
from tests.pages.reading import markup
from tests.portfolio.decisions import factories as decided
from tests.reporting import factories

Reader = Callable[..., Client]
BUTTONS = {
    "confirm": "Confirm the report",
    "send": "Send to the council",
    "propose": "Record the board’s proposal",
    "note": "Record that the council noted it",
}
# Each move: the state that it starts from, who makes it, the decision that it records, the state that it leads to.
MOVES = {
    "confirm": ("draft", "ana", None, "confirmed"),
    "send": ("confirmed", "sirpa", None, "sent"),
    "propose": ("confirmed", "sirpa", ("board", "propose"), "confirmed"),
    "note": ("sent", "sirpa", ("council", "note"), "noted"),
}


def report_at(state: str, ana: Person, of: Programme | None = None) -> Report:
    """A report that has come as far as this."""
    schedule = factories.schedule(of or factories.indicator().target.programme)
    if state == "open":
        return factories.opened(schedule)
    report = factories.draft(schedule)
    if state in ("confirmed", "sent"):
        report = commands.confirm_report(report, by=ana)
    return commands.send_report(report, by=ana) if state == "sent" else report


@dataclass(frozen=True)
class Begun:
    """What the stories of a module begin with, by its keys: each story reads it for itself."""

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
    reports = {state: report_at(state, cast["ana"], programme).pk for state in ("open", "draft", "confirmed", "sent")}
    return Begun({name: someone.pk for name, someone in cast.items()}, reports)


def form(report: Report, decision: tuple[str, str] | None = None) -> dict[str, Any]:
    """What the page's form sends."""
    sent = {"version": Report.objects.get(pk=report.pk).version}
    if decision:
        body, kind = decision
        sent["decision"] = decided.decision(body, kind, decided_on=clock.today()).pk
    return sent


def press(browser: Client, report: Report, move: str, sent: dict[str, Any]) -> Any:
    return browser.post(f"/reports/{report.pk}/{move}/", sent)


def shown(response: Any) -> str:
    return html.unescape(markup(response))


def refused(reader: Reader, someone: Person, report: Report, move: str, sent: Any, *, code: str, status: int) -> None:
    """The same form in three languages: a page with the refusal's sentence, three different ones; nothing changed."""
    head, before, told = history.head(), Report.objects.get(pk=report.pk), set()
    for language in ("fi", "sv", "en"):
        response = press(reader(someone, language), report, move, sent)
        page = shown(response)
        assert response.status_code == status, page[:2000]
        assert f'<html lang="{language}">' in page and f'<span class="mono">{code}' in page
        told.add(re.search(r"<li><div><b>([^<{]{12,})</b>", page)[1])  # type: ignore[index]
    assert len(told) == 3, told
    assert history.head() == head
    after = Report.objects.get(pk=report.pk)
    assert (after.state, after.version, after.proposed_by_id) == (before.state, before.version, before.proposed_by_id)


def refused_at_the_field(reader: Reader, someone: Person, report: Report, move: str, sent: Any, code: str) -> None:
    """The form comes back in three languages with the refusal's sentence beside the field; nothing changed."""
    head, told = history.head(), set()
    for language in ("fi", "sv", "en"):
        response = press(reader(someone, language), report, move, sent)
        page = shown(response)
        with translation.override(language):
            sentence = Lack(code).as_dict()["message"]
        assert response.status_code == REFUSALS[code].status, page[:2000]
        (alert,) = re.findall(r'id="decision-error" role="alert">([^<]+)<', page)
        assert sentence.split("{")[0] in alert
        assert "<select" not in page or 'aria-invalid="true" aria-describedby="decision-error"' in page
        told.add(alert)
    assert len(told) == 3, told
    assert history.head() == head


def move_page(browser: Client, report: Report, move: str) -> str:
    answer = browser.get(f"/reports/{report.pk}/{move}/")
    assert answer.status_code == 200
    return shown(answer)


def given_up(opened: Report) -> Report:
    """The report frozen, and its Swedish PDF given up by the program."""
    report = factories.freeze(opened)
    file = Work.objects.filter(report=report, kind="render", language="sv", format="pdf")
    file.update(parked=True, strikes=3, last_error="3× Failed: sv.pdf: no such font\n  a long tale")
    return report
