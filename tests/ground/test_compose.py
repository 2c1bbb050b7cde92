"""What can be known of docker-compose.yml and the Dockerfile without Docker. No image is built here or anywhere in CI.

The files are read; the image's install and start commands are run in a clean folder of this machine (a proof).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from config.embedded.postgres import wheel_home
from config.embedded.servers import PROJECT, Servers
from tests.ground.waiting import free_port, processes_about, until

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if name not in ("postgres", "redis")}
DOCKERFILE = [line for line in (PROJECT / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]


def instructions(name: str) -> list[str]:
    return [line.removeprefix(name).strip() for line in DOCKERFILE if line.startswith(f"{name} ")]


def settings_known() -> set[str]:
    """Every variable that the settings read, and as a file."""
    names = set(re.findall(r"""\b(?:env|read)\(\s*"([A-Z_]+)""", (PROJECT / "config/settings.py").read_text()))
    return names | {f"{name}_FILE" for name in names}


def test_the_services_are_those_that_the_house_needs() -> None:
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "watch", "backup", "postgres", "redis"}


def test_every_lasting_service_has_a_health_check() -> None:
    lasting = {name: service for name, service in SERVICES.items() if service.get("restart") != "no"}
    assert set(SERVICES) - set(lasting) == {"migrate", "backup"}
    assert all(service["healthcheck"]["test"] and service["healthcheck"]["interval"] for service in lasting.values())


def test_only_the_web_publishes_a_port_and_only_it_reaches_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert SERVICES["web"]["ports"] == ["${BIND:-127.0.0.1}:${PORT:-8000}:8000"]
    assert COMPOSE["networks"]["inner"]["internal"] is True
    assert [name for name, service in SERVICES.items() if service["networks"] != ["inner"]] == ["web"]


def test_every_variable_is_known_to_the_settings() -> None:
    for name, service in OURS.items():
        assert set(service["environment"]) <= settings_known(), name


def test_what_the_guide_adds_for_letters_is_known_and_all_that_the_worker_lacks() -> None:
    guide = (PROJECT / "docs/how-to/deploy.md").read_text()
    added = yaml.safe_load(guide.partition("```yaml\n")[2].partition("```")[0])
    worker = added["services"]["worker"]
    assert set(worker["environment"]) <= settings_known() - set(SERVICES["worker"]["environment"])
    assert worker["environment"]["MAIL_URL_FILE"] == f"/run/secrets/{worker['secrets'][0]}"
    assert set(worker["secrets"]) == set(added["secrets"]) and set(worker["networks"]) == {"inner", *added["networks"]}


def test_secrets_come_by_file_and_only_to_those_who_need_them() -> None:
    for name, service in SERVICES.items():
        files = {value for value in service.get("environment", {}).values() if str(value).startswith("/run/secrets/")}
        assert {Path(file).name for file in files} <= set(service["secrets"]), name
        secret = [key for key in service.get("environment", {}) if re.search("PASSWORD|SECRET|_URL", key)]
        assert all(key.endswith("_FILE") for key in secret), name
    assert {name for service in SERVICES.values() for name in service["secrets"]} == set(COMPOSE["secrets"])
    assert [name for name, service in SERVICES.items() if "owner_database_url" in service["secrets"]] == ["migrate"]


def test_all_of_ours_are_one_image_that_is_built_once() -> None:
    assert len({service["image"] for service in OURS.values()}) == 1
    assert [name for name, service in OURS.items() if "build" in service] == ["migrate"]


def test_ours_run_with_nothing_they_do_not_need() -> None:
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "user" not in service
    assert SERVICES["redis"]["user"] == "valkey"
    [user] = instructions("USER")
    assert int(user) > 0
    assert DOCKERFILE.index(f"USER {user}") > max(i for i, line in enumerate(DOCKERFILE) if line.startswith("RUN"))


def test_data_stands_in_volumes() -> None:
    mounted = {mount.split(":")[0] for service in SERVICES.values() for mount in service["volumes"]}
    assert set(COMPOSE["volumes"]) <= mounted
    assert set(COMPOSE["volumes"]) == {"data", "backups", "postgres", "redis"}


def test_what_the_image_copies_is_here_and_is_let_in() -> None:
    let_in = {
        line.removeprefix("!") for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    assert copied == let_in
    assert all((PROJECT / source).exists() for source in copied)


def test_the_secrets_are_made_once_and_each_is_another(tmp_path: Path) -> None:
    make = [PROJECT / "deploy/secrets", tmp_path]
    subprocess.run(make, check=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert len(set(made.values())) == len(made)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    subprocess.run(make, check=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made


@pytest.mark.proof
def test_the_roles_of_the_database_image_are_those_of_ours(data: Path, tmp_path: Path) -> None:
    subprocess.run([PROJECT / "deploy/secrets", tmp_path], check=True)
    with Servers(data, durable=False):
        host = os.environ["DATABASE_URL"].split("host=")[1]
        roles = "SELECT rolname, rolcanlogin, rolsuper, rolconfig FROM pg_roles WHERE rolname ~ '^salkku' ORDER BY 1"
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as everything:
            ours = everything.execute(roles).fetchall()
            everything.execute("DROP DATABASE salkku")
            everything.execute("DROP ROLE salkku, salkku_owner")
            home = wheel_home()
            (tmp_path / "psql").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/words\nexec {home}/bin/psql "$@"\n')
            (tmp_path / "psql").chmod(0o755)
            environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PGHOST": host, "SECRETS": str(tmp_path / "secrets")}
            everything.execute("CREATE ROLE salkku_owner")  # as a run leaves it that was broken off
            for _ in range(2):
                subprocess.run([PROJECT / "deploy/roles.sh"], check=True, env=environment, stdout=subprocess.DEVNULL)
            words = (tmp_path / "words").read_text()
            assert not [path for path in (tmp_path / "secrets").iterdir() if path.read_text().strip() in words]
            hashed = everything.execute("SELECT rolpassword ~ 'SCRAM' FROM pg_authid WHERE rolname ~ '^salkku'")
            assert hashed.fetchall() == [(True,), (True,)]
            assert everything.execute(roles).fetchall() == ours
            assert everything.execute(
                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'salkku'"
            ).fetchone() == ("salkku_owner",)
        with psycopg.connect(host=host, user="salkku", dbname="salkku") as runtime:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                runtime.execute("SELECT lo_creat(-1)")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A clean folder with what the image copies and installs, by the Dockerfile's own words."""
    folder = tmp_path / "salkku"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)
    for line in DOCKERFILE:
        if line.startswith("COPY"):
            *sources, target = line.split()[1:]
            copy_in(sources, folder / target)
        elif line.startswith("RUN python"):
            subprocess.run(["sh", "-c", line.removeprefix("RUN ")], check=True, cwd=folder, env=in_image(tmp_path))
    return folder


def copy_in(sources: list[str], target: Path) -> None:
    for source in sources:
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, target, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(PROJECT / source, target)


def in_image(tmp_path: Path) -> dict[str, str]:
    """The machine's environment without any setting of ours, Python being the image's."""
    plain = {name: value for name, value in os.environ.items() if name not in settings_known() and "DJANGO" not in name}
    return plain | {"PATH": f"{tmp_path}/python/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def city_servers(data: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings as the compose file gives them, each secret in a file, for servers that are somebody else's."""
    with Servers(data, durable=False):
        secrets = {name: os.environ[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")}
        yield in_image(tmp_path) | by_file(
            secrets | {"SECRET_KEY": "a key for this proof, long enough to be one and of many letters"}, tmp_path
        )


def by_file(secrets: dict[str, str], folder: Path) -> dict[str, str]:
    for name, value in secrets.items():
        (folder / name).write_text(f"{value}\n")
    return {f"{name}_FILE": str(folder / name) for name in secrets}


@pytest.mark.proof
def test_the_image_installs_migrates_and_serves(image: Path, city_servers: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    kept = tmp_path / "data"
    kept.mkdir()

    def here(words: list[str]) -> list[str]:
        return [word.replace("8000", str(port)).replace("/data/", f"{kept}/") for word in words]

    environment = city_servers | {"DATA_DIR": str(kept), "IDENTITY_FILE": str(image / "config/demo/identity.json")}
    subprocess.run(here(SERVICES["migrate"]["command"]), check=True, cwd=image, env=environment)
    [serve] = [json.loads(line) for line in instructions("CMD")]
    with open(tmp_path / "out", "wb") as out:
        running = [
            subprocess.Popen(here(command), cwd=image, env=environment, stdout=out, stderr=out)
            for command in (serve, *(SERVICES[name]["command"] for name in ("worker", "beat", "watch")))
        ]
    try:
        for service in ("web", "worker", "beat", "watch"):
            check = [word.replace("$$", "$") for word in here(SERVICES[service]["healthcheck"]["test"])]
            command = check[1:] if check[0] == "CMD" else ["sh", "-c", *check[1:]]
            look = environment | {"HOSTNAME": socket.gethostname()}
            until(
                lambda: subprocess.run(command, cwd=image, env=look, capture_output=True).returncode == 0,  # noqa: B023
                within=180,
                of=running,
                said=tmp_path / "out",
            )
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)
    until(lambda: not processes_about(image))


def test_every_setting_stands_in_the_guide() -> None:
    guide = (PROJECT / "docs/how-to/deploy.md").read_text()
    of_one_machine = {"SALKKU_INSTALLATION", "DEBUG", "PORT"}
    named = {name for name in settings_known() if not name.endswith("_FILE") or name == "IDENTITY_FILE"}
    assert {name for name in named - of_one_machine if f"`{name}`" not in guide} == set()
