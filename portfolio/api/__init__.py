"""The only base of the API: lists, details, moves, history, and one shape for every refusal."""

from portfolio.api.inputs import A_REASON, FOR_THE_RULE, REASON_IF_ANY, Input, Ref, described, of, says
from portfolio.api.lists import where
from portfolio.api.moves import move, offered, until
from portfolio.api.questions import question
from portfolio.api.rooms import RoomViewSet, asks

__all__ = [
    "A_REASON", "FOR_THE_RULE", "REASON_IF_ANY", "Input", "Ref", "RoomViewSet", "asks", "described", "move", "of",
    "offered", "question", "says", "until", "where",
]  # fmt: skip
