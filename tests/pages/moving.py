"""What the stories about a report's moves are told with."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import translation

from portfolio import clock, history
from portfolio.people.models import Person
from portfolio.refusals import REFUSALS, Lack
from reporting.models import Report, Work
from tests.pages.reading import markup
from tests.portfolio.decisions import factories as decided
from tests.reporting import factories

Reader = Callable[..., Client]
EN = ("en",)
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


def refused(
    reader: Reader,
    someone: Person,
    report: Report,
    move: str,
    sent: Any,
    *,
    code: str,
    status: int,
    told_in: Any = EN,
) -> None:
    """A page with the refusal's sentence in each language that is asked for; nothing changed.

    That a page is told in the reader's language is one path for all codes, and has a test of its own
    (`test_a_refused_move_is_told_in_the_readers_language`); each code has a sentence of its own in all three.
    """
    head, before = history.head(), Report.objects.get(pk=report.pk)
    sentences = _sentences(code)
    for language in told_in:
        response = press(reader(someone, language), report, move, sent)
        page = shown(response)
        assert response.status_code == status, page[:2000]
        assert f'<html lang="{language}">' in page and f'<span class="mono">{code}' in page
        [told] = re.findall(r"<li><div><b>([^<{]{12,})</b>", page)[:1]
        assert told.startswith(sentences[language]), (told, sentences)
    assert history.head() == head
    after = Report.objects.get(pk=report.pk)
    assert (after.state, after.version, after.proposed_by_id) == (before.state, before.version, before.proposed_by_id)


def _sentences(code: str) -> dict[str, str]:
    """How the refusal's sentence begins in each language: three different ones."""
    found = {}
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            found[language] = str(Lack(code).as_dict()["message"]).split("{")[0]
    assert len(set(found.values())) == 3 and all(found.values()), found
    return found


def refused_at_the_field(
    reader: Reader, someone: Person, report: Report, move: str, sent: Any, code: str, told_in: Any = EN
) -> None:
    """The form comes back with the refusal's sentence beside the field; nothing changed."""
    head, sentences = history.head(), _sentences(code)
    for language in told_in:
        response = press(reader(someone, language), report, move, sent)
        page = shown(response)
        assert response.status_code == REFUSALS[code].status, page[:2000]
        (alert,) = re.findall(r'id="decision-error" role="alert">([^<]+)<', page)
        assert sentences[language] in alert
        assert "<select" not in page or 'aria-invalid="true" aria-describedby="decision-error"' in page
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
