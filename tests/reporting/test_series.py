"""A report tells its series: what it is called after, its schedule, and under which name its files go."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from reporting.documents import formats, rendering
from reporting.models import Report
from reporting.reports import document
from tests import cities, story
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.factories import NEW_YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    indicator = factories.indicator()
    benefits.measured(indicator, value="90", on=date(2022, 3, 1))
    return indicator.target.programme


def series(programme: Any, rhythm: str, name: str, **more: Any) -> Any:
    return factories.schedule(programme, rhythm=rhythm, name_fi=name, name_sv=f"{name} (sv)", **more)


def html(report: Report, lang: str = "fi") -> str:
    frozen = rendering.unbundle(json.loads(document.source(report.snapshots.get())))
    return formats.render(frozen, lang=lang, form="html").decode()


def title(report: Report, lang: str = "fi") -> str:
    found = re.search(r"<title>(.*?)</title>", html(report, lang))
    assert found
    return found[1]


def file_name(client: Any, report: Report) -> str:
    answer = client.get(f"reports/{report.pk}/snapshot.json/")
    return str(re.search(r'filename="(.*)"', answer["Content-Disposition"])[1])  # type: ignore[index]


def test_two_series_on_one_day_have_titles_and_file_names_of_their_own(api, ana, programme):
    quarterly = factories.frozen(series(programme, "quarterly", "Neljännesvuosiseuranta"))
    yearly = factories.frozen(series(programme, "yearly", "Vuosiseuranta"))
    assert title(quarterly).endswith("– Neljännesvuosiseuranta 31.12.2022")
    assert title(quarterly, "sv").endswith("– Neljännesvuosiseuranta (sv) 31.12.2022")
    assert title(yearly).endswith("– Vuosiseuranta 31.12.2022")
    names = [file_name(api(ana), report) for report in (quarterly, yearly)]
    assert names == [
        "council-report-2022-12-31-neljannesvuosiseuranta.snapshot.json",
        "council-report-2022-12-31-vuosiseuranta.snapshot.json",
    ]


def test_two_quarters_have_periods_of_their_own_in_every_language(programme):
    of = series(programme, "quarterly", "Seuranta")
    first, last = (factories.frozen(of, on) for on in (date(2022, 3, 31), date(2022, 6, 30)))
    said = [factories.facts(report).document.period for report in (first, last)]
    assert [words.fi for words in said] == ["Seuranta tammi–maaliskuu 2022", "Seuranta huhti–kesäkuu 2022"]
    assert (said[0].sv, said[0].en) == ("Uppföljning januari–mars 2022", "Follow-up January–March 2022")
    assert "Seuranta tammi–maaliskuu 2022" in html(first)


def test_a_report_that_reaches_further_back_than_its_quarter_says_so(programme):
    """The first of a series, or one after a report that was never made, tells of all that time (INV-91)."""
    of = series(programme, "quarterly", "Seuranta")
    factories.frozen(of, date(2022, 3, 31))
    late = factories.facts(factories.frozen(of, NEW_YEAR)).document
    assert (late.period_starts_on, late.period.fi) == (date(2022, 4, 1), "Seuranta huhti–joulukuu 2022")
    assert late.period.sv == "Uppföljning april–december 2022"


def test_an_identity_that_tells_only_the_year_gets_the_part_of_the_year_beside_it(programme, live_in):
    live_in(cities.FINNISH_ONLY, report=cities.FINNISH_ONLY["report"] | {"period": {"fi": "Seuranta {year}"}})
    of = series(programme, "half_yearly", "Seuranta")
    said = [factories.facts(factories.frozen(of, on)).document.period.fi for on in (date(2022, 6, 30), NEW_YEAR)]
    assert said == ["Seuranta 2022 (tammi–kesäkuu 2022)", "Seuranta 2022 (heinä–joulukuu 2022)"]


def test_a_second_edition_has_a_file_name_of_its_own(api, ana, sirpa, programme):
    report = factories.draft(series(programme, "yearly", "Vuosiseuranta"))
    api(ana).post(f"reports/{report.pk}/confirm/", seen=report.version)
    report.refresh_from_db()
    answer = api(ana).post(f"reports/{report.pk}/supersede/", {"because": "Virhe."}, seen=report.version)
    assert answer.status_code == 200, answer.json()
    second = factories.freeze(Report.objects.get(edition=2))
    assert file_name(api(ana), second) == "council-report-2022-12-31-vuosiseuranta-edition-2.snapshot.json"


@pytest.mark.parametrize("name", ["Vuosiseuranta", "vuosiseuranta!"])
def test_inv_94_a_term_has_one_schedule_of_a_name(api, ana, programme, name):
    series(programme, "yearly", "Vuosiseuranta")
    body = {"council_term": programme.council_term_id, "name_fi": name, "rhythm": "quarterly"}
    story.assert_refused(api(ana), "post", "report-schedules/", body, code="schedule.named", status=409)


def test_a_name_without_letters_of_a_file_name_goes_by_the_schedules_number(api, ana, programme):
    of = series(programme, "yearly", "🌊")
    assert file_name(api(ana), factories.frozen(of)) == f"council-report-2022-12-31-schedule-{of.pk}.snapshot.json"
