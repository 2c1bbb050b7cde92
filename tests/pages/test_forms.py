"""Forms: every move that a room declares has one, it asks in the words of the trade, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from portfolio import clock, history
from portfolio.decisions.models import Decision
from portfolio.people.models import Person
from projects.money.models import Budget
from projects.progress import commands as progress
from projects.progress.models import Milestone
from projects.register.models import Project
from reporting.pages.forms import rooms
from reporting.pages.forms.words import CALLED
from tests import story
from tests.pages.reading import markup
from tests.portfolio.decisions import factories as decided
from tests.projects import factories as projects
from tests.test_rights_of_routes import world

__all__ = ["world"]  # a fixture
pytestmark = pytest.mark.django_db


def sent(page: str, **typed: Any) -> dict[str, Any]:
    """The form of a page as a browser sends it, with what somebody typed."""
    found: dict[str, Any] = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.split("<main")[1])
    )
    found.pop("csrfmiddlewaretoken", None)
    found |= dict(
        re.findall(r'<input id="f-[^"]+" name="([^"]+)" type="(?:text|email|url)"[^>]*? value="([^"]*)"', page)
    )
    found |= dict(re.findall(r'<textarea id="f-[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select id="f-[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found | typed


def test_every_move_that_a_room_declares_has_a_form_or_a_reason() -> None:
    told = {f"{each.resource} {each.word}" for each in rooms.every()}
    elsewhere = {f"{each.resource} {each.word}" for each in rooms.every() if rooms.elsewhere(each)}
    reasons = set(rooms.ELSEWHERE)
    assert len(told) > 120 and len(rooms.here()) == len(told - elsewhere)
    assert {each for each in reasons if each not in told and each not in rooms.resources()} == set(), "of no move"
    assert {each.split()[0] for each in elsewhere} == {each.split()[0] for each in reasons}


def test_every_form_opens_and_each_of_its_fields_has_a_name(reader: Any, world: story.People) -> None:
    browser, ana = reader(world["ana"]), world["ana"]
    opened = 0
    for asked in rooms.here().values():
        path = f"/{asked.resource}/new/"
        if not asked.move.is_creation:
            thing = asked.model._default_manager.order_by("pk").last()
            if not (asked.move.fits(thing) and asked.move.allowed(thing, ana)):
                continue
            path = f"/{asked.resource}/{thing.pk}/{asked.word}/"
        answer = browser.get(path)
        assert answer.status_code in (200, 403), f"{path}: {answer.status_code}"
        if answer.status_code == 200:
            page, opened = markup(answer), opened + 1
            names = re.findall(r'<(?:label for="f-[^"]+"|legend)>\s*([^<]*?)\s*<', page)
            assert all(names), path
            assert not [name for name in names if re.fullmatch(r"[a-z_0-9]+", name)], f"{path}: {names}"
            ids = re.findall(r' id="([^"]+)"', page)
            assert len(ids) == len(set(ids)), path
    assert opened > 60


def test_a_milestone_is_planned_in_finnish_and_comes_to_the_project(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    browser = reader(ana, "fi")
    path = f"/fi/milestones/new/?project={project.pk}"
    page = markup(browser.get(path))
    refused = browser.post(path, sent(page, name_fi="", planned_on="32.1.2026"))
    assert refused.status_code == 400
    again = markup(refused)
    assert 'value="32.1.2026"' in again and '<a href="#f-planned_on">' in again and '<a href="#f-name_fi">' in again
    assert again.index('id="summary"') < again.index("<h1")
    done = browser.post(path, sent(again, name_fi="Pilotti alkaa", planned_on="31.1.2024"))
    assert done.status_code == 302, markup(done)
    assert browser.get(done["Location"]).status_code == 200
    (milestone,) = Milestone.objects.filter(project=project, name_fi="Pilotti alkaa")
    assert milestone.planned_on == date(2024, 1, 31)


def test_a_budget_is_typed_as_finns_type_it_and_a_double_press_counts_once(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    browser = reader(ana, "fi")
    path = f"/budgets/new/?programme={project.programme_id}"
    form = sent(markup(browser.get(path)), year="2027", total="1 234 567,50")
    form |= {"sources-0-source": "appropriation", "sources-0-budget": "1\u00a0234\u00a0567,50"}
    assert browser.post(path, form).status_code == 302 and browser.post(path, form).status_code == 302
    (budget,) = Budget.objects.filter(programme=project.programme, year=2027)
    assert budget.total == Decimal("1234567.50")


def test_a_stale_save_shows_both_versions_and_one_can_go_on(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    browser = reader(ana, "en")
    path = f"/projects/{project.pk}/edit/"
    first = sent(markup(browser.get(path)))
    with history.change(by=story.SETUP, because="meanwhile"):
        other = Project.objects.get(pk=project.pk)
        other.name_fi, other.summary_fi = "Toisen nimi", "Toisen tiivistelmä"
        other.checked_save()
    stale = browser.post(path, first | {"name_fi": "Oma nimi"})
    page = markup(stale)
    assert stale.status_code == 412 and 'value="Oma nimi"' in page and "<q>Toisen nimi</q>" in page
    assert "Toisen tiivistelmä</textarea>" in page, "what nobody typed in is shown as it is now"
    assert browser.post(path, sent(page)).status_code == 302
    project.refresh_from_db()
    assert (project.name_fi, project.summary_fi) == ("Oma nimi", "Toisen tiivistelmä")


def test_an_edit_says_only_what_was_changed(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    browser, before = reader(ana, "fi"), Project.objects.get(pk=project.pk)
    path = f"/projects/{project.pk}/edit/"
    assert browser.post(path, sent(markup(browser.get(path)), name_sv="Ett namn")).status_code == 302
    project.refresh_from_db()
    same = [
        each.attname for each in Project._meta.concrete_fields if each.attname not in ("name_sv", "version", "texts")
    ]
    assert project.name_sv == "Ett namn" and [getattr(project, n) for n in same] == [getattr(before, n) for n in same]


def test_a_secretary_records_a_decision_with_two_points(reader: Any, setup_people: story.People) -> None:
    council = decided.body("council")
    browser = reader(setup_people["sirpa"], "sv")
    page = markup(browser.get("/sv/decisions/new/"))
    form = sent(
        page,
        body=str(council.pk),
        outcome="made",
        decided_on="18.3.2024",
        section="49",
        title_fi="Hyödyt",
        case_number="2275/00.01.02/2021",
    )
    form |= {"points-0-kind": "note", "points-0-text_fi": "Merkittiin."}
    more = markup(browser.post("/sv/decisions/new/", form | {"more": "points"}))
    assert 'name="points-1-kind"' in more and "Merkittiin." in more and not Decision.objects.filter(section=49).exists()
    form |= {"points-1-kind": "approve", "points-1-text_fi": "Hyväksyttiin."}
    done = browser.post("/sv/decisions/new/", form)
    assert done.status_code == 302, markup(done)
    (made,) = Decision.objects.filter(section=49)
    assert made.decided_on == date(2024, 3, 18) and made.points.count() == 2


def test_who_may_not_is_told_so_before_typing(reader: Any, setup_people: story.People) -> None:
    project = projects.project(running=True)
    browser = reader(setup_people["aud"])
    assert browser.get(f"/projects/{project.pk}/edit/").status_code == 403
    assert browser.get(f"/milestones/new/?project={project.pk}").status_code == 403
    assert browser.get("/projects/999999/edit/").status_code == 404
    assert browser.get(f"/projects/{project.pk}/nothing/").status_code == 404
    assert browser.get("/nothings/new/").status_code == 404


def test_registers_tell_what_has_no_page_of_its_own(reader: Any, world: story.People) -> None:
    browser = reader(world["ana"], "fi")
    for resource in rooms.REGISTERS:
        page = browser.get(f"/fi/registers/{resource}/")
        assert page.status_code == 200, resource
        model: Any = rooms.resources()[resource].model
        if (thing := model._default_manager.first()) is not None:
            assert browser.get(f"/fi/registers/{resource}/{thing.pk}/").status_code in (200, 404)
    assert browser.get("/fi/registers/people/").status_code == 404


def test_every_word_of_a_form_has_its_finnish_and_swedish() -> None:
    for asked in rooms.here().values():
        with translation.override("en"):
            english = str(rooms.title(asked))
        for language in ("fi", "sv"):
            with translation.override(language):
                assert str(rooms.title(asked)) != english, f"{asked.resource} {asked.word}: {english}"


def test_each_word_is_of_a_move() -> None:
    assert {f"{each.resource} {each.word}" for each in rooms.here().values()} == set(CALLED)


def test_pages_lead_to_the_forms_of_what_they_show_and_to_all_their_entries(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    milestone = add_milestone(project)
    browser = reader(ana, "fi")
    for path in (f"/fi/projects/{project.pk}/", f"/fi/programmes/{project.programme_id}/"):
        page = markup(browser.get(path))
        for way in re.findall(r'<a class="quiet" href="(/fi/[^"]+)"', page):
            assert browser.get(way.replace("&amp;", "&")).status_code == 200, way
    assert f'href="/fi/projects/{project.pk}/suspend/"' in markup(browser.get(f"/fi/projects/{project.pk}/"))
    entries = markup(browser.get(f"/fi/registers/projects/{project.pk}/"))
    assert f'href="/fi/registers/milestones/{milestone.pk}/"' in entries
    one = markup(browser.get(f"/fi/registers/milestones/{milestone.pk}/"))
    assert f'href="/fi/milestones/{milestone.pk}/replan/"' in one and "Siirrä välietappia" in one


def test_on_a_page_of_the_past_nothing_can_be_done(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    page = markup(reader(ana, "fi").get(f"/fi/projects/{project.pk}/?as_of={clock.today() - timedelta(days=1)}"))
    assert 'class="moves"' not in page


def add_milestone(project: Project) -> Milestone:
    found: Milestone = progress.add_milestone(
        project, name_fi="Pilotti alkaa", planned_on=date(2023, 1, 31), by=story.SETUP
    )
    return found


def test_what_is_coded_is_chosen_and_never_typed(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    browser = reader(ana, "fi")
    page = markup(browser.get(f"/fi/projects/{project.pk}/edit/"))
    (options,) = re.findall(r'<select id="f-delivery" name="delivery"[^>]*>(.*?)</select>', page)
    assert '<option value="own_work" selected>oma työ</option>' in options
    assert "<dd>oma työ</dd>" in markup(browser.get(f"/fi/registers/projects/{project.pk}/"))


def test_what_nobody_chose_is_not_said_for_them(reader: Any, setup_people: story.People) -> None:
    """A wish is adopted unless somebody says that it was not; a form that is silent says neither."""
    made = decided.decision("council", "approve")
    browser, path = reader(setup_people["sirpa"], "fi"), f"/fi/decisions/{made.pk}/add-wish/"
    for said in ("", "false"):
        page = markup(browser.get(path))
        (options,) = re.findall(r'<select id="f-adopted" name="adopted"[^>]*>(.*?)</select>', page)
        assert "Kyllä" in options and "Ei" in options and "selected" not in options
        assert browser.post(path, sent(page, text_fi=f"Toivomus {said}", adopted=said)).status_code == 302
    assert [wish.adopted for wish in made.wishes.order_by("order")] == [True, False]
