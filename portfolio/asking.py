"""What one request has asked already and need not ask again: nothing outlives the request, and commands ask afresh."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)
_facts: ContextVar[dict[Hashable, Any] | None] = ContextVar("facts", default=None)


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
    """Forget what is known and remember meanwhile only what no change touches: a change counts at once and after it."""
    if (known := _answers.get()) is not None:
        known.clear()
    tokens = _answers.set(None), _facts.set({})
    try:
        yield
    finally:
        _answers.reset(tokens[0])
        _facts.reset(tokens[1])


def tell(question: Hashable, answer: Any) -> None:
    """Remember what came with another answer; outside of a request, and in a change, nothing is."""
    if (known := _answers.get()) is not None:
        known[question] = answer


def once(question: Hashable, ask: Callable[[], Answer], *, whatever_changes: bool = False) -> Answer:
    """The answer, asked at most once in a request; in a change only if it holds whatever the change does."""
    known = _answers.get()
    if known is None and whatever_changes:
        known = _facts.get()
    if known is None:
        return ask()
    if question not in known:
        known[question] = ask()
    answer: Answer = known[question]
    return answer
