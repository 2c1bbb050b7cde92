"""Council terms, strategies, focus areas, goals, actions and the UN's goals over the API."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, of, where
from portfolio.decisions.models import Decision
from portfolio.strategy import commands, queries
from portfolio.strategy.models import SDG, CouncilAction, CouncilTerm, FocusArea, Goal, Strategy

ORDER = {"min_value": 1, "max_value": 32767}


class CouncilTermInput(Input):
    says = of(CouncilTerm, "label", "starts_on", "ends_on")


class CouncilTermEdit(CouncilTermInput):
    because = serializers.CharField(required=False)


class StrategyInput(Input):
    says = of(Strategy, "council_term", "name", "vision", "adopted_by")
    adopted_by = Ref(Decision, required=False)


class StrategyEdit(Input):
    says = of(Strategy, "name", "vision")
    because = serializers.CharField(required=False)


class StrategyAdoptionInput(Input):
    decision = Ref(Decision, required=False, default=None)
    because = serializers.CharField(required=False)


class FocusAreaEdit(Input):
    says = of(FocusArea, "order", "name", "aim")
    order = serializers.IntegerField(**ORDER)
    because = serializers.CharField(required=False)


class FocusAreaInput(Input):
    says = of(FocusArea, "strategy", "order", "name", "aim")
    order = serializers.IntegerField(**ORDER)


class NumberedTextEdit(Input):
    says = of(Goal, "order", "text")
    order = serializers.IntegerField(**ORDER)
    because = serializers.CharField(required=False)


class StrategyGoalInput(Input):
    says = of(Goal, "focus_area", "order", "text")
    order = serializers.IntegerField(**ORDER)


class CouncilActionInput(Input):
    says = of(CouncilAction, "goal", "order", "text")
    order = serializers.IntegerField(**ORDER)


class CouncilTermViewSet(RoomViewSet):
    """Council terms by their dates."""

    model = CouncilTerm
    filters = where(to="starts_on__lte") | {"from": "ends_on__gte"}
    search = ("label",)
    ordering = ("starts_on", "ends_on", "label")
    create = move(CouncilTermInput, commands.record_council_term, right="record_council_term")
    edit = move(CouncilTermEdit, commands.edit_council_term, right="record_council_term")


class PartsSerializer(serializers.Serializer[Any]):
    """How many of each a strategy has."""

    focus_areas = serializers.IntegerField()
    goals = serializers.IntegerField()
    council_actions = serializers.IntegerField()


class StrategyViewSet(RoomViewSet):
    """The strategies of the council terms."""

    model = Strategy
    filters = where("council_term", "adopted_by")
    search = ("name",)
    ordering = ("council_term_id", "name_fi", "name_sv", "name_en")
    create = move(StrategyInput, commands.record_strategy, right="write_strategy")
    edit = move(StrategyEdit, commands.edit_strategy, right="write_strategy")

    beside = {"parts": PartsSerializer(allow_null=True)}

    def extra(self, thing: Strategy) -> dict[str, Any]:
        """How large the strategy is."""
        return {"parts": queries.parts_of(thing.pk)}

    adopt = move(StrategyAdoptionInput, commands.adopt_strategy, right="adopt_strategy")


class FocusAreaViewSet(RoomViewSet):
    """The focus areas of a strategy, each with its overall aim."""

    model = FocusArea
    filters = where("strategy")
    search = ("name",)
    ordering = ("order", "strategy_id")
    create = move(FocusAreaInput, commands.add_focus_area, right="write_strategy")
    edit = move(FocusAreaEdit, commands.edit_strategy, right="write_strategy")


class GoalViewSet(RoomViewSet):
    """The goals of a focus area."""

    model = Goal
    filters = where("focus_area", strategy="focus_area__strategy_id")
    search = ("text",)
    ordering = ("focus_area_id", "order")
    create = move(StrategyGoalInput, commands.add_goal, right="write_strategy")
    edit = move(NumberedTextEdit, commands.edit_strategy, right="write_strategy")


class CouncilActionViewSet(RoomViewSet):
    """What the council has said will be done for a goal."""

    model = CouncilAction
    filters = where("goal", focus_area="goal__focus_area_id", strategy="goal__focus_area__strategy_id")
    search = ("text",)
    ordering = ("goal_id", "order")
    create = move(CouncilActionInput, commands.add_council_action, right="write_strategy")
    edit = move(NumberedTextEdit, commands.edit_strategy, right="write_strategy")


class SDGViewSet(RoomViewSet):
    """The seventeen Sustainable Development Goals; read only."""

    model = SDG
    without = ("source_language", "texts")
    filters = where("number")
    search = ("name",)
    ordering = ("number",)
