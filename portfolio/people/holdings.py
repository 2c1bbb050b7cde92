"""Which roles somebody holds on a day: those assigned, and those that come with a seat (INV-115)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import connection

from portfolio import asking, clock


class RoleHolder(Protocol):
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


HELD = "SELECT role, programme_id, project_id, unit_id FROM history_held(%(person)s, %(day)s)"


def holdings(person: RoleHolder, *, on: date | None = None) -> list[Holding]:
    """The roles a person holds on a day: those assigned, and those that come with a seat.

    Rights follow the dates: they begin with the first day and end with the last (INV-115). The rule is a function of
    the database's, for changes are signed with the roles as well.
    """
    if not person.active:
        return []
    day = on or clock.today()
    return asking.once(("holdings", person.pk, day), lambda: _held(person, day))


def _held(person: RoleHolder, day: date) -> list[Holding]:
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"person": person.pk, "day": day})
        return [Holding(*row) for row in cursor.fetchall()]


def remember(person: int, held: list[list[Any]], *, on: date) -> None:
    """Need not ask for the roles of a day again, as far as an answer may be remembered."""
    asking.tell(("holdings", person, on), [Holding(*row) for row in held])


def role_names(person: RoleHolder) -> set[str]:
    """The roles a person holds today."""
    return {held.role for held in holdings(person)}
