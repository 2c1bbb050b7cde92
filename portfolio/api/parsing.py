"""JSON as it comes in: bounded in size and depth, so that nothing behind it meets what it can't hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from portfolio.refusals import Refused

DEEPEST = 32


class BoundedJson(BaseParser):
    """JSON by orjson: no lone surrogates, no NaN, no endless nesting, no endless body."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None) -> Any:
        try:
            raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        except UnreadablePostError as error:
            raise ParseError from error
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise Refused("body.too_large")
        try:
            found = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise ParseError from error
        if not shallow(found):
            raise ParseError
        return found


def shallow(value: Any, deepest: int = DEEPEST) -> bool:
    """Whether lists and objects lie in each other no deeper than what can be kept and shown again."""
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return deepest > 0 and all(shallow(each, deepest - 1) for each in inner)


def whole(text: str, *, digits: int = 18) -> int | None:
    """A whole number written with plain digits, or None; other scripts' digits and endless ones are none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
