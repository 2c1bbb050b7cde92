"""The pages in a real browser, in short: no fault that axe finds, nothing too wide, a report sent by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portfolio.people.accounts.commands import issue_token
from reporting.models import Report
from tests import story
from tests.browser import city as cities
from tests.browser.conftest import NARROW, SMALLEST, WIDE, Open, faults, faults_at, listens, press_enter, tab_to


def complaints(page: Page) -> list[str]:
    """What the browser complains of from now on: a policy broken, a file missing, an error on a page."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_signing_in_comes_up_without_a_complaint(visit: Open) -> None:
    for width in (WIDE, NARROW):
        page = visit(None, "sv", width)
        heard = complaints(page)
        page.goto("/sign-in/")
        assert page.locator("h1").inner_text() == "Logga in"
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('600 20px \"Source Serif 4\"'))")
        assert faults(page) == [] and heard == []


FULLEST = ("programme", "programme of the past", "target", "project", "decision", "draft", "question")


@pytest.mark.proof
@pytest.mark.parametrize(("language", "width"), [("fi", NARROW), ("sv", SMALLEST)])
def test_the_fullest_pages_have_no_fault_on_a_phone(visit: Open, city: cities.City, language: str, width: int) -> None:
    page, pages = visit("sirpa", language, width), city.pages()
    found = {name: faults_at(page, pages[name]) for name in FULLEST}
    assert not any(found.values()), found


def test_a_report_is_confirmed_and_sent_by_keyboard_alone(visit: Open, city: cities.City) -> None:
    page = visit(None)
    heard = complaints(page)
    page.goto("/sign-in/")
    expect(page.locator("#username")).to_be_focused()
    listens(page)
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(story.PASSWORD)
    press_enter(page, "**/en/")
    for name, address in (("Reports", "**/reports/"), ("31 December 2023", f"**/reports/{city.draft.pk}/")):
        tab_to(page, name)
        press_enter(page, address)
    for move, button, state in (
        ("confirm", "Confirm the report", "Confirmed"),
        ("send", "Send to the council", "Sent to the council"),
    ):
        tab_to(page, f"{button} …")
        press_enter(page, f"**/reports/{city.draft.pk}/{move}/")
        tab_to(page, button)
        press_enter(page, f"**/reports/{city.draft.pk}/")
        expect(page.locator(".flag.live")).to_have_text(state)
    assert Report.objects.get(pk=city.draft.pk).state == "sent" and heard == []


@pytest.mark.proof
@pytest.mark.parametrize(("language", "width"), [("sv", NARROW), ("fi", SMALLEST)])
def test_the_pages_of_people_fit_a_phone(visit: Open, city: cities.City, language: str, width: int) -> None:
    uma, manu = city.people["uma"], city.people["manu"]
    for someone in (uma, manu):
        issue_token(someone.account, label="Siirto kaupungin tietovarastoon ja takaisin")
    page = visit("uma", language, width)
    found = {path: faults_at(page, path) for path in ("/account/", "/people/", f"/people/{manu.pk}/")}
    assert not any(found.values()), found


@pytest.mark.proof
@pytest.mark.parametrize(("language", "width", "light"), [("sv", SMALLEST, "dark"), ("fi", NARROW, "light")])
def test_the_first_page_registers_and_forms_fit_a_phone(
    visit: Open, city: cities.City, language: str, width: int, light: str
) -> None:
    page = visit("ana", language, width, color_scheme=light)
    programme, project = city.programme.pk, city.nouns()["project"]
    paths = (
        f"/{language}/", f"/{language}/?as_of={city.past}", "/registers/", "/registers/bodies/",
        f"/registers/programmes/{programme}/", f"{project}edit/", f"/budgets/new/?programme={programme}",
    )  # fmt: skip
    found = {path: faults_at(page, path) for path in paths}
    assert not any(found.values()), found
