"""A report's moves through its page: by who may, by who may not, out of turn, twice, with an old or forged form."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from portfolio import clock, history
from reporting.models import Publication, Report, Work
from reporting.reports import commands
from tests import story
from tests.pages.conftest import Reader
from tests.pages.moving import (
    BUTTONS,
    MOVES,
    form,
    given_up,
    move_page,
    press,
    refused,
    refused_at_the_field,
    shown,
)
from tests.portfolio.decisions import factories as decided
from tests.reporting.begun import Begun


@pytest.fixture
def people(begun: Begun, db: None) -> story.People:
    return begun.people()


@pytest.mark.parametrize("move", MOVES)
def test_who_may_finds_the_button_and_it_works(reader: Reader, people: story.People, begun: Begun, move: str) -> None:
    state, who, decision, leads_to = MOVES[move]
    report = begun.at(state)
    browser, page = reader(people[who]), f"/reports/{report.pk}/"
    sent = form(report, decision)
    assert f'href="/reports/{report.pk}/{move}/">{BUTTONS[move]}' in shown(browser.get(page))
    asked = move_page(browser, report, move)
    assert BUTTONS[move] in asked and f'name="version" value="{sent["version"]}"' in asked
    if decision:
        assert f'<option value="{sent["decision"]}"' in asked, "the decision can be chosen"
    answer = press(browser, report, move, sent)
    assert (answer.status_code, answer["Location"]) == (302, page)
    after = Report.objects.get(pk=report.pk)
    assert after.state == leads_to
    assert decision is None or sent["decision"] in (after.proposed_by_id, after.noted_by_id)
    assert BUTTONS[move] not in shown(browser.get(page)), "what has been done is not offered again"


def test_a_report_goes_the_whole_way_through_its_page(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("draft")
    for move in ("confirm", "propose", "send", "note"):
        _, who, decision, _ = MOVES[move]
        assert press(reader(people[who]), report, move, form(report, decision)).status_code == 302, move
    report.refresh_from_db()
    assert report.state == "noted" and Publication.objects.get(report=report).sent_by == people["sirpa"]
    page = shown(reader(people["bo"]).get(f"/reports/{report.pk}/"))
    assert "Noted by the council" in page and 'method="post" action="/reports/' not in page
    assert re.search(r"<time[^>]+>[^<]+</time> § \d+", page), "the decision that noted it"
    assert people["ana"].name in page, "who confirmed it"


@pytest.mark.parametrize(
    ("who", "state", "moves"),
    [
        ("aud", "confirmed", ("send", "propose")),
        ("aud", "sent", ("note",)),
        ("bo", "confirmed", ("send", "propose")),
        ("ana", "sent", ("propose", "note")),
    ],
)
def test_who_may_not_sees_no_button_and_is_refused(
    reader: Reader, people: story.People, begun: Begun, who: str, state: str, moves: tuple[str, ...]
) -> None:
    report = begun.at(state)
    page = shown(reader(people[who]).get(f"/reports/{report.pk}/"))
    for move in moves:
        assert f"/reports/{report.pk}/{move}/" not in page
        sent = form(report, MOVES[move][2])
        refused(reader, people[who], report, move, sent, code="permission.role", status=403)


@pytest.mark.parametrize(("state", "others"), [("draft", ("aud", "bo", "uma", "dee")), ("confirmed", ("uma", "dee"))])
def test_a_report_is_not_there_for_others(
    reader: Reader, people: story.People, begun: Begun, state: str, others: tuple[str, ...]
) -> None:
    report = begun.at(state)
    for who in others:
        browser = reader(people[who])
        for rest in ("", "fi.html", "sv.pdf", "snapshot.json"):
            assert browser.get(f"/reports/{report.pk}/{rest}").status_code == 404, rest
        for move in MOVES:
            sent = form(report, MOVES[move][2])
            refused(reader, people[who], report, move, sent, code="not_found", status=404)


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        ("open", ("confirm", "send", "propose", "note")),
        ("draft", ("send", "propose", "note")),
        ("confirmed", ("confirm", "note")),
        ("sent", ("confirm", "send")),
    ],
)
def test_a_move_out_of_turn_is_a_sentence_on_a_page_with_the_way_back(
    reader: Reader, people: story.People, begun: Begun, state: str, moves: tuple[str, ...]
) -> None:
    report = begun.at(state)
    for move in moves:
        sent = form(report, MOVES[move][2])
        refused(reader, people["sirpa"], report, move, sent, code="report.transition", status=409)
        page = shown(press(reader(people["sirpa"]), report, move, sent))
        assert f'href="/reports/{report.pk}/"' in page and "Back to the report" in page


@pytest.mark.parametrize("move", ["propose", "note"])
def test_the_wrong_bodys_decision_and_an_early_one_are_refused(
    reader: Reader, people: story.People, begun: Begun, move: str
) -> None:
    report, kind = begun.at("sent"), MOVES[move][2][1]  # type: ignore[index]
    code = {"propose": "report.needs_proposal", "note": "report.needs_note"}[move]
    wrong = form(report, ("manager", "approve"))
    refused_at_the_field(reader, people["sirpa"], report, move, wrong, code)
    body = {"propose": "board", "note": "council"}[move]
    early = decided.decision(body, kind, decided_on=clock.today() - timedelta(days=1))
    sent = form(report) | {"decision": early.pk}
    refused_at_the_field(reader, people["sirpa"], report, move, sent, "report.order")


def test_a_refused_move_is_told_in_the_readers_language(reader: Reader, people: story.People, begun: Begun) -> None:
    report, three = begun.at("sent"), ("fi", "sv", "en")
    at_once = {"code": "report.transition", "status": 409, "told_in": three}
    refused(reader, people["sirpa"], report, "confirm", form(report), **at_once)
    sent = form(report) | {"decision": ""}
    refused_at_the_field(reader, people["sirpa"], report, "note", sent, "field.required", told_in=three)


def test_a_decision_that_is_none_is_refused_in_words(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("sent")
    for decision in ("", "x", "-1", "0", "99999999", "9" * 30, "1 OR 1=1"):
        sent = form(report) | {"decision": decision}
        refused_at_the_field(reader, people["sirpa"], report, "note", sent, "field.required")


@pytest.mark.parametrize("move", MOVES)
def test_the_second_press_of_a_button_leads_back_as_the_first_did(
    reader: Reader, people: story.People, begun: Begun, move: str
) -> None:
    """A double click, or the same form loaded again: once done, and no page about an older version."""
    state, who, decision, leads_to = MOVES[move]
    report = begun.at(state)
    browser, sent = reader(people[who]), form(report, decision) | {"once": "7f0c"}
    first = press(browser, report, move, sent)
    head = history.head()
    for again in (browser, reader(people[who], "fi")):
        answer = press(again, report, move, sent)
        assert (answer.status_code, answer["Location"]) == (first.status_code, first["Location"]) == (
            302, f"/reports/{report.pk}/",
        )  # fmt: skip
    assert history.head() == head and Report.objects.get(pk=report.pk).state == leads_to
    assert Publication.objects.filter(report=report).count() == (move == "send" or state == "sent")


def test_another_press_for_what_is_already_so_is_told(reader: Reader, people: story.People, begun: Begun) -> None:
    """Another window's form, a colleague's form, a form filled in otherwise: each is a press of its own."""
    report = begun.at("draft")
    sent = form(report) | {"once": "7f0c"}
    assert press(reader(people["ana"]), report, "confirm", sent).status_code == 302
    stale = {"code": "edit.stale", "status": 412}
    refused(reader, people["ana"], report, "confirm", sent | {"once": "7f0d"}, **stale)
    refused(reader, people["ana"], report, "confirm", form(report) | {"version": sent["version"]}, **stale)
    refused(reader, people["sirpa"], report, "confirm", sent, **stale)
    refused(reader, people["ana"], report, "send", sent, **stale)
    refused(reader, people["ana"], report, "confirm", sent | {"decision": "1"}, **stale)
    assert "Back to the report" in shown(press(reader(people["sirpa"]), report, "confirm", sent))
    assert report.history.filter(state="confirmed").count() == 1


def test_a_press_that_was_refused_can_be_repeated(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("sent")
    sent = form(report) | {"once": "7f0e"}
    refused_at_the_field(reader, people["sirpa"], report, "note", sent | {"decision": ""}, "field.required")
    early = decided.decision("council", "note", decided_on=clock.today() - timedelta(days=1))
    early_one = sent | {"decision": early.pk}
    refused_at_the_field(reader, people["sirpa"], report, "note", early_one, "report.order")
    right = sent | {"decision": decided.decision("council", "note", decided_on=clock.today()).pk}
    assert press(reader(people["sirpa"]), report, "note", right).status_code == 302


def test_a_key_that_can_not_be_kept_is_refused(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("draft")
    for key in ("k" * 121, "k\n"):
        sent = form(report) | {"once": key}
        refused(reader, people["ana"], report, "confirm", sent, code="idempotency.format", status=400)


def test_who_can_let_given_up_work_on_sees_why_it_failed_and_lets_it_on(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    report = given_up(begun.at("open"))
    browser, path = reader(people["sirpa"]), f"/reports/{report.pk}/"
    page = shown(browser.get(path))
    assert "Failed: sv.pdf: no such font</p>" in page and "a long tale" not in page
    sent = form(report) | {"because": "Fontti asennettiin.", "once": "7f10"}
    refused(reader, people["sirpa"], report, "unpark", sent | {"because": " "}, code="history.reason", status=400)
    for _press in range(2):
        assert press(browser, report, "unpark", sent)["Location"] == path
    assert not Work.objects.filter(parked=True).exists()
    assert "Let the program try again" not in shown(browser.get(path))
    refused(
        reader, people["sirpa"], report, "unpark", form(report) | {"because": "x"}, code="report.not_parked", status=409
    )


def test_who_can_not_let_it_on_is_not_told_of_a_draft(reader: Reader, people: story.People, begun: Begun) -> None:
    report = given_up(begun.at("open"))
    sent = form(report) | {"because": "x"}
    refused(reader, people["aud"], report, "unpark", sent, code="not_found", status=404)


def test_who_opened_the_page_before_another_changed_the_report_is_told_so(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    report = begun.at("draft")
    opened = form(report)
    commands.name_annex(report, by=people["sirpa"], case_number="1/00.01.02/2023")
    refused(reader, people["ana"], report, "confirm", opened, code="edit.stale", status=412)


def test_a_form_without_a_version_is_refused(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("draft")
    for version in ("", "x", "-1", "1.0", "9" * 40):
        refused(reader, people["ana"], report, "confirm", {"version": version}, code="edit.if_match", status=428)


@pytest.mark.parametrize("move", MOVES)
def test_a_form_from_elsewhere_is_refused(reader: Reader, people: story.People, begun: Begun, move: str) -> None:
    state, who, decision, _ = MOVES[move]
    report = begun.at(state)
    sent, head = form(report, decision), history.head()
    told = set()
    for language in ("fi", "sv", "en"):
        browser = reader(people[who], language, strict=True)
        for token in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            response = press(browser, report, move, sent | token)
            assert response.status_code == 403
        told.add(re.search("<h1>([^<]+)</h1>", shown(response))[1])  # type: ignore[index]
    assert len(told) == 3 and history.head() == head


def test_the_form_of_the_page_itself_is_taken(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("draft")
    browser = reader(people["ana"], strict=True)
    page = move_page(browser, report, "confirm")
    [move] = re.findall(rf'action="/reports/{report.pk}/confirm/">(.*?)</form>', page, re.S)
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]+)">', move))
    assert set(hidden) == {"csrfmiddlewaretoken", "version", "once"}
    assert press(browser, report, "confirm", hidden).status_code == 302


def test_nobody_moves_a_report_without_signing_in_or_by_opening_an_address(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    report = begun.at("draft")
    head = history.head()
    for move in MOVES:
        answer = press(Client(), report, move, form(report))
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
        assert Client().get(f"/reports/{report.pk}/{move}/")["Location"].startswith("/sign-in/")
        assert reader(people["aud"]).get(f"/reports/{report.pk}/{move}/").status_code == 404
        assert reader(people["ana"]).get(f"/reports/{report.pk}/{move}/").status_code in (200, 302, 403)
    assert reader(people["ana"]).post(f"/reports/{report.pk}/approve/").status_code == 404
    assert history.head() == head


def test_a_report_that_is_none_is_not_found(reader: Reader, people: story.People) -> None:
    browser = reader(people["ana"])
    for pk in ("0", "99999999", "9" * 18, "9" * 30):
        for rest in ("", "fi.pdf", "en.html", "snapshot.json"):
            assert browser.get(f"/reports/{pk}/{rest}").status_code == 404, rest
        assert browser.post(f"/reports/{pk}/confirm/", {"version": "1"}).status_code == 404


def test_a_report_on_its_way_says_what_is_missing_and_offers_nothing(
    reader: Reader, people: story.People, begun: Begun
) -> None:
    report = begun.at("open")
    page = shown(reader(people["ana"]).get(f"/reports/{report.pk}/"))
    assert page.count("not yet") == 6 and "starts within a minute" in page and "What can be done now" not in page
    assert reader(people["ana"]).get(f"/reports/{report.pk}/fi.pdf").status_code == 404
    assert reader(people["ana"]).get(f"/reports/{report.pk}/snapshot.json").status_code == 404


def test_only_decisions_that_can_be_right_are_offered(reader: Reader, people: story.People, begun: Begun) -> None:
    report = begun.at("sent")
    right = decided.decision("council", "note", decided_on=clock.today())
    for wrong in (
        decided.decision("board", "note", decided_on=clock.today()),
        decided.decision("council", "approve", decided_on=clock.today()),
        decided.decision("council", "note", decided_on=date(2021, 6, 7)),
    ):
        page = move_page(reader(people["sirpa"]), report, "note")
        assert f'<option value="{right.pk}"' in page and f'<option value="{wrong.pk}"' not in page
