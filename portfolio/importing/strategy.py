"""How council terms, the Sustainable Development Goals and strategies are taken in."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio.importing.desk import IMPORT, Desk, Given, day
from portfolio.importing.taking import register
from portfolio.strategy import commands as strategy
from portfolio.strategy.models import SDG, CouncilAction, CouncilTerm, FocusArea, Goal, Strategy

BECAUSE = "import"


def take_terms(desk: Desk) -> None:
    """Council terms and the Sustainable Development Goals."""
    for placed in desk.document.of("council_terms"):
        row = placed.record
        given = {"label": row["label"], "starts_on": day(row["starts_on"]), "ends_on": day(row["ends_on"])}
        desk.take(
            placed,
            CouncilTerm,
            partial(strategy.record_council_term, **given, by=IMPORT),
            content=given,
            edit=lambda term, other: strategy.edit_council_term(term, **other, because=BECAUSE, by=IMPORT),
        )
    for placed in desk.document.of("sdgs"):
        given = {"number": placed.record["number"], **desk.texts(placed, "name")}
        desk.take(placed, SDG, partial(strategy.record_sdg, **given, by=IMPORT), content=given)


def take_strategies(desk: Desk) -> None:
    """Strategies with their focus areas, goals and the council's actions."""
    for placed in desk.document.of("strategies"):
        row = placed.record
        given = desk.texts(placed, "name") | desk.texts(placed, "vision") | desk.states(placed, "vision")
        term, adopted = desk.get("council_terms", row["council_term"]), desk.get("decisions", row.get("adopted_by"))
        desk.take(
            placed,
            Strategy,
            partial(strategy.record_strategy, council_term=term, adopted_by=adopted, **given, by=IMPORT),
            content=given,
            edit=_edit_strategy,
        )
    _take_parts(desk, "focus_areas", "strategies", FocusArea, strategy.add_focus_area, "strategy", ("name", "aim"))
    _take_parts(desk, "goals", "focus_areas", Goal, strategy.add_goal, "focus_area", ("text",))
    _take_parts(desk, "council_actions", "goals", CouncilAction, strategy.add_council_action, "goal", ("text",))


def _edit_strategy(part: Any, other: Given) -> Any:
    return strategy.edit_strategy(part, **other, because=BECAUSE, by=IMPORT)


def _take_parts(desk: Desk, kind: str, above: str, model: Any, command: Any, name: str, texts: tuple[str, ...]) -> None:
    for placed in desk.document.of(kind):
        whole = desk.get(above, placed.parent.key if placed.parent else None)
        if whole is None:
            continue
        given: Given = {"order": placed.record["order"]}
        for text in texts:
            given |= desk.texts(placed, text)
        given |= desk.states(placed, *(text for text in texts if text != "name"))
        desk.take(
            placed,
            model,
            partial(command, **{name: whole}, **given, by=IMPORT),
            content=given,
            edit=_edit_strategy,
        )


register(10, take_terms)
register(12, take_strategies)
