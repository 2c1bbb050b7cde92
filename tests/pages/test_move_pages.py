"""The page on which a move is asked once: what it says, what it lacks, and where a lost session leads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portfolio import clock, history
from portfolio.people.models import Account
from reporting.models import Report
from reporting.reports import commands
from tests import story
from tests.pages.conftest import Reader
from tests.pages.moving import (
    MOVES,
    form,
    given_up,
    move_page,
    press,
    refused,
    shown,
)
from tests.portfolio.programmes import factories as programmes
from tests.reporting import factories
from tests.reporting.begun import Begun


@pytest.fixture
def people(begun: Begun, db: None) -> story.People:
    return begun.people()


@pytest.mark.parametrize("move", MOVES)
def test_a_press_whose_session_has_ended_leads_back_to_the_question(
    reader: Reader, people: story.People, begun: Begun, move: str
) -> None:
    """Signed in again, one is asked once more and nothing is lost; what was done meanwhile is not asked again."""
    state, who, decision, _ = MOVES[move]
    report = begun.at(state)
    sent, head = form(report, decision), history.head()
    Account.objects.filter(person=people[who]).delete()
    account = Account.objects.create(person=people[who], username="somebody", password=story.hashed_password())
    nobody = Client()
    away = press(nobody, report, move, sent)
    assert away.status_code == 302 and away["Location"] == f"/sign-in/?next=/reports/{report.pk}/{move}/"
    signed = {"username": account.username, "password": story.PASSWORD, "next": f"/reports/{report.pk}/{move}/"}
    back = nobody.post("/sign-in/", signed, follow=True)
    assert back.status_code == 200 and f'action="/reports/{report.pk}/{move}/"' in shown(back)
    assert history.head() == head
    assert press(nobody, report, move, sent).status_code == 302
    assert nobody.get(f"/reports/{report.pk}/{move}/").status_code == 302


def test_an_address_that_only_takes_forms_says_so_on_a_page(reader: Reader, people: story.People, begun: Begun) -> None:
    answer = reader(people["ana"], "sv").post("/programmes/", {})
    assert answer.status_code == 405 and answer["Allow"] and "method.not_allowed" in shown(answer)
    report = given_up(begun.at("open"))
    assert reader(people["sirpa"]).get(f"/reports/{report.pk}/unpark/")["Location"] == f"/reports/{report.pk}/"


def test_no_two_moves_that_can_not_be_taken_back_stand_on_one_page(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    """The page of a report asks for nothing itself; the same place holds no second deed for a second Enter."""
    report = begun.at("draft")
    browser, page = reader(people["ana"]), f"/reports/{report.pk}/"
    for move in ("confirm", "send"):
        assert "<button" not in shown(browser.get(page)).split("<main")[1]
        answer = press(browser, report, move, form(report))
        assert answer["Location"] == page


def test_a_draft_that_lacks_something_says_all_of_it_before_it_is_confirmed(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    report = factories.draft(factories.schedule(council_term=begun.at("open").schedule.council_term))
    late = programmes.programme("unohdettu", "Unohdettu ohjelma")
    page = move_page(reader(people["ana"]), report, "confirm")
    assert str(late.name_fi) in page and re.search(r'type="submit" disabled', page)
    refused(reader, people["ana"], report, "confirm", form(report), code="report.programme_missing", status=409)


@pytest.mark.parametrize(("move", "body"), [("propose", "board"), ("note", "council")])
def test_where_no_decision_is_on_record_the_page_says_what_is_awaited(
    reader: Reader, people: story.People, begun: Begun, move: str, body: str
) -> None:
    report = begun.at(MOVES[move][0])
    page = move_page(reader(people["sirpa"]), report, move)
    assert "No decision is on record yet" in page and f"the {body}" in page and "<select" not in page
    assert "through the interface for programs" in page and f'href="{reverse("api-docs")}"' in page


@pytest.mark.parametrize(
    ("language", "office", "secretary"),
    [
        ("fi", "odottaa: ohjelmajohtaja tai ohjelmatoimiston sihteeri", "odottaa: ohjelmatoimiston sihteeri"),
        ("sv", "väntar på: programdirektör eller programkontorets sekreterare", "på: programkontorets sekreterare"),
        ("en", "waits for: programme director or secretary of the", "waits for: secretary of the programme office"),
    ],
)
def test_the_next_step_says_for_whom_it_waits_and_a_taken_one_who_took_it(
    reader: Reader, people: story.People, begun: Begun, language: str, office: str, secretary: str
) -> None:
    report = begun.at("draft")
    browser, page = reader(people["ana"], language), f"/reports/{report.pk}/"
    assert office in shown(browser.get(page)).replace("\u00ad", "")
    commands.send_report(commands.confirm_report(report, by=people["ana"]), by=people["sirpa"])
    told = shown(browser.get(page)).replace("\u00ad", "").split("<ol")[1].split("</ol>")[0]
    assert secretary in told and office not in told
    assert people["ana"].name in told and people["sirpa"].name in told


def test_a_report_says_of_itself_that_it_was_opened_late_until_its_facts_are_taken_again(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    programme = begun.at("open").schedule.programmes.get().programme
    of, due = factories.schedule(programme), clock.now() - timedelta(minutes=5)
    report = commands.open_report(of, status_date=factories.NEW_YEAR, cut_off_at=due, by=people["ana"])
    words = {"fi": "vasta tietojen katkaisuajankohdan jälkeen", "sv": "öppnades först efter", "en": "only after its"}
    for language, said in words.items():
        for path in ("/reports/", f"/reports/{report.pk}/"):
            page = shown(reader(people["ana"], language).get(path))
            assert said in page and "mainitaan raportissa" not in page and "anges i rapporten" not in page
    factories.rendered(factories.freeze(report))
    commands.retake_report(Report.objects.get(pk=report.pk), because="Uudelleen", by=people["ana"])
    assert words["en"] not in shown(reader(people["ana"]).get(f"/reports/{report.pk}/"))


def test_a_superseded_edition_says_which_stands_in_its_place(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    report = begun.at("confirmed")
    later = commands.supersede_report(report, because="Laskuvirhe", by=people["ana"])
    for path in ("/reports/", f"/reports/{report.pk}/"):
        assert "stands in its place" not in shown(reader(people["ana"]).get(path)), "a draft has been said to nobody"
    factories.rendered(factories.freeze(later))
    commands.confirm_report(Report.objects.get(pk=later.pk), by=people["ana"])
    for path in ("/reports/", f"/reports/{report.pk}/"):
        page = shown(reader(people["bo"]).get(path))
        assert f'href="/reports/{later.pk}/">edition 2 stands in its place' in page


def test_the_files_of_a_draft_are_called_a_draft(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("draft")
    for language, words in (("fi", "luonnoksia"), ("sv", "utkast"), ("en", "are a draft")):
        for path in ("/reports/", f"/reports/{report.pk}/", f"/reports/{report.pk}/confirm/"):
            assert words in shown(reader(people["ana"], language).get(path))
    commands.confirm_report(report, by=people["ana"])
    assert "are a draft" not in shown(reader(people["ana"]).get(f"/reports/{report.pk}/"))


def test_what_is_not_in_every_language_is_told_before_it_is_confirmed(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    """Nothing can be added to an edition afterwards (N6)."""
    report = begun.at("draft")
    for language, words in (("fi", "puuttuu ruotsiksi"), ("sv", "saknas på svenska"), ("en", "no wording in Swedish")):
        assert words in move_page(reader(people["ana"], language), report, "confirm")
    assert "no wording" not in move_page(
        reader(people["sirpa"]), commands.confirm_report(report, by=people["ana"]), "send"
    )
