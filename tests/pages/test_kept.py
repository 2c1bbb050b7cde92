"""Pages by their mark: out of what is kept or not sent at all, never another reader's, never an older state's."""

from __future__ import annotations

import pickle
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from portfolio import clock, history
from portfolio.people.models import Person, Role
from portfolio.programmes.models import Programme
from reporting.pages import kept
from reporting.pages.programmes.tabs import TABS
from tests import story
from tests.portfolio.programmes import factories

LIST = "/programmes/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
Reader = Callable[..., Client]


@pytest.fixture(autouse=True)
def nothing_kept(db: None) -> Iterator[None]:
    cache.clear()
    kept._away_until = 0.0
    yield
    kept._away_until = 0.0


@pytest.fixture
def ana() -> Person:
    return story.person("Ana", Role.DIRECTOR)


@pytest.fixture
def programme(ana: Person) -> Programme:
    return factories.programme()


def read(browser: Client, path: str = LIST, **headers: str) -> tuple[Any, int]:
    """The answer, and how many statements it took."""
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(path, headers={name.replace("_", "-"): told for name, told in headers.items()})
    return answer, len(asked)


def pages(programme: Programme) -> list[str]:
    decided = f"/decisions/{programme.set_by_id}/"
    own = (f"{LIST}{programme.pk}/{tab.path}" for tab in TABS)
    return [LIST, *own, decided, f"{decided}history/", "/reports/"]


def without_tokens(answer: Any) -> str:
    return TOKEN.sub("", answer.content.decode())


def test_a_page_is_made_once_and_then_given_out_of_what_is_kept(
    reader: Reader, ana: Person, programme: Programme
) -> None:
    browser = reader(ana, "fi")
    for path in pages(programme):
        browser.get(path)  # the first answer sets the cookie of the forms
        cache.clear()
        (made, dear), (again, cheap) = read(browser, path), read(browser, path)
        assert made.status_code == again.status_code == 200 and again["Cache-Control"] == "private, no-cache"
        assert without_tokens(made) == without_tokens(again) and made["ETag"] == again["ETag"]
        assert dear > cheap == 1, path
        unchanged, cheap = read(browser, path, If_None_Match=made["ETag"])
        assert (unchanged.status_code, unchanged.content, cheap) == (304, b"", 1)


def test_a_change_is_seen_at_once(reader: Reader, ana: Person, programme: Programme) -> None:
    browser = reader(ana, "fi")
    browser.get(LIST)
    before, _ = read(browser)
    with history.change(by=story.SETUP, because="setup"):
        programme.name_fi = "Uusi nimi"
        programme.checked_save()
    after, _ = read(browser, If_None_Match=before["ETag"])
    assert (
        after.status_code == 200
        and "Uusi nimi" in after.content.decode()
        and "Uusi nimi" not in before.content.decode()
    )


def test_nobody_is_given_the_page_of_another_reader_or_language(
    reader: Reader, ana: Person, programme: Programme
) -> None:
    bo = story.person("Bo", Role.DIRECTOR)
    pages = {
        (who.name, code): reader(who, code).get(LIST).content.decode() for who in (ana, bo) for code in ("fi", "sv")
    }
    for (name, code), page in pages.items():
        assert f'<html lang="{code}">' in page and f">{name}<" in page


def test_the_forms_of_a_kept_page_work_and_those_of_an_old_one_are_not_given(
    reader: Reader, ana: Person, programme: Programme
) -> None:
    browser = reader(ana, "fi", strict=True)
    first, second = browser.get(LIST), browser.get(LIST)
    tokens = [TOKEN.findall(page.content.decode()) for page in (first, second)]
    assert all(tokens) and tokens[0] != tokens[1]
    tag = second["ETag"]
    out = browser.post("/sign-out/", {"csrfmiddlewaretoken": tokens[1][-1]})
    assert out.status_code == 302 and out["Clear-Site-Data"] == '"cache"'
    browser.get("/sign-in/")
    del browser.cookies[settings.CSRF_COOKIE_NAME]  # as signing in changes it
    browser.force_login(ana.account)
    assert browser.get(LIST, headers={"If-None-Match": tag}).status_code == 200


def test_without_the_broker_pages_are_made_anew(reader: Reader, ana: Person, programme: Programme) -> None:
    away = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere.sock"}}
    browser = reader(ana, "fi")
    browser.get(LIST)
    with override_settings(CACHES=away):
        (first, dear), (second, again) = read(browser), read(browser)
        assert first.status_code == second.status_code == 200 and dear == again > 1
        assert read(browser, If_None_Match=second["ETag"])[0].status_code == 200  # only what is kept is unchanged


@pytest.mark.parametrize("spoilt", [b"", b"\x80\x05no page", zlib.compress(b"page")[:-1]])
def test_a_page_whose_bytes_are_spoilt_is_made_anew(
    reader: Reader, ana: Person, programme: Programme, spoilt: bytes
) -> None:
    browser = reader(ana, "fi")
    browser.get(LIST)
    made, dear = read(browser)
    client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
    for place in client.keys("*"):
        client.set(place, spoilt)
    again, cost = read(browser)
    assert without_tokens(again) == without_tokens(made) and cost > 1
    assert read(browser)[1] == 1, "what was made anew is kept"


class Trap:
    """What becomes a file where it is read as an object."""

    def __reduce__(self) -> Any:
        return open, (self.path, "w")

    def __init__(self, path: str) -> None:
        self.path = path


def test_what_somebody_put_among_the_pages_is_not_carried_out(db: None, tmp_path: Path) -> None:
    cache._cache.get_client(write=True).set(cache.make_key("place"), pickle.dumps(Trap(f"{tmp_path}/sprung")))  # type: ignore[attr-defined]
    assert kept._fetched("place") is None and not any(tmp_path.iterdir())


@pytest.mark.parametrize(("ahead", "found"), [(timedelta(seconds=30), True), (timedelta(0), False)])
def test_a_page_is_kept_no_longer_than_it_holds(db: None, ahead: timedelta, found: bool) -> None:
    kept._keep("place", kept.holds_until(HttpResponse(b"page"), clock.now() + ahead))
    assert (kept._fetched("place") == b"page") is found


def test_what_is_kept_rests_on_the_ledger_alone(reader: Reader, ana: Person, programme: Programme) -> None:
    """Else a change that moves no head would not be seen."""
    who_asks = {"portfolio.Account", "portfolio.Session"}
    beside = settings.OPERATIONAL_TABLES.keys() - who_asks
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.label in beside]
    browser = reader(ana, "fi")
    for path in pages(programme):
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            browser.get(path)
        told = " ".join(each["sql"] for each in asked.captured_queries)
        assert "portfolio_session" in told and not [table for table in tables if f'"{table}"' in told], path
