"""Who is asking: a session or a token; everything in the API needs one of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portfolio import clock
from portfolio.people import asker
from portfolio.people.accounts.commands import seen_in_use
from portfolio.people.models import Account, Token
from portfolio.refusals import Refused


class SessionSignIn(SessionAuthentication):
    """The browser's session, with its protection against forged requests."""

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenSignIn(BaseAuthentication):
    """`Authorization: Bearer …`, compared by hash."""

    def authenticate(self, request: Request | HttpRequest) -> tuple[Account, Token] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return None
        asked = Token.objects.select_related("account__person").annotate(known=asker.KnownOfAsker("account__person_id"))
        known = asked.filter(digest=Token.digest_of(secret.strip())).first()
        if known is None or known.expires_at < clock.real_now() or not known.account.is_active:
            raise AuthenticationFailed
        asker.remember(known.account.person_id, known.known)
        seen_in_use(known)
        return known.account, known

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes a token."""

    target_class = "portfolio.api.signin.TokenSignIn"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema describes a session."""

    target_class = "portfolio.api.signin.SessionSignIn"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class SignedIn(BasePermission):
    """Somebody is signed in; what they may see and do is asked of `permissions`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """A temporary password opens nothing but the page where an own one is chosen."""
        if not isinstance(request.user, Account):
            return False
        if request.user.temporary_until is not None and request.auth is None:
            raise Refused("account.temporary")
        return True
