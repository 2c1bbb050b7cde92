"""The Celery application: a few ticks and doorbells; what is to be done stands in rows."""

import logging
import os
from typing import Any

from celery import Celery, signals
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections

logger = logging.getLogger(__name__)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("salkku")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workers"])

from workers import hearing  # noqa: E402, F401 - it listens by its signals


@signals.worker_init.connect
def require_history(**_: Any) -> None:
    """No work is done while a history trigger is missing or stale."""
    call_command("check", databases=["default"], verbosity=0)


@signals.before_task_publish.connect(sender="workers.tasks.open_due_reports")
def beat_is_alive(**_: Any) -> None:
    """Only beat rings this bell, so its ringing is its sign of life; a database that is away does not stop it."""
    from reporting import condition  # noqa: PLC0415 - no models before Django is set up

    try:
        close_old_connections()
        condition.alive("beat")
    except DatabaseError as error:
        logger.warning("beat's sign of life is not kept: %s", error)
