"""What can be done with council terms and the strategy: the director writes it, the council adopts it."""

from datetime import date
from typing import Any, TypeVar, cast

from portfolio import history
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.strategy.models import SDG, CouncilAction, CouncilTerm, FocusArea, Goal, Strategy
from portfolio.strategy.sdgs import SDGS

Actor = Person | history.Job
Part = TypeVar("Part", Strategy, FocusArea, Goal, CouncilAction)


def record_council_term(*, label: str, starts_on: date, ends_on: date, by: Actor, **described: Any) -> CouncilTerm:
    """Enter a council term by its dates; it starts before it ends and overlaps no other (INV-01)."""
    with history.change(by=by):
        permissions.require(by, "record_council_term")
        return CouncilTerm(label=label, starts_on=starts_on, ends_on=ends_on, **described).checked_save()


def edit_council_term(
    term: CouncilTerm, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any
) -> CouncilTerm:
    """Change the dates or the name of a term, as when an election is moved (INV-01)."""
    with history.change(by=by, because=because):
        term = history.lock(CouncilTerm, term.pk, seen=seen)
        permissions.require(by, "record_council_term")
        for field, value in changes.items():
            setattr(term, field, value)
        return term.checked_save()


def record_strategy(
    *, council_term: CouncilTerm, name_fi: str = "", adopted_by: Decision | None = None, by: Actor, **described: Any
) -> Strategy:
    """Enter the strategy of a term; named as adopted only by a decision of the council."""
    with history.change(by=by):
        permissions.require(by, "write_strategy")
        if adopted_by is not None:
            governance.require(adopted_by, "strategy.adopt", field="adopted_by")
        strategy = Strategy(council_term=council_term, name_fi=name_fi, adopted_by=adopted_by, **described)
        return strategy.checked_save()


def adopt_strategy(
    strategy: Strategy, *, decision: Decision | None, because: str = "", by: Actor, seen: int | None = None
) -> Strategy:
    """Record the council's decision by which the strategy was adopted; another one needs a reason (INV-110)."""
    with history.change(by=by, because=because):
        strategy = history.lock(Strategy, strategy.pk, seen=seen)
        permissions.require(by, "adopt_strategy")
        governance.require(decision, "strategy.adopt")
        _require_reason(strategy, because)
        strategy.adopted_by = decision
        return strategy.checked_save()


def add_focus_area(*, strategy: Strategy, order: int, name_fi: str = "", by: Actor, **described: Any) -> FocusArea:
    """Add a focus area with its overall aim to a strategy."""
    return _add(FocusArea(strategy=strategy, order=order, name_fi=name_fi, **described), by=by)


def add_goal(*, focus_area: FocusArea, order: int, text_fi: str = "", by: Actor, **described: Any) -> Goal:
    """Add a goal to a focus area, in the words of the document."""
    return _add(Goal(focus_area=focus_area, order=order, text_fi=text_fi, **described), by=by)


def add_council_action(*, goal: Goal, order: int, text_fi: str = "", by: Actor, **described: Any) -> CouncilAction:
    """Add what the council says will be done for a goal; actions are supplemented during the term."""
    return _add(CouncilAction(goal=goal, order=order, text_fi=text_fi, **described), by=by)


def edit_strategy(part: Part, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any) -> Part:
    """Change a strategy or a part of it; once the council has adopted it, only with a reason (INV-110)."""
    with history.change(by=by, because=because):
        part = history.lock(type(part), part.pk, seen=seen)
        permissions.require(by, "write_strategy")
        _require_reason(_strategy_of(part), because)
        for field, value in changes.items():
            setattr(part, field, value)
        return part.checked_save()


def record_sdg(*, number: int, name_fi: str = "", by: Actor, **described: Any) -> SDG:
    """Enter one of the Sustainable Development Goals, numbered from 1 to 17 (INV-59)."""
    with history.change(by=by):
        permissions.require(by, "record_sdg")
        return SDG(number=number, name_fi=name_fi, **described).checked_save()


def record_all_sdgs(*, by: Actor) -> list[SDG]:
    """Enter those of the seventeen that are missing, by their official names; asked again it enters none."""
    with history.change(by=by):
        there = set(SDG.objects.values_list("number", flat=True))
        return [
            record_sdg(number=number, name_fi=name.fi, name_sv=name.sv, name_en=name.en, by=by)
            for number, name in SDGS.items()
            if number not in there
        ]


def _add(part: Part, *, by: Actor) -> Part:
    with history.change(by=by):
        permissions.require(by, "write_strategy")
        return part.checked_save()


def _strategy_of(part: Part) -> Strategy:
    found: Any = part
    for step in ("goal", "focus_area", "strategy"):
        found = getattr(found, step, found)
    return cast(Strategy, found)


def _require_reason(strategy: Strategy, because: str) -> None:
    if strategy.adopted_by_id is not None:
        history.require_reason(because)
