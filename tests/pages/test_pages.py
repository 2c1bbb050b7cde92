"""The pages: who may open them, at what price, in which language, of which day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portfolio import clock, history
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from reporting.pages.programmes.tabs import TABS
from tests import story
from tests.pages.reading import markup
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.programmes import factories as programmes
from tests.projects import factories as projects
from tests.story import PASSWORD


@pytest.fixture(scope="module")
def entered(shared_database: str) -> int:
    """A running programme with a steering group."""
    return programmes.running(programmes.programme()).pk


@pytest.fixture
def programme(entered: int, db: None) -> Programme:
    return Programme.objects.get(pk=entered)


def paths(programme: Any) -> list[str]:
    return ["/programmes/", *(f"/programmes/{programme.pk}/{tab.path}" for tab in TABS), "/reports/"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_opens_for_the_director_in_each_language(
    reader: Any, ana: Person, programme: Any, language: str
) -> None:
    for path in paths(programme):
        response = reader(ana, language).get(path)
        assert response.status_code == 200, path
        assert f'<html lang="{language}">' in markup(response)


def test_a_page_asks_for_signing_in_first(programme: Any) -> None:
    for path in paths(programme):
        response = Client().get(path)
        assert response.status_code == 302 and response["Location"].startswith("/sign-in/?next="), path


def test_nobody_without_a_task_sees_a_programme(reader: Any, dee: Person, uma: Person, programme: Any) -> None:
    for someone in (dee, uma):
        browser = reader(someone)
        assert "Kestävä Espoo" not in markup(browser.get("/programmes/"))
        for path in paths(programme)[1:-1]:
            response = browser.get(path)
            assert response.status_code == 404
            assert "not_found" in markup(response), "a refusal says what is refused"


def test_a_council_member_sees_the_programme_but_not_the_work_inside(reader: Any, ana: Person, bo: Person) -> None:
    target = benefits.approved()
    project = projects.project(target.programme, code="AURINKO-17", name_fi="Aurinkokatot")
    path = f"/programmes/{target.programme_id}/"
    inside, outside = (
        "".join(markup(reader(someone).get(f"{path}{tab}/")) for tab in ("targets", "projects"))
        for someone in (ana, bo)
    )
    assert target.code in inside and "Aurinkokatot" in inside
    assert "Aurinkokatot" not in outside and ">HT1<" not in outside
    assert "shown to those who work in it" in outside
    log = markup(reader(bo).get(f"{path}history/"))
    assert "Aurinkokatot" not in log and project.code not in log


def test_a_page_costs_the_same_at_any_size(
    reader: Any, ana: Person, programme: Any, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    browser = reader(ana)
    costs = {}
    for path in paths(programme):
        browser.get(path)
        cache.clear()  # a page that is kept costs one: `test_kept`
        with django_assert_max_num_queries(64) as few:
            browser.get(path)
        costs[path] = len(few)
    for number in range(4):
        projects.project(programme, code=f"P{number}")
        programmes.programme(f"more{number}", f"Ohjelma {number}")
    for path, cost in costs.items():
        with django_assert_num_queries(cost):
            browser.get(path)


def test_the_past_has_a_banner_and_no_controls(reader: Any, ana: Person, programme: Any, as_of_the_start: str) -> None:
    now = markup(reader(ana).get(f"/programmes/{programme.pk}/"))
    then = reader(ana).get(f"/programmes/{programme.pk}/?as_of={as_of_the_start}")
    page = markup(then)
    assert 'class="asof"' in page and 'class="asof"' not in now
    assert 'class="past"' in page and "Nothing can be changed here" in page


@pytest.fixture
def as_of_the_start(programme: Any) -> str:
    return f"seq:{history.head().seq}"


BAD_DAYS = (
    "2999-01-01", "9999-12-31", "10000-01-01", "2022-02-30", "2022-13-01", "0000-00-00", "31.12.2022", "yesterday",
    "2022-06-30T25:00", "seq:", "seq:-1", "seq:x", "seq:99999999", "seq:" + "9" * 40, "%00", "%F0%9F%92%A9", "' OR 1=1",
)  # fmt: skip


def test_a_moment_that_is_no_past_is_refused_in_words(reader: Any, ana: Person, programme: Any) -> None:
    for asked in BAD_DAYS:
        for path in paths(programme)[:-1]:
            response = reader(ana).get(f"{path}?as_of={asked}")
            assert response.status_code == 400, (path, asked)
            told = markup(response)
            assert "The date is in the wrong form" in told or "That day is still to come" in told
            assert "seq:123" not in told, "a page speaks of days"


def test_the_first_day_of_all_is_empty_and_today_is_now(reader: Any, ana: Person, programme: Any) -> None:
    browser = reader(ana)
    for asked in ("seq:0", "0001-01-01", "2017-06-01"):
        response = browser.get(f"/programmes/?as_of={asked}")
        assert response.status_code == 200 and "No programme was known on that day." in markup(response)
    today = browser.get(f"/programmes/{programme.pk}/?as_of={clock.today().isoformat()}")
    assert today.status_code == 200 and 'class="asof"' not in markup(today)


def test_the_log_tells_who_what_and_why(reader: Any, ana: Person, programme: Any) -> None:
    with history.change(by=ana, because="The council chose another word."):
        programme.refresh_from_db()
        programme.name_en = "Green City"
        programme.checked_save()
    page = markup(reader(ana).get(f"/programmes/{programme.pk}/history/"))
    assert "Kestävä Espoo in English</span></del>" in page and "Green City</span></ins>" in page
    assert "The council chose another word." in page and "Ana" in page and "programme director" in page


def test_two_wordings_of_a_long_text_begin_where_they_part() -> None:
    from reporting.pages.log.states import excerpts

    same = "The programme takes the strategy’s goals forward in the city. " * 4
    old, new = excerpts(f"{same}It ends in May.", f"{same}It ends in June.")
    assert old.startswith("… ") and old.endswith("in May.") and new.endswith("in June.")
    assert excerpts("May", "June") == ("May", "June") and excerpts(3, None) == (3, None)
    assert excerpts("", same)[1].startswith("The programme") and excerpts("", same)[1].endswith(" …")
    assert excerpts("x" * 400, "y")[0] == "x" * 180 + " …"


def test_the_log_can_be_narrowed_and_turned(reader: Any, ana: Person, programme: Any) -> None:
    browser, path = reader(ana), f"/programmes/{programme.pk}/history/"
    assert "Holder of a seat" in markup(browser.get(f"{path}?area=group"))
    assert "Holder of a seat" not in markup(browser.get(f"{path}?area=money"))
    for odd in ("?page=0", "?page=99999", "?page=x", "?area=<b>", "?page=9999999999999999999"):
        assert browser.get(path + odd).status_code == 200, odd


def test_the_policy_allows_nothing_inline(reader: Any, ana: Person, programme: Any) -> None:
    for path in [*paths(programme), "/nothing/"]:
        response = reader(ana).get(path)
        policy, page = response["Content-Security-Policy"], markup(response)
        assert "default-src 'none'" in policy and "unsafe" not in policy and "script" not in policy
        assert not re.search(r"<style|<script|\sstyle=|\son[a-z]+=", page), path


def test_signing_in_leads_on_and_out_again(db: None, ana: Person, reader: Any) -> None:
    reader(ana)
    browser = Client()
    response = browser.post("/sign-in/", {"username": "ana", "password": PASSWORD, "next": "/reports/"})
    assert (response.status_code, response["Location"]) == (302, "/reports/")
    assert browser.get("/sign-out/")["Location"] == "/", "the address alone signs nobody out"
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/reports/").status_code == 302


def test_signing_in_never_leads_elsewhere(ana: Person, reader: Any) -> None:
    reader(ana)
    for elsewhere in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        response = Client().post("/sign-in/", {"username": "ana", "password": PASSWORD, "next": elsewhere})
        assert response["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_told_alike(ana: Person, reader: Any) -> None:
    reader(ana)
    told = set()
    for username in ("ana", "nobody-at-all"):
        response = Client().post("/sign-in/", {"username": username, "password": "wrong"})
        assert response.status_code == 401
        page = markup(response)
        assert f'value="{username}"' in page and 'aria-invalid="true"' in page
        told.add(re.search(r'id="refused"[^>]*>([^<]+)<', page)[1])  # type: ignore[index]
    assert len(told) == 1


def test_somebody_who_left_can_not_sign_in(dee: Person, reader: Any) -> None:
    reader(dee)
    with history.change(by=story.SETUP, because="left"):
        dee.active = False
        dee.checked_save()
    assert Client().post("/sign-in/", {"username": "dee", "password": PASSWORD}).status_code == 401


def test_a_reader_changes_the_language(ana: Person, reader: Any) -> None:
    browser = reader(ana, "fi")
    finnish = markup(browser.get("/programmes/?as_of=2024-01-31"))
    (swedish,) = re.findall(r'<a href="([^"]+)"\s+lang="sv"', finnish)
    assert swedish == "/sv/programmes/?as_of=2024-01-31"
    page = markup(browser.get(swedish))
    assert '<html lang="sv">' in page and "Logga ut" in page and 'href="/sv/reports/"' in page
    assert '<html lang="sv">' in markup(browser.get("/programmes/")), "the browser remembers"
    assert '<html lang="fi">' in markup(browser.get("/fi/programmes/")), "and the address has the last word"


def test_the_log_has_a_word_for_every_record_and_column_it_can_show() -> None:
    from django.utils.translation import override

    from portfolio.field_words import words
    from reporting.pages.log.states import _stem
    from reporting.pages.log.view import logged
    from reporting.pages.log.words import SILENT
    from tests.test_house import lacking

    for model in logged().values():
        with override("en"):
            assert lacking(str(model._meta.verbose_name)) == []
        for column in model._meta.concrete_fields:
            assert column.attname in SILENT or words(_stem(column.name)[0]), f"{model.__name__}.{column.name}"


def test_days_and_numbers_are_written_as_the_language_does() -> None:
    from decimal import Decimal

    from django.utils.translation import override

    from reporting.templatetags import written

    told = {}
    for language in ("fi", "sv", "en"):
        with override(language):
            told[language] = (written.day(date(2022, 12, 31)), written.number(Decimal("1412.5"), 1))
    assert "31.12.2022<" in told["fi"][0] and "31.12.2022<" in told["sv"][0] and "December 2022" in told["en"][0]
    assert (told["fi"][1], told["en"][1]) == ("1\u202f412,5", "1,412.5")
