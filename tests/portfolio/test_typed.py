"""Whatever is typed is stored clean, found however it is spelt, and what can't be read is refused with its place."""

import unicodedata
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio import history, typed
from portfolio.history import text
from portfolio.history.models import Record
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.texts import Comparable, fingerprint
from portfolio.translations.models import AsKnown, TranslatedRemark, as_known
from tests import story
from tests.portfolio.history import records

RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]
# Columns of text that nobody types.
MADE = {"key", "provenance", "row_sha256", "shape", "texts", "source_language"}
DIRTY = (
    "\ufeff\u202eMa\u0308kela\u0308\u00a0\x96 O\u0308hman\u200b\u00ad\ufe0f\u2066\x07\tja\r\nSeppo\u2028\uf0b7\ufffc "
)
LINES = "Mäkelä\u00a0– Öhman ja\nSeppo\n•"
LINE = "Mäkelä\u00a0– Öhman ja Seppo •"
SPELT = {  # as it is typed: as it is stored
    "Ranta 🌊 raitti": "Ranta 🌊 raitti",
    "★ Tähti\u2003kolmas": "★ Tähti\u2003kolmas",
    "مدينة": "مدينة",
    "\u202egnol eht\u202c lyhyt": "gnol eht lyhyt",
    "\uf0b7 Wordin luettelo": "• Wordin luettelo",
    "Å\u200bland \ufeff": "Åland",
    "A\u030aland": "Åland",
    "2021\x962025": "2021–2025",
    "rivi\x0btoinen\tsarake": "rivi toinen sarake",
    "Suomi\U000e0067\U000e007f \U0001fffe": "Suomi",
}
UNREADABLE = {"\ufffd": "U+FFFD", "\ue000": "U+E000", "\U000f0001": "U+F0001", "\uf8ff\ufffd": "U+F8FF, U+FFFD"}

CONTROLS = [chr(code) for code in (*range(1, 0x20), *range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0x200B, 0x2067, 0xE0001)]
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def columns_of(model):
    held = [each for each in model._meta.concrete_fields if isinstance(each, models.CharField | models.TextField)]
    return held + [each for each in model._meta.concrete_fields if isinstance(each, models.JSONField)]


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_every_text_of_every_record_is_cleaned_on_its_way_in(model):
    cleaned = {each.attname for each in text.columns(model)}
    for each in columns_of(model):
        if each.choices or each.name in MADE or each.name in model.verbatim:
            assert each.attname not in cleaned
            continue
        many = isinstance(each, models.JSONField)
        record = model(**{each.attname: {"fi": [DIRTY]} if many else DIRTY})
        text.clean(record)
        wanted = {"fi": [LINES]} if many else LINES if (each.max_length or 4000) == 4000 else LINE
        assert getattr(record, each.attname) == wanted, each


@pytest.mark.django_db
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_every_record_is_saved_clean(model):
    """Through the one way to save; a column with a form of its own, such as a code, has no room for such words."""
    roomy = [
        each.attname for each in text.columns(model) if isinstance(each, models.TextField) or each.max_length == 200
    ]
    with history.change(by=story.SETUP):
        record = records.unsaved(model, **dict.fromkeys(roomy, "Ma\u0308ki\ufeff"))
        try:
            record.checked_save()
        except Refused as refused:
            assert not {lack.field for lack in refused.lacks} & set(roomy), refused
    assert {getattr(record, name) for name in roomy} <= {"Mäki"}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{ord(control):04X}")
def test_no_control_is_left(control):
    left = typed.cleaned(f"a{control}b")
    assert not typed.refused(left)
    assert all(one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cn") for one in left)


@given(st.text())
@settings(max_examples=300)
def test_what_is_clean_stays(words):
    once = typed.cleaned(words)
    assert typed.cleaned(once) == once == unicodedata.normalize("NFC", once)
    assert "\n" not in typed.cleaned(words, lines=False)


@pytest.mark.django_db
@given(ANY_TEXT)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_compares_as_the_program_does(words):
    sql = Person.objects.order_by().annotate(given=models.Value(words, output_field=models.TextField()))
    with history.change(by=story.SETUP):
        Person(name="Dee", title_fi="x").save()
    row = sql.annotate(compared=Comparable(F("given")), known=AsKnown(F("given"))).values("compared", "known")[0]
    assert row == {"compared": typed.comparable(words), "known": as_known(words)}


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "stored"), SPELT.items())
def test_the_api_stores_it_clean_and_finds_it_however_it_is_spelt(api, uma, given, stored):
    answer = api(uma).post("people/", {"name": given})
    assert answer.status_code == 201, answer.json()
    assert answer.json()["name"] == Person.objects.get(pk=answer.json()["id"]).name == stored
    for words in (given, stored, unicodedata.normalize("NFD", stored)):
        assert found(api(uma), typed.cleaned(words, lines=False)) == [stored]


def found(client, words):
    return [row["name"] for row in client.get(f"people/?{urlencode({'search': words})}").json()["results"]]


@pytest.mark.django_db
@pytest.mark.parametrize(("sign", "named"), UNREADABLE.items())
def test_what_cannot_be_read_is_refused_with_its_field(api, uma, sign, named):
    body = {"name": f"Che{sign}n"}
    [told] = story.assert_refused(api(uma), "post", "people/", body, code="text.unreadable", status=400)
    assert (told["field"], told["params"]) == ("name", {"characters": named})
    assert named in told["message"]


@pytest.mark.django_db
def test_a_reason_is_cleaned_or_refused_as_any_text(api, sirpa):
    told = api(sirpa).post("translated-remarks/", {"source": "Syy", "wording_sv": "Skäl"}).json()
    path, said = (
        f"translated-remarks/{told['id']}/",
        {"wording_sv": "Orsak", "because": "Ter\u200bmi\uf0b7 va\u0308\u00a0"},
    )
    assert api(sirpa).patch(path, said, seen=told["version"]).status_code == 200
    assert api(sirpa).get(f"{path}history/").json()["results"][0]["reason"] == "Termi• vä"
    said = {"wording_sv": "Grund", "because": "Termi \ufffd"}
    [told] = story.assert_refused(api(sirpa), "patch", path, said, code="text.unreadable", status=400, seen=2)
    assert told["field"] == "because"
    with pytest.raises(Refused) as refused, history.change(by=story.SETUP, because="Syy \ufffd"):
        pass
    assert (refused.value.code, refused.value.field) == ("text.unreadable", "because")


@pytest.mark.django_db
def test_what_was_stored_before_is_found_and_never_rewritten(api, uma):
    """Rows of old stand as they are: NFD, a no-break space, a mark of byte order."""
    old = unicodedata.normalize("NFD", "\ufeffMäkelä-Öhman, Maija\u00a0Liisa")
    with history.change(by=story.SETUP):
        kept = Person(name=old, title_fi="x")
        kept.save()
    for words in ("Mäkelä-Öhman", unicodedata.normalize("NFD", "mäkelä"), "maija liisa", "Maija\u2009Liisa"):
        assert found(api(uma), words) == [old], words
    path, seen = f"people/{kept.pk}/", api(uma).get(f"people/{kept.pk}/").json()["version"]
    changed = api(uma).patch(path, {"title_fi": "apulaisjohta\u0308ja\ufeff"}, seen=seen)
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["name"], changed.json()["title_fi"]) == (old, "apulaisjohtäja")
    [newest, _] = api(uma).get(f"{path}history/").json()["results"]
    assert set(newest["changes"]) == {"title_fi"}


@pytest.mark.django_db
@pytest.mark.parametrize("digits", ["٢٠٢٢-٠١-٠١", "２０２２-01-01"])
def test_digits_of_other_scripts_are_no_day_and_no_number(api, uma, dee, digits):
    body = {"person": dee.pk, "role": "auditor", "starts_on": digits}
    [told] = story.assert_refused(api(uma), "post", "roles/", body, code="field.invalid", status=400)
    assert told["field"] == "starts_on"
    assert api(uma).get(f"people/?{urlencode({'as_of': digits})}").json()["errors"][0]["code"] == "as_of.format"
    assert api(uma).get(f"roles/?{urlencode({'person': '٣'})}").json()["errors"][0]["code"] == "filter.invalid"
    assert api(uma).get("/api/v1/people/٣/").status_code == 404


@pytest.mark.django_db
def test_a_remark_of_old_keeps_its_translation_and_can_be_given_one(api, sirpa):
    """What is stored with marks that can't be seen is known by what can be read of it, from any hand."""
    stored = "\ufeffToimittaja\u200b veta\u0308ytyi."
    told = api(sirpa).post("translated-remarks/", {"source": stored, "wording_sv": "Leverantören drog sig ur."})
    assert told.status_code == 201, told.json()
    assert told.json()["source"] == "Toimittaja vetäytyi."
    again = {"source": "Toimittaja vetäytyi.", "wording_sv": "Leverantören avstod."}
    story.assert_refused(api(sirpa), "post", "translated-remarks/", again, code="remark.duplicate", status=409)
    assert TranslatedRemark.objects.get().source_sha256 == fingerprint(as_known(stored))
