"""The only base of the API: lists, details, moves, history, and one shape for every refusal."""

from portfolio.api.inputs import Input, Ref, name_inputs, text_inputs, texts_of
from portfolio.api.rooms import RoomViewSet, asks, command

__all__ = ["Input", "Ref", "RoomViewSet", "asks", "command", "name_inputs", "text_inputs", "texts_of"]
