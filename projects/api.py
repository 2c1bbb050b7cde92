"""Closing a programme, in JSON: a move of programmes that needs to see their projects."""

from rest_framework import serializers

from portfolio.api import Input, Ref, move
from portfolio.decisions.models import Decision
from portfolio.phases import gates
from portfolio.phases.api import ProgrammeViewSet
from projects import commands


class ProgrammeCloseInput(Input):
    decision = Ref(Decision, default=None, allow_null=True)
    effective_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class ClosingViewSet(ProgrammeViewSet):
    """The resource of programmes, with the one move that stands in this package."""

    close = move(ProgrammeCloseInput, commands.close_programme, right="close_programme", to=gates.MOVES["close"])
