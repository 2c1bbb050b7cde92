"""Eight clients at once on the service as it is run: how long they wait, and how large its processes grow."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connections

from portfolio.benefits.models import BenefitTarget
from portfolio.people.models import Person, Role
from portfolio.programmes.models import Programme
from projects.register.models import Project
from tests import story
from tests.benchmarks.test_pages import browser, frozen
from tests.benchmarks.test_report import portfolio
from tests.ground.waiting import until
from tests.reporting.ticking import PROJECT, address_of, children

pytestmark = pytest.mark.bench
CLIENTS, SECONDS = 8, 30.0
AS_IT_IS_RUN = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
EMPTY = "/floor/empty/"
TIMES_EMPTY, MOST_MEGABYTES = 40, 220  # 8 times and 130 MB are wished for; a page made anew holds up all the others


@dataclass
class Site:
    """A running site: its socket, its processes, and who asks it."""

    socket: Path
    process: subprocess.Popen[bytes]
    session: str
    token: str

    def client(self) -> httpx.Client:
        """As a browser and a program of one person at once."""
        return httpx.Client(
            transport=httpx.HTTPTransport(uds=str(self.socket)), base_url="http://localhost", timeout=120,
            cookies={settings.SESSION_COOKIE_NAME: self.session}, headers={"Accept-Encoding": "gzip"},
        )  # fmt: skip

    def megabytes(self) -> list[float]:
        """Of each process that answers: all that it holds in memory."""
        return [_resident(pid) for pid in children(self.process.pid)]


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.fixture
def site(own_database: str, tmp_path: Path) -> Iterator[Site]:
    portfolio(projects=400, indicators=400, values=24)
    frozen()
    ana: Person = story.person("Ana", Role.DIRECTOR)
    session = browser(ana).cookies[settings.SESSION_COOKIE_NAME].value
    token = story.Client(ana).headers["Authorization"]
    socket, said = tmp_path / "web.sock", (tmp_path / "web.log").open("wb")
    command = [
        sys.executable,
        "-m",
        "granian",
        *AS_IT_IS_RUN,
        "--uds",
        str(socket),
        "tests.benchmarks.served:application",
    ]
    process = subprocess.Popen(command, cwd=PROJECT, env=address_of(own_database), stdout=said, stderr=said)
    try:
        found = Site(socket, process, session, token)
        with found.client() as client:
            until(
                lambda: _answers(client),
                within=120,
                said=tmp_path / "web.log",
            )
        yield found
    finally:
        process.terminate()
        process.wait(30)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get(EMPTY).status_code == 200
    except httpx.TransportError:
        return False


Ask = Callable[[httpx.Client], httpx.Response]


@dataclass
class Mix:
    """What people and programs ask for in a working hour, by how often in a hundred."""

    token: str
    programmes: list[int]
    projects: list[int]
    targets: list[int]
    writing: dict[int, threading.Lock] = field(default_factory=dict)

    def one(self) -> tuple[str, Ask]:
        shares: dict[str, tuple[int, Ask]] = {
            "list": (25, self.list), "detail": (25, self.detail), "page": (20, self.page),
            "programme": (10, self.programme), "write": (20, self.write),
        }  # fmt: skip
        (name,) = random.choices([*shares], [share for share, _ in shares.values()])
        return name, shares[name][1]

    def _api(self, client: httpx.Client, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": self.token} | given.pop("headers", {})
        return client.request(method, f"/api/v1/{path}", headers=headers, **given)

    def list(self, client: httpx.Client) -> httpx.Response:
        return self._api(client, "GET", random.choice(["projects/?page_size=100", "indicators/?page_size=100"]))

    def detail(self, client: httpx.Client) -> httpx.Response:
        target = f"benefit-targets/{random.choice(self.targets)}/?include=indicators,plans,measurements"
        return self._api(client, "GET", random.choice([target, f"projects/{random.choice(self.projects)}/"]))

    def page(self, client: httpx.Client) -> httpx.Response:
        return client.get(random.choice(["/programmes/", "/reports/"]), follow_redirects=True)

    def programme(self, client: httpx.Client) -> httpx.Response:
        return client.get(f"/programmes/{random.choice(self.programmes)}/", follow_redirects=True)

    def write(self, client: httpx.Client) -> httpx.Response:
        """Each project by one at a time: who was faster is another benchmark's."""
        pk = random.choice(self.projects)
        with self.writing.setdefault(pk, threading.Lock()):
            version = self._api(client, "GET", f"projects/{pk}/?fields=id,version").headers["ETag"]
            said = {"name_fi": f"Hanke {random.random()}"}
            return self._api(client, "PATCH", f"projects/{pk}/", json=said, headers={"If-Match": version})


def waits(site: Site, one: Callable[[], tuple[str, Ask]], seconds: float = SECONDS) -> dict[str, list[float]]:
    """Milliseconds of each request, by its kind, of eight clients that ask one after the other."""
    found: dict[str, list[float]] = {}
    until_then = time.monotonic() + seconds

    def ask(_: int) -> None:
        with site.client() as client:
            while time.monotonic() < until_then:
                name, request = one()
                begun = time.perf_counter()
                answer = request(client)
                found.setdefault(name, []).append(1000 * (time.perf_counter() - begun))
                assert answer.status_code == 200, (name, answer.status_code, answer.text[:300])

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(ask, range(CLIENTS)))
    return found


def late(found: list[float]) -> float:
    """What nineteen of twenty did not wait longer than."""
    return sorted(found)[int(0.95 * len(found))]


def test_eight_clients_wait_little_and_the_site_stays_small(site: Site) -> None:
    ids = (list(model._default_manager.values_list("pk", flat=True)) for model in (Programme, Project, BenefitTarget))
    mix = Mix(site.token, *ids)
    connections.close_all()
    quiet = site.megabytes()

    def empty() -> tuple[str, Ask]:
        return "empty", lambda client: client.get(EMPTY)

    waits(site, mix.one, SECONDS / 3)  # what is compiled and looked up once
    before = waits(site, empty, SECONDS / 3)["empty"]
    found = waits(site, mix.one)
    after = waits(site, empty, SECONDS / 3)["empty"]
    mixed, idle = [each for kind in found.values() for each in kind], before + after
    print(f"\n  empty page {late(idle):.0f} ms, {len(idle) / (2 * SECONDS / 3):.0f} in a second")
    print(f"  mixed {late(mixed):.0f} ms, {len(mixed) / SECONDS:.0f} in a second: {late(mixed) / late(idle):.1f} times")
    for kind, each in sorted(found.items()):
        print(f"    {kind:10} {len(each):5} of {late(each):5.0f} ms")
    grown = site.megabytes()
    print("  MB of each process:", *(f"{one:.0f} → {other:.0f}" for one, other in zip(quiet, grown, strict=True)))
    assert late(mixed) <= TIMES_EMPTY * late(idle)
    assert max(grown) <= MOST_MEGABYTES
