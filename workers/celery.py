"""The Celery application: a few ticks and doorbells; what is to be done stands in rows."""

import os
from typing import Any

from celery import Celery, signals
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("salkku")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workers"])

from workers import hearing  # noqa: E402, F401 - it listens by its signals


@signals.worker_init.connect
def require_history(**_: Any) -> None:
    """No work is done while a history trigger is missing or stale."""
    call_command("check", databases=["default"], verbosity=0)
