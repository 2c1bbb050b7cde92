"""Closing a programme, in JSON: a move of programmes that needs to see their projects."""

from portfolio.api import move
from portfolio.phases import gates
from portfolio.phases.api import ProgrammeViewSet
from projects import commands


class ClosingViewSet(ProgrammeViewSet):
    """The resource of programmes, with the one move that stands in this package."""

    close = move("ProgrammeCloseInput", commands.close_programme, to=gates.MOVES["close"])
