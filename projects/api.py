"""Closing a programme, in JSON: a move of programmes that needs to see their projects."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, command
from portfolio.decisions.models import Decision
from portfolio.people.models import Person
from portfolio.phases.api import ProgrammeViewSet
from portfolio.programmes.models import Programme
from projects import commands


class ProgrammeCloseInput(Input):
    decision = Ref(Decision, default=None, allow_null=True)
    effective_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class ClosingViewSet(ProgrammeViewSet):
    """The resource of programmes, with the one move that stands in this package."""

    @command(ProgrammeCloseInput)
    def close(self, programme: Programme, given: dict[str, Any], by: Person, seen: int) -> Programme:
        """Close a programme by the council's decision, once nothing of it is open."""
        return commands.close_programme(programme, **given, by=by, seen=seen)
