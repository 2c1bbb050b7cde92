"""What a search costs in a city of 400 projects, 400 targets and 200 decisions, beside an empty page."""

from __future__ import annotations

import statistics
import time
from datetime import date

import pytest
from django.test import Client

from portfolio import history
from portfolio.decisions.models import Body, Decision
from portfolio.people.models import Person
from projects.register.models import Project
from tests.benchmarks.test_pages import browser
from tests.benchmarks.test_report import portfolio
from tests.story import SETUP

pytestmark = pytest.mark.bench
WORDS = "Taloyhtiöiden energiaremontit etenevät, ja hyötytavoitteen mukainen vähennys on saavutettu ajallaan. " * 8


def seconds(browser: Client, path: str) -> float:
    told = []
    for _ in range(9):
        began = time.perf_counter()
        assert browser.get(path).status_code == 200
        told.append(time.perf_counter() - began)
    return statistics.median(told[1:])


def test_a_search_costs_less_than_twelve_empty_pages(ana: Person) -> None:
    portfolio(projects=400, indicators=400, values=1)
    council = Body.objects.get(kind="council")
    with history.change(by=SETUP):
        Project.objects.update(summary_fi=WORDS, summary_sv=WORDS)
        Decision.objects.bulk_create(
            Decision(
                body=council,
                title_fi=f"Päätös {n}",
                section=1000 + n,
                outcome="planned",
                proposal_fi=WORDS,
                planned_on=date(2025, 1, 1),
            )
            for n in range(200)
        )
    reader = browser(ana)
    empty = seconds(reader, "/search/")
    for asked in ("tavoite", "energiaremontti", "tavoite vähennys ajallaan", "§ 1049", "tätäeioleolemassa"):
        took = seconds(reader, f"/search/?q={asked}")
        print(f"{asked}: {took * 1000:.0f} ms, an empty page {empty * 1000:.0f} ms, {took / empty:.1f} times")
        assert took < 12 * empty, asked
