"""Beat's scheduler: it rings no more while nobody listens."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler
from celery.utils.log import get_logger
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

logger = get_logger(__name__)
SIGN_OF_LIFE = "workers.tasks.open_due_reports"  # with this bell, rung or not, beat says that it lives


def give_sign_of_life() -> None:
    """A database that is away does not stop beat."""
    from reporting.reports import condition  # noqa: PLC0415 - no models before Django is set up

    try:
        close_old_connections()
        condition.alive("beat")
    except (DatabaseError, InterfaceError) as error:
        logger.warning("beat's sign of life is not kept: %s", error)


class Bellringer(PersistentScheduler):
    """As many rings may wait as there are kinds of them; one more would tell nobody anything new.

    `expires` is looked at by workers alone: without one, what has run out stays in the broker for ever.
    """

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **kwargs: Any) -> Any:
        if entry.task == SIGN_OF_LIFE:
            give_sign_of_life()
        if self._waiting() < len(settings.CELERY_BEAT_SCHEDULE):
            return super().apply_async(entry, producer=producer, advance=advance, **kwargs)
        logger.warning("Nobody listens: %s is not rung while others wait", entry.name)
        return None

    def _waiting(self) -> int:
        """Rings in the broker; 0 where it does not answer, since sending then says so itself."""
        if not self.connection.connected:
            return 0
        try:
            return int(self.connection.default_channel.client.llen(settings.TICKS))
        except self.connection.connection_errors:
            return 0
