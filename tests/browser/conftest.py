"""One Chromium and one site for a module: a real browser in front of the real program."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from tests import story
from tests.browser import city as cities

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDE, NARROW, SMALLEST = 1280, 390, 320  # the smallest is what WCAG 1.4.10 asks for
AXE = Axe()
Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if "tests/browser" in item.path.as_posix():
                item.add_marker(pytest.mark.skip(reason="no Chromium found: browser tests are skipped"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser; playwright keeps a loop in this thread, in which Django would otherwise refuse the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def city(shared_database: str) -> cities.City:
    return cities.build()


@pytest.fixture(scope="module")
def site(city: cities.City) -> Iterator[str]:
    """The site over a database of its own; truncation is refused, so pytest-django's own live server won't do."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.start()
    assert server.is_ready.wait(120) and server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Open]:
    """`visit("ana", "sv", NARROW)` is the page of a new browser in which Ana has signed in by the form."""
    contexts = []

    def opened(who: str | None, language: str = "en", width: int = WIDE, **given: Any) -> Page:
        context = chromium.new_context(base_url=site, viewport={"width": width, "height": 900}, **given)
        contexts.append(context)
        context.set_default_timeout(60_000)  # for a loaded machine
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        page = context.new_page()
        if who:
            sign_in(page, who)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, who: str) -> None:
    page.goto("/sign-in/")
    listens(page)
    page.fill("#username", who)
    page.fill("#password", story.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def faults(page: Page) -> list[str]:
    """What axe finds wrong, and what sticks out of the window."""
    found = [
        f"{fault['id']}: {fault['nodes'][0]['target']} {fault['nodes'][0]['failureSummary']}"
        for fault in AXE.run(page).response["violations"]
    ]
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{beyond} px wider than the window"] if beyond > 0 else found


def faults_at(page: Page, path: str) -> list[str]:
    answer = page.goto(path)
    assert answer and answer.status in (200, 400, 403, 404), path
    return faults(page)


def focused(page: Page) -> str:
    """The name of the control that has the focus, as it is read out."""
    read = page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''")
    return " ".join(read.split())


def listens(page: Page) -> None:
    """Wait until a page takes in what is pressed: before it is first painted, Chromium drops keys and clicks unseen.

    Asked from here again and again: a predicate that waits inside the page is against the policy of our pages.
    """
    page.wait_for_load_state()
    until = time.monotonic() + 60
    while not page.evaluate("performance.getEntriesByName('first-contentful-paint').length"):
        assert time.monotonic() < until, f"{page.url} is never painted"
        page.wait_for_timeout(20)


def press_enter(page: Page, address: str) -> None:
    """Press Enter on what leads to another page, and wait until that one takes in what is pressed."""
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    listens(page)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus."""
    tab_until(page, lambda: focused(page) == name, name)


def tab_until(page: Page, there: Callable[[], bool], name: str) -> None:
    listens(page)
    for _press in range(60):
        page.keyboard.press("Tab")
        if there():
            return
    raise AssertionError(f"no way to {name!r} by keyboard")
