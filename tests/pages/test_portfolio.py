"""The portfolio: the worst first, as many as were asked for, and of each what is off course and why."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portfolio import clock
from portfolio.benefits.models import Indicator
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from projects.money import commands as money
from projects.progress.commands import add_milestone
from tests import story
from tests.pages.conftest import Reader
from tests.pages.reading import markup
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.programmes import factories as programmes
from tests.projects import factories as projects
from tests.projects.test_progress import a_risk


@pytest.fixture(scope="module")
def entered(shared_database: str) -> None:
    """One programme at its target, one off its path, one whose topic has been set."""
    for code, value in (("aalto", "60"), ("usva", "99")):
        of = benefits.programme(code)
        target = benefits.approved(of, code=f"{code[0].upper()}1")
        benefits.measured(Indicator.objects.get(target=target), value=value, on=clock.today(), approved=True)
    programmes.programme("piki", "Ohjelma piki")


def rows(browser: Any, query: str = "") -> list[str]:
    """The rows of the table as words."""
    page = html.unescape(markup(browser.get(f"/programmes/{query}"))).replace("\u00ad", "")
    found = re.findall(r'<tr role="row">(.*?)</tr>', page.split("</thead>")[-1], re.S)
    return [re.sub(r"(<[^>]+>)+", "|", row) for row in found]


def names(browser: Any, query: str = "") -> list[str]:
    return [found[0] for row in rows(browser, query) if (found := re.findall("aalto|usva|piki", row))]


@pytest.mark.usefixtures("entered")
def test_the_worst_comes_first_and_says_why(reader: Reader, ana: Person) -> None:
    assert names(reader(ana, "fi")) == ["usva", "aalto", "piki"]
    worst = rows(reader(ana, "fi"))[0]
    assert "poikkeaa tavoitteesta" in worst and "|0 / 1|" in worst and "U1" in worst and "99" in worst
    assert "polku" in worst, "the value stands beside what was expected of it"


@pytest.mark.usefixtures("entered")
@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?order=name", ["aalto", "piki", "usva"]),
        ("?standing=off_track", ["usva"]),
        ("?phase=topic_set", ["usva", "aalto", "piki"]),
        ("?phase=closed", []),
        ("?text=aAL", ["aalto"]),
        ("?text=usva&standing=met", []),
        ("?standing=blue&order=colour&phase=x", ["usva", "aalto", "piki"]),
        ("?term=1999", []),
    ],
)
def test_the_address_says_which_programmes_in_which_order(
    reader: Reader, ana: Person, query: str, left: list[str]
) -> None:
    """What nobody offers is not asked; how many there are of how many is told."""
    browser = reader(ana)
    assert names(browser, query) == left
    page = markup(browser.get(f"/programmes/{query}"))
    assert f'<b class="num">{len(left)}</b> of 3 programmes' in page
    assert ("No programme is like this." in page) == (not left)


@pytest.mark.usefixtures("entered")
def test_a_filter_stays_when_the_order_changes_and_the_day_stays_with_both(reader: Reader, ana: Person) -> None:
    page = html.unescape(markup(reader(ana).get(f"/programmes/?text=usva&as_of={clock.today() - timedelta(days=1)}")))
    assert "No programme was known on that day." in page
    today = html.unescape(markup(reader(ana).get("/programmes/?text=usva&order=risk")))
    assert 'href="?text=usva&order=name"' in today and 'aria-sort="descending"' in today
    assert '<a href="?order=risk">Show all</a>' in today


@pytest.mark.usefixtures("entered")
def test_a_line_tells_the_next_milestone_the_years_money_and_the_highest_risk(
    reader: Reader, api: Any, ana: Person
) -> None:
    programme, today = Programme.objects.get(code="usva"), clock.today()
    project = projects.project(programme)
    add_milestone(project, name_fi="Tilat valmiina", planned_on=date(2023, 5, 1), by=story.SETUP)
    sources = [{"source": "appropriation", "budget": Decimal(500)}, {"source": "external", "budget": Decimal(90)}]
    money.set_budget(programme, year=today.year, total=Decimal(590), sources=sources, by=story.SETUP)
    overdue = a_risk(project, ana) | {"mitigate_by": (today - timedelta(days=1)).isoformat()}
    assert api(ana).post("risks/", overdue).status_code == 201
    line = next(row for row in rows(reader(ana, "fi")) if "usva" in row)
    late = (today - date(2023, 5, 1)).days
    assert "Tilat valmiina" in line and f"+{late}\xa0pv" in line
    assert "500\xa0€" in line and "590" not in line, "a plan of a funder is no grant"
    assert "hallinta myöhässä" in line and "1 projekti" in line
