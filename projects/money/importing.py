"""How budgets, grants and what was used of them are taken in from an import file."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from portfolio import history
from portfolio.importing.desk import IMPORT, Desk, Given, after, amount, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from projects.money import commands as money
from projects.money.models import Funding


def take_fundings(desk: Desk) -> None:
    """Money: the sources of one year and purpose make one budget."""
    for _, found in groupby(sorted(desk.document.of("fundings"), key=_purpose), key=_purpose):
        rows = list(found)
        if any(desk.there(Funding, placed.key) for placed in rows) or _set_budget(desk, rows):
            for placed in rows:
                _take_funding(desk, placed)


def _purpose(placed: Placed) -> tuple[str, str, int]:
    row = placed.record
    return row["programme"], row.get("project", ""), row["year"]


def _set_budget(desk: Desk, rows: list[Placed]) -> Any:
    row = rows[0].record
    programme, project = desk.get("programmes", row["programme"]), desk.get("projects", row.get("project"))
    sources: Any = [_source(desk, placed) for placed in rows]
    given: Given = {"year": row["year"], "total": sum(source["budget"] for source in sources), "sources": sources}
    given |= {"project": project}
    keys = {"projects.Budget": [desk.key(rows[0].key)], "projects.Funding": [desk.key(placed.key) for placed in rows]}
    return desk.attempt(rows[0], partial(money.set_budget, programme, **given, by=IMPORT), keys=keys)


def _source(desk: Desk, placed: Placed) -> Given:
    row = placed.record
    source: Given = {"source": row["source"], "budget": amount(row["budget"])}
    source |= desk.names(placed, "funder") | desk.states(placed, short=("funder",))
    return source | ({"granted": amount(row["granted"])} if "granted" in row else {})


def _take_funding(desk: Desk, placed: Placed) -> None:
    """What was granted and used; the source itself was entered with its year, and changes with it by hand."""
    desk.kinds["fundings"] = Funding
    if (funding := desk.there(Funding, placed.key)) is None:
        desk.freeze(placed, ["source"])
        return
    row, told = placed.record, desk.news(placed, funding, _source(desk, placed))
    if frozen := set(told) - {"granted"}:
        desk.freeze(placed, {name: told[name] for name in frozen}, funding)
    elif told:
        desk.attempt(placed, partial(money.grant_funding, funding, granted=told["granted"], by=IMPORT))
    once = [row] if "used" in row else []
    uses = [{"used": amount(use["used"]), "used_on": day(use["used_on"])} for use in row.get("uses", once)]
    funding = history.lock(Funding, funding.pk) if uses else funding
    if uses and desk.news(placed, funding, uses[-1]):
        known_on = funding.used_on or date.min
        for use in (use for use in after(uses, funding, "used", "used_on") if use["used_on"] >= known_on):
            desk.attempt(placed, partial(money.record_use, funding, **use, by=IMPORT))


register(22, take_fundings)
