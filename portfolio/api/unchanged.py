"""What has not changed: an answer goes by a mark of all that it rests on; whoever has it by that mark is told so."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from portfolio import asking, city, clock
from portfolio.history.models import Head
from portfolio.people.holdings import holdings
from portfolio.people.models import Person

PROGRAM = ("config", "portfolio", "projects", "reporting")


def mark(request: HttpRequest, by: Person, *beside: object) -> str:
    """A weak entity tag over all that an answer to this reader can rest on.

    That is the ledger's head, for no record changes without it; the day, by which periods begin and end; who reads with
    which roles and in which language; what is asked; this version of the program and of the city; and what the answer
    tells `beside` of rows that are not in the ledger. What is read after the head may be newer than its mark says, and
    never older, so nobody is told of old rows that they are unchanged.
    """
    head = asking.once("head", _head)
    told = (
        _version(), repr(city.identity()), head, clock.today(), by.pk, holdings(by), get_language(),
        request.get_full_path(), beside,
    )  # fmt: skip
    return f'W/"{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"'


def is_seen(request: HttpRequest, tag: str) -> bool:
    """Whether the caller has the answer of this mark already."""
    return bool(request.headers.get("If-None-Match")) and get_conditional_response(request, etag=tag) is not None


def tell(response: HttpResponseBase, tag: str) -> None:
    """Let an answer say its mark, and that it may be kept and must be asked for again."""
    response.headers["ETag"], response.headers["Cache-Control"] = tag, "private, no-cache"


def _head() -> list[Any]:
    return list(Head.objects.values_list("seq", "sha256", "sealed").get(pk=1))


@cache
def _version() -> str:
    """This version of the program: its files by name, size and time."""
    places = (Path(settings.BASE_DIR, name) for name in PROGRAM)
    files = (file for place in places for file in sorted(place.rglob("*")) if file.suffix in {".py", ".html", ".mo"})
    told = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(told).encode()).hexdigest()
