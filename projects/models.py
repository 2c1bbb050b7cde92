"""All models of projects, gathered from the rooms so that Django finds them."""

from projects import rooms

ROOMS = tuple(rooms.modules("models"))
