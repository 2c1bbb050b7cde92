"""Browsers without a screen: somebody signed in, reading in a language."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from portfolio.people.models import Account, Person
from projects.register import commands as register
from reporting.models import Report
from tests import story
from tests.pages.moving import Reader
from tests.projects import factories as projects
from tests.reporting import factories
from tests.story import hashed_password


@pytest.fixture
def reader(db: None) -> Reader:
    """`reader(ana, "sv")` is Ana's browser, reading Swedish; she signs in once, other windows share her session."""

    sessions: dict[int, str] = {}

    def signed_in(someone: Person, language: str = "en", *, strict: bool = False) -> Client:
        browser = Client(enforce_csrf_checks=strict)
        if someone.pk not in sessions:
            kept = {"username": someone.name.lower(), "password": hashed_password()}
            account, _ = Account.objects.get_or_create(person=someone, defaults=kept)
            browser.force_login(account)
            sessions[someone.pk] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        browser.cookies[settings.SESSION_COOKIE_NAME] = sessions[someone.pk]
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return browser

    return signed_in


@pytest.fixture
def people(setup_people: story.People) -> story.People:
    return setup_people


@pytest.fixture(scope="module")
def remarked(shared_database: str) -> int:
    """A draft report of a programme with one remark, which has no wording in another language."""
    project = projects.project(running=True)
    register.end_project(project, because="Työ valmistui.", effective_on=date(2022, 11, 1), by=story.SETUP)
    return factories.draft(factories.schedule(project.programme)).pk


@pytest.fixture
def draft(remarked: int, db: None) -> Report:
    return Report.objects.get(pk=remarked)
