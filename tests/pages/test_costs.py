"""A page costs a fixed number of statements, whoever reads it and however much there is to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.people.models import Person, Role
from portfolio.programmes.models import Programme
from reporting.pages.programmes.tabs import TABS
from tests import story
from tests.benchmarks.test_report import portfolio
from tests.reporting import factories

DRAFT = "/reports/{report}/"
# A target, a project and a decision: the page, of a day of the past, its history. Today's tells what can be done.
NOUNS = {"targets/{target}": (10, 10, 14), "projects/{project}": (10, 9, 13), "decisions/{decision}": (8, 9, 13)}
PAGES = ("/{}/", "/{}/?as_of={{before}}", "/{}/history/")
# Whoever does not see all that there is has it asked by one more.
ASKED = dict.fromkeys([*(f"/{noun}/" for noun in NOUNS), *(f"/{noun}/history/" for noun in [*NOUNS][:2])], 1)
PROGRAMME = {
    "": 19, "targets/": 9, "projects/": 11, "risks/": 9, "money/": 8, "decisions/": 9, "group/": 10, "history/": 15
}  # fmt: skip
# One of each is for signing in: the session with its account and person, the day and the roles held.
COSTS = {
    "/en/": 31,
    "/programmes/": 14,
    "/programmes/?as_of={before}": 15,
    **{f"/programmes/{{programme}}/{tab}": cost for tab, cost in PROGRAMME.items()},
    "/programmes/{programme}/?as_of={before}": 20,
    **{page.format(noun): cost for noun, told in NOUNS.items() for page, cost in zip(PAGES, told, strict=True)},
    "/reports/": 5,
    DRAFT: 7,
}
# The office is told what lacks a wording: of the texts by one statement, of the remarks by one; and, of a language in
# which remarks lacked one, how many have got it since.
REMARKS = 3
FEWER = -5  # kinds of waiting that only the office is asked about
# What is hidden, by one, unless one may see all.
HIDDEN = {"/programmes/": 1, "/en/": FEWER, **{f"/programmes/{{programme}}/{tab}": 1 for tab in PROGRAMME}}
BEFORE = 6  # and whether the reports before it are confirmed, and are what it says of them, at any number
SIGNS = 1  # and which characters of all texts no font has, by one


def test_every_page_of_a_programme_is_counted() -> None:
    assert set(PROGRAMME) == {tab.path for tab in TABS}


def cost(browser: Client, path: str) -> int:
    browser.get(path)  # what is looked up once in a process
    cache.clear()  # a page that is kept costs one: `test_kept`
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200, path
    return len(asked)


@pytest.mark.parametrize("count", [pytest.param(1, marks=pytest.mark.proof), 3])
def test_a_page_costs_a_fixed_number_of_statements(reader: Callable[..., Client], ana: Person, count: int) -> None:
    report = factories.frozen(portfolio(projects=2 * count, indicators=2 * count, values=count, programmes=count))
    programme = Programme.objects.order_by("pk").last()
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    target = programme.benefit_targets.order_by("pk").last()
    given: dict[str, Any] = {
        "target": target.pk, "project": programme.projects.order_by("pk").last().pk, "decision": target.approved_by_id,
        "programme": programme.pk, "report": report.pk, "before": f"seq:{history.head().seq - 1}"
    }  # fmt: skip
    for someone in (ana, chen):
        browser, extra = reader(someone), {DRAFT: REMARKS + SIGNS + BEFORE} if someone is ana else HIDDEN | ASKED
        # a draft report is the office's: others have none to open, and an empty list
        costs = COSTS if someone is ana else {path: told for path, told in COSTS.items() if "report" not in path}
        assert {path: cost(browser, path.format(**given)) - extra.get(path, 0) for path in costs} == costs


def test_the_page_for_signing_in_costs_one_statement(db: None) -> None:
    assert cost(Client(), "/sign-in/") == 1
