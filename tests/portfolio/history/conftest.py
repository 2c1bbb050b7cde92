"""The owner's seat: Django's connection as the owner, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A cursor of the owner, who may do what the program may not."""
    with django_db_blocker.unblock():
        runtime = connection.settings_dict.copy()
        connection.close()
        connection.settings_dict |= settings.OWNER_DATABASE | {"NAME": runtime["NAME"]}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                yield cursor
                transaction.set_rollback(True)
        finally:
            connection.close()
            connection.settings_dict |= runtime
