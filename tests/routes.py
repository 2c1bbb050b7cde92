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
            methods = tuple(name for name in actions if name in METHODS)
            yield Route("/" + _filled(path), methods, pattern.callback)


METHODS = ("get", "post", "patch", "put", "delete")
SAMPLES = {
    "pk": "1",
    "language": "fi",
    "kind": "pdf",
    "move": "confirm",
    "resource": "projects",
    "word": "start",
    "format": "json",
}


def _filled(path: str) -> str:
    path = path.replace("\\Z", "").replace("\\.", ".").replace("^", "").replace("$", "")
    while (start := path.find("(?P<")) >= 0:
        name = path[start + 4 : path.index(">", start)]
        path = path[:start] + SAMPLES[name] + path[_closing(path, start) + 1 :]
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES[found[1]], path)


def _closing(path: str, start: int) -> int:
    """Where the parenthesis that opens at `start` closes."""
    depth = 0
    for place in range(start, len(path)):
        depth += {"(": 1, ")": -1}.get(path[place], 0)
        if depth == 0:
            return place
    raise ValueError(path)


def api() -> list[Route]:
    """The routes of resources, without the schema that describes them."""
    return [route for route in routes() if route.path.startswith("/api/v1/") and "schema" not in route.path]
