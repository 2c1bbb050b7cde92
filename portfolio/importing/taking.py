"""Takes a checked file in: judged while others save, written as one change, or nothing at all.

Each record is one call of an ordinary command. All of them are tried first in a trial, which keeps nobody waiting; what
it has found good is then written under the lock, as long as nobody has saved meanwhile. Else it is judged again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from portfolio import history
from portfolio.history.changes import asked_as
from portfolio.history.trial import State, trial, write_again
from portfolio.importing.comparing import compare
from portfolio.importing.desk import IMPORT, Desk, Tell
from portfolio.importing.document import Document, Fault
from portfolio.importing.since import Left
from portfolio.people.models import Person
from portfolio.refusals import Refused

Taker = Callable[[Desk], None]
# In this order, so that what is referred to is there; higher packages add theirs at the end.
TAKERS: list[tuple[int, Taker]] = []
# Of what has no history. A trial tells nothing of it, so these are called once more when the rest is written.
BESIDE: list[Taker] = []
TURNS = 3  # how often somebody may save before it is judged under the lock, where nobody can


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


Ended = Callable[[Taken], None]


def _unheard(taken: Taken) -> None:
    """Whoever called has it by the answer."""


@dataclass(frozen=True)
class JudgedDocument:
    """A document that was found good: by which desk, against which head, and what is to be written."""

    desk: Desk
    head: int
    states: list[State]
    taken: Taken


def take(
    document: Document,
    *,
    origin: str,
    on_behalf_of: Person | None = None,
    dry_run: bool = False,
    tell: Tell | None = None,
    ended: Ended = _unheard,
) -> Taken:
    """Take in a whole document under the import's own name; the change set keeps its `origin`, which is no reason.

    What somebody has changed here since an earlier import is left and told (decision 36). `tell` hears how many of the
    records are judged, `ended` what came of it, in the transaction of what is written. A dry run only judges. Raises
    NothingTaken with every refusal when there is one, and Refused `busy.retry` when somebody else keeps the lock for
    too long.
    """
    for _ in range(TURNS):
        judged = _judge(document, tell)
        if dry_run or not judged.taken.made:
            ended(judged.taken)
            return judged.taken
        with asked_as(origin), history.change(by=IMPORT, on_behalf_of=on_behalf_of) as opened:
            if opened.seq == judged.head + 1:
                _write(judged)
                ended(judged.taken)
                return judged.taken
    return _at_once(document, origin, on_behalf_of, tell, ended)


def _judge(document: Document, tell: Tell | None) -> JudgedDocument:
    """Try all records at once; where one is refused, try once more record by record, to find all that are."""
    try:
        return _try(Desk(document, quick=True, tell=tell))
    except (Refused, PermissionDenied, DatabaseError) as first:
        if isinstance(first, Refused) and first.code == "busy.retry":
            raise
        return _try(Desk(document, tell=tell))


def _try(desk: Desk) -> JudgedDocument:
    with trial(by=IMPORT, whole=desk.quick) as tried:
        _take_all(desk)
        states = tried.written() if desk.made else []
        _take_beside(desk)
        return JudgedDocument(desk, tried.head, states, Taken(desk.made, tuple(desk.left)))


def _take_all(desk: Desk) -> None:
    for _, taker in sorted(TAKERS, key=lambda pair: pair[0]):
        taker(desk)
    compare(desk)


def _take_beside(desk: Desk) -> None:
    for taker in BESIDE:
        taker(desk)
    if desk.faults:
        raise NothingTaken(desk.faults)


def _write(judged: JudgedDocument) -> None:
    write_again(judged.states)
    _take_beside(judged.desk)


def _at_once(document: Document, origin: str, on_behalf_of: Person | None, tell: Tell | None, ended: Ended) -> Taken:
    """Judged and written under the lock, where nobody comes between."""
    desk = Desk(document, quick=True, tell=tell)
    try:
        with asked_as(origin), history.change(by=IMPORT, on_behalf_of=on_behalf_of, whole=True):
            _take_all(desk)
            _take_beside(desk)
            taken = Taken(desk.made, tuple(desk.left))
            ended(taken)
            return taken
    except (Refused, PermissionDenied, DatabaseError) as first:
        if not (isinstance(first, Refused) and first.code == "busy.retry"):
            _try(Desk(document, tell=tell))  # raises with all that is refused
        raise
