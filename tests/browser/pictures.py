"""Pictures of the parts of pages for docs/design.md, taken of the site as it stands: `./run pictures`.

A part has no element of its own, so that a comment is put before and after each while the pictures are taken; what lies
between is what is cut out, where it is first met on the walks below.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.loaders.filesystem import Loader
from playwright.sync_api import Page

from portfolio import clock, history
from portfolio.benefits.measuring.commands import approve_measurement
from portfolio.benefits.measuring.models import Measurement
from portfolio.decisions.models import Body
from portfolio.people.accounts.commands import issue_token
from portfolio.programmes.models import Programme
from projects.progress import commands as progress
from projects.register.models import Project
from reporting.reports import commands
from tests.browser import city as cities
from tests.browser.conftest import Open, listens
from tests.pages.test_design import PICTURES, UNSEEN, parts
from tests.reporting import factories

MARGIN, TALLEST, LARGEST = 4, 264, 40_000  # pixels, pixels, bytes
FIND = """() => {
  for (const closed of document.querySelectorAll("main details:not([open])")) closed.open = true
  const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT), open = [], found = []
  while (comments.nextNode()) {
    const node = comments.currentNode, [word, name] = node.data.split(" ")
    if (word === "part") open.push(node)
    if (word !== "end") continue
    const range = document.createRange()
    range.setStartAfter(open.pop())
    range.setEndBefore(node)
    const { x, y, width, height } = range.getBoundingClientRect()
    if (width > 4 && height > 4) found.push([name, { x: x + scrollX, y: y + scrollY, width, height }])
  }
  return found
}"""


@pytest.fixture(scope="module", autouse=True)
def marked() -> Iterator[None]:
    """Templates of parts with a comment before and after; an attribute has no room for one."""
    read = Loader.get_contents

    def contents(self: Loader, origin: Any) -> str:
        path, told = Path(origin.name), read(self, origin)
        seen = path.parent.name == "partials" and path.stem not in UNSEEN
        return f"<!--part {path.stem}-->{told}<!--end {path.stem}-->" if seen else told

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Loader, "get_contents", contents)
        for loader in engines["django"].engine.template_loaders:
            loader.reset()
        yield


class Album:
    """What has been taken so far: of each part where it was met first."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def look(self, page: Page) -> None:
        """Take each part of a page that is not in the album."""
        for name, place in sorted(page.evaluate(FIND), key=_told_by):
            if name not in self.taken:
                self.taken.add(name)
                page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=_cut(place))


def _told_by(found: tuple[str, dict[str, float]]) -> tuple[bool, float]:
    """Of several on a page the largest that is seen whole tells most."""
    height = found[1]["height"] + 2 * MARGIN
    return height > TALLEST, -height * found[1]["width"]


def _cut(place: dict[str, float]) -> dict[str, float]:
    x, y = max(place["x"] - MARGIN, 0), max(place["y"] - MARGIN, 0)
    return {"x": x, "y": y, "width": place["width"] + 2 * MARGIN, "height": min(place["height"] + 2 * MARGIN, TALLEST)}


def reads(page: Page, city: cities.City) -> Iterator[None]:
    """A secretary reads programmes and reports, today and as they were."""
    pages, waiting = city.pages(), _reports(city)
    first = ("programmes", "programme", "targets", "programme of the past", "noted report", "draft", "reports")
    for name in (*first, *city.nouns(), "history"):
        page.goto(pages[name])
        yield
    for path in ("/", pages["remarks"], f"/reports/{waiting}/", f"/registers/bodies/{Body.objects.earliest('pk').pk}/"):
        page.goto(path)
        yield


def _reports(city: cities.City) -> int:
    """Another edition of the noted report, confirmed; and two reports still open, of which the later one waits."""
    ana = city.people["ana"]
    mended = commands.supersede_report(city.noted, because="A figure was wrong.", by=ana)
    commands.confirm_report(factories.rendered(factories.freeze(mended), cities.real), by=ana)
    *_before, last = [factories.opened(city.noted.schedule, date(year, 12, 31)) for year in (2024, 2025)]
    return int(last.pk)


def enters(page: Page, city: cities.City) -> Iterator[None]:
    """She enters a decision without a title."""
    page.goto("/decisions/new/")
    yield
    sends(page)
    yield


def edits(page: Page, city: cities.City) -> Iterator[None]:
    """A director edits a project that somebody else has changed meanwhile."""
    project = Project.objects.order_by("pk").first()
    page.goto(f"/projects/{project.pk}/edit/")
    yield
    with history.change(by=city.people["manu"], because="The name was wrong."):
        other = Project.objects.get(pk=project.pk)
        other.name_fi = "Sisäilman ennakointi"
        other.checked_save()
    page.fill("[name=name_fi]", "Sisäilmahanke")
    sends(page)
    yield


def enters_people(page: Page, city: cities.City) -> Iterator[None]:
    """The administrator enters somebody whose name is there already, then an address that is none; and sees a key."""
    issue_token(city.people["uma"].account, label="Pulse of the portfolio")
    page.goto("/people/")
    page.click("summary")
    yield
    page.fill("#name", "Ana")
    sends(page)
    yield
    page.fill("#email", "ana")
    sends(page)
    yield
    page.goto("/account/")
    yield


def sends(page: Page) -> None:
    """Send the form of the page, whatever the browser itself thinks of it."""
    page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
    page.click("main .pri")
    listens(page)


def _enter_more(city: cities.City) -> None:
    """Values that are approved, a status of the project, and a name on one line: other walks need a long one."""
    ana = city.people["ana"]
    for value in Measurement.objects.all():
        approve_measurement(value, by=ana)
    told = {"standing": "amber", "text_en": "The permit came late; the contractor makes up for it."}
    report = progress.draft_status(city.programme.projects.get(code="P1"), status_on=clock.today(), by=ana, **told)
    progress.submit_status(report, by=ana)
    with history.change(by=ana, because="A shorter name."):
        programme = Programme.objects.get(pk=city.programme.pk)
        programme.name_fi, programme.name_sv, programme.name_en = "Terve kaupunki", "En frisk stad", "A healthy city"
        programme.checked_save()


def test_each_part_has_its_picture(visit: Open, city: cities.City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.shell._demonstration", lambda: True)  # for what is told there alone
    _enter_more(city)
    PICTURES.mkdir(parents=True, exist_ok=True)
    album, walks = Album(), {"sirpa": [reads, enters], "ana": [edits], "uma": [enters_people]}
    for who, ways in walks.items():
        page = visit(who)
        for way in ways:
            for _stop in way(page, city):
                listens(page)
                album.look(page)
    assert sorted({*parts()} - album.taken - {*UNSEEN}) == [], "not met on any walk"
    large = [path.name for path in PICTURES.glob("*.png") if path.stat().st_size > LARGEST]
    assert large == [], "larger than a page about parts can bear"
