"""Pages may speak a language that no text and no report does, and a report fewer languages than the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
import pytest
from django.test import Client

from config import languages, readiness
from portfolio import city
from portfolio.decisions.commands import record_body
from portfolio.people.models import Account, Person
from reporting.documents import commands as documents
from reporting.models import Report, Work
from reporting.reports import commands
from tests import cities, story
from tests.pages.reading import markup
from tests.pages.test_pages import paths
from tests.portfolio.programmes import factories as programmes
from tests.reporting import factories
from tests.reporting import test_letters as written
from tests.reporting.test_work import report_to_render

pytestmark = pytest.mark.django_db
DEMO = json.loads((languages.HOME / "config/demo/identity.json").read_text("utf-8"))
CLOSED = "The programme is closed; nothing in it changes any more."
SAMI = {
    ("what a language calls itself", "in English"): "davvisámegillii",
    (None, "Sign out"): "Logge olggos",
    (None, "Programmes"): "Prográmmat",
    (None, CLOSED): "Prográmma lea loahpahuvvon; das ii šat rievdaduvvo mihkkege.",
}


def with_languages(**lists: list[str]) -> dict[str, Any]:
    return DEMO["languages"] | lists


@pytest.fixture
def sami(live_in: Any, settings: Any, tmp_path: Path) -> None:
    """The demonstration's city, whose pages speak Northern Sámi too, from a catalogue that has hardly begun."""
    source = tmp_path / "locale/se" / languages.FILE
    source.parent.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "se"}
    for (context, english), said in SAMI.items():
        catalogue.append(polib.POEntry(msgctxt=context, msgid=english, msgstr=said))
    catalogue.save_as_mofile(str(source.with_suffix(".mo")))
    live_in(DEMO, languages=with_languages(pages=["fi", "sv", "en", "se"]))
    settings.LOCALE_PATHS = [tmp_path / "locale", *settings.LOCALE_PATHS]
    settings.LANGUAGES = [(code, code) for code in city.pages_of(settings.IDENTITY_FILE)]


def test_each_page_opens_in_a_fourth_language_and_says_in_the_citys_first_one_what_it_lacks(
    sami: None, reader: Any, ana: Person
) -> None:
    programme = programmes.running(programmes.programme())
    report = factories.draft(factories.schedule(programme))
    for path in (*paths(programme), f"/reports/{report.pk}/", f"/reports/{report.pk}/confirm/"):
        response = reader(ana, "se").get(path)
        page = markup(response)
        assert response.status_code == 200 and '<html lang="se">' in page, path
        assert "Logge olggos" in page and "Prográmmat" in page, path
        assert re.search(r'lang="se" hreflang="se" aria-label="SE, davvisámegillii" aria-current="true"', page), path
        assert 'aria-label="FI, suomeksi"' in page, path
    assert "Raportit" in page and "31.12.2022" in page  # Finnish words, and days as Finnish writes them
    of_the_programme = markup(reader(ana, "se").get(paths(programme)[1]))
    assert '<span lang="fi">' in of_the_programme  # its texts are Finnish, and say so


def test_the_files_of_a_report_and_the_columns_of_texts_know_nothing_of_it(sami: None, ana: Person) -> None:
    report = factories.frozen(factories.schedule(factories.indicator().target.programme))
    queued = set(Work.objects.filter(report=report, kind="render").values_list("language", flat=True))
    assert queued == {"fi", "sv", "en"} == set(factories.facts(report).city.languages)
    record_body(kind="committee", name_fi="Tekninen lautakunta", name_en="Technical", by=story.SETUP)
    lists = (story.Client(ana, code).get("bodies/?kind=committee").json()["results"] for code in ("se", "fi", "en"))
    se, fi, en = (found[0]["label"] for found in lists)
    assert se == fi != en


def test_a_refusal_is_said_in_it_and_else_in_the_citys_first_one(sami: None, ana: Person) -> None:
    programme = programmes.closed(programmes.programme())
    program = story.Client(ana, "se")
    frozen = program.patch(f"programmes/{programme.pk}/", {"aim_fi": "Uusi."}, seen=programme.version)
    assert frozen.json()["errors"][0]["message"] == SAMI[None, CLOSED]
    assert frozen["Content-Language"] == "se"
    stale = [
        story.Client(ana, code).patch(f"programmes/{programme.pk}/", {"aim_fi": "Uusi."}, seen=programme.version - 1)
        for code in ("se", "fi", "en")
    ]
    se, fi, en = (answer.json()["errors"][0]["message"] for answer in stale)
    assert se == fi != en


def test_whoever_chose_it_signs_in_to_it_and_is_written_to(sami: None, api: Any, uma: Person, dee: Person) -> None:
    opened = api(uma).post("accounts/", {"person": dee.pk, "username": "dee", "language": "se"})
    assert opened.status_code == 201, opened.json()
    story.assert_refused(
        api(uma),
        "post",
        "accounts/",
        {"person": uma.pk, "username": "u", "language": "xx"},
        code="field.choice",
        status=400,
    )
    account = Account.objects.get(person=dee)
    account.set_password("raidehaarukka-kolme")
    account.temporary_until = None
    account.save()
    answer = Client().post("/sign-in/", {"username": "dee", "password": "raidehaarukka-kolme"})
    assert answer.status_code == 302 and answer.cookies["django_language"].value == "se"


def test_a_letter_to_whoever_reads_it_says_in_the_first_language_what_it_lacks(
    sami: None, setup_people: story.People, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://salkku.city.invalid"
    written.reachable(setup_people["ana"], "se")
    written.give_up(report_to_render())
    [letter] = written.tick()
    assert letter.subject == "Seurantaraportti 31.12.2022: työ on pysähtynyt"


def test_a_language_of_pages_without_a_catalogue_is_told_before_the_service_starts(live_in: Any) -> None:
    live_in(DEMO, languages=with_languages(pages=["fi", "sv", "se"]))
    assert ["no catalogue for se: ./run words se" in told for told in readiness.identity_faults()] == [True]


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({"pages": ["fi"]}, "languages.pages: sv must be among them, as an official language"),
        ({"reports": ["sv"]}, "languages.reports: fi must be among them, as an official language"),
        (
            {"service": ["fi", "sv"], "reports": ["fi", "sv", "en"]},
            "languages.reports: en must be among the languages of",
        ),
        ({"reports": ["se"]}, "languages.reports: each one of fi, sv, en"),
        ({"pages": ["fi", "sv", "Sámi"]}, "languages.pages: codes of two letters"),
    ],
)
def test_lists_that_do_not_fit_each_other_are_refused(tmp_path: Path, lists: Any, said: str) -> None:
    with pytest.raises(city.FaultyIdentity) as faulty:
        city.read(cities.written(tmp_path, cities.identity(DEMO, languages=with_languages(**lists))))
    assert [fault.startswith(said) for fault in faulty.value.faults] == [True]


def drawn(report: Report) -> Report:
    """A draft whose files are drawn for real."""
    documents.render(Work.objects.filter(report=report, kind="render")[0].pk)
    report.refresh_from_db()
    return report


@pytest.mark.parametrize("render", [factories.rendered, pytest.param(drawn, marks=pytest.mark.proof)])
def test_a_report_in_two_languages_goes_its_way_while_pages_speak_three(
    live_in: Any, reader: Any, api: Any, ana: Person, render: Callable[[Report], Report]
) -> None:
    live_in(DEMO, languages=with_languages(reports=["fi", "sv"]))
    report = render(factories.frozen(factories.schedule(factories.indicator().target.programme)))
    facts = factories.facts(report)
    assert facts.city.languages == ("fi", "sv") and report.state == Report.State.DRAFT
    files = {(f["language"], f["format"]) for f in api(ana).get(f"reports/{report.pk}/").json()["files"]}
    assert files == {(language, kind) for language in ("fi", "sv") for kind in ("html", "pdf")}
    report = commands.confirm_report(report, by=ana)
    page = markup(reader(ana, "en").get(f"/reports/{report.pk}/"))
    assert 'aria-label="EN, in English"' in page and "In English" not in page and "not yet" not in page
    assert "På svenska" in page and f"/reports/{report.pk}/sv.pdf" in page
    assert reader(ana, "en").get(f"/reports/{report.pk}/en.pdf").status_code == 404
    assert reader(ana, "en").get(f"/reports/{report.pk}/sv.pdf").status_code == 200
