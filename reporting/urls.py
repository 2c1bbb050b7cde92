"""The resources of this package under /api/v1/."""

from typing import Any

urlpatterns: list[Any] = []
