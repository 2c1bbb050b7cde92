"""What the forms of the pages ask for: the names of their fields, read from the templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings

FIELD = re.compile(r"<(?:input|textarea|select|button)\b[^>]*?\sname=\"([^\"]+)\"")
VARIABLE = re.compile(r"\{\{.*?\}\}")


# Whether a form has such a field that is made from a declaration; the pages that make it say so.
DECLARED: list[Callable[[str], bool]] = []


def is_asked(name: str) -> bool:
    """Whether a form of ours has a field of this name."""
    return any(field.fullmatch(name) for field in _fields()) or any(knows(name) for knows in DECLARED)


@cache
def _fields() -> tuple[re.Pattern[str], ...]:
    """Each name as it is written; a part that differs from form to form is a word. A bare variable names nothing."""
    places: list[Path] = cast(Any, settings.TEMPLATES[0]["DIRS"])
    pages = (page.read_text() for place in places for page in Path(place).rglob("*.html"))
    names = {name for page in pages for name in FIELD.findall(page) if VARIABLE.sub("", name)}
    return tuple(re.compile(r"\w{1,20}".join(map(re.escape, VARIABLE.split(name)))) for name in sorted(names))
