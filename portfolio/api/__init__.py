"""The only base of the API: lists, details, moves, history, and one shape for every refusal."""

from portfolio.api.inputs import Input, Ref, columns_of, described, name_inputs, text_inputs
from portfolio.api.moves import move, offered
from portfolio.api.rooms import RoomViewSet, asks

__all__ = [
    "Input", "Ref", "RoomViewSet", "asks", "columns_of", "described", "move", "name_inputs", "offered", "text_inputs",
]  # fmt: skip
