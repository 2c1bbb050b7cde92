"""What one request has asked already and need not ask again: nothing outlives the request, and commands ask afresh."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)
_facts: ContextVar[dict[Hashable, Any] | None] = ContextVar("facts", default=None)
_opening: ContextVar[dict[Hashable, Any] | None] = ContextVar("opening", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    """Remember answers until the request has been answered; outside of this nothing is remembered."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


@contextmanager
def afresh() -> Iterator[None]:
    """Forget what is known and remember meanwhile only what no change touches: a change counts at once and after it.

    What is told when a change is opened is remembered until the change saves something.
    """
    if (known := _answers.get()) is not None:
        known.clear()
    tokens = [(each, each.set(kept)) for each, kept in ((_answers, None), (_facts, {}), (_opening, {}))]
    try:
        yield
    finally:
        for each, token in tokens:
            each.reset(token)


def saved() -> None:
    """Forget what was told when the change was opened: it has saved something."""
    if (opening := _opening.get()) is not None:
        opening.clear()


def tell(question: Hashable, answer: Any, *, whatever_changes: bool = False) -> None:
    """Remember what came with another answer: in a request, and in a change until it saves something or to its end."""
    known = _answers.get()
    if known is None:
        known = _facts.get() if whatever_changes else _opening.get()
    if known is not None:
        known[question] = answer


def once(question: Hashable, ask: Callable[[], Answer], *, whatever_changes: bool = False) -> Answer:
    """The answer, asked at most once in a request; in a change only if it holds whatever the change does."""
    known = _answers.get()
    if known is None and whatever_changes:
        known = _facts.get()
    if known is None:
        opening = _opening.get() or {}
        return opening[question] if question in opening else ask()
    if question not in known:
        known[question] = ask()
    answer: Answer = known[question]
    return answer
