"""Answers for a load balancer, a container's health check and the city's monitoring: alive, ready, and all well."""

from __future__ import annotations

import hmac
import time
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import condition
from portfolio.people import permissions
from portfolio.people.models import Account

AFRESH_AFTER = 5  # seconds: however many ask, the database is asked this seldom by one process


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """This process works and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("well\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests may be sent here; the reasons by name alone, since anybody may ask."""
    reasons = [trouble.code for trouble in condition.unready()]
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


@never_cache
@require_safe
def deep(request: HttpRequest) -> HttpResponse:
    """Whether the whole service does its work. Strangers are told that alone, monitoring and the office all."""
    found = _found(int(time.monotonic() // AFRESH_AFTER))
    told = found.as_json() if _may_know(request) else {"ok": not found.troubles}
    return JsonResponse(told, status=503 if found.troubles else 200)


@lru_cache(maxsize=1)
def _found(turn: int) -> condition.Condition:
    return condition.look()


def _may_know(request: HttpRequest) -> bool:
    """Who has the token of the monitoring, or is signed in as one of those who let stopped work go on."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.MONITORING_TOKEN and kind == "Bearer":
        return hmac.compare_digest(token.encode(), settings.MONITORING_TOKEN.encode())
    try:
        account = request.user
        return isinstance(account, Account) and permissions.may(account.person, "retake_report")
    except (DatabaseError, InterfaceError):
        return False
