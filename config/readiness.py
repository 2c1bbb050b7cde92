"""What a service needs before it starts: `./run up` asks it for all, and each process for itself."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

import django
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from config.embedded.servers import given, on_servers_of_the_city
from config.languages import catalogued
from config.made import BrokenStart
from portfolio import city
from portfolio.languages import LANGUAGES
from portfolio.schema import half_restored, missing_migrations

GUIDE = "docs/how-to/deploy.md"
SHORTEST_KEY, FEWEST_LETTERS = 50, 5  # as Django's own check of a deployment


def require(*, port: bool) -> None:
    """Raises BrokenStart with all that is missing or wrong, each in a sentence of its own."""
    if found := [*(port_faults() if port else []), *_faults()]:
        raise BrokenStart("\n".join(found))


def _faults() -> list[str]:
    try:
        ours = not on_servers_of_the_city()
    except BrokenStart as reason:
        return [str(reason), *_faults_of_settings()]
    if faulty := _faults_of_settings():
        return faulty
    return identity_faults() if ours else [*identity_faults(), *key_faults(), *debug_faults(), *database_faults()]


def _faults_of_settings() -> list[str]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        settings.INSTALLATION  # noqa: B018 - reads them
    except ImproperlyConfigured as reason:
        return str(reason).split("\n")
    return []


def database_faults() -> list[str]:
    """What the database lacks, or, with all its tables there, what each process would refuse to serve with."""
    django.setup()
    ours = [number for number, _ in CHECKS]
    try:
        return migration_faults() or [
            str(found.msg) for found in run_checks(databases=["default"]) if found.is_serious() and found.id not in ours
        ]
    finally:
        connections.close_all()


def port_faults() -> list[str]:
    told = os.environ.setdefault("PORT", "8000")
    if not (told.isascii() and told.isdecimal() and 1 <= int(told[:9]) <= 65535):
        return [f"PORT={told} is no port. Set it to a number from 1024 to 65535, for example PORT=8000."]
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(told)))
        except OSError as reason:
            other = int(told) + 1 if 1024 <= int(told) < 65535 else 8000
            why = "is taken" if reason.errno == errno.EADDRINUSE else f"can't be opened ({reason.strerror})"
            return [f"Port {told} {why}. Set PORT to a free one, for example PORT={other}."]
    return []


def identity_faults() -> list[str]:
    try:
        city.read(settings.IDENTITY_FILE)
    except city.FaultyIdentity as faulty:
        return [f"{faulty}\n  {GUIDE} says what stands in it."]
    return [
        f"IDENTITY_FILE: languages.pages: there is no catalogue for {code}: ./run words {code} begins one."
        for code in city.read(settings.IDENTITY_FILE).languages.pages
        if code not in LANGUAGES and code not in catalogued()
    ]


def address_faults() -> list[str]:
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not given(name)]
    return [f"{' and '.join(missing)} must be set: where the database and the broker are."] if missing else []


def key_faults() -> list[str]:
    key = settings.SECRET_KEY
    if len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_LETTERS:
        return []
    how = "is not set" if not given("SECRET_KEY") else "is too easily guessed"
    return [f"SECRET_KEY {how}: it signs the sessions, and must be {SHORTEST_KEY} random characters or more."]


def host_faults() -> list[str]:
    if given("ALLOWED_HOSTS"):
        return []
    return ["ALLOWED_HOSTS is not set: the names under which the site is reached; by others it answers nobody."]


def debug_faults() -> list[str]:
    if not settings.DEBUG or settings.INSTALLATION != "live":
        return []
    return ["DEBUG=1 shows strangers what the program holds: a live service starts without it."]


def migration_faults() -> list[str]:
    """What the database lacks; a service never migrates a city's own server by itself."""
    try:
        if half := half_restored():
            return [half]
        missing = missing_migrations()
    except DatabaseError as reason:
        return [f"The database that DATABASE_URL names does not answer: {str(reason).splitlines()[0]}"]
    if not missing:
        return []
    return [
        f"The database lacks {len(missing)} migrations: {', '.join(missing)}. Run manage.py migrate first, with "
        f"OWNER_DATABASE_URL, the address of the role that migrates; {GUIDE} says how."
    ]


CHECKS = (
    ("config.E001", key_faults),
    ("config.E002", identity_faults),
    ("config.E003", debug_faults),
    ("config.E004", address_faults),
    ("config.E005", migration_faults),
)


def check(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Django's check of a process that is to serve: only there is it told which databases it asks."""
    return [Error(said, id=number) for number, ask in CHECKS for said in ask()] if databases else []


def check_settings(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The same of a city's settings by `manage.py check` alone, before anything serves."""
    if databases or settings.INSTALLATION != "live" or settings.OWNER_DATABASE:
        return []
    found: list[CheckMessage] = [Error(said, id=number) for number, ask in CHECKS[:2] for said in ask()]
    return [*found, *(Warning(said, id="config.W006") for said in host_faults())]
