"""Every list costs two statements beyond sign-in, at one row and at many, now and in the past."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.people.models import Role
from portfolio.programmes.models import Programme
from tests import routes, story

BUNDLED = Path(__file__).parents[1] / "config" / "demo" / "espoo.json"
SIGN_IN = 4  # the token with its person, the day, the roles assigned, the seats held
LIST = 2  # the count and the rows
PAST = 4  # and where the moment lies in the ledger


def cost(client: story.Client, path: str) -> tuple[int, int]:
    with CaptureQueriesContext(
        connection,
    ) as told:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.content[:300])
    return len(told), len(answer.json()["results"])


def test_every_list_costs_the_same_at_any_size(own_database: str) -> None:
    call_command("import_portfolio", str(BUNDLED), verbosity=0)
    everybody = story.people()
    programme = Programme.objects.get(key="espoo:2017-2021.kestava-espoo")
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    readers: dict[str, Any] = {"director": story.Client(everybody["ana"]), "manager": story.Client(chen)}
    past, dear, many = f"as_of=seq:{history.head().seq}", [], 0
    for path in (route.path for route in routes.api() if route.is_list):
        for who, client in readers.items():
            client.get(path)  # what is looked up once in a process
            one, _ = cost(client, f"{path}?page_size=1")
            all_of_them, rows = cost(client, f"{path}?page_size=500")
            before, _ = cost(client, f"{path}?page_size=500&{past}")
            many += rows > 10
            if one != all_of_them or all_of_them > SIGN_IN + LIST or before > SIGN_IN + PAST:
                dear.append(f"{who} {path}: {one} at one row, {all_of_them} at {rows}, {before} in the past")
    assert dear == []
    assert many > 10, "there must be lists to measure"
