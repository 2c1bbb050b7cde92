"""A name or a text says something of its own in each language, or is marked the same, or given as a statement."""

from datetime import date

import pytest

from portfolio import history
from portfolio.decisions.models import Wish
from portfolio.texts import says_words, wordings
from projects.register import commands as register
from projects.register.models import Partner
from reporting.documents.rendering.language import Voice
from reporting.snapshot.world import World, text
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.projects import factories as projects

pytestmark = pytest.mark.django_db

MISSING, MARKS = "texts/missing/", "texts/marks/"


def told(client, query=""):
    answer = client.get(MISSING + query)
    assert answer.status_code == 200, answer.json()
    return {(row["resource"], row["field"], row["original"], row["lacks"]) for row in answer.json()["results"]}


def known_now():
    day = date(2022, 12, 31)
    return World.at(history.head().seq, status_date=day, period_starts_on=day)


def partner(**names):
    return register.create_partner(kind="company", by=story.SETUP, **names)


@pytest.mark.parametrize(
    ("words", "says"),
    [("", False), ("12,5", False), ("kWh/m³", False), ("°C", False), ("VTT", False), ("EE1", False), ("t", False),
     ("ton", True), ("kpl", True), ("Valtuustoryhmä A", True), ("t CO₂-ekv.", True), ("Ås", False), ("Εταιρεία", True)],
)  # fmt: skip
def test_numbers_codes_and_signs_say_the_same_everywhere(words, says):
    assert says_words(words) is says
    said = wordings(Partner(name=words, name_fi=words, name_sv=words), "name")
    assert said["sv"] == ("" if says else words)


def test_names_are_told_in_three_languages_over_the_api(api, uma, sirpa):
    given = {"name": "Bo", "council_group_fi": "Ryhmä", "council_group_sv": "Grupp", "unit": "Kirjasto"}
    bo = api(uma).post("people/", given).json()
    assert (bo["council_group"], bo["council_group_sv"]) == ("Ryhmä", "Grupp")
    assert (bo["unit"], bo["unit_fi"], bo["unit_sv"]) == ("Kirjasto", "Kirjasto", "")
    office = api(sirpa)
    made = office.post("partners/", {"name_fi": "Säätiö", "name_sv": "Stiftelse", "kind": "other"}).json()
    assert made["name"] == "Säätiö"
    anew = office.patch(f"partners/{made['id']}/", {"name": "Liitto"}, seen=made["version"]).json()
    assert (anew["name_fi"], anew["name_sv"]) == ("Liitto", ""), "another name has no Swedish wording yet"


def test_a_copied_name_is_missing_until_it_is_marked_the_same(api, sirpa):
    nokia = partner(name_fi="Nokia", name_sv="Nokia")
    office = api(sirpa)
    asked = "?resource=partners&language=sv"
    assert told(office, asked) == {("partners", "name_sv", "Nokia", "mark")}
    mark = {"resource": "partners", "record_id": nokia.pk, "field": "name", "language": "sv"}
    assert office.post(MARKS, mark).json()["texts"]["name"]["sv"]["state"] == "same"
    assert told(office, asked) == set()
    assert told(office, "?resource=partners&language=en") == {("partners", "name_en", "Nokia", "wording")}
    assert office.post(MARKS, mark | {"language": "en"}).json()["name_en"] == "Nokia"
    changes = office.get(f"partners/{nokia.pk}/history/").json()["results"]
    assert "Sirpa" in str(changes[0]), "who marked it stands in its history"
    assert office.post(MARKS, mark | {"mark": "none"}).status_code == 201
    assert told(office, asked) == {("partners", "name_sv", "Nokia", "mark")}


def test_a_mark_speaks_of_the_words_that_were_there(api, sirpa):
    firm = partner(name_fi="Malli", name_sv="Malli")
    office = api(sirpa)
    marked = office.post(
        MARKS, {"resource": "partners", "record_id": firm.pk, "field": "name", "language": "sv"}
    ).json()
    both = {"name_fi": "Esimerkki", "name_sv": "Esimerkki"}
    office.patch(f"partners/{firm.pk}/", both, seen=marked["version"])
    assert told(office, "?resource=partners&language=sv") == {("partners", "name_sv", "Esimerkki", "mark")}


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ({"language": "sv"}, "text.not_same"),
        ({"language": "fi"}, "text.own_language"),
        ({"language": "en", "mark": "statement"}, "text.no_statement"),
        ({"language": "sv", "field": "kind"}, "field.choice"),
        ({"language": "sv", "record_id": 10**9}, "reference.unknown"),
    ],
)
def test_refusals_of_a_mark(api, sirpa, mark, code):
    head = history.head().seq
    firm = partner(name_fi="Säätiö", name_sv="Stiftelse")
    given = {"resource": "partners", "record_id": firm.pk, "field": "name", **mark}
    answer = api(sirpa).post(MARKS, given)
    assert answer.json()["errors"][0]["code"] == code
    assert history.head().seq == head + 1, "only the partner was written"


def test_only_the_office_marks(api, bo):
    firm = partner(name="Nokia")
    given = {"resource": "partners", "record_id": firm.pk, "field": "name", "language": "sv"}
    assert api(bo).post(MARKS, given).json()["errors"][0]["code"] == "permission.role"


def test_the_list_and_the_report_agree_on_what_a_language_says(api, sirpa):
    """One rule, read by the database for the list and by Python for the report."""
    partner(name="Vain suomeksi")
    partner(name_fi="Sama", name_sv="Sama", name_en="Same")
    partner(name_fi="VTT", name_sv="VTT")
    partner(name_sv="Bara på svenska", source_language="sv")
    partner(name_fi="Säätiö", name_sv="Stiftelse", name_en="Foundation")
    world = known_now()
    for code in ("fi", "sv", "en"):
        silent = {row.name for row in world.rows[Partner] if not getattr(text(row, "name"), code)}
        listed = {original for _, _, original, _ in told(api(sirpa), f"?resource=partners&language={code}")}
        assert listed == silent


def test_a_name_of_before_it_had_columns_is_in_the_rows_language():
    """What history rows of then say, at any cut."""
    old = Partner(name="Kirjasto", name_fi="", name_sv="", name_en="")
    assert wordings(old, "name") == {"fi": "Kirjasto", "sv": "", "en": ""}


def test_a_statement_stays_in_its_language(api, sirpa):
    """28 § of the Language Act: it is printed as it was given, and nobody is asked to translate it."""
    texts = {"text_fi": "Toive", "text_sv": "Önskemål", "answer_sv": "Svaret gavs."}
    answered = {"state": Wish.State.ANSWERED, "answered_on": date(2022, 6, 1)}
    wish = projects.save(Wish(decision=decided.decision(), order=1, **texts, **answered))
    asked = "?resource=wishes&language=fi"
    assert told(api(sirpa), asked) == {("wishes", "answer_fi", "Svaret gavs.", "wording")}
    given = {"resource": "wishes", "record_id": wish.pk, "field": "answer", "language": "sv", "mark": "statement"}
    assert api(sirpa).post(MARKS, given).status_code == 201
    assert told(api(sirpa), asked) == set()
    answer = text(known_now().rows[Wish][0], "answer")
    assert answer.statement and (answer.source, answer.fi, answer.sv) == ("sv", "", "Svaret gavs.")
    printed = [(run.text, run.lang) for run in Voice("fi").text(answer)]
    assert printed == [("Svaret gavs.", "sv"), (" [annettu\u00a0ruotsiksi]", "")]
    assert [(run.text, run.lang) for run in Voice("sv").text(answer)] == [("Svaret gavs.", "")]
