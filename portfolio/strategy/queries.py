"""What can be asked about council terms and strategies."""

from datetime import date

from django.db.models import QuerySet

from portfolio.strategy.models import CouncilAction, CouncilTerm, FocusArea, Goal, Strategy


def term_on(day: date) -> CouncilTerm | None:
    """The council term that a day falls in, if its dates are known."""
    return CouncilTerm.objects.filter(starts_on__lte=day, ends_on__gte=day).first()


def strategy_of(term: CouncilTerm) -> Strategy | None:
    """The strategy of a term: the one entered last, since a strategy may be updated."""
    return term.strategies.order_by("-id").first()


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
