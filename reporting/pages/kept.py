"""Pages that are kept under their mark, so that whoever asks again waits less.

They lie in the broker's memory, pressed together, without the tokens of their forms. Losing them costs time and nothing
else: a broker that is away or slow is not asked again for a while, and pages are made anew. One whose bytes are spoilt
counts as lost.
"""

from __future__ import annotations

import logging
import re
import time
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from redis.exceptions import RedisError

from portfolio import clock
from portfolio.api import retries, unchanged
from portfolio.people.models import Account

Page = Callable[..., HttpResponse]
KEPT_FOR = 600  # seconds
LEFT_ALONE_FOR = 10  # seconds without asking a broker that did not answer
TOKEN = re.compile(rb'(<input type="hidden" name="(csrfmiddlewaretoken|%s)" value=")[^"]*' % retries.FIELD.encode())
_away_until = 0.0


class Bytes:
    """Bytes as they are, for the cache: what somebody else put there is never read as objects of the program."""

    def dumps(self, told: bytes) -> bytes:
        return told

    def loads(self, told: bytes) -> bytes:
        return told


def kept(page: Page) -> Page:
    """A page that rests on the ledger alone: answered by its mark, or out of what is kept, else made anew.

    What says itself until when it holds (`holds_until`) is kept no longer, and nobody is told later that it has not
    changed. The mark knows the token of the reader's forms too, for a page that the browser kept brings an old one.
    """

    @wraps(page)
    def answer(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        account = request.user
        assert isinstance(account, Account)
        place = unchanged.mark(request, account.person)
        tag = unchanged.mark(request, account.person, request.META.get("CSRF_COOKIE"))
        content = _fetched(place)
        if content is not None and unchanged.is_seen(request, tag):
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(content) if content is not None else page(request, *args, **given)
            if content is None and response.status_code == 200:
                _keep(place, response)
            response.content = _with_tokens(response.content, request)
        if response.status_code in (200, 304):
            unchanged.tell(response, tag)
        return response

    return answer


def holds_until(response: HttpResponse, instant: datetime | None) -> HttpResponse:
    """Say until when a page is right, where that is sooner than the next change or the end of the day."""
    if instant is not None:
        response.holds_for = (instant - clock.now()).total_seconds()  # type: ignore[attr-defined]
    return response


def _with_tokens(content: bytes, request: HttpRequest) -> bytes:
    """The page with the reader's token, and with a key of its own in each form that is pressed once."""
    ours = {b"csrfmiddlewaretoken": lambda: get_token(request), retries.FIELD.encode(): retries.new_key}
    return TOKEN.sub(lambda found: found[1] + ours[found[2]]().encode(), content)


def _fetched(place: str) -> bytes | None:
    pressed: bytes | None = _asked(lambda: cache.get(place))
    try:
        return zlib.decompress(pressed) if pressed is not None else None
    except zlib.error:
        logging.getLogger(__name__).warning("A page that was kept is spoilt and made anew.")
        return None


def _keep(place: str, response: HttpResponse) -> None:
    seconds = int(min(KEPT_FOR, getattr(response, "holds_for", KEPT_FOR)))
    if seconds > 0:
        pressed = zlib.compress(TOKEN.sub(rb"\1", response.content), 1)
        _asked(lambda: cache.set(place, pressed, seconds))


def _asked(ask: Callable[[], Any]) -> Any:
    global _away_until  # noqa: PLW0603 - of this process alone: each finds out by itself
    if time.monotonic() < _away_until:
        return None
    try:
        return ask()
    except (RedisError, OSError):
        _away_until = time.monotonic() + LEFT_ALONE_FOR
        logging.getLogger(__name__).warning("Pages are not kept for now: the broker does not answer.")
        return None
