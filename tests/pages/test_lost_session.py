"""A session that ends under a form takes nothing with it; who comes too late is told what has changed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portfolio.people import held
from portfolio.people.models import Account
from portfolio.translations.models import TranslatedRemark
from tests import routes, story
from tests.pages.reading import markup

pytestmark = pytest.mark.django_db
SAID = 'Arbetet blev klart.\n\n<Åsa & Öhman> "så"'
KEPT = {"fi": "Kirjoittamasi on tallessa", "sv": "Det du skrev finns kvar", "en": "What you typed is kept"}


def form(page: Any) -> str:
    """The form of a page that asks for something, not those that every page has at its head."""
    forms = [each.split("</form>")[0] for each in markup(page).split("<form")[1:]]
    return next(each for each in forms if 'class="wording"' in each or 'name="username"' in each or "hidden>" in each)


def fields(page: Any) -> dict[str, str]:
    """What the form of a page would send, as a browser reads it."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form(page)))
    found |= dict(re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', form(page), re.S))
    return {name: unescape(said) for name, said in found.items()}


def with_password(person: Any) -> dict[str, str]:
    story.Client(person)
    account = Account.objects.get(person=person)
    account.password = story.hashed_password()
    account.save()
    return {"username": account.username, "password": story.PASSWORD}


@pytest.mark.parametrize("language", KEPT)
def test_what_was_typed_is_given_back_and_saved(sirpa: Any, draft: Any, language: str) -> None:
    signing_in, browser = with_password(sirpa), Client()
    browser.cookies["django_language"] = language
    browser.force_login(Account.objects.get(person=sirpa))
    address = reverse("report-remarks", args=[draft.pk, "sv"])
    typed = fields(browser.get(address)) | {"wording_sv": SAID}
    del browser.cookies[settings.SESSION_COOKIE_NAME]
    told = browser.post(f"{address}?page=1", typed | {"visibility": "all", "wording_sv.x": "mer"})
    assert told.status_code == 401 and 'name="held"' in markup(told)
    wrong = browser.post(reverse("sign-in"), fields(told) | signing_in | {"password": "not this"})
    assert wrong.status_code == 401 and fields(wrong)["held"] == fields(told)["held"]
    back = browser.post(reverse("sign-in"), fields(wrong) | signing_in)
    assert back.status_code == 200 and KEPT[language] in markup(back)
    assert "&lt;Åsa &amp; Öhman&gt;" in markup(back)
    again = browser.post(reverse("sign-in"), fields(wrong) | signing_in)  # the page is loaded again
    assert KEPT[language] in markup(again)
    assert not {"visibility", "wording_sv.x"} & set(fields(back)) and fields(back)["wording_sv"] == SAID
    assert not TranslatedRemark.objects.exists()
    action = re.search(r'action="([^"]+)"', form(back))
    assert action and browser.post(unescape(action[1]), fields(back)).status_code == 302
    assert TranslatedRemark.objects.get().wording_sv == SAID
    shown = markup(browser.get(browser.post(unescape(action[1]), fields(back)).headers["Location"]))
    assert '<blockquote lang="sv">Arbetet blev klart.<br>' in shown and '<blockquote lang="fi">' in shown


@pytest.mark.parametrize(
    ("language", "told"),
    [("fi", "Toisen henkilön kirjoittamaa"), ("sv", "Något som en annan"), ("en", "Something typed by another")],
)
def test_what_one_person_typed_is_not_given_to_the_next_in_that_browser(
    sirpa: Any,
    ana: Any,
    draft: Any,
    language: str,
    told: str,
) -> None:
    browser, address = Client(), reverse("report-remarks", args=[draft.pk, "sv"])
    browser.cookies["django_language"] = language
    typed = {"wording_sv": SAID, "version": "1"}
    assert b'name="held"' not in browser.post(address, typed, follow=True).content, "nobody is known here"
    browser.force_login(story.Client(sirpa).person.account)
    browser.get(address)
    browser.post(reverse("sign-out"))
    kept = fields(browser.post(address, typed))
    assert kept["held"]
    browser.cookies["django_language"] = language
    given = browser.post(reverse("sign-in"), kept | with_password(ana))
    again = browser.post(reverse("sign-in"), kept)  # she is signed in already
    for page in (given, again):
        assert page.status_code == 200 and told in markup(page)
        assert "<textarea" not in markup(page) and "Arbetet" not in markup(page)
    browser.cookies[held.cookie()] = "forged"
    del browser.cookies[settings.SESSION_COOKIE_NAME]
    kept = fields(browser.post(address, typed))
    assert told in markup(browser.post(reverse("sign-in"), kept | with_password(sirpa)))


def test_every_form_with_a_text_is_kept_and_none_with_a_password(sirpa: Any) -> None:
    browser, kept = Client(), set()
    browser.cookies[held.cookie()] = held.mark(story.Client(sirpa).person.account)
    for route in routes.routes():
        if route.path.startswith("/api/") or "post" not in route.methods:
            continue
        answer = browser.post(route.path, {"because": "Syy on tämä.", "version": "1"})
        if b'name="held"' in answer.content:
            kept.add(route.path)
            assert answer.status_code == 401 and answer.headers["Cache-Control"] == "no-store"
        else:
            assert answer.status_code in (302, 403, 405, 401, 200), route.path
        bare = browser.post(route.path, {"version": "1", "once": "a", "decision": "5"})
        assert b'name="held"' not in bare.content, route.path
    assert {"/reports/1/unpark/", "/reports/1/remarks/fi/", "/reports/1/confirm/"} <= kept
    assert "/sign-in/" not in kept and reverse("own-account") not in kept


def test_nothing_is_given_back_that_we_have_not_kept(sirpa: Any) -> None:
    browser = Client()
    browser.force_login(story.Client(sirpa).person.account)
    for forged in ("", "x", "eyJ9:1tX:forged"):
        assert browser.post(reverse("sign-in"), {"held": forged}).status_code == 302


@pytest.mark.parametrize(
    ("language", "said"),
    [("fi", "Sirpa muutti tätä"), ("sv", "Sirpa ändrade detta"), ("en", "Sirpa changed it")],
)
def test_who_comes_too_late_is_told_what_changed_and_led_to_the_newest(
    api: Any,
    ana: Any,
    sirpa: Any,
    draft: Any,
    language: str,
    said: str,
) -> None:
    named = api(sirpa).post(f"reports/{draft.pk}/name-annex/", {"annex_number": 3}, seen=draft.version)
    assert named.status_code == 200, named.content
    browser = Client()
    browser.cookies["django_language"] = language
    browser.force_login(story.Client(ana).person.account)
    address = reverse("report-move", args=[draft.pk, "confirm"])
    page = browser.post(address, {"version": str(draft.version)})
    text = markup(page)
    assert page.status_code == 412 and said in text and f'href="{address}"' in text
    assert browser.get(address).status_code == 200
