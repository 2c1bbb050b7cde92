"""Pages say in which language a part stands, and print no name in one language for another."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from portfolio import clock, history
from portfolio.decisions.models import Body
from portfolio.people.models import Person
from portfolio.texts import local, shown
from portfolio.translations import commands as translations
from projects.register import commands as register
from reporting.reports import commands
from tests import story
from tests.pages.reading import markup
from tests.pages.test_pages import paths
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories as programmes
from tests.portfolio.steering import factories as steering
from tests.projects import factories as projects
from tests.reporting import factories

pytestmark = pytest.mark.django_db
REASON = "Ohjausryhmän huomio lisättiin."


def changed(programme: Any, by: Person, because: str = REASON) -> Any:
    with history.change(by=by, because=because):
        programme.refresh_from_db()
        programme.aim_fi = "Päästöt pienenevät."
        programme.checked_save()
    return programme


def test_a_reason_in_the_history_carries_its_language(reader: Any, ana: Person) -> None:
    programme = changed(programmes.running(programmes.programme()), ana)
    path = f"/programmes/{programme.pk}/history/"
    swedish = markup(reader(ana, "sv").get(path))
    assert f'<span lang="fi">{REASON}</span>' in swedish.replace("\u00ad", "")
    assert '<span lang="fi">Päästöt pienenevät.</span>' in swedish.replace("\u00ad", "")
    assert 'lang="fi"' not in markup(reader(ana, "fi").get(path)).split("<main")[1]
    translations.translate_remark(source=REASON, wording_sv="Styrgruppens anmärkning togs med.", by=story.SETUP)
    assert "Styrgruppens anmärkning togs med." in markup(reader(ana, "sv").get(path))


def test_a_copied_name_is_no_swedish_name(reader: Any, ana: Person) -> None:
    project = projects.project(running=True)
    partner = register.create_partner(kind="other", name_fi="Säätiö", name_sv="Säätiö", by=story.SETUP)
    register.join_partner(project, partner=partner, by=story.SETUP)
    page = markup(reader(ana, "sv").get(f"/programmes/{project.programme_id}/projects/"))
    assert "Säätiö" not in page or '<span lang="fi">Säätiö</span>' in page


@pytest.mark.parametrize("language", ["sv", *(pytest.param(code, marks=pytest.mark.proof) for code in ("fi", "en"))])
def test_every_id_stands_once_on_a_page(reader: Any, ana: Person, language: str) -> None:
    project = projects.project(running=True)
    register.end_project(project, because=REASON, effective_on=date(2022, 11, 1), by=story.SETUP)
    draft = factories.draft(factories.schedule(project.programme))
    remarks = [f"/reports/{draft.pk}/remarks/{code}/" for code in ("fi", "sv", "en")]
    for path in (*paths(project.programme), f"/reports/{draft.pk}/", *remarks):
        page = markup(reader(ana, language).get(path))
        twice = [name for name, count in Counter(re.findall(r'\bid="([^"]+)"', page)).items() if count > 1]
        assert twice == [], path
        names = set(re.findall(r'\bid="([^"]+)"', page))
        told = {name for found in re.findall(r'aria-labelledby="([^"]+)"', page) for name in found.split()}
        assert told <= names, path
        assert set(re.findall(r'<use href="#([^"]+)"', page)) <= names, path


def test_the_office_is_told_how_many_names_lack_a_wording(reader: Any, sirpa: Person) -> None:
    project = projects.project(running=True)
    path = f"/reports/{factories.opened(factories.schedule(project.programme)).pk}/"
    before = lacking(markup(reader(sirpa).get(path)))
    register.create_partner(kind="other", name_fi="Säätiö", name_sv="Säätiö", by=story.SETUP)
    assert lacking(markup(reader(sirpa).get(path))) == before + 1


def lacking(page: str) -> int:
    found = re.search(r"(\d+) names? or texts? ha(?:s|ve) no wording in Swedish", page)
    return int(found[1]) if found else 0


def test_a_body_without_a_name_in_the_readers_language_carries_the_one_it_has(reader: Any, ana: Person) -> None:
    """In a reference to its decision, and as what a change in the history points to."""
    programme = programmes.running(programmes.programme())
    body = programme.set_by.body
    with history.change(by=ana, because="Nimi puuttuu."):
        body.name_fi, body.name_sv, body.name_en = "Kehittämisvaltuusto", "", ""
        body.checked_save()
    page = markup(reader(ana, "sv").get(f"/programmes/{programme.pk}/")).replace("\u00ad", "")
    assert '<span lang="fi">Kehittämisvaltuusto' in page.replace("kehit", "Kehit")
    told = markup(reader(ana, "sv").get(f"/programmes/{programme.pk}/history/")).replace("\u00ad", "")
    assert '<span lang="fi">Kehittämisvaltuusto' in told
    finnish = markup(reader(ana, "fi").get(f"/programmes/{programme.pk}/"))
    assert '<span lang="fi">' not in finnish.split("<main")[1]


def test_the_pages_of_a_report_mark_what_is_in_another_language(reader: Any, ana: Person, sirpa: Person) -> None:
    """The schedule's name, why the edition before was replaced, the body and title of a decision; a seat's group."""
    programme = factories.indicator().target.programme
    office = Person(name="Bo", council_group="Ryhmä Yksi", council_group_fi="Ryhmä Yksi", email="bo@example.org")
    with history.change(by=story.SETUP):
        office.checked_save()
    steering.member(steering.group(programme), "elected", office)
    of = factories.schedule(programme, name_fi="Vuosiseuranta", name_sv="")
    first = commands.send_report(commands.confirm_report(factories.draft(of), by=ana), by=ana)
    noted = decided.decision(
        "council", "note", title_fi="Seurannan merkitseminen", title_sv="", decided_on=clock.today()
    )
    body = noted.body
    with history.change(by=story.SETUP):
        body.name_sv = body.name_en = ""
        body.checked_save()
    swedish = reader(sirpa, "sv")

    def says(path: str, *marked: str, mark: str = '<span lang="fi">') -> None:
        page = markup(swedish.get(path)).replace("\u00ad", "")
        assert [words for words in marked if mark + words not in page] == [], path
        assert not [words for words in marked if re.search(f"(?<!{mark}){words}", page.split("<main")[1])], path

    asking = markup(swedish.get(f"/reports/{first.pk}/note/"))
    [option] = re.findall(r'<option value="\d+"([^>]*)>[^<]*Seurannan merkitseminen', asking)
    assert option == ' lang="fi"'
    commands.note_report(first, decision=noted, by=sirpa)
    second = commands.supersede_report(first, because=REASON, by=ana)
    says("/reports/", "Vuosiseuranta", body.name_fi)
    says(f"/reports/{first.pk}/", "Vuosiseuranta", body.name_fi)
    says(f"/reports/{second.pk}/", "Vuosiseuranta", REASON)
    says(f"/programmes/{programme.pk}/group/", "Ryhmä Yksi")
    translations.translate_remark(source=REASON, wording_sv="Styrgruppens anmärkning togs med.", by=story.SETUP)
    assert "Styrgruppens anmärkning togs med." in markup(swedish.get(f"/reports/{second.pk}/"))


def test_bodies_are_listed_by_the_name_that_is_shown(db: None) -> None:
    with history.change(by=story.SETUP, because="setup"):
        for fi, sv in (("Aalto", "Våg"), ("Metsä", "Skog"), ("Zeniitti", "")):
            Body(kind="line_unit", name_fi=fi, name_sv=sv).checked_save()
    shown_in = {}
    for language in ("fi", "sv"):
        with translation.override(language):
            rows = Body.objects.filter(kind="line_unit").order_by(shown("name"), "pk")
            shown_in[language] = [local(row, "name") for row in rows]
    assert shown_in == {"fi": ["Aalto", "Metsä", "Zeniitti"], "sv": ["Skog", "Våg", "Zeniitti"]}


def test_an_address_has_its_language_in_front_and_its_links_stay_in_it(reader: Any, ana: Person) -> None:
    programme = programmes.running(programmes.programme())
    browser = reader(ana, "en")
    for language, word in (("fi", "Ohjelmat"), ("sv", "Program"), ("en", "Programmes")):
        page = markup(browser.get(f"/{language}/programmes/{programme.pk}/"))
        assert f'<html lang="{language}">' in page and f">{word}</a>" in page
        ways = {way for way in re.findall(r'href="(/[^"]*)"', page) if not way.startswith("/static/")}
        of_others = {f"/{each}/programmes/{programme.pk}/" for each in ("fi", "sv", "en")}
        assert {way for way in ways if not way.startswith(f"/{language}/")} == of_others - {
            f"/{language}/programmes/{programme.pk}/"
        }
    assert markup(browser.get("/sv")) and '<html lang="sv">' in markup(browser.get("/sv/"))
    assert browser.get("/de/programmes/").status_code == 404


def test_programs_ask_at_addresses_without_a_language(reader: Any, ana: Person) -> None:
    browser = reader(ana, "en")
    assert browser.get("/fi/api/v1/programmes/").status_code == 404
    assert browser.get("/api/v1/programmes/").status_code == 200


def test_whoever_is_not_signed_in_is_asked_in_the_language_of_the_address(client: Any) -> None:
    led = client.get("/sv/programmes/?as_of=2024-01-31")
    assert led["Location"] == "/sv/sign-in/?next=/sv/programmes/%3Fas_of%3D2024-01-31"
    assert "Logga in" in markup(client.get(led["Location"]))
