"""Every list costs two statements beyond sign-in, or three, at any size, now and in the past, and is as documented."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from portfolio import history
from portfolio.api.published import published
from portfolio.people.models import Role
from portfolio.programmes.models import Programme
from tests import routes, story

BUNDLED = Path(__file__).parents[1] / "config" / "demo" / "espoo.json"
SIGN_IN = 1  # the token with its person, the day and the roles held
LIST = 2  # the rows, and their count where the page is full
ALONG = 1  # what is told along with the rows: values, standings
PAST = 4  # and where the moment lies in the ledger


def cost(client: story.Client, path: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as told:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.content[:300])
    return len(told), len(answer.json()["results"])


@pytest.fixture(scope="module")
def everybody(shared_database: str) -> story.People:
    call_command("import_portfolio", str(BUNDLED), verbosity=0)
    return story.people()


@pytest.mark.proof
def test_every_list_costs_the_same_at_any_size(everybody: story.People) -> None:
    programme = Programme.objects.get(key="espoo:2017-2021.kestava-espoo")
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    readers: dict[str, Any] = {"director": story.Client(everybody["ana"]), "manager": story.Client(chen)}
    readers["manager"].get("sdgs/")  # that a key is in use is noted once a while
    past, dear, many = f"as_of=seq:{history.head().seq}", [], 0
    rooms = ((route.path, route.view.cls) for route in routes.api() if route.is_list)
    lists = {
        path: room for path, room in rooms if hasattr(room, "model")
    }  # of a list that is of no one model: test_home
    for path, room in lists.items():
        model, most = room.model, SIGN_IN + LIST + (ALONG if room.along else 0)
        readers["director"].get(f"{path}?page_size=1")  # what is looked up once in a process
        for who, client in readers.items():
            one, _ = cost(client, f"{path}?page_size=1")
            all_of_them, rows = cost(client, f"{path}?page_size=60")
            kept = model._meta.label not in settings.OPERATIONAL_TABLES
            before, _ = cost(client, f"{path}?page_size=60&{past}") if kept else (0, 0)
            many += rows > 10
            if max(one, all_of_them) > most or before > SIGN_IN + PAST:
                dear.append(f"{who} {path}: {one} at one row, {all_of_them} at {rows}, {before} in the past")
    assert dear == []
    assert many > 10, "there must be lists to measure"


@pytest.mark.proof
def test_the_list_of_targets_says_what_details_say(everybody: story.People) -> None:
    client = story.Client(everybody["ana"])
    targets = client.get("benefit-targets/?page_size=500&fields=id,standing").json()["results"]
    details = [client.get(f"benefit-targets/{each['id']}/").json() for each in targets]
    assert [each["standing"] for each in details] == [each["standing"] for each in targets]
    assert targets, "there must be something to compare"


def answers(client: story.Client) -> Iterator[tuple[str, str, Any]]:
    """What is answered to every question about every resource: the path of the schema, the address, the answer."""
    past = f"as_of=seq:{history.head().seq}"
    for path, described in published().document["paths"].items():
        if "get" not in described or "files/" in path:
            continue
        if "{id}" not in path:
            for query in ("page_size=20", f"page_size=3&{past}", "page_size=1&page=2"):
                yield path, f"{path}?{query}", client.get(f"{path}?{query}")
            continue
        room = path.split("{id}")[0]
        for row in client.get(f"{room}?page_size=2").json()["results"]:
            question = "move=close" if path.endswith("programmes/{id}/gate/") else ""
            takes_moments = {each["name"] for each in described["get"]["parameters"]} >= {"as_of"}
            for query in (question, past) if takes_moments else (question,):
                address = f"{path.replace('{id}', str(row['id']))}?{query}"
                yield path, address, client.get(address)


@pytest.mark.proof
def test_every_answer_is_as_the_schema_says(everybody: story.People) -> None:
    """Lists, details, histories and all else that is read, now and in the past; each status is one of those told of."""
    schema, wrong, held = published().document, [], set()
    registry = Registry().with_resource("urn:schema", Resource.from_contents(schema, DRAFT202012))
    for path, address, answer in answers(story.Client(everybody["ana"])):
        told = schema["paths"][path]["get"]["responses"][str(answer.status_code)]
        shape = {"$ref": f"urn:schema#/paths/{escaped(path)}/get/responses/{answer.status_code}"}
        shape["$ref"] += "/content/application~1json/schema"
        judge = Draft202012Validator(shape, registry=registry, format_checker=FormatChecker())
        wrong += [f"{address}: {fault.json_path} {fault.message[:120]}" for fault in judge.iter_errors(answer.json())]
        if "as_of" not in address:  # what was known then can't be edited, so it has no ETag
            wrong += [f"{address}: no header {name}" for name in told.get("headers", ()) if name not in answer.headers]
        held |= {path} if answer.status_code == 200 else set()
    assert not wrong, "\n".join(wrong[:40])
    assert len(held) > 90, sorted(held)


def escaped(path: str) -> str:
    return path.replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
