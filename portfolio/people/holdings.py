"""Which roles somebody holds on a day: those assigned, and those that come with a seat (INV-115)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db import connection

from portfolio import asking, clock


class Holder(Protocol):
    """A person, as far as roles ask for one."""

    active: bool

    @property
    def pk(self) -> int: ...


@dataclass(frozen=True)
class Holding:
    """A role held today, on one programme, project or unit, or on all."""

    role: str
    programme_id: int | None = None
    project_id: int | None = None
    unit_id: int | None = None


# A role that was taken away is not held on its last day either: the right is gone with the next request.
HELD = """
SELECT role, programme_id, project_id, unit_id FROM portfolio_roleassignment
WHERE person_id = %(person)s AND %(day)s BETWEEN starts_on AND COALESCE(ends_on, %(day)s)
    AND (ended_at IS NULL OR ends_on > %(day)s)
UNION ALL
SELECT CASE WHEN capacity = 'deputy' THEN capacity ELSE kind || '_member' END, programme_id, NULL, NULL
FROM portfolio_tenure AS tenure
    JOIN portfolio_seat AS seat ON seat.id = seat_id
    JOIN portfolio_steeringgroup AS steered ON steered.id = seat.group_id
WHERE person_id = %(person)s AND (capacity = 'deputy' OR kind IN ('elected', 'official'))
    AND %(day)s BETWEEN tenure.starts_on AND COALESCE(tenure.ends_on, %(day)s)
"""


def holdings(person: Holder, *, on: date | None = None) -> list[Holding]:
    """The roles a person holds on a day: those assigned, and those that come with a seat.

    Rights follow the dates: they begin with the first day and end with the last (INV-115). Every request asks this, so
    it is one statement, written out.
    """
    if not person.active:
        return []
    day = on or clock.today()
    return asking.once(("holdings", person.pk, day), lambda: _held(person, day))


def _held(person: Holder, day: date) -> list[Holding]:
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"person": person.pk, "day": day})
        return [Holding(*row) for row in cursor.fetchall()]


def role_names(person: Holder) -> set[str]:
    """The roles a person holds today."""
    return {held.role for held in holdings(person)}
