"""The schema says what the API does: it validates, warns of nothing, and describes every operation and refusal."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from openapi_spec_validator import validate

from portfolio.api import RoomViewSet
from portfolio.api.published import _made, published
from tests import routes, story


@cache
def schema() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    _made.cache_clear()
    return published().document


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, told) for path, described in schema()["paths"].items() for method, told in described.items()]


@pytest.mark.proof
def test_the_schema_is_openapi_3_1_and_valid() -> None:
    assert schema()["openapi"].startswith("3.1")
    validate(schema())


def test_the_generator_warns_of_nothing() -> None:
    schema()
    assert [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache] == []


def test_every_operation_says_what_it_does_and_how_it_refuses() -> None:
    for method, path, told in operations():
        where = f"{method} {path}"
        assert told.get("summary") and told.get("description"), where
        assert "401" in told["responses"], where
        if method in ("post", "patch"):
            assert {"400", "403", "409"} <= set(told["responses"]), where
        for status in told["responses"]:
            if status[0] in "45":
                assert answer(told, status)["$ref"].endswith("/Errors"), where


def test_moves_and_edits_ask_for_the_version_seen() -> None:
    without = {"measurements", "appoint-deputy", "reset-password", "revoke"}  # accounts and keys have no versions
    written_once = (
        "phase-moves",
        "project-moves",
        "pilot-moves",
        "documents",
    )  # their entries have no version that could be stale
    for method, path, told in operations():
        if path.split("/")[3] in written_once:
            continue
        moves = path.rstrip("/").split("/")[-1] if path.count("{") and method == "post" else ""
        if method == "patch" or (moves and moves not in without):
            wanted = [each for each in told["parameters"] if each["name"] == "If-Match"]
            assert wanted and wanted[0]["required"], f"{method} {path}"


def test_every_list_is_one_page_object_of_its_resource() -> None:
    lists = {route.path for route in routes.api() if route.is_list}
    for path in lists:
        shape = answer(schema()["paths"][path]["get"], "200")
        page = schema()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        assert list(page["properties"]) == ["count", "next", "previous", "results"], path
        assert set(page["properties"]["results"]["items"]) == {"$ref"}, path
    assert len(lists) > 40


def test_a_row_tells_what_a_coded_column_can_hold() -> None:
    told = 0
    for room in RoomViewSet.by_model.values():
        shape = schema()["components"]["schemas"].get(room.row.__name__, {"properties": {}})
        coded = {each.attname: each for each in room.model._meta.concrete_fields if each.choices}
        for name in set(coded) & set(shape["properties"]):
            assert {*shape["properties"][name]["enum"]} - {""} == {*dict(coded[name].flatchoices)}, (room, name)
            told += 1
    assert told > 60


def test_every_operation_has_a_name_for_a_program_and_every_move_a_typed_answer() -> None:
    names = [told["operationId"] for _, _, told in operations()]
    assert len(names) == len(set(names)) > 250
    assert all(name.isidentifier() and not name.endswith("_") for name in names)
    for method, path, told in operations():
        code = "201" if "201" in told["responses"] else "200"
        if method in ("post", "patch") and "$ref" in (shape := answer(told, code)):
            row = schema()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
            assert ("version" in row["properties"]) is ("ETag" in told["responses"][code].get("headers", {})), path
        elif method in ("post", "patch"):
            assert shape["required"] == ["id"], path


def test_every_refusal_that_a_route_may_give_is_told() -> None:
    for method, path, told in operations():
        codes, where = set(told["responses"]), f"{method} {path}"
        assert {"400", "401", "406", "429", "503"} <= codes, where
        assert "404" in codes or "{id}" not in path, where
        assert {"413", "415"} <= codes or method == "get", where
        if any(each["name"] == "If-Match" for each in told.get("parameters", ())):
            assert {"412", "423", "428"} <= codes, where
        assert "Retry-After" in told["responses"]["429"]["headers"], where


def test_an_address_may_ask_for_what_the_schema_tells_and_nothing_else() -> None:
    """The parameters of the schema are the names that a route takes; `format` is every route's."""
    for route in routes.api():
        told = schema()["paths"].get(route.path.replace("/1/", "/{id}/"))
        for method in route.methods if told else ():
            view = route.view.cls(action_map=route.view.actions)
            view.action = route.view.actions[method]
            asked = {each["name"] for each in told[method].get("parameters", ()) if each["in"] == "query"}
            assert asked == set(view.accepted()) - {"format"} - ({"search"} - asked), f"{method} {route.path}"


def answer(told: dict[str, Any], code: str) -> dict[str, Any]:
    shape: dict[str, Any] = told["responses"][code]["content"]["application/json"]["schema"]
    return shape


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_documentation_lists_every_operation_and_fetches_nothing(ana: Any, client: Any, language: str) -> None:
    client.force_login(story.Client(ana).person.account)
    page = client.get(reverse("api-docs"), headers={"Accept-Language": language})
    text = page.content.decode()
    assert page.status_code == 200
    assert all(f"<code>{path}</code>" in text for _, path, _ in operations())
    assert "://" not in text.replace("http://www.w3.org", "")
    assert "<script" not in text


def test_the_schema_is_for_those_who_sign_in_and_made_once(ana: Any, client: Any) -> None:
    schema()
    made, stranger, by_token = _made.cache_info().misses, story.Client(None), story.Client(ana)
    assert stranger.get(reverse("schema")).status_code == 401
    page = stranger.get(reverse("api-docs"))
    assert page.status_code == 302 and page.headers["Location"].startswith(reverse("sign-in"))
    client.force_login(by_token.person.account)
    first, second = by_token.get(reverse("schema")), client.get(reverse("schema"))
    assert first.content == second.content and first.json() == schema()
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = by_token.get(reverse("schema"), If_None_Match=first.headers["ETag"], Accept="text/html")
    assert (again.status_code, again.content) == (304, b"")
    assert by_token.get(reverse("api-docs")).status_code == 200
    assert by_token.get(reverse("api-docs"), Authorization="Bearer nobody's").status_code == 302
    assert _made.cache_info().misses == made


@pytest.mark.proof
def test_those_who_ask_at_once_wait_for_one_making() -> None:
    _made.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        etags = [each.result().etag for each in [pool.submit(published) for _ in range(8)]]
    assert len(set(etags)) == 1 and _made.cache_info().misses == 1
