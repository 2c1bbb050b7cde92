"""Takes a checked file in: each record one call of an ordinary command, all in one transaction, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from portfolio import history
from portfolio.history.changes import asked_as
from portfolio.history.together import together
from portfolio.importing.comparing import compare
from portfolio.importing.desk import IMPORT, Desk
from portfolio.importing.document import Document, Fault
from portfolio.importing.since import Left
from portfolio.people.models import Person
from portfolio.refusals import Refused

Taker = Callable[[Desk], None]
# In this order, so that what is referred to is there; higher packages add theirs at the end.
TAKERS: list[tuple[int, Taker]] = []


def register(order: int, *takers: Taker) -> None:
    """Add takers of a room or package; the lowest order goes first."""
    TAKERS.extend((order, taker) for taker in takers)


class NothingTaken(Exception):
    """Some records were refused, so nothing was written; carries all the faults."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} faults")


@dataclass(frozen=True)
class Taken:
    """How an import went: how many records were new or changed, and what was left as changed here."""

    made: int
    left: tuple[Left, ...]


def take(document: Document, *, origin: str, on_behalf_of: Person | None = None, dry_run: bool = False) -> Taken:
    """Take in a whole document under the import's own name; the change set keeps its `origin`, which is no reason.

    A sound file goes in quickly; one with a refusal is tried again record by record, to find them all. What somebody
    has changed here since an earlier import is left and told (decision 36). Raises NothingTaken with every refusal
    when there is one; a dry run writes nothing either. Raises Refused `busy.retry` while somebody else writes.
    """
    try:
        return _take(Desk(document, quick=True), origin, on_behalf_of, dry_run)
    except (Refused, PermissionDenied, DatabaseError) as first:
        if isinstance(first, Refused) and first.code == "busy.retry":
            raise
        return _take(Desk(document), origin, on_behalf_of, dry_run)


def _take(desk: Desk, origin: str, on_behalf_of: Person | None, dry_run: bool) -> Taken:
    try:
        with asked_as(origin), history.change(by=IMPORT, on_behalf_of=on_behalf_of) as opened:
            with together(opened.seq) if desk.quick else nullcontext():
                for _, taker in sorted(TAKERS, key=lambda pair: pair[0]):
                    taker(desk)
            compare(desk)
            if desk.faults or dry_run:
                raise NothingTaken(desk.faults)
    except NothingTaken as nothing:
        if nothing.faults:
            raise
    return Taken(desk.made, tuple(desk.left))
