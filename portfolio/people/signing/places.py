"""From where somebody signs in: the address, as far as it can be believed, and the device that is known already."""

from __future__ import annotations

import secrets
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from portfolio import typed
from portfolio.people.models import Account

COOKIE = "salkku_device"
KEPT_FOR = 180 * 24 * 3600  # seconds
SALT = "portfolio.people.device"


def address(request: HttpRequest) -> str:
    """Who asks, as a name for counting: the address, or of IPv6 the network that one household has.

    X-Forwarded-For is read from the right, as far as those who wrote it are trusted (TRUSTED_PROXIES).
    """
    asking = _parsed(request.META.get("REMOTE_ADDR", ""))
    for told in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if asking is None or not _trusted(asking) or (before := _parsed(told)) is None:
            break
        asking = before
    if isinstance(asking, IPv6Address):
        return str(ip_network((asking, 64), strict=False))
    return str(asking or "")


def _parsed(told: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(told.strip())
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _trusted(asking: IPv4Address | IPv6Address) -> bool:
    return any(asking in network for network in settings.TRUSTED_PROXIES)


def name_hash(username: str) -> str:
    """A user name as it is counted by, whether or not anybody has it."""
    return salted_hmac(SALT, as_kept(username).casefold(), algorithm="sha256").hexdigest()[:32]


def as_kept(username: str) -> str:
    """A user name as it was typed, as an account would have it."""
    return typed.cleaned(Account.normalize_username(username).replace("\x00", ""), lines=False)


def device(request: HttpRequest, username: str) -> str:
    """The device's own mark, if this name has signed in on it; else ""."""
    told = _told(request)
    return told["device"] if name_hash(username) in told["names"] else ""


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let the device be known at the next sign-in of this name; of a shared one, of the last few names."""
    told, mine = _told(request), name_hash(username)
    told["names"] = [mine, *(each for each in told["names"] if each != mine)][:4]
    response.set_cookie(
        COOKIE,
        signing.dumps(told, salt=SALT),
        max_age=KEPT_FOR,
        path=request.path,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
    )


def _told(request: HttpRequest) -> dict[str, Any]:
    """What the device's cookie says: its mark, which stays, and who has signed in on it."""
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_FOR)
        return {"device": str(told["device"]), "names": list(told["names"])}
    except (signing.BadSignature, TypeError, KeyError):
        return {"device": secrets.token_urlsafe(12), "names": []}
