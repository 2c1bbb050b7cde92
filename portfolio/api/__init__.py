"""The only base of the API: lists, details, moves, history, and one shape for every refusal."""

from portfolio.api.inputs import Input, Ref, described, of
from portfolio.api.lists import where
from portfolio.api.moves import move, offered, until
from portfolio.api.rooms import RoomViewSet, asks

__all__ = ["Input", "Ref", "RoomViewSet", "asks", "described", "move", "of", "offered", "until", "where"]
