"""The one table of what the machine can be asked to do: who carries a kind of work out, how patiently, what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

GRACE = timedelta(minutes=1)


@dataclass(frozen=True)
class Patience:
    """How long a worker may be silent, how many failures park the work, and how long it rests after each.

    What has been tried for `longest` is stuck: it is broken off, and after `GRACE` a process that goes on is killed.
    """

    lease: timedelta = timedelta(seconds=60)
    strikes_in_all: int = 5
    equal_strikes: int = 3
    pauses: tuple[timedelta, ...] = tuple(timedelta(seconds=seconds) for seconds in (0, 5, 15, 60, 300))
    longest: timedelta = timedelta(minutes=4)

    @property
    def limits(self) -> dict[str, float]:
        """Seconds after which a try is broken off and after which its worker is killed, as Celery calls them."""
        soft = self.longest.total_seconds()
        return {"soft_time_limit": soft, "time_limit": soft + GRACE.total_seconds()}


def nothing(row: Any) -> None:
    """Whoever must know of it finds it in the rows."""


@dataclass(frozen=True)
class KindOfWork:
    """A kind of work: which rows wait, who carries one out, and what is done when it is given up.

    `given_up` is called with the row, in the transaction that parks it.
    """

    name: str
    due: Callable[[], list[int]]
    carry_out: Callable[[int], None]
    patience: Patience = field(default_factory=Patience)
    given_up: Callable[[Any], None] = nothing
    errand: bool = False


KINDS: dict[str, KindOfWork] = {}


def register(*kinds: KindOfWork) -> None:
    """Add kinds to the table; a package does it when it starts."""
    KINDS.update({kind.name: kind for kind in kinds})


def patience_of(kind: str) -> Patience:
    """A kind's patience; of a kind that no release knows any more the usual one."""
    return KINDS[kind].patience if kind in KINDS else Patience()


def give_up(row: Any) -> None:
    """Do what a kind does when a row of it is parked."""
    if row.kind in KINDS:
        KINDS[row.kind].given_up(row)
