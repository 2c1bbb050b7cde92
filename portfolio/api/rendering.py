"""JSON by orjson: decimals as strings, instants in UTC."""

from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import JSONRenderer


def plain(value: Any) -> Any:
    """What orjson doesn't know by itself."""
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(type(value).__name__)


AS_JSON = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class OrjsonRenderer(JSONRenderer):
    """Answers as JSON."""

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=plain, option=AS_JSON)
