"""The first page: what is off course and why, what waits for whom and its form one click away."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import clock, history
from portfolio.benefits.models import Indicator
from portfolio.people import permissions
from portfolio.people.models import Person, Role
from projects.progress.models import Milestone
from reporting import waiting
from tests import story
from tests.benchmarks.test_report import portfolio
from tests.pages.reading import markup
from tests.portfolio.decisions import factories as decided
from tests.projects import factories as projects

pytestmark = pytest.mark.django_db


def late_milestone(project: Any, name: str = "Pilotti alkaa") -> Milestone:
    """One whose day has passed."""
    with history.change(by=story.SETUP, because="setup"):
        found = Milestone(project=project, name_fi=name, planned_on=date(2023, 1, 31), forecast_on=date(2023, 1, 31))
        found.checked_save()
    return found


def two_projects() -> tuple[Any, Any]:
    """Two running projects of one programme."""
    programme = projects.programme()
    return projects.project(programme, running=True), projects.project(programme, code="P2", running=True)


def manager_of(project: Any) -> Person:
    return story.person("Pia", Role.PROJECT_MANAGER, project_id=project.pk)


def test_a_project_manager_is_shown_what_is_theirs_and_comes_to_the_form_by_one_click(reader: Any) -> None:
    ours, others = two_projects()
    milestone, _other = late_milestone(ours), late_milestone(others, "Muiden etappi")
    browser = reader(manager_of(ours), "fi")
    page = markup(browser.get("/fi/"))
    assert "Pilotti alkaa" in page and "Muiden etappi" not in page and "myöhässä" in page
    (form,) = re.findall(r'<a href="(/fi/milestones/[^"]+)">Pilotti alkaa</a>', page)
    assert form == f"/fi/milestones/{milestone.pk}/reach/" and browser.get(form).status_code == 200


def test_what_is_done_waits_no_more(reader: Any, ana: Person) -> None:
    milestone = late_milestone(projects.project(running=True))
    browser = reader(ana, "en")
    path = f"/en/milestones/{milestone.pk}/reach/"
    version = re.findall(r'name="version" value="(\d+)"', markup(browser.get(path)))[0]
    done = browser.post(path, {"version": version, "reached_on": "30.1.2023", "once": "k1"})
    assert done.status_code == 302, markup(done)
    assert "Pilotti alkaa" not in markup(browser.get("/en/")).split("All programmes")[-1]


def test_a_secretary_is_shown_minutes_to_be_checked_and_nobody_else(reader: Any, setup_people: story.People) -> None:
    made = decided.decision("council", "note", minutes_checked_on=None)
    page = markup(reader(setup_people["sirpa"], "sv").get("/sv/"))
    assert f"/sv/decisions/{made.pk}/check-minutes/" in page and "Protokollet är inte justerat" in page
    assert "check-minutes" not in markup(reader(setup_people["aud"], "sv").get("/sv/"))


def test_whoever_has_nothing_to_do_is_told_so(reader: Any, setup_people: story.People) -> None:
    assert "Sinulla ei ole avoimia tehtäviä." in markup(reader(setup_people["aud"], "fi").get("/fi/"))


def test_what_is_reached_is_what_one_may(setup_people: story.People) -> None:
    """The rows of a kind by one statement, and by the rule for each of them, are the same rows."""
    project, other = two_projects()
    for each in (project, other):
        late_milestone(each)
    asking = [*setup_people.values(), manager_of(project)]
    for kind in waiting.kinds():
        rows = kind.rows(clock.today() + timedelta(days=400))
        for by in asking if kind.of is None else ():
            reached = set(permissions.reached(rows, by, kind.verb).values_list("pk", flat=True))
            assert reached == {row.pk for row in rows if permissions.may(by, kind.verb, row)}, f"{kind.kind} {by.name}"


def test_the_first_page_costs_the_same_at_any_size(reader: Any, ana: Person) -> None:
    browser, programme, costs = reader(ana, "fi"), projects.programme(), list[int]()
    for count in (1, 6):
        for each in range(count):
            late_milestone(projects.project(programme, code=f"P{count}{each}", running=True))
        browser.get("/fi/")
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert browser.get("/fi/").status_code == 200
        costs.append(len(told))
    assert costs[0] == costs[1], costs


def test_each_kind_names_a_move_that_there_is() -> None:
    from reporting.pages.forms import rooms

    for kind in waiting.kinds():
        resource, _space, word = kind.move.partition(" ")
        if word:
            assert (resource, word) in rooms.here()
        else:
            assert rooms.move_of(kind.rows(clock.today()).model, kind.move)


def test_programs_are_told_the_same_list(api: Any) -> None:
    project = projects.project(running=True)
    milestone = late_milestone(project)
    client = api(manager_of(project))
    answer = client.get("work-list/").json()
    (told,) = [each for each in answer["results"] if each["kind"] == "milestone.late"]
    assert (told["record_id"], told["move"], told["late"]) == (milestone.pk, "reach", True)
    assert told["due_on"] == "2023-01-31" and answer["count"] == len(answer["results"])
    assert client.get("work-list/?page=2").status_code == 400 and client.get("work-list/?x=1").status_code == 400


def test_a_day_that_has_passed_has_no_tasks_and_what_only_waits_is_not_late(
    reader: Any, setup_people: story.People
) -> None:
    made = decided.decision("council", "note", minutes_checked_on=None)
    browser, yesterday = reader(setup_people["sirpa"], "fi"), clock.today() - timedelta(days=1)
    today = markup(browser.get("/fi/"))
    (line,) = re.findall(rf"<li>(?:(?!</li>).)*decisions/{made.pk}/check-minutes/.*?</li>", today)
    assert "alkaen" in line and "myöhässä" not in line
    past = markup(browser.get(f"/fi/?as_of={yesterday}"))
    assert "check-minutes" not in past and "Avoimet tehtäväsi ovat tämän päivän sivulla." in past
    assert "Sinulla" not in past


def test_a_programme_of_which_nothing_is_reported_is_not_called_on_course(reader: Any, ana: Person) -> None:
    portfolio(projects=1, indicators=1, values=1)
    with history.change(by=story.SETUP, because="setup"):
        for plan in Indicator.objects.all():
            plan.interval_months = 1
            plan.checked_save()
    page = markup(reader(ana, "fi").get("/fi/"))
    assert "Ei raportoitu:" in page and "Ohjelmat etenevät tavoitteiden mukaisesti" not in page
