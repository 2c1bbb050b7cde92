"""Over all routes: one form for days, figures and ids, one value for a name, nothing asked that is not known."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import Resolver404, resolve
from rest_framework import serializers

from portfolio import history
from portfolio.api import Input, lists
from tests import routes, story
from tests.test_rights_of_routes import Write, body, world, writes  # noqa: F401  (a fixture)

# Three forms each that a lenient reader takes, or that only look like one.
DAYS = ("٢٠٢٢-01-01", "2022-W01-1", "20220101")
INSTANTS = ("2022-01-01T١٢:00:00+03:00", "20220101T120000Z", "2022-01-01")
HOURS = ("١٢:00", "1200", "T12:00")
FIGURES = ("٣", "1_000", "+3")
LENIENT: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (serializers.IntegerField, FIGURES),
    (serializers.DecimalField, FIGURES),
    (serializers.DateTimeField, INSTANTS),
    (serializers.DateField, DAYS),
    (serializers.TimeField, HOURS),
)


def lenient(field: Any, turn: int) -> Any:
    """A value that must not be taken, or None where the field is free text."""
    if isinstance(field, serializers.ListField):
        inner = lenient(field.child, turn)
        return inner and [inner]
    return next((forms[turn] for kind, forms in LENIENT if isinstance(field, kind)), None)


def refused_fields(answer: Any) -> set[str]:
    told = answer.json()["errors"] if answer.status_code == 400 else []
    return {error["field"] for error in told if error["code"] == "field.invalid"}


def there(write: Write) -> tuple[str, dict[str, str]]:
    """The address of a record that there is, and the headers of who has seen it."""
    record = write.model._default_manager.order_by("pk").last()
    tag = {"If_Match": f'"{getattr(record, "version", 1)}"'} if "{id}" in write.path else {}
    return write.path.replace("{id}", str(record and record.pk)), tag


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]] if answer.status_code >= 400 else []


@pytest.mark.proof
def test_a_body_says_each_thing_once_and_in_one_form(api: Any, world: story.People) -> None:  # noqa: F811
    ana, wrong, tried, head = api(world["ana"]), [], 0, history.head()
    for write in writes():
        path, tag = there(write)
        fields = write.given().fields if write.given else {}
        for turn in range(3):
            odd = {name: bad for name, field in fields.items() if (bad := lenient(field, turn)) is not None}
            if odd and (found := refused_fields(ana.call(write.method, path, body(write.given) | odd, **tag))) < {*odd}:
                wrong.append(f"{write.name}: takes { ({*odd} - found) } in form {turn}")
            tried += len(odd)
        twice = ana.http.generic(
            write.method.upper(), f"/api/v1/{path}", b'{"because": "a", "because": "b"}', "application/json",
            headers=ana.headers | {"If-Match": tag.get("If_Match", "")},
        )  # fmt: skip
        if codes(twice) != ["body.named_twice"]:
            wrong.append(f"{write.name}: a name twice is {twice.status_code} {codes(twice)}")
        if tag and asks_for_the_version(write):
            weak = ana.call(write.method, path, body(write.given), If_Match=f"W/{tag['If_Match']}")
            if (weak.status_code, codes(weak)) != (412, ["edit.weak"]):
                wrong.append(f"{write.name}: a weak ETag is {weak.status_code} {codes(weak)}")
    assert not wrong, "\n".join(wrong)
    assert tried > 300 and history.head() == head


def asks_for_the_version(write: Write) -> bool:
    if write.method == "patch":
        return True
    for route in routes.api():
        if route.path == f"/api/v1/{write.path.replace('{id}', '1')}" and write.method in route.methods:
            room, action = route.view.cls, route.view.actions[write.method]
            return bool(inspect.getclosurevars(getattr(room, action)).nonlocals.get("if_match"))
    raise ValueError(write.name)


def test_a_name_stands_twice_in_no_object_however_deep(api: Any, uma: Any) -> None:
    for said in (b'{"name": "A", "name": "A"}', b'{"a": [{"b": 1, "b": 2}]}', b'{"a": {"\\u0062": 1, "b": 2}}'):
        answer = api(uma).http.post("/api/v1/people/", said, content_type="application/json", headers=api(uma).headers)
        assert codes(answer) == ["body.named_twice"]


def reads() -> Iterator[tuple[routes.Route, str]]:
    for route in routes.api():
        for method in route.methods:
            yield route, method


def filters_of(room: Any) -> Iterator[tuple[str, str]]:
    """Each filter with a value in a form that a lenient reader takes."""
    by_kind = {"BooleanField": "1", "DateField": "20220101", "DateTimeField": "2022-01-01"}
    for name, lookup in room.filters.items():
        if lookup.endswith("__isnull"):
            yield name, "1"
        elif lookup not in lists._texts(room.model):
            column = lists.asked_of(room.model, lookup)
            number = "AutoField" in type(column).__name__ or "Integer" in type(column).__name__
            yield name, "1_0" if number else by_kind.get(type(column).__name__, "٣")


@pytest.mark.proof
def test_an_address_asks_each_thing_once_in_one_form_and_nothing_unknown(api: Any, ana: Any) -> None:
    client, wrong, tried = api(ana), [], 0

    def expect(method: str, path: str, status: int, *accepted: str) -> None:
        nonlocal tried
        tried += 1
        answer = client.call(method, path, None if method == "get" else {}, If_Match='"1"')
        if answer.status_code != status or codes(answer)[:1] not in [[code] for code in accepted]:
            wrong.append(f"{method} {path}: {answer.status_code} {codes(answer)}")

    for route, method in reads():
        expect(method, f"{route.path}?lang=fi", 400, "filter.unknown", "query.unknown")
        expect(method, f"{route.path}?page=1&page=2", 400, "query.twice")
        if route.is_list and method == "get":
            expect(method, f"{route.path}?format=xml", 406, "format.not_acceptable")
            of_now = not hasattr(route.view.cls, "model")  # what waits for the caller: there is no past of it
            for day in ("٢٠٢٢-01-01", "2022-W01-1", "20220601", "2022-W01-1T12:00:00") if not of_now else ():
                expect(method, f"{route.path}?as_of={day}", 400, "as_of.format", "as_of.no_past")
            for name, value in filters_of(route.view.cls) if "missing" not in route.path else ():
                expect(method, f"{route.path}?{name}={value}", 400, "filter.invalid")
    assert not wrong, "\n".join(wrong)
    assert tried > 850


def test_an_id_in_an_address_is_a_few_plain_digits() -> None:
    """What can't be an id is no address at all: of the API as of the pages."""
    for route in routes.routes():
        if "/1/" in route.path:
            assert resolve(route.path)
            for odd in ("٣", "9" * 40, "-1", "1_0"):
                with pytest.raises(Resolver404):
                    resolve(route.path.replace("/1/", f"/{odd}/"))


def test_a_page_is_asked_each_thing_once(client: Any, ana: Any) -> None:
    client.force_login(story.Client(ana).person.account)
    for route in routes.routes():
        if not route.path.startswith("/api/v1/"):
            answer = client.get(f"{route.path}?as_of=2022-01-01&as_of=2023-01-01", headers={"Accept-Language": "en"})
            assert answer.status_code == 400, route.path
            assert "names this twice" in answer.content.decode(), route.path


@pytest.mark.django_db
def test_the_history_is_told_up_to_a_moment(api: Any, uma: Any, dee: Any) -> None:
    client, before = api(uma), history.head().seq
    client.patch(f"people/{dee.pk}/", {"name": "Deedee"}, seen=1)
    late = client.post("people/", {"name": "Chen"}).json()["id"]
    told = client.get(f"people/{dee.pk}/history/").json()
    then = client.get(f"people/{dee.pk}/history/?as_of=seq:{before}").json()
    assert (told["count"], then["count"]) == (2, 1) and then["results"] == told["results"][1:]
    assert codes(client.get(f"people/{late}/history/?as_of=seq:{before}")) == ["not_found"]
    assert codes(client.get(f"people/{dee.pk}/history/?as_of=2999-01-01")) == ["as_of.future"]
    assert codes(client.get(f"people/{dee.pk}/history/?as_of=20220101")) == ["as_of.format"]


def test_every_input_names_its_figures_and_days(db: None) -> None:
    """The fields that stand for one are fields of REST framework that the base of inputs knows."""
    known = tuple(kind for kind, _ in LENIENT)
    for write in writes():
        for name, field in (write.given().fields if write.given else {}).items():
            assert not isinstance(field, serializers.FloatField | serializers.DurationField), (write.name, name)
            assert isinstance(field, known) or "Date" not in type(field).__name__, (write.name, name)
            assert not isinstance(field, serializers.Serializer) or isinstance(field, Input), (write.name, name)
