"""Sessions of the browser, each with its account, so that whoever asks is known by one statement."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as OfDjango

from portfolio import asking, clock
from portfolio.people import asker
from portfolio.people.models import Account, Session


class SessionStore(OfDjango):
    """Django's own sessions in a table that names the account."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        kept: Session = super().create_model_instance(data)  # type: ignore[assignment]
        kept.account_id = data.get(SESSION_KEY)
        return kept

    def load(self) -> dict[str, Any]:
        """What the session holds; with it come its account and person, the day and the roles."""
        alive = Session.objects.filter(session_key=self.session_key, expire_date__gt=clock.real_now())
        found = alive.select_related("account__person").annotate(known=asker.KnownOfAsker("account__person_id")).first()
        if found is None:
            self._session_key = None
            return {}
        if found.account is not None:
            asking.tell(("account", found.account.pk), found.account)
            asker.remember(found.account.person_id, found.known)
        return self.decode(found.session_data)


class ByName(ModelBackend):
    """Accounts by their user name; one that came with its session is not asked for again."""

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, while its person is active."""
        account = asking.once(("account", int(user_id)), lambda: self._found(user_id))
        return account if account and account.is_active else None

    def _found(self, user_id: int) -> Account | None:
        return Account.objects.select_related("person").filter(pk=user_id).first()
