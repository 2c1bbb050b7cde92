"""The view sets of all rooms, by the names of their resources."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.api import RoomViewSet
from projects import rooms


def every() -> Iterator[type[RoomViewSet]]:
    """The view sets that the rooms have, room by room."""
    for module in rooms.modules("api"):
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, RoomViewSet) and found.__module__ == module.__name__:
                yield found


def named(view_set: type[RoomViewSet]) -> str:
    """The name of its resource."""
    return rooms.resource(view_set.__name__.removesuffix("ViewSet"))
