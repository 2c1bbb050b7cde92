"""The schema says what the API does: it validates, warns of nothing, and describes every operation and refusal."""

from functools import cache
from typing import Any

import pytest
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import validate


@cache
def schema() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(request=None, public=True)


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
        for status, answer in told["responses"].items():
            if status.startswith("4"):
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Errors"), where


def test_moves_and_edits_ask_for_the_version_seen() -> None:
    without = {"measurements", "appoint-deputy", "reset-password", "revoke"}  # accounts and keys have no versions
    written_once = ("phase-moves", "project-moves", "pilot-moves")  # their entries have no version that could be stale
    for method, path, told in operations():
        if path.split("/")[3] in written_once:
            continue
        moves = path.rstrip("/").split("/")[-1] if path.count("{") and method == "post" else ""
        if method == "patch" or (moves and moves not in without):
            wanted = [each for each in told["parameters"] if each["name"] == "If-Match"]
            assert wanted and wanted[0]["required"], f"{method} {path}"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_documentation_lists_every_operation_and_fetches_nothing(db: None, client: Any, language: str) -> None:
    page = client.get(reverse("api-docs"), headers={"Accept-Language": language})
    text = page.content.decode()
    assert page.status_code == 200
    assert all(f"<code>{path}</code>" in text for _, path, _ in operations())
    assert "://" not in text.replace("http://www.w3.org", "")
    assert "<script" not in text


def test_the_schema_is_served(client: Any) -> None:
    assert client.get(reverse("schema")).status_code == 200
