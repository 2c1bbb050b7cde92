"""The office is told before the freeze which characters no font of the report has, and where each stands."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.people.models import Person
from projects.register import commands as register
from reporting.wording import undrawable
from tests import story
from tests.pages.reading import markup
from tests.projects import factories as projects
from tests.reporting import factories

pytestmark = pytest.mark.django_db
TITLE = "Characters that no font of the report has"


def retyped(record: Any, **words: str) -> Any:
    with history.change(by=story.SETUP):
        for name, value in words.items():
            setattr(record, name, value)
        return record.checked_save()


@pytest.fixture
def report() -> Any:
    """A report of a programme whose project's name, and the reason of its pause, hold odd signs."""
    of = projects.programme("clean")
    project = projects.project(of, code="P1", running=True)
    register.suspend_project(project, because="Odotetaan ☎", effective_on=date(2022, 11, 1), by=story.SETUP)
    project.refresh_from_db()
    retyped(project, name_fi="Ranta 🌊 raitti", name_sv="Stråk ★★ ŋ a\u0338")
    retyped(projects.programme("other"), name_fi="Muu ★ ohjelma")
    with history.change(by=story.SETUP):
        Person(
            name="Åsa \uf0b7 Öhman 中", title_fi="x", email="ok@example.org"
        ).save()  # stored before texts were cleaned
    return factories.opened(factories.schedule(of))


def lines(answer: Any) -> list[str]:
    """What the page lists, each on its line without its marks."""
    page = html.unescape(markup(answer))
    if TITLE not in page:
        return []
    section = page.split('aria-labelledby="signs"')[1].split("</section>")[0]
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in re.findall(r"<li>(.*?)</li>", section, re.S)]


def test_the_page_lists_each_field_with_its_signs(report, reader, people):
    told = lines(reader(people["sirpa"]).get(f"/reports/{report.pk}/"))
    assert told == [
        "Person Åsa \uf0b7 Öhman 中, name: 中 cjk unified ideograph-4e2d U+4E2D",
        "Project P1 Ranta 🌊 raitti, name in finnish: 🌊 water wave U+1F30A",
        "Project P1 Ranta 🌊 raitti, name in swedish: ★ black star U+2605",
        "State of the project Odotetaan ☎, reason: ☎ black telephone U+260E",
    ]


def test_only_the_office_is_told_and_only_while_it_can_be_mended(report, reader, people):
    for someone in ("aud", "bo"):
        answer = reader(people[someone]).get(f"/reports/{report.pk}/")
        assert lines(answer) == []
    retyped(projects.Project.objects.get(code="P1"), name_fi="Rantaraitti", name_sv="Strandstråk")
    told = lines(reader(people["ana"]).get(f"/reports/{report.pk}/"))
    assert [line.split(" ")[0] for line in told] == ["Person", "State"]


def test_the_page_says_it_in_three_languages(report, reader, people):
    for language, title in (
        ("fi", "Merkit, joita raportin kirjasimissa ei ole"),
        ("sv", "Tecken som saknas i rapportens typsnitt"),
        ("en", TITLE),
    ):
        assert title in markup(reader(people["sirpa"], language).get(f"/reports/{report.pk}/"))


def test_programs_are_told_the_same(report, api, people):
    told = api(people["sirpa"]).get(f"reports/{report.pk}/undrawable/").json()
    assert [(each["resource"], each["field"]) for each in told] == [
        ("people", "name"), ("projects", "name_fi"), ("projects", "name_sv"), ("project-moves", "because"),
    ]  # fmt: skip
    project = projects.Project.objects.get(code="P1")
    assert told[1] == {
        "resource": "projects", "record_id": project.pk, "record": "P1 Ranta 🌊 raitti", "field": "name_fi",
        "of_programme_id": project.programme_id,
        "signs": [{"character": "🌊", "code": "U+1F30A", "name": "water wave"}],
    }  # fmt: skip
    assert api(people["bo"]).get(f"reports/{report.pk}/undrawable/").status_code == 404


def test_it_costs_one_statement(report, reader, people):
    browser = reader(people["sirpa"])
    browser.get("/reports/")
    with CaptureQueriesContext(connection) as asked:
        assert len(lines(browser.get(f"/reports/{report.pk}/"))) == 4
    looked = [each["sql"] for each in asked if "portfolio_person" in each["sql"] and "UNION ALL" in each["sql"]]
    looked = [sql for sql in looked if "portfolio_session" not in sql]  # who asks
    assert len([sql for sql in looked if "count(*)" not in sql]) == 1, "beside the one that counts missing wordings"
    assert len(asked) <= 22


def test_what_is_printed_as_it_stands_is_looked_through_too():
    """The texts in languages are held against a whole report in `test_texts_printed`."""
    told = {(kind, column) for kind, _, columns in undrawable.places() for column in columns}
    assert {
        ("project-moves", "because"),
        ("milestones", "replanned_because"),
        ("people", "name"),
        ("projects", "code"),
    } <= told
