"""What was learnt: recorded, mended, withdrawn; told by interface, page, log, snapshot, paper and import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from portfolio import clock, history
from portfolio.people.models import Role
from projects.lessons import commands
from projects.lessons.models import Lesson
from reporting.documents import formats
from reporting.facts import ReportFacts, canonical
from reporting.facts.projects import LessonFacts
from reporting.snapshot import narrow
from reporting.snapshot.projects import projects as told
from reporting.wording.texts import missing
from tests import story
from tests.pages.conftest import reader as reader  # a browser
from tests.projects import factories
from tests.reporting import renditions
from tests.reporting.sample_words import text

SAID, SVENSKA = "Kysy asukkailta ennen kuin piirrät.", "Fråga invånarna innan du ritar."


def facts_of(programme: Any, on: date | None = None) -> tuple[LessonFacts, ...]:
    world = narrow.of_programme(programme.pk, history.head().seq, on or clock.today())
    return tuple(lesson for project in told(world, programme) for lesson in project.lessons)


def test_a_lesson_is_written_found_over_the_terms_mended_and_withdrawn(
    api: Callable[..., Any], ana: Any, dee: Any, reader: Callable[..., Client]
) -> None:
    project = factories.project(factories.programme())
    manager = story.person("Chen", Role.PROJECT_MANAGER, project_id=project.pk)
    given = {"project": project.pk, "learnt_fi": SAID, "kind": "advice", "learnt_on": "2022-06-01"}
    answer = api(manager).post("lessons/", given)
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["written_by_id"], made["kind"], made["learnt_on"]) == (manager.pk, "advice", "2022-06-01")
    path, of_term = f"lessons/{made['id']}/", f"term={project.programme.council_term_id}"
    found = api(ana).get(f"lessons/?search=asukkailta&{of_term}&standing=true").json()["results"]
    assert [row["id"] for row in found] == [made["id"]]
    assert api(dee).get("lessons/").json()["results"] == []
    words = {"matters_to_fi": "Suunnittelijat", "matters_to_sv": "Planerare", "learnt_sv": SVENSKA}
    mended = api(manager).patch(path, words, seen=made["version"]).json()
    assert mended["learnt_sv"] == SVENSKA
    assert not [row for row in missing(ana, languages=["sv"])[:] if row["resource"] == "lessons"]
    assert [(fact.learnt.sv, fact.kind) for fact in facts_of(project.programme)] == [(SVENSKA, "advice")]
    assert facts_of(project.programme, date(2022, 5, 31)) == ()
    page = reader(ana, "sv").get(f"/programmes/{project.programme_id}/projects/").content.decode()
    assert SVENSKA in page and "Lärdomar" in page
    story.assert_refused(
        api(manager), "post", f"{path}withdraw/", {}, code="project.reason", status=400, seen=mended["version"]
    )
    gone = api(manager).post(f"{path}withdraw/", {"because": "Koski toista hanketta."}, seen=mended["version"]).json()
    assert gone["withdrawn_because"] == "Koski toista hanketta." and facts_of(project.programme) == ()
    story.assert_refused(
        api(manager), "patch", path, {"learnt_fi": "Muu."}, code="edit.frozen", status=423, seen=gone["version"]
    )
    log = reader(ana, "sv").get(f"/programmes/{project.programme_id}/history/").content.decode()
    assert "Lärdom" in log and "Koski toista hanketta." in log


def test_who_may_not_and_a_day_to_come_are_refused(api: Callable[..., Any], ana: Any, sirpa: Any) -> None:
    project = factories.project(factories.programme())
    given = {"project": project.pk, "learnt_fi": SAID}
    tomorrow = (clock.today() + timedelta(1)).isoformat()
    story.assert_refused(api(sirpa), "post", "lessons/", given, code="permission.role", status=403)
    story.assert_refused(api(ana), "post", "lessons/", given | {"learnt_on": tomorrow}, code="day.future", status=400)
    story.assert_refused(api(ana), "post", "lessons/", given | {"kind": "rumour"}, code="field.choice", status=400)
    assert not Lesson.objects.exists()


def test_a_withdrawn_lesson_was_told_until_then(db: None) -> None:
    project = factories.project(factories.programme())
    lesson = commands.record_lesson(project, learnt_fi=SAID, learnt_on=date(2022, 6, 1), by=story.SETUP)
    cut = history.head().seq
    commands.withdraw_lesson(lesson, because="Ei pitänyt paikkaansa.", by=story.SETUP)
    before = narrow.of_programme(project.programme_id, cut, clock.today())
    assert [len(each.lessons) for each in told(before, project.programme)] == [1]
    assert facts_of(project.programme) == ()


@pytest.fixture
def facts() -> ReportFacts:
    """The sample, its first project with two lessons: one of the period, one of before."""
    programme, period = renditions.now().programmes[0], renditions.now().document
    lesson = LessonFacts(
        key="l1", learnt=text(f"{SAID}|{SVENSKA}|Ask."), matters_to=text("Suunnittelijat|Planerare|Planners"),
        kind="advice", learnt_on=period.status_date,
    )  # fmt: skip
    old = replace(lesson, key="l0", learnt=text("Vanha oppi|Gammalt|Old"), learnt_on=date(2000, 1, 1))
    taught = replace(programme.projects[0], lessons=(old, lesson))
    programme = replace(programme, projects=(taught, *programme.projects[1:]))
    return replace(renditions.now(), programmes=(programme, *renditions.now().programmes[1:]))


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fi", ("Opit", "neuvo jatkajille", SAID)), ("sv", ("Lärdomar", "råd till dem som tar vid", SVENSKA))],
)
def test_the_paper_tells_the_lessons_of_the_period(facts: ReportFacts, lang: Any, words: tuple[str, ...]) -> None:
    printed = formats.render(renditions.frozen(facts), lang=lang, form="html").decode().replace("\u00ad", "")
    assert all(each in printed for each in words)
    assert "Vanha oppi" not in printed and "Gammalt" not in printed
    assert words[1] not in renditions.rendition(lang, "html").decode().replace("\u00ad", "")
    assert b"lessons" not in canonical.dumps(replace(renditions.now().programmes[0].projects[0], pilot=None))
