"""The office words a report's remarks in another language: what is missing, a form for each, refusals at its fields."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.people.models import Role
from portfolio.translations import commands as translations
from portfolio.translations.models import TranslatedRemark
from projects.progress import commands as progress
from projects.register import commands as register
from reporting.models import Report
from reporting.reports import commands
from tests import story
from tests.pages.reading import markup
from tests.projects import factories as projects
from tests.reporting import factories

pytestmark = pytest.mark.django_db
REASON, SWEDISH = "Toimittaja vetäytyi.\nKilpailutus uusitaan.", "Leverantören drog sig ur.\nUpphandlingen görs om."
TITLES = {
    "fi": "Merkinnät, joilta puuttuu sanamuoto ruotsiksi",
    "sv": "Anteckningar som saknar lydelse på svenska",
    "en": "Remarks to be worded in Swedish",
}


def report_with(count: int = 1, name: str = "clean") -> Any:
    """A report of a programme in which so many projects were suspended, each for its own reason."""
    of = projects.programme(name)
    for number in range(count):
        project = projects.project(of, code=f"P{number}", running=True)
        because = REASON if number == 0 else f"Syy {number:02}."
        register.suspend_project(project, because=because, effective_on=date(2022, 11, 1), by=story.SETUP)
    return factories.opened(factories.schedule(of))


@pytest.fixture(scope="module", autouse=True)
def one_told(shared_database: str) -> int:
    return report_with().pk


@pytest.fixture
def report(one_told: int, db: None) -> Report:
    """The report of a programme in which one project was suspended."""
    return Report.objects.get(pk=one_told)


def address(report: Any, language: str = "sv") -> str:
    return f"/reports/{report.pk}/remarks/{language}/"


def shown(answer: Any) -> str:
    return html.unescape(markup(answer))


def forms(page: str) -> list[dict[str, str]]:
    """What each form of the page sends when only its button is pressed."""
    found = []
    for form in re.findall(r'<form class="wording".*?</form>', page, re.S):
        sent = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]+)">', form))
        sent |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.S))
        sent["source_language"] = re.search(r'<option value="(..)" selected>', form)[1]  # type: ignore[index]
        found.append(sent)
    return found


def typed(browser: Client, report: Any, language: str = "sv", **given: str) -> dict[str, str]:
    """The page's first form with what somebody types into it."""
    return forms(markup(browser.get(address(report, language))))[0] | given


def refused(browser: Client, report: Any, sent: dict[str, str], *, status: int, says: str, language: str = "sv") -> str:
    """Nothing is changed, and the page says why at the field."""
    head = history.head()
    answer = browser.post(address(report, language), sent)
    page = shown(answer)
    assert (answer.status_code, history.head()) == (status, head), page[:3000]
    [told] = re.findall(r'<p class="err"[^>]*role="alert">(.*?)</p>', page)
    assert says in told and "Not saved" in page
    return page


@pytest.mark.parametrize("language", TITLES)
def test_the_page_shows_what_is_missing_beside_the_original(
    report: Any, reader: Any, people: Any, language: str
) -> None:
    page = shown(reader(people["sirpa"], language).get(address(report)))
    assert f"<h1>{TITLES[language]}</h1>" in page and f'<html lang="{language}">' in page
    assert '<blockquote lang="fi" id="o1">Toimittaja vetäytyi.<br>Kilpailutus uusitaan.</blockquote>' in page
    assert page.count('<form class="wording"') == 1 and 'lang="sv"' in page
    assert all(title not in page for other, title in TITLES.items() if other != language)


def test_a_wording_is_typed_and_what_is_left_is_counted(reader: Any, people: Any) -> None:
    report, browser = report_with(2, "other"), reader(people["sirpa"])
    assert 'aria-current="page">in Swedish <span class="count num">2</span>' in shown(browser.get(address(report)))
    sent = typed(browser, report, wording_sv=SWEDISH.replace("\n", "\r\n"))
    answer = browser.post(address(report) + "?page=1", sent)
    assert answer.status_code == 302 and answer["Location"].startswith(f"{address(report)}?page=1&saved=")
    remark = TranslatedRemark.objects.get()
    assert (remark.wording_sv, remark.wording_en, remark.source_language) in [(SWEDISH, "", "fi")]
    assert remark.source in (REASON, "Syy 01.") and remark.texts["wording"]["sv"]["state"] == "unofficial"
    page = shown(browser.get(answer["Location"]))
    assert "The wording is saved." in page and 'in Swedish <span class="count num">1</span>' in page
    assert 'in English <span class="count num">2</span>' in page and len(forms(page)) == 1


def test_the_citys_own_wording_is_said_to_be_official_and_the_rest_stays_what_it_was(
    report: Any, reader: Any, people: Any
) -> None:
    browser = reader(people["sirpa"])
    browser.post(address(report), typed(browser, report, wording_sv=SWEDISH, official="on"))
    browser.post(address(report, "en"), typed(browser, report, "en", wording_en="The supplier withdrew."))
    remark = TranslatedRemark.objects.get()
    assert {code: one["state"] for code, one in remark.texts["wording"].items()} == {
        "sv": "official", "en": "unofficial",
    }  # fmt: skip
    assert remark.wording_sv == SWEDISH and remark.history.count() == 2


def test_a_remark_written_in_swedish_is_worded_in_finnish(report: Any, reader: Any, people: Any) -> None:
    browser = reader(people["ana"])
    sent = typed(browser, report, source_language="sv", wording_fi="Suomeksi.")
    assert browser.post(address(report), sent).status_code == 302
    remark = TranslatedRemark.objects.get()
    assert (remark.source_language, remark.wording_fi, remark.wording_sv) == ("sv", "Suomeksi.", "")
    assert "Nothing is missing" in shown(browser.get(address(report)))


def test_what_is_refused_stands_at_its_field_and_what_was_typed_stays(report: Any, reader: Any, people: Any) -> None:
    browser = reader(people["sirpa"])
    page = refused(browser, report, typed(browser, report, wording_sv=" "), status=400, says="This is required.")
    assert 'aria-invalid="true" autofocus' in page
    sent = typed(browser, report, wording_sv="x" * 4001, wording_en="Kept.")
    page = refused(browser, report, sent, status=400, says="longer than the place")
    assert "x" * 4001 in page and "Kept." in page
    sent = typed(browser, report, wording_sv=SWEDISH, source_language="sv")
    page = refused(browser, report, sent, status=400, says="not translated into the language in which it was written")
    assert '<details class="more" open>' in page and "drog sig ur" in page
    sent = typed(browser, report, source_language="sv")
    refused(browser, report, sent, status=400, says="at least one other language")
    sent = typed(browser, report, wording_sv=SWEDISH, source_language="de")
    refused(browser, report, sent, status=400, says="not one of the values")


def test_the_form_that_was_refused_can_be_mended_and_sent(report: Any, reader: Any, people: Any) -> None:
    browser = reader(people["sirpa"])
    page = refused(browser, report, typed(browser, report, wording_sv=" "), status=400, says="required")
    [again] = forms(page)
    assert browser.post(address(report), again | {"wording_sv": SWEDISH}).status_code == 302


@pytest.mark.parametrize("with_english", [False, True])
def test_who_was_faster_is_told_with_what_they_wrote_and_can_be_overruled(
    report: Any, reader: Any, people: Any, with_english: bool
) -> None:
    if with_english:
        translations.translate_remark(source=REASON, wording_en="He left.", by=people["ana"])
    sirpa, ana = reader(people["sirpa"]), reader(people["ana"])
    hers, theirs = typed(sirpa, report, wording_sv=SWEDISH), typed(ana, report, wording_sv="Anas lydelse.")
    assert ana.post(address(report), theirs).status_code == 302
    status, says = (412, "changed since you opened it") if with_english else (409, "has its translation already")
    page = refused(sirpa, report, hers, status=status, says=says)
    assert "Saved meanwhile by somebody else:" in page and "Anas lydelse." in page and "drog sig ur" in page
    [again] = forms(page)
    assert again["wording_sv"] == SWEDISH and again["wording_en"] == ("He left." if with_english else "")
    assert sirpa.post(address(report), again).status_code == 302
    assert TranslatedRemark.objects.get().wording_sv == SWEDISH


def test_the_second_press_saves_nothing_and_leads_on(report: Any, reader: Any, people: Any) -> None:
    browser = reader(people["sirpa"])
    sent = typed(browser, report, wording_sv=SWEDISH)
    first, second = (browser.post(address(report), sent) for _press in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert TranslatedRemark.objects.get().history.count() == 1


@pytest.mark.parametrize(("who", "status"), [("aud", 404), ("bo", 404), ("uma", 404), ("dee", 404)])
def test_only_the_office_words_remarks(report: Any, reader: Any, people: Any, who: str, status: int) -> None:
    sent = typed(reader(people["sirpa"]), report, wording_sv=SWEDISH)
    browser = reader(people[who])
    assert browser.get(address(report)).status_code == browser.post(address(report), sent).status_code == status
    assert address(report) not in shown(browser.get(f"/reports/{report.pk}/"))
    signing_in = Client().post(address(report), sent)
    assert signing_in.status_code == 302 and signing_in["Location"].startswith("/sign-in/"), "nobody is known"
    strict = reader(people["sirpa"], strict=True)
    assert strict.post(address(report), sent).status_code == 403, "a form from elsewhere"
    assert not TranslatedRemark.objects.exists()


def test_a_draft_report_is_no_page_for_a_manager_of_the_programme(report: Any, reader: Any) -> None:
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=report.schedule.programmes.get().programme)
    assert reader(chen).get(address(report)).status_code == 404


def test_a_remark_that_is_none_and_a_page_that_is_none(report: Any, reader: Any, people: Any) -> None:
    browser = reader(people["sirpa"])
    sent = typed(browser, report, wording_sv=SWEDISH)
    for remark in ("", "0" * 64, "x"):
        assert browser.post(address(report), sent | {"remark": remark}).status_code == 404
    for path in (address(report, "de"), "/reports/0/remarks/sv/", f"/reports/{'9' * 30}/remarks/sv/"):
        assert browser.get(path).status_code == 404, path
    for page in ("0", "99", "x", "9" * 40):
        assert len(forms(markup(browser.get(f"{address(report)}?page={page}")))) == 1, page


def test_a_reports_page_leads_there_and_an_empty_page_says_so(report: Any, reader: Any, people: Any) -> None:
    browser = reader(people["sirpa"])
    draft = factories.rendered(factories.freeze(report))
    assert f'<a href="{address(report)}">Word them in Swedish</a>' in shown(browser.get(f"/reports/{report.pk}/"))
    assert "when its facts are taken again" in shown(browser.get(address(report)))
    page = shown(browser.get(address(report, "fi")))
    assert "Nothing is missing" in page and forms(page) == []
    commands.confirm_report(draft, by=people["ana"])
    assert "a wording given now is for the next one" in shown(browser.get(address(report)))


def test_a_remark_in_two_places_is_worded_once(report: Any, reader: Any, people: Any) -> None:
    project = projects.project(report.schedule.programmes.get().programme, code="P9", running=True)
    milestone = progress.add_milestone(project, name_fi="Hankinta", planned_on=date(2023, 1, 31), by=story.SETUP)
    progress.replan_milestone(milestone, forecast_on=date(2023, 6, 30), because=REASON, by=story.SETUP)
    browser = reader(people["sirpa"])
    page = shown(browser.get(address(report)))
    assert len(forms(page)) == 1 and "reason of a project’s move" in page and "a milestone’s new date" in page
    browser.post(address(report), typed(browser, report, wording_sv=SWEDISH))
    assert "Nothing is missing" in shown(browser.get(address(report)))


@pytest.mark.proof
def test_a_long_list_is_paged_and_costs_the_same(reader: Any, people: Any) -> None:
    costs = []
    for count in (1, 23):
        report, browser = report_with(count, f"clean-{count}"), reader(people["sirpa"])
        browser.get(address(report))
        with CaptureQueriesContext(connection) as asked:
            page = markup(browser.get(address(report)))
        costs.append(len(asked))
        assert len(forms(page)) == min(count, 10)
    assert costs[0] == costs[1] == 8
    seen = [
        each["remark"]
        for number in (1, 2, 3)
        for each in forms(markup(browser.get(f"{address(report)}?page={number}")))
    ]
    assert len(seen) == len(set(seen)) == 23
