"""A client that another program generates from the schema reads, makes and changes records on a real server."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test.testcases import LiveServerThread

from portfolio.people.models import Person
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.programmes import factories as programmes
from tests.test_lists import BUNDLED

WAIT = httpx.Timeout(120)  # for a loaded machine
pytestmark = pytest.mark.proof


@pytest.fixture
def site(own_database: str) -> Iterator[str]:
    call_command("import_portfolio", str(BUNDLED), verbosity=0)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.start()
    assert server.is_ready.wait(30) and server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def generated(schema: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package that openapi-python-client writes; its warnings would be errors of the schema."""
    (folder / "schema.json").write_bytes(schema)
    (folder / "settings.json").write_text(json.dumps({"post_hooks": []}))
    made = subprocess.run(
        [Path(sys.executable).with_name("openapi-python-client"), "generate", "--meta", "none", "--fail-on-warning",
         "--path", "schema.json", "--config", "settings.json", "--output-path", "city_client"],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(folder)
    return importlib.import_module("city_client")


def schema_for(token: str, site: str) -> bytes:
    """The schema, which a stranger does not get."""
    address = f"{site}/api/v1/schema/"
    assert httpx.get(address, timeout=WAIT).status_code == 401
    return httpx.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=WAIT).content


def test_a_generated_client_lists_reads_makes_and_changes(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = benefits.draft(programmes.programme("TOI", "Toinen ohjelma"), code="HT1")
    benefits.indicator(mine)
    uma, ana = story.person("Uma", "user_admin"), story.person("Ana", "director")
    tokens = {who.name: story.Client(who).headers["Authorization"].removeprefix("Bearer ") for who in (uma, ana)}
    package = generated(schema_for(tokens["Ana"], site), tmp_path, monkeypatch)

    def ask(path: str, who: str = "Ana", **given: Any) -> Any:
        client = package.AuthenticatedClient(base_url=site, token=tokens[who], timeout=WAIT)
        with client:
            return importlib.import_module(f"city_client.api.{path}").sync_detailed(client=client, **given)

    def model(name: str) -> Any:
        return getattr(importlib.import_module("city_client.models"), name)

    listed = 0
    for route in sorted((tmp_path / "city_client" / "api").glob("*/*_list.py")):
        path = f"{route.parent.name}.{route.stem}"
        if "evaluability" in path or "undrawable" in path:
            continue
        page = ask(path, page_size=2).parsed
        listed += page.count
        assert len(page.results) == min(2, page.count), path
    assert listed > 300
    targets = ask("benefit_targets.benefit_targets_list").parsed.results
    read = [ask("benefit_targets.benefit_targets_retrieve", id=each.id).parsed for each in targets]
    assert [each.code for each in read] == [each.code for each in targets]
    (verdict,) = ask("benefit_targets.benefit_targets_retrieve", id=mine.pk).parsed.indicators
    assert (verdict.standing, verdict.unjudged, verdict.value) == ("not_reported", "never_measured", None)

    made = ask("people.people_create", "Uma", body=model("PeoplePersonInput")(name="Chen"))
    assert made.status_code == 201 and Person.objects.get(pk=made.parsed.id).name == "Chen"
    seen, change = made.headers["ETag"], model("PatchedPeoplePersonInput")(name="Chen Li")
    changed = ask("people.people_partial_update", "Uma", id=made.parsed.id, body=change, if_match=seen)
    assert changed.parsed.name == "Chen Li" and changed.parsed.version == made.parsed.version + 1
    stale = ask("people.people_partial_update", "Uma", id=made.parsed.id, body=change, if_match=seen)
    assert stale.status_code == 412 and stale.parsed.errors[0].code == "edit.stale"
    leaving = {"body": model("PeopleReasonInput")(because="Lähtee."), "if_match": changed.headers["ETag"]}
    moved = ask("people.people_deactivate_create", "Uma", id=made.parsed.id, **leaving)
    assert moved.parsed.active is False
    told = ask("people.people_history_retrieve", "Uma", id=made.parsed.id).parsed
    assert told.count == 3 and told.results[0].actor == "Uma"
