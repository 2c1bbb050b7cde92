"""A project has a page of its own: how it stands and why, milestones, risks, money, partners, reports, targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portfolio import history
from portfolio.people.models import Person, Role
from projects.lessons import commands as lessons
from projects.money import commands as money
from projects.progress import commands as progress
from projects.register import commands as register
from projects.register.models import Project
from tests import story
from tests.pages.conftest import Reader
from tests.pages.reading import markup, words
from tests.portfolio.benefits import factories as benefits
from tests.projects import factories

START: dict[int, int] = {}


@pytest.fixture(scope="module")
def entered(shared_database: str) -> int:
    """A project that has told twice, planned a milestone anew twice, scored a risk twice and closed one."""
    project = factories.project(running=True, summary_fi="Katoille paneelit.")
    START[project.pk] = history.head().seq
    for on, colour, said in ((date(2022, 12, 31), "green", ""), (date(2023, 12, 31), "red", "Lupa evättiin.")):
        told = progress.draft_status(project, status_on=on, standing=colour, text_fi=said, by=story.SETUP)
        progress.submit_status(told, by=story.SETUP)
    progress.draft_status(project, status_on=date(2024, 6, 30), standing="amber", text_fi="Kesken.", by=story.SETUP)
    permit = progress.add_milestone(project, name_fi="Luvat", planned_on=date(2023, 3, 31), by=story.SETUP)
    for on, because in ((date(2023, 9, 30), "Luvasta valitettiin."), (date(2023, 12, 31), "Valitus jatkui.")):
        permit = progress.replan_milestone(permit, forecast_on=on, because=because, by=story.SETUP)
    progress.reach_milestone(permit, reached_on=date(2024, 1, 30), by=story.SETUP)
    _risks(project)
    sources = [
        {"source": "appropriation", "budget": Decimal(50000)},
        {"source": "external", "funder": "EAKR", "budget": Decimal(90000), "granted": Decimal(80000)},
    ]
    of = {"project": project, "year": 2023, "total": Decimal(140000), "sources": sources}
    money.set_budget(project.programme, **of, by=story.SETUP)
    partner = register.create_partner(name="Malli Oy", kind="company", by=story.SETUP)
    register.join_partner(project, partner=partner, starts_on=date(2022, 6, 1), task_fi="Asentaa.", by=story.SETUP)
    lessons.record_lesson(project, learnt_fi="Kysy lupa ensin.", learnt_on=date(2023, 5, 1), by=story.SETUP)
    return project.pk  # type: ignore[no-any-return]


def _risks(project: Project) -> None:
    told = {"project": project, "owner": benefits.owner(), "likelihood": 2, "impact": 3, "by": story.SETUP}
    day = {"identified_on": date(2022, 6, 1)}
    risen = progress.identify_risk(project.programme, title_fi="Hinta nousee", **told, **day)
    progress.score_risk(risen, likelihood=4, impact=5, because="Tarjoukset olivat kalliita.", by=story.SETUP)
    gone = progress.identify_risk(project.programme, title_fi="Katto pettää", **told, **day)
    progress.close_risk(gone, because="Katot kestävät.", closed_on=date(2023, 1, 31), by=story.SETUP)


@pytest.fixture
def project(entered: int, db: None) -> Project:
    return Project.objects.select_related("programme").get(pk=entered)


def test_a_milestone_shows_every_day_that_it_had_with_the_reason(reader: Reader, ana: Person, project: Project) -> None:
    for language, late, day in (
        ("fi", "+305 pv", "31.3.2023"),
        ("sv", "+305 dagar", "31.3.2023"),
        ("en", "+305 days", "31 Mar 2023"),
    ):
        page = words(reader(ana, language).get(f"/projects/{project.pk}/"))
        row = page.split("|Luvat|")[-1]
        assert row.index("Luvasta valitettiin.") < row.index("Valitus jatkui.") and row.startswith(day), language
        assert late in row, (language, row[:400])


def test_a_risk_shows_its_course_and_a_closed_one_why(reader: Reader, ana: Person, project: Project) -> None:
    said = {"fi": "suljettu", "sv": "avslutad", "en": "closed"}
    for language, closed in said.items():
        page = words(reader(ana, language).get(f"/projects/{project.pk}/"))
        row = page.split("|Hinta nousee|")[-1]
        assert row.startswith("20|4 × 5|") and ": 6|" in row and ": 20|Tarjoukset olivat kalliita.|" in row
        assert f"|Katto pettää|{closed}|" in page and "Katot kestävät." in page
        assert page.index("|Hinta nousee|") < page.index("|Katto pettää|")


def test_status_reports_stand_newest_first_and_drafts_only_for_their_writers(
    reader: Reader, people: story.People, project: Project
) -> None:
    path = f"/projects/{project.pk}/"
    page = words(reader(people["ana"], "fi").get(path))
    assert page.index("|Kesken.|") < page.index("|Lupa evättiin.|") and "|luonnos|" in page
    page = words(reader(people["aud"], "fi").get(path))
    assert "Kesken." not in page and "|poikkeaa tavoitteesta|" in page and "|Lupa evättiin.|" in page


def test_money_adds_up_by_year_and_partners_and_lessons_are_told(reader: Reader, ana: Person, project: Project) -> None:
    page = words(reader(ana, "fi").get(f"/projects/{project.pk}/"))
    assert "|2023|Yhteensä|140 000|80 000|–|" in page and "|EAKR|" in page
    assert (
        "|Malli Oy|" in page
        and "|Asentaa.|" in page
        and "|Kysy lupa ensin.|" in page
        and "|Katoille paneelit.|" in page
    )


def test_the_targets_served_are_linked_with_what_all_take_on(reader: Reader, ana: Person, project: Project) -> None:
    (link,) = project.target_links.all()
    factories.project(project.programme, code="P2", targets=[{"target": link.target, "share": 80}])
    third = factories.project(project.programme, code="P3", targets=[{"target": link.target, "share": 40}])
    answer = reader(ana, "sv").get(f"/projects/{third.pk}/")
    assert "|40 %|120 %|mer än helheten|" in words(answer) and f'href="/targets/{link.target_id}/"' in markup(answer)


def test_a_pilot_tells_what_came_of_it(reader: Reader, ana: Person, project: Project) -> None:
    pilot = factories.pilot(project.programme)
    page = words(reader(ana, "en").get(f"/projects/{pilot.project_id}/"))
    assert "|evaluated|" in page and "|Puolet käyttäjistä palasi.|" in page


@pytest.mark.parametrize("page", ["", "history/"])
def test_a_project_is_shown_to_whoever_may_see_it(
    reader: Reader, people: story.People, project: Project, page: str
) -> None:
    path = f"/projects/{project.pk}/{page}"
    pia = story.person("Pia", Role.PROJECT_MANAGER, project_id=project.pk)
    assert reader(pia).get(path).status_code == reader(people["aud"]).get(path).status_code == 200
    other = story.person("Pekka", Role.PROJECT_MANAGER, project_id=factories.project(project.programme, code="P9").pk)
    for someone in (people["bo"], people["uma"], people["dee"], other):
        assert reader(someone).get(path).status_code == 404, someone.name


def test_a_project_stands_on_a_day_as_it_was_known_then(reader: Reader, ana: Person, project: Project) -> None:
    page = words(reader(ana).get(f"/projects/{project.pk}/?as_of=seq:{START[project.pk]}"))
    assert "|No status has been reported.|" in page and "Luvat" not in page and "|No risks have been recorded.|" in page


def test_its_history_has_its_risks_and_money_and_no_other_projects(
    reader: Reader, ana: Person, project: Project
) -> None:
    factories.project(project.programme, code="P7", name_fi="Toinen hanke")
    page = words(reader(ana, "fi").get(f"/projects/{project.pk}/history/"))
    assert "Hinta nousee" in page and "Tarjoukset olivat kalliita." in page and "Toinen hanke" not in page
