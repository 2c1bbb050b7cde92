"""Sirpa gives remarks their wording in other languages; the remarks themselves stay as they were written."""

import unicodedata

import pytest

from portfolio.translations.models import LONGEST, TranslatedRemark
from tests import story
from tests.portfolio.programmes import factories as programmes

pytestmark = pytest.mark.django_db

SOURCE = "Toimittaja vetäytyi."
REMARK = {"source": SOURCE, "wording_sv": "Leverantören drog sig ur.", "wording_en": "The supplier withdrew."}
PATH = "translated-remarks/"


def test_the_secretary_translates_a_remark(api, sirpa):
    answer = api(sirpa).post(PATH, REMARK | {"unofficial": ["en"]})
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["source_language"], told["wording_fi"], told["wording_sv"]) == ("fi", "", REMARK["wording_sv"])
    states = {code: state["state"] for code, state in told["texts"]["wording"].items()}
    assert states == {"sv": "official", "en": "unofficial"}
    [created] = api(sirpa).get(f"{PATH}{told['id']}/history/").json()["results"]
    assert (created["actor"], created["type"]) == ("Sirpa", "+")


def test_a_wording_is_unofficial_until_it_is_told_to_be_the_citys_own(api, sirpa):
    told = api(sirpa).post(PATH, REMARK).json()
    assert {state["state"] for state in told["texts"]["wording"].values()} == {"unofficial"}
    answer = api(sirpa).patch(f"{PATH}{told['id']}/", {"unofficial": ["en"]}, seen=told["version"])
    assert answer.json()["texts"]["wording"]["sv"]["state"] == "official"


def test_what_is_worded_anew_is_unofficial_again_and_the_rest_stays(api, sirpa):
    told = api(sirpa).post(PATH, REMARK | {"unofficial": []}).json()
    body = {"wording_en": "The contractor withdrew.", "because": "The city calls them contractors."}
    changed = api(sirpa).patch(f"{PATH}{told['id']}/", body, seen=told["version"])
    assert changed.status_code == 200, changed.json()
    states = {code: state["state"] for code, state in changed.json()["texts"]["wording"].items()}
    assert (states, changed.json()["wording_sv"]) == ({"sv": "official", "en": "unofficial"}, REMARK["wording_sv"])
    newest = api(sirpa).get(f"{PATH}{told['id']}/history/").json()["results"][0]
    assert newest["reason"] == "The city calls them contractors."
    assert newest["changes"]["wording_en"] == ["The supplier withdrew.", "The contractor withdrew."]


def test_as_of_tells_the_wording_of_then(api, sirpa):
    told = api(sirpa).post(PATH, REMARK).json()
    seq = api(sirpa).get(f"{PATH}{told['id']}/history/").json()["results"][0]["seq"]
    api(sirpa).patch(f"{PATH}{told['id']}/", {"wording_sv": "Leverantören avstod."}, seen=told["version"])
    then = api(sirpa).get(f"{PATH}{told['id']}/?as_of=seq:{seq}").json()
    assert then["wording_sv"] == REMARK["wording_sv"]
    assert api(sirpa).get(f"{PATH}?as_of=seq:{seq - 1}").json()["count"] == 0


def test_a_remark_is_the_same_however_it_is_spaced_and_composed(api, sirpa):
    typed = f"\u00a0 {unicodedata.normalize('NFD', SOURCE)}\n"
    told = api(sirpa).post(PATH, REMARK | {"source": typed}).json()
    assert told["source"] == SOURCE
    story.assert_refused(api(sirpa), "post", PATH, REMARK, code="remark.duplicate", status=409)


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ({"source": " "}, "field.required", 400),
        ({"wording_sv": "", "wording_en": " "}, "remark.no_wording", 400),
        ({"wording_fi": "Toimittaja lähti."}, "remark.own_language", 400),
        ({"source_language": "sv"}, "remark.own_language", 400),
        ({"source_language": "de"}, "field.choice", 400),
        ({"unofficial": ["de"]}, "field.choice", 400),
        ({"wording_de": "Der Lieferant zog sich zurück."}, "field.unknown", 400),
        ({"wording_sv": "x" * (LONGEST + 1)}, "field.too_long", 400),
    ],
)
def test_refusals(api, sirpa, body, code, status):
    story.assert_refused(api(sirpa), "post", PATH, REMARK | body, code=code, status=status)
    assert not TranslatedRemark.objects.exists()


def test_no_translation_without_a_wording(api, sirpa):
    body = {"source": SOURCE}
    story.assert_refused(api(sirpa), "post", PATH, body, code="remark.no_wording", status=400)


def test_no_translation_into_its_own_language(api, sirpa):
    body = REMARK | {"wording_fi": "Toimittaja lähti."}
    story.assert_refused(api(sirpa), "post", PATH, body, code="remark.own_language", status=400)


def test_a_remark_has_one_translation(api, sirpa):
    assert api(sirpa).post(PATH, REMARK).status_code == 201
    story.assert_refused(api(sirpa), "post", PATH, REMARK, code="remark.duplicate", status=409)


def test_the_last_wording_is_not_taken_away(api, sirpa):
    told = api(sirpa).post(PATH, REMARK).json()
    body = {"wording_sv": "", "wording_en": ""}
    path = f"{PATH}{told['id']}/"
    story.assert_refused(api(sirpa), "patch", path, body, code="remark.no_wording", status=400, seen=told["version"])


def test_inv_116_a_second_editor_is_told(api, ana, sirpa):
    told = api(sirpa).post(PATH, REMARK).json()
    path = f"{PATH}{told['id']}/"
    assert api(ana).patch(path, {"wording_sv": "Leverantören avstod."}, seen=told["version"]).status_code == 200
    body = {"wording_sv": "Leverantören gav upp."}
    story.assert_refused(api(sirpa), "patch", path, body, code="edit.stale", status=412, seen=told["version"])


@pytest.mark.parametrize("who", ["bo", "aud", "uma", "dee"])
def test_only_the_office_translates(api, setup_people, who):
    story.assert_refused(api(setup_people[who]), "post", PATH, REMARK, code="permission.role", status=403)


def test_a_reason_from_inside_a_programme_is_read_by_the_office_and_the_auditor_alone(api, setup_people):
    chen = story.person("Chen", "programme_manager", programme=programmes.programme())
    made = api(setup_people["sirpa"]).post(PATH, REMARK).json()
    for who, seen in {"ana": 1, "sirpa": 1, "aud": 1, "bo": 0, "uma": 0, "dee": 0}.items():
        client = api(setup_people[who])
        assert client.get(PATH).json()["count"] == seen, who
        assert client.get(f"{PATH}{made['id']}/").status_code == (200 if seen else 404), who
    assert api(chen).get(PATH).json()["count"] == 0
