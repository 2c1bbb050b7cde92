"""JSON by orjson: decimals as strings, instants in UTC."""

from decimal import Decimal
from typing import Any

import orjson
from django.http import Http404
from django.utils.functional import Promise
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request


def plain(value: Any) -> Any:
    """What orjson doesn't know by itself."""
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(type(value).__name__)


class Negotiation(DefaultContentNegotiation):
    """By the Accept header or `?format=`; a form that we don't have is 406 either way."""

    def filter_renderers(self, renderers: Any, format: str) -> Any:  # noqa: A002  (the framework's word)
        try:
            return super().filter_renderers(renderers, format)
        except Http404 as error:
            raise NotAcceptable from error


class AsItIs(BaseContentNegotiation):
    """A file has the form that its address names, whatever the caller would accept."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


AS_JSON = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class OrjsonRenderer(JSONRenderer):
    """Answers as JSON."""

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=plain, option=AS_JSON)
