"""The only base of the API: lists, details, moves, history, and one shape for every refusal."""

from portfolio.api.inputs import Input, Ref, columns_of, described, name_inputs, text_inputs
from portfolio.api.rooms import RoomViewSet, asks, command

__all__ = ["Input", "Ref", "RoomViewSet", "asks", "columns_of", "command", "described", "name_inputs", "text_inputs"]
