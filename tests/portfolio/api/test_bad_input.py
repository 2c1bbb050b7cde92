"""No input gives a 500: every malformed request is answered in the one shape, and nothing is lost or half done."""

import json
from datetime import timedelta

import pytest
from django.utils import translation

from portfolio import clock, history
from portfolio.people.models import IdempotencyKey, Person
from portfolio.refusals import Lack
from tests import story
from tests.portfolio.programmes import factories

SHAPE = {"code", "message", "field", "rule", "params", "hint"}
PERSON = {"name": "Chen"}


def codes(response, status=400):
    assert response.status_code == status, (response.status_code, response.content[:400])
    assert all(set(error) == SHAPE for error in response.json()["errors"])
    return [error["code"] for error in response.json()["errors"]]


def raw(client, body, content_type="application/json", path="people/"):
    headers = {"Accept-Language": "en", **client.headers}
    return client.http.post(f"/api/v1/{path}", body, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"0",
        b"[1]",
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": {"deep": ' + b"[" * 40 + b"]" * 40 + b"}}",
        b'{"name": 1e999}',
        b'{"name": true}',
        b'{"name": ["Chen"]}',
        b'{"name": "Ch\\u0000en"}',
        b'{"name": ""}',
        b'{"name": "Chen", "active": false, "is_superuser": true}',
        b'{"name": "Chen", "email": "no address"}',
        b'{"name": "Chen", "_connector": "OR"}',
    ],
)
def test_a_malformed_body_is_refused(api, uma, body):
    head = history.head()
    assert codes(raw(api(uma), body))
    assert history.head() == head


def test_other_forms_than_json_and_too_large_bodies_are_refused(api, uma, settings):
    assert codes(raw(api(uma), b"<a/>", "text/xml"), 415) == ["media.unsupported"]
    assert codes(raw(api(uma), b"name=Chen", "application/x-www-form-urlencoded"), 415) == ["media.unsupported"]
    large = b'{"name": "' + b"a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
    assert codes(raw(api(uma), large), 413) == ["body.too_large"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("person", 0, "reference.unknown"),
        ("person", -1, "reference.unknown"),
        ("person", True, "reference.unknown"),
        ("person", 2**63, "reference.unknown"),
        ("person", "9" * 5000, "reference.unknown"),
        ("person", "²", "reference.unknown"),
        ("person", "١", "reference.unknown"),
        ("person", {"id": 1}, "reference.unknown"),
        ("person", 1.5, "reference.unknown"),
        ("person", None, "field.required"),
        ("programme", 999_999_999, "reference.unknown"),
        ("project_id", 2**63, "role.project_unknown"),
        ("project_id", 2**70, "field.invalid"),
        ("project_id", "x", "field.invalid"),
        ("role", "emperor", "field.choice"),
        ("role", ["director"], "field.choice"),
        ("role", {}, "field.choice"),
        ("starts_on", "2022-13-45", "field.invalid"),
        ("starts_on", "0000-00-00", "field.invalid"),
        ("starts_on", 20220101, "field.invalid"),
        ("starts_on", "2022-01-01T00:00:00Z", "field.invalid"),
        ("starts_on", " 2022-01-01", "field.invalid"),
        ("project_id", "12 ", "field.invalid"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(api, uma, dee, field, value, code):
    body = {"person": dee.pk, "role": "auditor", "starts_on": "2022-01-01"} | {field: value}
    response = api(uma).post("roles/", body)
    assert code in codes(response)
    assert response.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("reason", [12, 1.5, True, ["x"], {"a": "x"}, None, "\u2800", "\u200b \u2060", "\u3164"])
def test_a_reason_is_a_text_that_can_be_read(api, uma, dee, reason):
    response = api(uma).post(f"people/{dee.pk}/deactivate/", {"because": reason}, seen=dee.version)
    assert response.json()["errors"][0]["field"] == "because"
    assert codes(response) in (["field.invalid"], ["field.required"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nonsense=1", "filter.unknown"),
        ("person__account__password__startswith=p", "filter.unknown"),
        ("_connector=OR", "filter.unknown"),
        ("_negated=1", "filter.unknown"),
        ("person=x", "filter.invalid"),
        ("person=1%00", "field.control_character"),
        ("page=0", "page.invalid"),
        ("page=-1", "page.invalid"),
        ("page=²", "page.invalid"),
        ("page=" + "9" * 5000, "page.invalid"),
        ("page=999999", "page.invalid"),
        ("page_size=501", "page.invalid"),
        ("page_size=", "page.invalid"),
        ("ordering=password", "order.unknown"),
        ("ordering=", "order.unknown"),
        ("ordering=--starts_on", "order.unknown"),
        ("ordering=?", "order.unknown"),
        ("fields=person__account__password", "field.unknown"),
        ("fields=role,,", "field.unknown"),
        ("search=x", "filter.unknown"),
        ("as_of=", "as_of.format"),
        ("as_of=yesterday", "as_of.format"),
        ("as_of=2022-02-30", "as_of.format"),
        ("as_of=seq:-1", "as_of.format"),
        ("as_of=seq:9999999", "as_of.future"),
        ("as_of=2999-01-01", "as_of.future"),
        ("as_of=9999-12-31", "as_of.future"),
        ("as_of=9999-12-31T23:59:59Z", "as_of.future"),
        ("as_of=2022-01-01T12:00:00", "as_of.format"),
        ("fields=id,id", "query.twice"),
        ("ordering=starts_on,-starts_on", "query.twice"),
        ("as_of=9999-12-31T23:59:59-23:59", "as_of.future"),
        ("as_of=9999-12-31T23:59:59.999999%2B14:00", "as_of.future"),
        ("as_of=0000-01-01", "as_of.format"),
        ("as_of=10000-01-01", "as_of.format"),
        ("as_of=2021-01-01T00:00:00%2B99:99", "as_of.format"),
        ("as_of=2021-01-01%00", "field.control_character"),
    ],
)
def test_a_wrong_question_is_refused(api, uma, query, code):
    assert codes(api(uma).get(f"roles/?{query}")) == [code]


BEFORE_ALL = [f"as_of=0001-01-01{time}" for time in ("", "T00:00:00Z", "T00:00:00%2B23:59", "T00:00:00-23:59")]


@pytest.mark.parametrize("query", ["person=" + "9" * 30, "person=-1", "page=1", "as_of=seq:0", *BEFORE_ALL])
def test_an_odd_question_has_an_answer(api, uma, query):
    assert api(uma).get(f"roles/?{query}").status_code == 200


def test_what_an_as_of_list_cannot_answer_is_refused_not_ignored(api, ana):
    seq = history.head().seq
    answer = api(ana).get(f"tenures/?kind=elected&as_of=seq:{seq}")
    assert codes(answer) == ["filter.not_in_the_past"]
    past = api(ana).get(f"people/?as_of=seq:{seq}")
    assert past.status_code == 200 and past.headers["ETag"].startswith('W/"')  # no version: nothing can be edited by it
    one = api(ana).get(f"people/{ana.pk}/?as_of=seq:{seq}")
    assert one.status_code == 200 and "ETag" not in one.headers


@pytest.mark.parametrize(
    "path",
    [
        "people/abc/",
        "people/01/",
        "people/0/",
        "people/²/",
        "people/-1/",
        f"people/{'9' * 40}/",
        "nothing/",
        "",
        "%00/",
    ],
)
def test_unknown_addresses_answer_in_the_one_shape(api, uma, path):
    assert codes(api(uma).get(path), 404) == ["not_found"]


def test_methods_and_formats_that_are_not_there(api, uma, dee):
    client = api(uma)
    for method in ("put", "delete"):
        assert codes(client.call(method, f"people/{dee.pk}/", {}), 405) == ["method.not_allowed"]
    assert codes(client.get("people/", Accept="text/html"), 406) == ["format.not_acceptable"]
    assert codes(client.get("people/?format=xml"), 406) == ["format.not_acceptable"]
    assert client.get("people/?format=json").status_code == 200


@pytest.mark.parametrize("tag", ["", "*", "x", '"²"', '"1", "2"', '"-1"', f'"{"9" * 40}"', '"1.0"'])
def test_without_a_readable_if_match_nothing_is_changed(api, uma, dee, tag):
    answer = api(uma).patch(f"people/{dee.pk}/", {"name": "Eve"}, If_Match=tag)
    assert codes(answer, 428) == ["edit.if_match"]
    assert Person.objects.get(pk=dee.pk).name == "Dee"


def test_inv_116_the_second_editor_is_told_both_versions(api, uma, dee):
    client = api(uma)
    first = client.get(f"people/{dee.pk}/")
    seen = int(first.headers["ETag"].strip('"'))
    renamed = client.patch(f"people/{dee.pk}/", {"name": "Deedee"}, seen=seen)
    assert renamed.status_code == 200 and renamed.headers["ETag"] == f'"{seen + 1}"'
    errors = story.assert_refused(
        client, "patch", f"people/{dee.pk}/", {"name": "Late"}, code="edit.stale", status=412, seen=seen
    )
    told = errors[0]["params"]
    assert (told["seen"], told["current"], told["changed_by"]) == (seen, seen + 1, uma.pk)
    assert told["changed"] == {"name": ["Dee", "Deedee"]} and told["changed_at"]
    assert client.get(f"people/{dee.pk}/?fields=name").headers["ETag"] == f'"{seen + 1}"'


def test_a_retry_with_its_key_is_answered_again_and_done_once(api, uma):
    client, key = api(uma), {"Idempotency_Key": "7f0c"}
    first = client.post("people/", PERSON, **key)
    again = client.post("people/", PERSON, **key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["ETag"] == first.headers["ETag"]
    assert Person.objects.filter(name="Chen").count() == 1
    assert codes(client.post("people/", {"name": "Eve"}, **key), 409) == ["idempotency.reused"]


def test_a_key_is_forgotten_after_a_day_and_then_stands_for_a_new_request(api, uma):
    client, key = api(uma), {"Idempotency_Key": "7f0e"}
    assert client.post("people/", PERSON, **key).status_code == 201
    for age, status in ((timedelta(hours=23, minutes=59), 409), (timedelta(hours=24, minutes=1), 201)):
        IdempotencyKey.objects.update(created_at=clock.real_now() - age)
        assert client.post("people/", {"name": "Eve"}, **key).status_code == status, age
    assert IdempotencyKey.objects.get(key="7f0e").created_at > clock.real_now() - timedelta(minutes=5)


def test_a_refused_request_does_not_use_up_its_key(api, uma):
    client, key = api(uma), {"Idempotency_Key": "7f0d"}
    assert codes(client.post("people/", {"name": ""}, **key)) == ["field.required"]
    assert client.post("people/", PERSON, **key).status_code == 201
    assert codes(client.post("people/", PERSON, Idempotency_Key="k" * 121)) == ["idempotency.format"]
    assert codes(client.post("people/", PERSON, Idempotency_Key="k\x00")) == ["idempotency.format"]


def test_pages_end_where_the_list_ends(api, uma):
    with history.change(by=story.SETUP, because="setup"):
        for number in range(5):
            Person(name=f"Nobody {number}").checked_save()
    client, total = api(uma), Person.objects.count()
    first = client.get("people/?page_size=3&ordering=name&fields=name").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (total, 3, None)
    seen, page = list(first["results"]), first
    while page["next"]:
        page = client.get(page["next"]).json()
        seen += page["results"]
    assert [row["name"] for row in seen] == sorted(Person.objects.values_list("name", flat=True))
    assert codes(client.get(f"people/?page_size=1&page={total + 1}")) == ["page.invalid"]


def test_an_object_of_another_programme_can_be_neither_read_nor_named(api, setup_people):
    ours, theirs = factories.programme(), factories.programme("TOI", "Toinen ohjelma")
    chen = story.person("Chen", "programme_manager", programme=ours)
    plan = api(setup_people["ana"]).post(
        "programme-updates/", {"programme": theirs.pk, "status_on": "2022-12-31", "summary_fi": "Hyvin."}
    )
    assert plan.status_code == 201, plan.content
    pk = plan.json()["id"]
    assert codes(api(chen).get(f"programme-updates/{pk}/"), 404) == ["not_found"]
    assert codes(api(chen).get(f"programme-updates/{pk}/history/"), 404) == ["not_found"]
    assert api(chen).get("programme-updates/").json()["count"] == 0
    assert codes(api(chen).get(f"programme-updates/{pk}/?as_of=seq:{history.head().seq}"), 404) == ["not_found"]
    assert api(chen).get(f"programme-updates/?as_of=seq:{history.head().seq}").json()["count"] == 0
    assert codes(api(chen).patch(f"programme-updates/{pk}/", {"summary_fi": "x"}, seen=1), 404) == ["not_found"]


def test_jsonfields_hold_what_they_can_show_again(api, ana):
    head = json.dumps({"name": "x", "rubric": [[]] * 3})
    assert codes(raw(api(ana), head.encode(), path="indicators/"))


def test_a_refusal_is_told_in_the_readers_language(api, ana):
    client, told = api(ana), {}
    for client.language in ("fi", "sv", "en"):
        (error,) = client.get("programmes/?page=0").json()["errors"]
        assert error["code"] == "page.invalid"
        told[client.language] = error["message"]
    with translation.override("sv"):
        assert told["sv"] == Lack("page.invalid").as_dict()["message"]
    assert told["en"] == "There is no such page." and len(set(told.values())) == 3
