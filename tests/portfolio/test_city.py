"""A city is data: an identity is taken whole or its faults are named, and case numbers have the city's own form."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import trans_real

from config import terms
from config.embedded.servers import PROJECT
from portfolio import city
from portfolio.decisions import governance
from tests import cities, story
from tests.portfolio.decisions import factories

DEMO = PROJECT / "config/demo/identity.json"
REPORT = cities.FINNISH_ONLY["report"]


def faults(tmp_path: Path, told: object) -> list[str]:
    with pytest.raises(city.FaultyIdentity) as faulty:
        city.read(cities.written(tmp_path, told))
    return faulty.value.faults


@pytest.mark.parametrize("told", [cities.FINNISH_ONLY, cities.SWEDISH_FIRST], ids=["fi", "sv"])
def test_an_identity_is_read(tmp_path, told):
    read = city.read(cities.written(tmp_path, told))
    assert (read.first, read.languages.official) == (told["languages"]["first"], tuple(told["languages"]["official"]))
    assert read.case_number.fits(told["case_number"]["example"])


def test_an_identity_without_languages_has_those_of_its_name(tmp_path):
    untold = city.read(cities.written(tmp_path, cities.identity(cities.FINNISH_ONLY, languages=None)))
    assert (untold.languages.service, untold.languages.official) == (("fi",), ("fi",))
    assert city.read(DEMO).languages.service == ("fi", "sv", "en")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": None}, "name"),
        ({"name": "Oulunranta"}, "name"),
        ({"name": {"fi": "Oulunranta", "de": "Oulu"}}, "name.de"),
        ({"signature": {"sv": "Stad"}}, "signature.fi"),
        ({"signature": {"fi": " "}}, "signature.fi"),
        ({"motto": "x"}, "motto"),
        ({"languages": {"first": "de"}}, "languages.first"),
        ({"languages": {"official": ["fi", "fi"]}}, "languages.official"),
        ({"languages": {"official": []}}, "languages.official"),
        ({"languages": {"service": ["se"]}}, "languages.service"),
        ({"languages": {"first": "fi", "official": ["fi", "sv"], "service": ["fi"]}}, "languages.official"),
        ({"languages": {"first": "sv", "official": ["sv"], "service": ["fi", "sv"]}}, "name.sv"),
        ({"languages": {"first": "sv", "official": ["fi"], "service": ["fi"]}}, "languages.first"),
        ({"languages": ["fi"]}, "languages"),
        ({"case_number": {"pattern": "(", "example": "1"}}, "case_number.pattern"),
        ({"case_number": {"pattern": r"\d+", "example": "HEL 1"}}, "case_number.example"),
        ({"case_number": {"pattern": r"\d*", "example": "1"}}, "case_number.pattern"),
        ({"case_number": {"pattern": r"\d+"}}, "case_number"),
        ({"case_number": {"pattern": r"([A-Z]+)+/\d{4}", "example": "AAAA/2025"}}, "case_number.pattern"),
        ({"case_number": {"pattern": r"([A-Z]+)+/\d{4}", "example": "A" * 38}}, "case_number.pattern"),
        ({"case_number": {"pattern": "a{9999999999}", "example": "a"}}, "case_number.pattern"),
        ({"name": {"fi": "\ud800"}}, "name.fi"),
        ({"name": {"fi": "Oulun\u202eranta"}}, "name.fi"),
        ({"signature": {"fi": "a" * 2001}}, "signature.fi"),
        ({"terms": {"fi": {"riski": "% etu"}}}, "terms.fi.riski"),
        ({"officials_named_by": "mayor"}, "officials_named_by"),
        ({"colours": {"brand": "red"}}, "colours.brand"),
        ({"terms": {"sv": {"programmål": ""}}}, "terms.sv.programmål"),
        ({"terms": {"sv": ["programmål"]}}, "terms.sv"),
        ({"report": None}, "report"),
        ({"report": REPORT | {"title": {}}}, "report.title"),
        ({"report": REPORT | {"period": {"fi": "Seuranta {yaer}"}}}, "report.period.fi"),
        ({"report": REPORT | {"period": {"fi": "Seuranta {year!r}"}}}, "report.period.fi"),
        ({"report": REPORT | {"period": {"fi": "Seuranta {"}}}, "report.period.fi"),
        ({"report": REPORT | {"handling": [{"sv": "Styrelsen"}]}}, "report.handling.0.fi"),
    ],
)
def test_what_is_wrong_with_an_identity_is_named_by_its_place(tmp_path, changes, place):
    found = faults(tmp_path, cities.identity(cities.FINNISH_ONLY, **changes))
    assert any(fault.startswith(f"{place}:") for fault in found), found


def test_all_faults_are_named_at_once(tmp_path):
    found = faults(tmp_path, cities.identity(cities.FINNISH_ONLY, motto="x", colours={"brand": "red"}, report=None))
    assert len(found) == 3


@pytest.mark.parametrize("told", ["[]", "{", "", '"Oulunranta"', "[" * 100_000 + "]" * 100_000])
def test_a_file_that_holds_no_identity_is_told_so(tmp_path, told):
    assert len(faults(tmp_path, told)) == 1


@pytest.mark.parametrize("told", ["", "{}"], ids=["missing", "empty"])
def test_the_service_refuses_to_start_and_names_the_setting(tmp_path, told):
    path = tmp_path / "identity.json"
    if told:
        path.write_text(told)
    environment = {name: value for name, value in os.environ.items() if name != "SALKKU_INSTALLATION"}
    environment |= {"IDENTITY_FILE": str(path), "DATA_DIR": str(tmp_path / "data"), "PORT": "0"}
    ended = subprocess.run([sys.executable, "-m", "config", "up"], env=environment, capture_output=True, timeout=180)
    said = ended.stderr.decode()
    assert ended.returncode == 1
    assert "IDENTITY_FILE" in said and str(path) in said and "Traceback" not in said


@pytest.mark.django_db
def test_a_process_that_is_to_serve_refuses_too(settings, tmp_path):
    settings.IDENTITY_FILE = tmp_path / "none.json"
    with pytest.raises(CommandError, match="IDENTITY_FILE"):
        call_command("check", databases=["default"], verbosity=0)


HEL = {"pattern": r"HEL (?P<year>\d{4})-\d{6}", "example": "HEL 2021-001234"}
TRE = {"pattern": r"TRE:\d+/\d{2}\.\d{2}\.\d{2}/(?P<year>\d{4})", "example": "TRE:8123/02.03.01/2024"}
PLAIN = {"pattern": r"\d{1,6}-(?P<year>\d{4})", "example": "4321-2026"}
OUKA = cities.FINNISH_ONLY["case_number"]


def item(number: str) -> dict[str, object]:
    return {
        "body": factories.body("board").pk, "title_fi": "Asia", "outcome": "made", "decided_on": "2022-02-14",
        "section": 49, "case_number": number, "points": [{"kind": "propose", "text_fi": "Ehdotus."}],
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("form", [HEL, TRE, PLAIN, OUKA], ids=["HEL", "TRE", "plain", "OUKA"])
def test_inv_06_a_case_number_has_the_form_that_the_city_gives(api, sirpa, live_in, form):
    live_in(cities.FINNISH_ONLY, case_number=form)
    assert api(sirpa).post("decisions/", item(form["example"])).status_code == 201
    [error] = story.assert_refused(
        api(sirpa), "post", "decisions/", item("425/00.01.02/2022"), code="case_number.format", status=400
    )
    assert error["field"] == "case_number" and form["example"] in error["hint"]


@pytest.mark.django_db
def test_inv_06_a_city_that_gives_no_form_takes_any(api, sirpa, live_in):
    live_in(cities.FINNISH_ONLY, case_number=None)
    answer = api(sirpa).post("decisions/", item("Dno 12 / 2030"))
    assert answer.status_code == 201
    assert api(sirpa).get(f"decisions/{answer.json()['id']}/").json()["warnings"] == [], "no year stands in it"


@pytest.mark.django_db
def test_inv_06_the_year_of_a_case_is_where_the_form_says(api, sirpa, live_in):
    live_in(cities.FINNISH_ONLY, case_number=HEL)
    answer = api(sirpa).post("decisions/", item("HEL 2023-001234"))
    warned = api(sirpa).get(f"decisions/{answer.json()['id']}/").json()["warnings"]
    assert [one["code"] for one in warned] == ["case_number.year"]


TERMS = {"programmål": "nyttomål", "kaupunginhallitu": "kunnanhallitu"}


@pytest.mark.parametrize(
    ("ours", "own"),
    [
        ("Programmålen uppnås", "Nyttomålen uppnås"),
        ("ett programmål", "ett nyttomål"),
        ("delprogrammål", "delprogrammål"),
        ("Kaupunginhallituksen ehdotus", "Kunnanhallituksen ehdotus"),
        ("{programmål} och %(programmål)s", "{programmål} och %(programmål)s"),
    ],
)
def test_a_word_of_ours_gives_way_to_the_citys_own_with_its_ending_and_capital(ours, own):
    assert city.in_own_words(ours, TERMS) == own
    assert city.in_own_words(ours, {}) == ours


@pytest.mark.parametrize(
    "own",
    """an impact target|a unit goal|a unanimous aim|an hourly aim|a KPI|an SDG aim|an unintended effect|an EU aim
    a European aim|a use case|an umbrella aim|a one-year aim|an X-ray|an 8-year aim|an 18-month aim|a 180-day aim
    a UN aim
    an Åland aim|an honest aim|a home|an Impact|a Usability aim|an utmost aim|a utility|an onerous aim""".split("|"),
)
def test_in_english_the_article_is_that_of_the_citys_word(own):
    for told in own.split("\n"):
        article, _, theirs = told.strip().partition(" ")
        terms = {"benefit": theirs, "aim of ours": theirs}
        said = city.in_own_words("A benefit; of an aim of ours, the benefit, DNA benefit.", terms, "en")
        assert said == f"{article.capitalize()} {theirs}; of {told.strip()}, the {theirs}, DNA {theirs}."
        assert city.in_own_words("Ryhmä A benefit", terms, "fi") == f"Ryhmä A {theirs}"


OWN_SWEDISH = {"fullmäktigeperiod": "mandatperiod", "ordförande": "mötesledar"}


@pytest.mark.django_db
def test_pages_and_refusals_speak_the_citys_own_words(live_in):
    live_in(cities.SWEDISH_FIRST, terms={"sv": OWN_SWEDISH, "en": {"term": "mandate", "chair": "leader"}})
    try:
        terms.speak(city.identity())
        with translation.override("sv"):
            assert translation.gettext("The term already has a schedule of this name.").startswith("Mandatperioden har")
        with translation.override("en"):
            assert translation.gettext("The term already has a schedule of this name.").startswith(
                "The mandate already"
            )
        with translation.override("sv"):  # a word that says by a context which one it is
            assert translation.pgettext("that somebody leads", "Chair") == "Mötesledarskap"
        with translation.override("en"):
            assert translation.pgettext("that somebody leads", "Chair") == "Leader"
    finally:
        trans_real._translations.clear()


@pytest.mark.django_db
def test_inv_24_the_body_that_the_identity_tells_names_the_officials(live_in):
    live_in(cities.FINNISH_ONLY, officials_named_by="board", case_number=None)
    assert governance.lacks(factories.decision("board", "elect"), "member.name") == []
    [lack] = governance.lacks(factories.decision("manager", "elect"), "member.name")
    assert lack.code == "member.appointer"
