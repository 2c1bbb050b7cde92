"""The lists of pages as files: what the page shows, as spreadsheets of the language open it, and no formula."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from portfolio import clock
from portfolio.benefits.models import Indicator
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from projects.money import commands as money
from reporting.pages.export import written
from reporting.pages.programmes.paging import ROWS
from reporting.pages.programmes.sheets import SHEETS
from tests import story
from tests.pages.moving import Reader
from tests.pages.reading import words
from tests.portfolio.benefits import factories as benefits
from tests.projects import factories as projects
from tests.projects.test_progress import a_risk

FORMULA = "=1+1 euroa; lisää"
RISKS = ROWS + 2  # more than a page shows


@pytest.fixture(scope="module")
def entered(shared_database: str) -> int:
    """A programme at its target, and one off its path that has projects, money and risks."""
    for code, value in (("aalto", "60"), ("usva", "99")):
        target = benefits.approved(benefits.programme(code), code=f"{code[0].upper()}1")
        benefits.measured(Indicator.objects.get(target=target), value=value, on=clock.today(), approved=True)
    programme = Programme.objects.get(code="usva")
    projects.project(programme)
    sources = [{"source": "appropriation", "budget": Decimal("1500.50")}]
    money.set_budget(programme, year=2023, total=Decimal("1500.50"), sources=sources, by=story.SETUP)
    return programme.pk


@pytest.fixture
def programme(entered: int, db: None) -> Programme:
    return Programme.objects.get(pk=entered)


def rows(browser: Client, path: str) -> list[dict[str, str]]:
    """The file of an address as a spreadsheet of its language reads it."""
    answer = browser.get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode()
    assert text[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter="," if answer["Content-Language"] == "en" else ";"))


def add_risks(api: Any, programme: Programme, ana: Person, count: int = 2) -> None:
    project = programme.projects.get()
    for number in range(count):
        told = a_risk(project, ana) | {"title_fi": FORMULA if not number else f"Riski {number}"}
        assert api(ana).post("risks/", told).status_code == 201


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_file_has_the_programmes_that_the_address_asks_for_in_its_order(
    reader: Reader, ana: Person, programme: Programme, language: str
) -> None:
    name = {"fi": "Ohjelma", "sv": "Program", "en": "Programme"}[language]
    browser = reader(ana, language)
    for query, left in (("", ["usva", "aalto"]), ("?order=name", ["aalto", "usva"]), ("?text=aAL", ["aalto"])):
        told, page = rows(browser, f"/programmes.csv{query}"), words(browser.get(f"/programmes/{query}"))
        assert [row[name].split()[-1] for row in told] == left
        assert all(row[name] in page for row in told)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("tab", SHEETS)
def test_each_list_is_linked_and_says_what_its_page_says(
    reader: Reader, api: Any, ana: Person, programme: Programme, language: str, tab: str
) -> None:
    add_risks(api, programme, ana)
    browser, own = reader(ana, language), f"/programmes/{programme.pk}/{tab}"
    page = browser.get(f"{own}/")
    assert f'{own}.csv"' in page.content.decode()
    told, shown = rows(browser, f"{own}.csv"), words(page)
    assert told and len(set(told[0])) == len(told[0]), "no two columns are called alike"
    column = {"targets": 1, "projects": 1, "risks": 3, "money": 1}[tab]
    for row in told[:ROWS]:
        assert [*row.values()][column].removeprefix("'") in shown


def test_numbers_and_days_are_such_in_each_language(reader: Reader, ana: Person, programme: Programme) -> None:
    today, own = clock.today(), f"/programmes/{programme.pk}"
    for language, budget in (("fi", "1500,50"), ("sv", "1500,50"), ("en", "1500.50")):
        day = today.isoformat() if language == "en" else f"{today.day}.{today.month}.{today.year}"
        (target,) = rows(reader(ana, language), f"{own}/targets.csv")
        assert "99" in target.values() and day in target.values()
        first = rows(reader(ana, language), f"{own}/money.csv")[0]
        assert [*first.values()][2:] == [budget, "", ""], "a gap is not zero"


def test_a_long_list_is_whole_and_a_text_is_no_formula(
    reader: Reader, api: Any, ana: Person, programme: Programme
) -> None:
    add_risks(api, programme, ana, RISKS)
    told = rows(reader(ana, "fi"), f"/programmes/{programme.pk}/risks.csv")
    assert len(told) == RISKS
    assert f"'{FORMULA}" in {row["Riski"] for row in told}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", " ="])
def test_whatever_a_spreadsheet_would_calculate_is_kept_a_text(sign: str) -> None:
    """A number below zero stays one."""
    (row,) = csv.reader(io.StringIO(written([[f"{sign}A1", Decimal("-1.5"), -2]], "fi")[1:], newline=""), delimiter=";")
    assert row == [f"'{sign}A1", "-1,5", "-2"]


def test_the_file_is_of_the_day_asked_for_and_is_called_by_it(
    reader: Reader, ana: Person, programme: Programme
) -> None:
    before = clock.today() - timedelta(days=1)
    assert rows(reader(ana), f"/programmes.csv?as_of={before}") == []
    answer = reader(ana, "fi").get(f"/programmes.csv?as_of={before}")
    assert answer["Content-Disposition"] == f'attachment; filename="espoo-ohjelmat-{before}.csv"'
    assert reader(ana).get(f"/programmes/{programme.pk}/money.csv?as_of={before}").status_code == 404
    assert reader(ana).get(f"/programmes.csv?as_of={date.max}").status_code == 400


def test_a_file_has_no_more_than_its_reader_may_see(
    reader: Reader, api: Any, ana: Person, bo: Person, dee: Person, programme: Programme
) -> None:
    add_risks(api, programme, ana)
    assert rows(reader(dee), "/programmes.csv") == []
    for tab in SHEETS:
        path = f"/programmes/{programme.pk}/{tab}.csv"
        assert reader(dee).get(path).status_code == 404
        assert Client().get(path).status_code == 302
    for tab in ("projects", "risks", "money"):
        assert rows(reader(bo), f"/programmes/{programme.pk}/{tab}.csv") == []
    line = next(row for row in rows(reader(bo), "/programmes.csv") if row["Programme"].endswith("usva"))
    assert line["Projects"] == line["Greatest risk"] == "not shown to you", "what is hidden is told apart from nothing"
