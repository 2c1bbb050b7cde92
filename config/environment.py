"""What the environment says, read for the settings; whatever can't be read is noted, so that all is named at once."""

from __future__ import annotations

import logging
import os
import re
import shlex
import shutil
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

Value = TypeVar("Value")

KINDS = ("live", "demo", "test")
FAULTS: list[str] = []  # sentences for whoever starts the program; never a secret in them

# What a session asks for itself stands above what its role or the city's server says. Whoever falls silent inside a
# change set, or at the other end of a cut cable, is ended within half a minute or a minute: all others wait for it.
# Whoever stops reading a long answer there is met by none of these limits: the first who has waited for it in vain
# ends it, once that answer is half a minute old (portfolio/history/stuck.py).
SESSION = {
    "lock_timeout": "5s",
    "timezone": "UTC",
    "datestyle": "ISO,YMD",  # these three decide how we read what it writes, whatever the owner has set for others
    "intervalstyle": "postgres",
    "quote_all_identifiers": "off",
    "search_path": "public",
    "default_transaction_read_only": "off",
    "idle_in_transaction_session_timeout": "30s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "60s",
}
CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def env(name: str, default: str = "") -> str:
    """A variable, or the content of the file that NAME_FILE names."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as reason:
            FAULTS.append(f"{name}_FILE names {path}, which can't be read: {getattr(reason, 'strerror', 'no text')}.")
            return default
    return os.environ.get(name) or default


def read(name: str, reader: Callable[[str], Value], default: str = "") -> Value:
    """A variable as `reader` takes it; where it refuses, that is noted and the default serves to read on."""
    try:
        return reader(env(name, default))
    except ValueError as reason:
        FAULTS.append(f"{name} can't be used: {reason}.")
        return reader(default)


def seconds(told: str) -> float:
    try:
        number = float(told)
    except ValueError:
        number = 0.0
    if not 0.05 <= number <= 3600:
        raise ValueError(f"{told} is no number of seconds between 0.05 and 3600")
    return number


def switch(told: str) -> bool:
    if told not in ("0", "1"):
        raise ValueError(f"{told} is neither 0 nor 1")
    return told == "1"


def kind(told: str) -> str:
    """What the first migration makes of the installation."""
    if told not in KINDS:
        raise ValueError(f"{told} is none of {', '.join(KINDS)}")
    return told


def zone(told: str) -> str:
    if told not in zoneinfo.available_timezones():
        raise ValueError(f"{told} is no time zone like Europe/Helsinki")
    return told


def level(told: str) -> str:
    if told not in logging.getLevelNamesMapping():
        raise ValueError(f"{told} is none of DEBUG, INFO, WARNING, ERROR, CRITICAL")
    return told


def _listed(told: str) -> list[str]:
    return [each.strip() for each in told.split(",") if each.strip()]


def hosts(told: str) -> list[str]:
    if wrong := [each for each in _listed(told) if "/" in each]:
        raise ValueError(f"{wrong[0]} is no name of a host like salkku.example.fi")
    return _listed(told)


def origins(told: str) -> list[str]:
    return [web_address(each) for each in _listed(told)]


def web_address(told: str) -> str:
    """Empty, or where something is reached on the web."""
    parts = urlsplit(told)
    if told and not (parts.scheme in ("http", "https") and parts.hostname and _port(parts, 443)):
        raise ValueError("it is no address like https://salkku.example.fi")
    return told


def addresses(told: str) -> list[str]:
    """Whom letters go to, with commas between."""
    for each in _listed(told):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", each):
            raise ValueError(f"{each} is no address like duty@example.fi")
    return _listed(told)


def hook(told: str) -> str:
    """An address on the web, or a command whose program can be run here."""
    if not told or told.startswith(("http://", "https://")):
        return web_address(told)
    if not ((words := shlex.split(told)) and shutil.which(words[0])):
        raise ValueError("it is neither an address like https://alarm.example.fi nor a command that can be run here")
    return told


def broker(url: str) -> str:
    if urlsplit(url).scheme not in ("redis", "rediss", "redis+socket"):
        raise ValueError("it is no address like redis://host:6379/0")
    return url


def as_cache(url: str) -> str:
    """A broker's address as the cache has it: of a socket it names the file and the database."""
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={number}" if parts.scheme == "redis+socket" else url


def networks(told: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks between commas: 10.0.0.5, 10.1.0.0/16."""
    return tuple(ip_network(each.strip()) for each in told.split(",") if each.strip())


def owners_database(url: str) -> dict[str, Any]:
    """The same for the owner, who has time: a migration thinks between its statements, on a slow machine for long."""
    return database(url, idle_in_transaction_session_timeout="10min")


def database(url: str, **session: str) -> dict[str, Any]:
    """A PostgreSQL address as Django's settings; the host of a socket stands in its query."""
    asked = " ".join(f"-c {name}={value}" for name, value in (SESSION | session).items())
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    name, port = unquote(parts.path.lstrip("/")), _port(parts, query.pop("port", ""))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise ValueError("it is no address like postgresql://role:password@host/database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query | CONNECTING | {"options": asked},
    }


def _port(parts: Any, default: Any = "") -> Any:
    try:
        return str(parts.port or default)
    except ValueError:
        raise ValueError("its port is no number up to 65535") from None  # the reason would tell the address


@dataclass(frozen=True)
class Mail:
    """A mail server, or the folder that stands for one."""

    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ssl: bool = False
    folder: str | None = None

    @property
    def backend(self) -> str:
        kind = "smtp" if self.folder is None else "filebased"
        return f"django.core.mail.backends.{kind}.EmailBackend"


def mail(url: str) -> Mail:
    """Where letters go: smtp://, smtp+tls:// or smtps:// with name, password, host and port; or file:///a/folder."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Mail(folder=parts.path)
    if url and not (parts.hostname and parts.scheme in ("smtp", "smtp+tls", "smtps")):
        raise ValueError("it names no mail server: smtp://host, smtp+tls://host or smtps://host")
    return Mail(
        host=parts.hostname or "localhost",
        port=int(_port(parts, 465 if parts.scheme == "smtps" else 25)),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )
