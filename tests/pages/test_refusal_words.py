"""What a page says when it refuses: what is wrong, of which field, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from portfolio.api.errors import TITLES
from portfolio.refusals import REFUSALS, Lack
from tests import story
from tests.pages.conftest import Reader
from tests.pages.moving import form, press
from tests.pages.reading import markup
from tests.reporting.begun import report_at


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", ("<h1>Päivämäärä on väärässä muodossa</h1>", "Valitse päivä tai kirjoita se muodossa 2022-12-31.")),
        ("sv", ("<h1>Datumet har fel format</h1>", "Välj en dag eller skriv den i formen 2022-12-31.")),
        ("en", ("<h1>The date is in the wrong form</h1>", "Choose a day, or write it like 2022-12-31.")),
    ],
)
def test_a_day_that_is_none_is_refused_as_a_day(
    reader: Reader, people: story.People, language: str, says: tuple[str, ...]
) -> None:
    told = markup(reader(people["ana"], language).get("/programmes/?as_of=abc"))
    assert all(words in told for words in says)
    assert "seq" not in told
    code = {"fi": "Virhekoodi", "sv": "Felkod", "en": "Error code"}[language]
    assert f'{code} <span class="mono">as_of.day</span>' in told, "a code stands under its label"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_page_says_under_its_heading_what_the_heading_says(language: str) -> None:
    with translation.override(language):
        told = {code: (str(TITLES.get(code, TITLES.get(one.status, ""))), one) for code, one in REFUSALS.items()}
        assert [code for code, (title, one) in told.items() if title == str(one.sentence).rstrip(".")] == []


@pytest.mark.parametrize(
    ("language", "says"),
    [("fi", "Päivä on vasta tulossa"), ("sv", "Dagen har ännu inte infallit"), ("en", "That day is still to come")],
)
def test_a_day_to_come_is_refused_as_such(reader: Reader, people: story.People, language: str, says: str) -> None:
    assert f"<h1>{says}</h1>" in markup(reader(people["ana"], language).get("/programmes/?as_of=2999-01-01"))


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", "Päätös: Tieto on pakollinen."),
        ("sv", "Beslut: Uppgiften är obligatorisk."),
        ("en", "Decision: This is required."),
    ],
)
def test_a_missing_choice_is_named(reader: Reader, people: story.People, language: str, says: str) -> None:
    report = report_at("sent", people["ana"])
    sent = form(report, None) | {"decision": ""}
    assert says in markup(press(reader(people["sirpa"], language), report, "note", sent))


@pytest.mark.parametrize(
    ("field", "finnish", "swedish"),
    [
        ("title_sv", "Otsikko ruotsiksi: Tieto on pakollinen.", "Rubrik på svenska: Uppgiften är obligatorisk."),
        ("points.0.kind", "Laji: Tieto on pakollinen.", "Slag: Uppgiften är obligatorisk."),
        ("body_id", "Toimielin: Tieto on pakollinen.", "Organ: Uppgiften är obligatorisk."),
        ("no_such_field", "Tieto on pakollinen.", "Uppgiften är obligatorisk."),
        ("", "Tieto on pakollinen.", "Uppgiften är obligatorisk."),
    ],
)
def test_a_field_is_called_as_people_call_it(field: str, finnish: str, swedish: str) -> None:
    lack = Lack("field.required", field=field)
    with translation.override("fi"):
        assert lack.as_dict()["message"] == finnish
    with translation.override("sv"):
        assert lack.as_dict()["message"] == swedish


def test_only_what_is_wrong_with_a_field_names_it() -> None:
    with translation.override("fi"):
        assert Lack("reference.unknown", field="decision").as_dict()["message"].startswith("Tietoa ei ole")


@pytest.mark.parametrize(
    ("language", "says"), [("fi", "Sinulla ei ole oikeutta tähän"), ("sv", "Du saknar behörighet")]
)
def test_who_may_not_is_told_so(reader: Reader, people: story.People, language: str, says: str) -> None:
    report = report_at("confirmed", people["ana"])
    answer = press(reader(people["aud"], language), report, "send", form(report, None))
    assert answer.status_code == 403 and f"<h1>{says}</h1>" in markup(answer)
