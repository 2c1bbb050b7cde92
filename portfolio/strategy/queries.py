"""What can be asked about council terms and strategies."""

from django.db.models import QuerySet

from portfolio.strategy.models import CouncilAction, FocusArea, Goal


def goals_of(strategy_id: int) -> QuerySet[Goal]:
    """The goals of a strategy in its own order, with their focus areas: one statement."""
    goals = Goal.objects.filter(focus_area__strategy_id=strategy_id).select_related("focus_area")
    return goals.order_by("focus_area__order", "order")


def parts_of(strategy_id: int) -> dict[str, int]:
    """How many focus areas, goals and actions a strategy has."""
    return {
        "focus_areas": FocusArea.objects.filter(strategy_id=strategy_id).count(),
        "goals": Goal.objects.filter(focus_area__strategy_id=strategy_id).count(),
        "council_actions": CouncilAction.objects.filter(goal__focus_area__strategy_id=strategy_id).count(),
    }
