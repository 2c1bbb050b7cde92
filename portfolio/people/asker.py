"""Who asks: with the row by which somebody is known come the day, the roles held on it and the ledger's head."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Func, JSONField

from portfolio import asking, clock
from portfolio.people import holdings
from portfolio.people.holdings import HELD, Holding

TODAY = "SELECT (city_now() AT TIME ZONE %s)::date AS day"
KNOWN = """(
SELECT jsonb_build_object(
    'day', today.day, 'head', (SELECT jsonb_build_array(seq, sha256, sealed) FROM portfolio_head),
    'held', (SELECT jsonb_agg(jsonb_build_array({columns})) FROM ({held}) AS held)
) FROM ({today}) AS today)"""


class KnownOfAsker(Func):
    """The city's day, the roles that a person holds on it, and the newest change set."""

    output_field = JSONField()

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """SQL with the person's column in it, and the zone as its one parameter."""
        (column,) = self.source_expressions
        person, _ = compiler.compile(column)
        held = HELD % {"person": person, "day": "today.day"}
        columns = ", ".join(Holding.__annotations__)
        return KNOWN.format(columns=columns, held=held, today=TODAY), [settings.TIME_ZONE]


def remember(person: int, known: dict[str, Any]) -> None:
    """Let the request ask for none of this again."""
    day = date.fromisoformat(known["day"])
    clock.remember(day)
    asking.tell("head", known["head"])
    holdings.remember(person, known["held"] or [], on=day)
