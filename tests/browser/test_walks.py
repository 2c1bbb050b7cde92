"""The long walks: every role, every page, three languages, both widths, light and dark, paper, no script, keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import city as cities
from tests.browser.conftest import (
    NARROW,
    WIDE,
    Open,
    faults,
    faults_at,
    focused,
    listens,
    press_enter,
    tab_to,
    tab_until,
)

pytestmark = pytest.mark.proof

INSIDE = ("ana", "sirpa", "manu", "pia", "elli", "olavi", "aud")
OUTSIDE = ("bo", "linus")
NOTHING = ("uma", "dee")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_page_has_a_fault(visit: Open, city: cities.City, language: str, width: int) -> None:
    page = visit("sirpa", language, width)
    found = {name: faults_at(page, path) for name, path in city.pages().items()}
    for file in ("fi", "sv", "en"):
        found[f"report {file}"] = faults_at(page, f"/reports/{city.draft.pk}/{file}.html")
    assert not any(found.values()), found


@pytest.mark.parametrize("who", ["bo", "uma"])
def test_pages_that_show_little_have_no_fault_either(visit: Open, city: cities.City, who: str) -> None:
    page = visit(who, "sv", NARROW)
    found = {name: faults_at(page, path) for name, path in city.pages().items()}
    assert not any(found.values()), found


def test_the_dark_has_no_fault(visit: Open, city: cities.City) -> None:
    page = visit("sirpa", "fi", WIDE, color_scheme="dark")
    found = {name: faults_at(page, path) for name, path in city.pages().items()}
    assert not any(found.values()), found


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE])
def test_who_has_a_task_walks_from_the_list_to_a_rendition(visit: Open, city: cities.City, who: str) -> None:
    page = visit(who)
    page.get_by_role("link", name="Programmes", exact=True).click()
    page.locator(".port tbody th[scope=row] a").first.click()
    page.wait_for_url(f"**/programmes/{city.programme.pk}/")
    assert page.locator("h1").inner_text().replace("\u00ad", "") == f"{cities.LONG} in English"
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    page.goto(f"/programmes/{city.programme.pk}/?as_of={city.past}")
    expect(page.locator(".asof")).to_contain_text("Nothing can be changed here")
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator(".asof")).to_have_count(0)
    page.get_by_role("link", name="Reports", exact=True).first.click()
    page.get_by_role("link", name="31 December 2022").click()
    expect(page.locator(".flag.live")).to_have_text("Noted by the council")
    page.get_by_role("row", name="På svenska").get_by_role("link", name="HTML").click()
    page.wait_for_url("**/sv.html")
    assert page.locator("html").get_attribute("lang") == "sv"
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("who", NOTHING)
def test_who_has_no_task_finds_empty_lists_that_say_so(visit: Open, city: cities.City, who: str) -> None:
    page = visit(who)
    page.get_by_role("link", name="Programmes", exact=True).click()
    expect(page.get_by_text("There are no programmes here that you may see.")).to_be_visible()
    page.get_by_role("link", name="Reports").click()
    expect(page.get_by_text("No report has been confirmed yet, or none that you may see.")).to_be_visible()
    answer = page.goto(f"/programmes/{city.programme.pk}/")
    assert answer and answer.status == 404


def test_everything_works_without_script(visit: Open, city: cities.City) -> None:
    page = visit("sirpa", "en", WIDE, java_script_enabled=False)
    page.goto("/en/programmes/")
    page.get_by_role("link", name="SV, på svenska").click()
    expect(page.locator("h1")).to_have_text("Program")
    page.get_by_role("link", name="EN, in English").click()
    page.get_by_role("textbox", name="Day").fill("2020-01-01")
    page.get_by_role("button", name="Show this day").click()
    expect(page.get_by_text("No programme was known on that day.")).to_be_visible()
    page.goto(f"/reports/{city.draft.pk}/remarks/en/")
    page.get_by_text("Language of the original").first.click()
    page.get_by_role("textbox", name="Wording in Finnish").first.fill("Päästölaskenta vuodelta 2021")
    page.get_by_role("button", name="Save the wording").first.click()
    expect(page.get_by_text("This is required.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Wording in Finnish").first).to_have_value("Päästölaskenta vuodelta 2021")
    page.goto(f"/reports/{city.noted.pk}/")
    page.get_by_text("Checksums (SHA-256)").first.click()
    expect(page.locator(".sums .mono").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{page.url.split('/sign-in')[0]}/sign-in/")


def test_a_reader_changes_the_language_and_stays_where_they_are(visit: Open, city: cities.City) -> None:
    page = visit("sirpa", "en", NARROW)
    path = f"/programmes/{city.programme.pk}/history/?area=group"
    page.goto(path)
    for name, language, title in (("FI, suomeksi", "fi", "Historia"), ("SV, på svenska", "sv", "Historik")):
        page.get_by_role("link", name=name).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.url.endswith(path)
        expect(page.get_by_role("link", name=title)).to_have_attribute("aria-current", "page")


def outlined(page: Page) -> bool:
    """Whether the control that has the focus is visibly outlined and in the window."""
    return bool(
        page.evaluate("""() => {
            const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                && box.bottom > 0 && box.top < innerHeight && box.width > 0;
        }""")
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_focus_is_seen_wherever_it_goes(visit: Open, city: cities.City, width: int) -> None:
    page = visit("sirpa", "en", width)
    for name in ("programmes", "programme", "history", "draft", "remarks", "a day to come"):
        page.goto(city.pages()[name])
        listens(page)
        seen = []
        while len(seen) < 80:
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            assert outlined(page), f"{name}: {focused(page)}"
            seen.append(focused(page))
        assert seen[0] == "Skip to the content" and len(seen) > 8, seen


def test_the_skip_link_leads_past_the_menu(visit: Open, city: cities.City) -> None:
    page = visit("sirpa")
    page.goto(f"/programmes/{city.programme.pk}/")
    listens(page)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content" and outlined(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert focused(page) == "Programmes", "the first link of the page itself"


def test_a_remark_is_worded_by_keyboard(visit: Open, city: cities.City) -> None:
    """From the report's page to the field, past a refusal that keeps the focus at it, to an empty list."""
    page = visit("sirpa", "en", NARROW)
    page.goto(f"/reports/{city.draft.pk}/")
    tab_to(page, "Word them in Swedish")
    press_enter(page, f"**{city.pages()['remarks']}")
    tab_to(page, "Save the wording")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is required.")).to_be_visible()
    listens(page)
    assert faults(page) == [] and page.evaluate("document.activeElement.name") == "wording_sv"
    page.keyboard.type("Utsläppsräkning 2021")
    tab_to(page, "Save the wording")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The wording is saved.")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    assert faults(page) == []


def test_a_report_is_noted_by_keyboard(visit: Open, city: cities.City) -> None:
    """The board's proposal is chosen from the list of decisions and recorded; the draft is none from here on."""
    page = visit("sirpa")
    page.goto(f"/reports/{city.draft.pk}/")
    for move, name in (("confirm", "Confirm the report"), ("propose", "Record the board’s proposal")):
        tab_to(page, f"{name} …")
        press_enter(page, f"**/reports/{city.draft.pk}/{move}/")
        if move == "propose":
            tab_until(page, lambda: page.evaluate("document.activeElement.id") == "decision", "the decisions")
            page.keyboard.press("ArrowDown")
        tab_to(page, name)
        press_enter(page, f"**/reports/{city.draft.pk}/")
    expect(page.get_by_role("link", name="Record the board’s proposal")).to_have_count(0)


def test_paper_shows_the_content_and_no_controls(visit: Open, city: cities.City) -> None:
    page = visit("sirpa", "fi")
    for name in ("programmes", "programme", "history", "draft"):
        page.goto(city.pages()[name])
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 960})
        for control in (".bar", ".menu", ".choose", ".btn"):
            assert not any(each.is_visible() for each in page.locator(control).all()), (name, control)
        assert page.locator("h1").is_visible() and faults(page) == [], name
        assert page.pdf().startswith(b"%PDF")
        page.emulate_media(media="screen")
