"""Browsers without a screen: somebody signed in, reading in a language."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from portfolio.people.models import Account, Person
from tests import story
from tests.pages.moving import Begun, Reader, begin
from tests.story import hashed_password


@pytest.fixture
def reader(db: None) -> Reader:
    """`reader(ana, "sv")` is Ana's browser, signed in and reading Swedish."""

    def signed_in(someone: Person, language: str = "en", *, strict: bool = False) -> Client:
        kept = {"username": someone.name.lower(), "password": hashed_password()}
        account, _ = Account.objects.get_or_create(person=someone, defaults=kept)
        browser = Client(enforce_csrf_checks=strict)
        browser.force_login(account)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return browser

    return signed_in


@pytest.fixture
def people(setup_people: story.People) -> story.People:
    return setup_people


@pytest.fixture(scope="module")
def begun(shared_database: str) -> Begun:
    """The cast and a report at each state, entered once for a module; what a story does with them goes with it."""
    return begin()
