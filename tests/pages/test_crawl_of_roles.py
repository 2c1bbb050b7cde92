"""Each role walks the whole site by its links, of today and of the past; registers and forms too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.browser import city as cities
from tests.crawler import Crawl, of_the_past

pytestmark = pytest.mark.proof

ALL = ("ana", "sirpa", "manu", "pia", "elli", "olavi", "vera", "linus", "bo", "aud", "uma", "dee")
FIRST = "/en/"


@pytest.fixture(scope="module")
def city(shared_database: str) -> cities.City:
    return cities.build()


@pytest.mark.parametrize("who", ALL)
def test_no_role_comes_to_a_dead_end(reader: Callable[..., Client], city: cities.City, who: str) -> None:
    """Every link to every kind of page, registers and forms too: none refuses, fails, is empty or named ambiguously."""
    found = Crawl(reader(city.people[who])).walk(FIRST)
    assert found.faults == {} and len(found.pages) >= 4


@pytest.mark.parametrize("who", ["ana", "bo", "aud", "vera"])
def test_who_is_in_the_past_stays_there(reader: Callable[..., Client], city: cities.City, who: str) -> None:
    past = f"?as_of={city.past}"
    starts = [f"{path}{past}" for path in (FIRST, f"/en/programmes/{city.programme.pk}/")]
    found = Crawl(reader(city.people[who]), within=of_the_past).walk(*starts)
    assert found.faults == {} and len(found.pages) > 5
    assert found.lost(city.past) == set()
