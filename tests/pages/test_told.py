"""What a page tells is so: the way a programme has come, what ended, who sits, whoever reads it."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from portfolio import clock, history
from portfolio.benefits import commands as benefits_commands
from portfolio.people.commands import end_role
from portfolio.people.models import Role
from portfolio.programmes.models import PhaseMove
from reporting.reports import commands
from reporting.templatetags.written import clock_time
from tests import story
from tests.pages.conftest import Reader
from tests.pages.reading import markup
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories as programmes
from tests.reporting import factories

STEP = re.compile(r'<li class="gate( done)?"(?: aria-current="step")?><b>([^<]+)</b>(.*?)</li>', re.S)


def shown(browser: Client, path: str) -> str:
    return html.unescape(markup(browser.get(path))).replace("\u00ad", "").replace("\xa0", " ")


def chain(page: str) -> dict[str, tuple[bool, str]]:
    """Each step: whether it is done, and what is said under it."""
    return {title: (bool(done), re.sub(r"<[^>]+>", "", said).strip()) for done, title, said in STEP.findall(page)}


@pytest.mark.parametrize("who", ["ana", "bo", "aud"])
def test_the_chain_is_the_same_for_whoever_may_see_the_programme(
    reader: Reader, people: story.People, who: str
) -> None:
    """A gate is a body's own decision: the council is not told that its own is missing (D5)."""
    programme = benefits.programme()
    benefits.approved(programme)
    told = chain(shown(reader(people[who]), f"/programmes/{programme.pk}/"))
    assert told["Topic set"][0] and told["Targets proposed"][0] and told["Targets approved"][0]
    assert "28 Feb" in told["Targets approved"][1] and "14 Feb" in told["Targets proposed"][1]
    assert told["Programme plan"] == (False, "next") and told["Closing"] == (False, "not yet")
    assert "not known" in told["Steering group"][1], "a later gate is done, of this one nothing is on record"


def test_what_ended_is_not_told_as_never_approved(reader: Reader, people: story.People) -> None:
    """Five targets that ended are five, not none (D4)."""
    programme = benefits.programme()
    for code in ("HT1", "HT2"):
        target, decision = benefits.approved(programme, code=code), benefits.council_ends()
        ended = {"decision": decision, "ended_on": decision.decided_on, "because": "Toteutui"}
        benefits_commands.end_target(target, by=story.SETUP, **ended)
    for language, words in (("fi", "2 päättynyttä"), ("sv", "2 avslutade"), ("en", "2 ended")):
        page = shown(reader(people["ana"], language), "/programmes/")
        assert words in page and "none approved" not in page


def test_a_group_that_was_set_up_is_not_told_as_none(reader: Reader, people: story.People) -> None:
    """Whoever may not see the seats, and where only the decision on the group is known (D4)."""
    elected = programmes.programme("vanha", "Vanha ohjelma")
    point = {"kind": "elect", "text_fi": "Ohjausryhmä valittiin.", "programmes": [elected]}
    decided.decision("council", points=[point], decided_on=date(2021, 8, 30))
    programmes.organised(programmes.programme("uusi", "Uusi ohjelma"))
    programmes.programme("aihe", "Vasta aihe")
    page = shown(reader(people["bo"]), "/programmes/")
    rows = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr role=.row.>(.*?)</tr>", page, re.S)]
    told = {name: row for row in rows for name in ("Vanha ohjelma", "Uusi ohjelma", "Vasta aihe") if name in row}
    assert "|group set up|" in told["Vanha ohjelma"] and "|group not set up|" in told["Vasta aihe"]
    assert "|group 2 + 2" in told["Uusi ohjelma"]


def test_a_past_day_is_shown_as_it_was_known_when_it_ended(reader: Reader, people: story.People) -> None:
    """Also where the last change falls on that day (D10)."""
    programmes.programme()
    today = clock.today()
    page = shown(reader(people["ana"], "fi"), f"/programmes/?as_of={today - timedelta(days=1)}")
    assert "klo 23.59" in page


@pytest.mark.parametrize(("language", "word"), [("fi", "Ohjelmapäällikkö"), ("sv", "Programchef"), ("en", "manager")])
def test_the_past_names_who_managed_the_programme_as_was_known(
    reader: Reader, people: story.People, language: str, word: str
) -> None:
    """At every moment the page has the same managers as the list of roles has."""
    programme = benefits.programme()
    before = history.head().seq
    maija = story.person("Maija Malli", Role.PROGRAMME_MANAGER, programme=programme)
    appointed = history.head().seq
    end_role(maija.roles.get(), ends_on=clock.today() - timedelta(days=1), because="left", by=people["uma"])
    with history.change(by=story.SETUP):
        maija.refresh_from_db()
        maija.name = "Maija Mallikas"
        maija.checked_save()
    asked = {f"seq:{before}": "", f"seq:{appointed}": "Maija Malli", "": ""}
    for as_of, name in asked.items():
        page = shown(reader(people["ana"], language), f"/programmes/{programme.pk}/?as_of={as_of}")
        assert ("Maija" in page) == bool(name), as_of
        assert not name or re.search(rf"<dt>[^<]*{word}</dt><dd>{name}<small>", page), as_of


def test_minutes_keep_their_nought() -> None:
    """16.09 is not 16.90."""
    for minute, told in ((9, "16.09"), (0, "16.00"), (59, "16.59")):
        at = datetime(2026, 1, 5, 16, minute, tzinfo=clock.zone())
        with translation.override("fi"):
            assert f">{told}</time>" in clock_time(at)
        with translation.override("en"):
            assert f">{told.replace('.', ':')}</time>" in clock_time(at)


def test_an_ended_programme_of_an_older_register_is_not_told_as_one_without_targets(
    reader: Reader, people: story.People
) -> None:
    """Phase and decisions say that there were a group, targets and a plan; none of them is on record (N4)."""
    programme = programmes.programme("vanha", "Vanha ohjelma")
    with history.change(by=story.SETUP):
        PhaseMove(
            programme=programme, phase="closed", effective_on=date(2021, 6, 30), provenance="taken_over"
        ).checked_save()
    page = shown(reader(people["ana"]), f"/programmes/{programme.pk}/targets/")
    assert "The benefit targets that the council approved are not on record here." in page
    assert "The council has approved no benefit targets." not in page
    (row,) = re.findall(r"<tr role=.row.>(.*?)</tr>", shown(reader(people["ana"]), "/programmes/"), re.S)[1:]
    assert "not on record" in row and "none approved" not in row


def test_reports_are_promised_only_where_there_are_any(reader: Reader, people: story.People) -> None:
    """(N5)"""
    programme = factories.indicator().target.programme
    page = f"/programmes/{programme.pk}/targets/"
    assert "are shown to those who work in it" in shown(reader(people["bo"]), page)
    assert "The confirmed reports tell" not in shown(reader(people["bo"]), page)
    commands.confirm_report(factories.draft(factories.schedule(programme)), by=people["ana"])
    assert "The confirmed reports tell how they stand." in shown(reader(people["bo"]), page)
