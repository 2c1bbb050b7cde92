"""Every route of the URL map, by walking the resolver: nothing is listed by hand, so nothing can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """An address with its parameters filled, and the methods it answers."""

    path: str
    methods: tuple[str, ...]
    view: Any

    @property
    def is_list(self) -> bool:
        return "get" in self.methods and getattr(self.view, "actions", {}).get("get") == "list"


def routes(prefix: str = "", resolver: Any = None) -> Iterator[Route]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(path, pattern)
        elif isinstance(pattern, URLPattern):
            actions = getattr(pattern.callback, "actions", None) or {"get": "", "post": ""}
            yield Route("/" + _filled(path), tuple(actions), pattern.callback)


SAMPLES = {"pk": "1", "language": "fi", "kind": "pdf", "move": "confirm", "format": "json"}


def _filled(path: str) -> str:
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES[found[1]], path.replace("\\Z", "").replace("\\.", "."))
    path = re.sub(r"\(\?P(?P<n><\w+>)(?:[^()]|\([^()]*\))*\)", lambda found: found["n"], path)
    path = re.sub(r"<(\w+)>", lambda found: SAMPLES[found[1]], path)
    return path.replace("^", "").replace("$", "").replace("/?", "/")


def api() -> list[Route]:
    """The routes of resources, without the schema that describes them."""
    return [route for route in routes() if route.path.startswith("/api/v1/") and "schema" not in route.path]
