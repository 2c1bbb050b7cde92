"""Any city: a Finnish-only one and one whose first language is Swedish take in a register and report on it."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.test import Client

from portfolio.decisions.models import Body
from portfolio.people.models import Account
from portfolio.programmes.models import Programme
from reporting.documents import formats, rendering
from reporting.models import Report, ReportSchedule, Work
from reporting.reports import document, queries
from tests import cities, story
from tests.pages.reading import markup
from tests.portfolio.importing.conftest import register
from tests.portfolio.importing.test_rules import with_plan
from tests.portfolio.importing.test_takeover import measured
from tests.reporting import factories

pytestmark = pytest.mark.django_db
STATUS = date(2018, 12, 31)
DEMONSTRATION = re.compile(r"Espoo|Esbo\b|425/00\.01\.02|kaupunginjohtaja|stadsdirektör", re.IGNORECASE)


def spoken(part: Any, languages: list[str]) -> Any:
    """A register with nothing but these languages."""
    if isinstance(part, list):
        return [spoken(each, languages) for each in part]
    if not isinstance(part, dict):
        return part
    if "fi" in part:
        return {code: part[code] for code in languages if code in part}
    return {name: spoken(each, languages) for name, each in part.items()}


def register_of(told: dict[str, Any]) -> dict[str, Any]:
    """The older register as the city would hand it in, with a measured target and a half-yearly schedule."""
    data = register()
    with_plan(data, baseline_value="100", target_value="60", baseline_on="2017-12-31")
    target = data["benefit_targets"][0]
    target |= {"state": "approved", "approved_by": "approve"}
    target["versions"][0] |= {"state": "approved", "approved_by": "approve"}
    data["measurements"] = [measured()]
    data["schedules"][0] |= {"history_only": False, "entries": [], "rhythm": "half_yearly"}
    languages = told["languages"]["service"]
    data = spoken(data, languages)
    data["city"] |= {
        "name": told["name"], "official_languages": told["languages"]["official"], "service_languages": languages,
    }  # fmt: skip
    for decision in data["decisions"]:
        decision["case_number"] = told["case_number"]["example"]
    return data


@pytest.fixture(
    params=[
        pytest.param(cities.FINNISH_ONLY, id="finnish-only", marks=pytest.mark.proof),
        pytest.param(cities.SWEDISH_FIRST, id="swedish-first"),
    ]
)
def told(request: pytest.FixtureRequest, live_in) -> dict[str, Any]:
    live_in(request.param)
    return request.param


@pytest.fixture
def report(told, run) -> Report:
    done = run(register_of(told))
    assert (done.status, done.lines) == (0, []), done.lines
    return factories.frozen(ReportSchedule.objects.get(), STATUS)


def files(report: Report) -> dict[str, str]:
    """Every file that the machine is to make of a report, as text."""
    frozen = rendering.unbundle(json.loads(document.source(report.snapshots.get())))
    wanted = Work.objects.filter(report=report, kind="render").values_list("language", "format")
    made = {f"{lang}.{form}": formats.render(frozen, lang=lang, form=form) for lang, form in wanted}
    return {name: _words_of(name, content) for name, content in made.items()}


def _words_of(name: str, content: bytes) -> str:
    if name.endswith("html"):
        return content.decode()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return f"{pdf.Root.Lang} {pdf.docinfo.get('/Title')}"


def test_a_city_reports_in_its_own_languages_and_nothing_of_the_demonstrations_city_is_in_them(told, report):
    made = files(report)
    assert set(made) == {f"{lang}.{form}" for lang in told["languages"]["service"] for form in ("pdf", "html")}
    for name, words in made.items():
        assert not DEMONSTRATION.search(words), (name, DEMONSTRATION.search(words))
        assert told["report"]["title"][name[:2]] in words, name
    for ours, own in told.get("terms", {}).get("sv", {}).items():
        assert own in made["sv.html"].lower() and ours not in made["sv.html"].lower()
    first = told["languages"]["first"]
    assert told["case_number"]["example"] in made[f"{first}.html"]
    assert "[" not in re.sub(r"<style>.*?</style>", "", made[f"{first}.html"], flags=re.DOTALL), "nothing fell back"


def test_the_report_is_complete_with_the_files_of_the_citys_languages(told, report, api, ana):
    draft = factories.rendered(report)
    assert draft.state == "draft"
    wrong = {"case_number": "425/00.01.02/2022", "annex_number": 1}
    path = f"reports/{draft.pk}/name-annex/"
    [error] = story.assert_refused(
        api(ana), "post", path, wrong, code="case_number.format", status=400, seen=draft.version
    )
    assert told["case_number"]["example"] in error["hint"]
    assert api(ana).post(f"reports/{draft.pk}/confirm/", seen=draft.version).status_code == 200
    assert len(queries.manifest(Report.objects.get())["files"]) == 2 * len(told["languages"]["service"])


def test_a_text_needs_the_citys_first_language_and_no_other(told, run, api, sirpa):
    first = told["languages"]["first"]
    other = "fi" if first == "sv" else "sv"
    data = register_of(told)
    data["bodies"][0]["name"] = {other: "Bolag"}
    done = run(data)
    assert done.status == 1
    assert any(line.startswith(f"/bodies/0/name/{first}") and "text.language_missing" in line for line in done.lines)
    body = {"kind": "committee", f"name_{other}": "Lautakunta"}
    refused = api(sirpa).post("bodies/", body)
    errors = [(error["code"], error["field"]) for error in refused.json()["errors"]]
    assert (refused.status_code, errors) == (400, [("field.required", f"name_{first}")])
    made = api(sirpa).post("bodies/", {"kind": "committee", f"name_{first}": "Nämnden"})
    assert made.status_code == 201, made.json()
    assert made.json()["label"] == "Nämnden"
    again = {"kind": "committee", f"name_{first}": "Nämnden"}
    story.assert_refused(api(sirpa), "post", "bodies/", again, code="body.duplicate", status=409)


def test_the_second_run_finds_everything_there(told, run):
    data = register_of(told)
    run(data)
    assert "already" in run(data).told
    assert str(Body.objects.get(kind="council")) and str(Programme.objects.get())


def test_the_pages_of_a_city_open_in_its_languages_and_tell_nothing_of_another(told, report, ana):
    programme = Programme.objects.get()
    account, _ = Account.objects.get_or_create(person=ana, defaults={"username": "ana"})
    browser = Client()
    browser.force_login(account)
    pages = ["/programmes/", f"/programmes/{programme.pk}/", "/reports/", f"/reports/{report.pk}/"]
    for language in told["languages"]["service"]:
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for path in pages:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            said = markup(answer)
            assert not DEMONSTRATION.search(said), (path, DEMONSTRATION.search(said))
            assert told["signature"][language] in said, path
    offered = re.findall(r'hreflang="(..)"', said)
    assert offered == told["languages"]["service"]
