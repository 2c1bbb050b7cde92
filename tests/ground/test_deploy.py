"""`docs/how-to/deploy.md`, walked through: its own commands, in their order, on an empty PostgreSQL and broker.

Only places are put in place of places: folders, addresses, ports. What belongs to the machine and not to us (users,
owners of files, systemd) is played by small programs on the path; the units' own lines are what they run.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded.offspring import Process, launch
from config.embedded.postgres import Postgres, wheel_home
from config.embedded.servers import ADDRESSES, PROJECT
from config.embedded.valkey import wheel_program
from tests.ground.systemctl import alive
from tests.ground.test_compose import settings_known
from tests.ground.test_staff import free_port
from tests.ground.waiting import until

PAGE = (PROJECT / "docs/how-to/deploy.md").read_text()
WALK = PAGE.partition("## Step by step")[2].partition("## Letting the first person in")[0]
UNITS = PROJECT / "deploy/systemd"
INSTALLING = re.compile(r".*-m (venv|pip) .*")  # tried by test_compose, in a clean folder
BROKER_PASSWORD = "known to the broker"

PLAYED = f'#!/bin/sh\nexec {sys.executable} {PROJECT}/tests/ground/systemctl.py "{{units}}" "{{run}}" "$@"\n'


class CityPostgres(Postgres):
    """The city's own server: over TCP with passwords, and with nothing in it."""

    port = ""

    def _options(self) -> list[str]:
        said = [word.replace("listen_addresses=", "listen_addresses=127.0.0.1") for word in super()._options()]
        return [*said, "-c", f"port={self.port}"]

    def _create_roles(self) -> None:
        """Whoever puts the program into service does that."""

    def _wait_until_ready(self) -> None:
        def answers() -> bool:
            try:
                psycopg.connect(host=str(self.socket), port=self.port, user="postgres", dbname="postgres").close()
            except psycopg.OperationalError:
                return False
            return True

        until(answers, within=60)


def empty_server(folder: Path, port: str) -> CityPostgres:
    place = Path(f"/tmp/salkku-city-{port}")
    place.mkdir(mode=0o711)
    folder.mkdir()
    server = CityPostgres(folder, place, folder, durable=False)
    server.port = port
    server.start()
    rules = folder / "postgres-18/pg_hba.conf"
    rules.write_text("local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    assert server.process
    os.kill(server.process.pid, signal.SIGHUP)
    return server


class City:
    """A machine on which the page is followed: the commands, with this test's places in them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.database_port, self.broker_port = free_port(), free_port()
        for name in ("etc/salkku/secrets", "etc/systemd/system", "root", "bin", "run", "mail", "units"):
            (folder / name).mkdir(parents=True)
        (folder / "etc/salkku/secrets/redis_password").write_text(BROKER_PASSWORD)
        shutil.copy(PROJECT / "config/demo/espoo.json", folder / "root/city.json")
        played = PLAYED.format(units=folder / "etc/systemd/system", run=folder / "run")
        shim = {"useradd": "#!/bin/sh\n", "chown": "#!/bin/sh\n", "systemctl": played}
        for name, text in shim.items():
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        self.postgres = empty_server(folder / "server-1", self.database_port)
        self.broker = self._broker()
        for unit in UNITS.iterdir():
            (folder / "units" / unit.name).write_text(self.here(unit.read_text()))

    def _broker(self) -> Process:
        words = ["--port", self.broker_port, "--requirepass", BROKER_PASSWORD, "--save", "", "--dir", self.folder]
        return launch([wheel_program(), *words], ended_by=signal.SIGTERM, log=self.folder / "valkey.log")

    def here(self, text: str) -> str:
        places = {
            "db.example.fi:5432": f"127.0.0.1:{self.database_port}",
            "PGHOST=db.example.fi": f"PGHOST={self.postgres.socket}",
            "PGPORT=5432": f"PGPORT={self.database_port}",
            "redis.example.fi:6379": f"127.0.0.1:{self.broker_port}",
            "smtp://mail.example.fi:25": f"file://{self.folder}/mail",
            "--port 8000": f"--port {self.port}",
            "/srv/salkku": str(PROJECT),
            "deploy/systemd/": f"{self.folder}/units/",
        }
        for before, after in places.items():
            text = text.replace(before, after)
        return re.sub(r"(?<![\w/.])/(etc|var|root)(?=/)", rf"{self.folder}/\1", text)

    def follow(self, part: str) -> str:
        """Every block of commands of a part of the page, by one shell that stops at the first failure."""
        blocks = re.findall(r"^```sh\n(.*?)^```", part, re.DOTALL | re.MULTILINE)
        assert blocks
        lines = [line for line in "".join(blocks).splitlines() if not INSTALLING.fullmatch(line)]
        settings = self.folder / "etc/salkku/salkku.env"
        script = f"set -eu\ncd {PROJECT}\n" + (f"set -a; . {settings}; set +a\n" if settings.exists() else "")
        home = wheel_home()
        names = {*settings_known(), *ADDRESSES, "DJANGO_SETTINGS_MODULE"}
        plain = {name: value for name, value in os.environ.items() if name not in names}
        plain["PATH"] = f"{self.folder}/bin:{home}/bin:/usr/bin:/bin"
        done = subprocess.run(
            ["sh", "-c", script + self.here("\n".join(lines))], env=plain, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}\n{self.logs()}"
        return done.stdout

    def logs(self) -> str:
        return "\n".join(f"{path.name}: {path.read_text()[-4000:]}" for path in (self.folder / "run").glob("*.log"))

    def lose_the_disk(self) -> None:
        """Another server in its place, as empty as the first one was."""
        self.postgres.stop()
        shutil.rmtree(self.postgres.place)
        self.postgres = empty_server(self.folder / "server-2", self.database_port)

    def end(self) -> None:
        for path in (self.folder / "run").glob("salkku-*"):
            if path.suffix != ".log" and alive(int(path.read_text())):
                os.killpg(int(path.read_text()), signal.SIGKILL)
        self.broker.terminate()
        self.broker.wait()
        self.postgres.stop()
        shutil.rmtree(self.postgres.place, ignore_errors=True)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    there = City(tmp_path)
    yield there
    there.end()


class Visitor:
    """Somebody behind the reverse proxy, who ends TLS and says so."""

    def __init__(self, port: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        caller = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=30)
        headers = {"Host": "salkku.example.fi", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://salkku.example.fi/"}
        caller.request(method, path, urllib.parse.urlencode(form) if form is not None else None, headers)
        answer = caller.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= dict([value.partition(";")[0].split("=", 1)])
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def ready(self) -> bool:
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def signs_in(self, name: str, password: str) -> bool:
        self.ask("GET", "/sign-in/")
        form = {"username": name, "password": password, "csrfmiddlewaretoken": self.cookies["__Host-csrftoken"]}
        status, to, _ = self.ask("POST", "/sign-in/", form)
        return status == 302 and "/sign-in/" not in to and "__Host-sessionid" in self.cookies


def part(title: str) -> str:
    return WALK.partition(f"### {title}\n")[2].partition("\n### ")[0]


@pytest.mark.proof
def test_the_page_leads_from_empty_servers_into_service_through_a_lost_disk_and_an_upgrade(city: City) -> None:
    said = city.follow(WALK.partition("\n### ")[0])
    [password] = re.findall(r"Temporary password.*: (\S+)$", said, re.MULTILINE)
    head = re.findall(r"sound; head (\d+:[0-9a-f]{64})", said)[-1]
    assert "records taken in" in said
    until(Visitor(city.port).ready, within=90)
    assert Visitor(city.port).signs_in("ada", password), city.logs()
    assert not Visitor(city.port).signs_in("ada", "another word altogether")

    city.lose_the_disk()
    said = city.follow(part("When the disk is lost"))
    assert f"head {head}" in said
    until(Visitor(city.port).ready, within=90)
    assert Visitor(city.port).signs_in("ada", password), city.logs()
    city.follow(part("Upgrading"))
    until(Visitor(city.port).ready, within=90)
    assert len(list((city.folder / "var/backups/salkku").glob("*.dump"))) == 2


def test_the_page_names_every_unit_and_every_unit_runs_what_the_image_runs() -> None:
    compose = (PROJECT / "docker-compose.yml").read_text() + (PROJECT / "Dockerfile").read_text()
    for unit in UNITS.glob("*.service"):
        assert unit.stem in WALK
        [command] = re.findall(r"^ExecStart=/srv/salkku/.venv/bin/python (.*)$", unit.read_text(), re.MULTILINE)
        assert command.split()[1] in compose
