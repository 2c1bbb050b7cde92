"""What can be asked about council terms and strategies."""

from dataclasses import dataclass

from django.db.models import QuerySet

from portfolio.strategy.models import CouncilAction, FocusArea, Goal, Strategy


def goals_of(strategy_id: int) -> QuerySet[Goal]:
    """The goals of a strategy in its own order, with their focus areas: one statement."""
    goals = Goal.objects.filter(focus_area__strategy_id=strategy_id).select_related("focus_area")
    return goals.order_by("focus_area__order", "order")


@dataclass(frozen=True)
class Parts:
    """How many of each a strategy has."""

    focus_areas: int
    goals: int
    council_actions: int


def parts_of(strategy: Strategy) -> Parts:
    """How many focus areas, goals and actions a strategy has."""
    return Parts(
        focus_areas=FocusArea.objects.filter(strategy=strategy).count(),
        goals=Goal.objects.filter(focus_area__strategy=strategy).count(),
        council_actions=CouncilAction.objects.filter(goal__focus_area__strategy=strategy).count(),
    )
