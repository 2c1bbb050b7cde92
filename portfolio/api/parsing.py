"""JSON as it comes in: bounded in size and depth, so that nothing behind it meets what it can't hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from portfolio import written
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
        json.loads(raw, object_pairs_hook=_once, parse_int=str, parse_float=str)
        return found


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Of two values under one name nobody can say which is meant."""
    if twice := written.named_twice(pairs):
        raise Refused("body.named_twice", field=twice[0])


def shallow(value: Any, deepest: int = DEEPEST) -> bool:
    """Whether lists and objects lie in each other no deeper than what can be kept and shown again."""
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return deepest > 0 and all(shallow(each, deepest - 1) for each in inner)
