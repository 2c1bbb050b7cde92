"""Beat's scheduler: it rings no more while nobody listens."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler
from celery.utils.log import get_logger
from django.conf import settings

logger = get_logger(__name__)


class Bellringer(PersistentScheduler):
    """As many rings may wait as there are kinds of them; one more would tell nobody anything new.

    `expires` is looked at by workers alone: without one, what has run out stays in the broker for ever.
    """

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **kwargs: Any) -> Any:
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
