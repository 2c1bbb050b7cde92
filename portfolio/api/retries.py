"""A request that comes twice under one key is carried out once and answered alike: of programs and of pages."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portfolio import clock
from portfolio.people.models import Account, IdempotencyKey
from portfolio.refusals import Refused

LONGEST_KEY = 120
KEPT_FOR = timedelta(hours=24)
FIELD = "once"  # the hidden field of a page's form
Answer = tuple[int, Any]


def once(account: Account, key: str, said: bytes, act: Callable[[], Answer]) -> Answer:
    """The answer to what was said under a key: `act` is asked for it the first time only.

    The key's row comes first, so that the same request beside this one waits for the answer and repeats it. What is
    refused leaves no key behind.
    """
    digest = hashlib.sha256(said).hexdigest()
    IdempotencyKey.objects.filter(account=account, created_at__lt=clock.real_now() - KEPT_FOR).delete()
    with transaction.atomic():
        kept, new = IdempotencyKey.objects.get_or_create(
            account=account, key=key, defaults={"request_sha256": digest, "status": 0, "body": {}}
        )
        if kept.request_sha256 != digest:
            raise Refused("idempotency.reused")
        if new:
            kept.status, kept.body = act()
            kept.save(update_fields=["status", "body"])
        return kept.status, kept.body


def require_key(key: str, *, field: str) -> None:
    """Refuse a key that can't be kept."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused("idempotency.format", field=field)


def new_key() -> str:
    """What a page's form carries, so that two presses of its button are one."""
    return uuid.uuid4().hex


def press(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    """Do what a form asks and go where it leads; sent again by the same person, the form only leads there.

    A form that was filled in otherwise is another one, though the page and its key are the same.
    """
    key = request.POST.get(FIELD, "")
    if not key:
        return redirect(act())
    require_key(key, field=FIELD)
    given = sorted((name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken")
    said = f"{request.method} {request.path} {given}".encode()
    account: Any = request.user
    own = f"page {hashlib.sha256(key.encode() + said).hexdigest()}"
    _status, leads_to = once(account, own, said, lambda: (302, act()))
    return redirect(leads_to)
