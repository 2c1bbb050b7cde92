"""Council terms, strategies, focus areas, goals, actions and the UN's goals over the API."""

from rest_framework import serializers

from portfolio.api import REASON_IF_ANY, Ref, RoomViewSet, move, says, where
from portfolio.decisions.models import Decision
from portfolio.strategy import commands, queries
from portfolio.strategy.models import SDG, CouncilAction, CouncilTerm, FocusArea, Goal, Strategy

ORDER = serializers.IntegerField(min_value=1, max_value=32767)
IF_ANY = {"because": REASON_IF_ANY}


class CouncilTermViewSet(RoomViewSet):
    """Council terms by their dates."""

    model = CouncilTerm
    filters = where(to="starts_on__lte") | {"from": "ends_on__gte"}
    search = ("label",)
    ordering = ("starts_on", "ends_on", "label")
    right = "record_council_term"
    create = move("CouncilTermInput", commands.record_council_term)
    edit = move(says("CouncilTermEdit", "label", "starts_on", "ends_on", **IF_ANY), commands.edit_council_term)


class StrategyViewSet(RoomViewSet):
    """The strategies of the council terms."""

    model = Strategy
    filters = where("council_term", "adopted_by")
    search = ("name",)
    ordering = ("council_term_id", "name_fi", "name_sv", "name_en")
    right = "write_strategy"
    create = move(says("StrategyInput", "vision", adopted_by=Ref(Decision, required=False)), commands.record_strategy)
    edit = move(says("StrategyEdit", "name", "vision", **IF_ANY), commands.edit_strategy)

    beside = {"parts": queries.parts_of}
    adopt = move(
        says("StrategyAdoptionInput", decision=Ref(Decision, required=False, default=None), **IF_ANY),
        commands.adopt_strategy,
    )


class FocusAreaViewSet(RoomViewSet):
    """The focus areas of a strategy, each with its overall aim."""

    model = FocusArea
    filters = where("strategy")
    search = ("name",)
    ordering = ("order", "strategy_id")
    right = "write_strategy"
    create = move(says("FocusAreaInput", "aim", order=ORDER), commands.add_focus_area)
    edit = move(says("FocusAreaEdit", "name", "aim", order=ORDER, **IF_ANY), commands.edit_strategy)


class GoalViewSet(RoomViewSet):
    """The goals of a focus area."""

    model = Goal
    filters = where("focus_area", strategy="focus_area__strategy_id")
    search = ("text",)
    ordering = ("focus_area_id", "order")
    right = "write_strategy"
    create = move(says("StrategyGoalInput", order=ORDER), commands.add_goal)
    edit = move(says("NumberedTextEdit", "text", order=ORDER, **IF_ANY), commands.edit_strategy)


class CouncilActionViewSet(RoomViewSet):
    """What the council has said will be done for a goal."""

    model = CouncilAction
    filters = where("goal", focus_area="goal__focus_area_id", strategy="goal__focus_area__strategy_id")
    search = ("text",)
    ordering = ("goal_id", "order")
    right = "write_strategy"
    create = move(says("CouncilActionInput", order=ORDER), commands.add_council_action)
    edit = move(says("NumberedTextEdit", "text", order=ORDER, **IF_ANY), commands.edit_strategy)


class SDGViewSet(RoomViewSet):
    """The seventeen Sustainable Development Goals; read only."""

    model = SDG
    without = ("source_language", "texts")
    filters = where("number")
    search = ("name",)
    ordering = ("number",)
