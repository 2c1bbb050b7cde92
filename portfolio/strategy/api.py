"""Council terms, strategies, focus areas, goals, actions and the UN's goals over the API."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, move, text_inputs
from portfolio.decisions.models import Decision
from portfolio.strategy import commands, queries
from portfolio.strategy.models import SDG, CouncilAction, CouncilTerm, FocusArea, Goal, Strategy

ORDER = {"min_value": 1, "max_value": 32767}


class CouncilTermInput(Input):
    label = serializers.CharField(max_length=40)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class CouncilTermEdit(CouncilTermInput):
    because = serializers.CharField(required=False)


class StrategyInput(Input):
    council_term = Ref(CouncilTerm)
    locals().update(text_inputs("name", 200))
    locals().update(text_inputs("vision", required=False))
    adopted_by = Ref(Decision, required=False)


class StrategyEdit(Input):
    locals().update(text_inputs("name", 200))
    locals().update(text_inputs("vision", required=False))
    because = serializers.CharField(required=False)


class StrategyAdoptionInput(Input):
    decision = Ref(Decision, required=False, default=None)
    because = serializers.CharField(required=False)


class FocusAreaInput(Input):
    strategy = Ref(Strategy)
    order = serializers.IntegerField(**ORDER)
    locals().update(text_inputs("name", 200))
    locals().update(text_inputs("aim", required=False))


class FocusAreaEdit(Input):
    order = serializers.IntegerField(**ORDER)
    locals().update(text_inputs("name", 200))
    locals().update(text_inputs("aim", required=False))
    because = serializers.CharField(required=False)


class NumberedTextEdit(Input):
    order = serializers.IntegerField(**ORDER)
    locals().update(text_inputs("text"))
    because = serializers.CharField(required=False)


class StrategyGoalInput(Input):
    focus_area = Ref(FocusArea)
    order = serializers.IntegerField(**ORDER)
    locals().update(text_inputs("text"))


class CouncilActionInput(Input):
    goal = Ref(Goal)
    order = serializers.IntegerField(**ORDER)
    locals().update(text_inputs("text"))


class CouncilTermViewSet(RoomViewSet):
    """Council terms by their dates."""

    model = CouncilTerm
    columns = ("label", "starts_on", "ends_on")
    filters = {"from": "ends_on__gte", "to": "starts_on__lte"}
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
    columns = (
        "council_term_id", "adopted_by_id", "name_fi", "name_sv", "name_en", "vision_fi", "vision_sv", "vision_en",
        "source_language", "texts",
    )  # fmt: skip
    filters = {"council_term": "council_term_id", "adopted_by": "adopted_by_id"}
    search = ("name_fi", "name_sv", "name_en")
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
    columns = (
        "strategy_id", "order", "name_fi", "name_sv", "name_en", "aim_fi", "aim_sv", "aim_en",
        "source_language", "texts",
    )  # fmt: skip
    filters = {"strategy": "strategy_id"}
    search = ("name_fi", "name_sv", "name_en")
    ordering = ("order", "strategy_id")
    create = move(FocusAreaInput, commands.add_focus_area, right="write_strategy")
    edit = move(FocusAreaEdit, commands.edit_strategy, right="write_strategy")


class GoalViewSet(RoomViewSet):
    """The goals of a focus area."""

    model = Goal
    columns = ("focus_area_id", "order", "text_fi", "text_sv", "text_en", "source_language", "texts")
    filters = {"focus_area": "focus_area_id", "strategy": "focus_area__strategy_id"}
    search = ("text_fi", "text_sv", "text_en")
    ordering = ("focus_area_id", "order")
    create = move(StrategyGoalInput, commands.add_goal, right="write_strategy")
    edit = move(NumberedTextEdit, commands.edit_strategy, right="write_strategy")


class CouncilActionViewSet(RoomViewSet):
    """What the council has said will be done for a goal."""

    model = CouncilAction
    columns = ("goal_id", "order", "text_fi", "text_sv", "text_en", "source_language", "texts")
    filters = {"goal": "goal_id", "focus_area": "goal__focus_area_id", "strategy": "goal__focus_area__strategy_id"}
    search = ("text_fi", "text_sv", "text_en")
    ordering = ("goal_id", "order")
    create = move(CouncilActionInput, commands.add_council_action, right="write_strategy")
    edit = move(NumberedTextEdit, commands.edit_strategy, right="write_strategy")


class SDGViewSet(RoomViewSet):
    """The seventeen Sustainable Development Goals; read only."""

    model = SDG
    columns = ("number", "name_fi", "name_sv", "name_en")
    filters = {"number": "number"}
    search = ("name_fi", "name_sv", "name_en")
    ordering = ("number",)
