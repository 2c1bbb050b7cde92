"""Errands: work that a person sends the machine on and comes back for; it shows how far it is and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connections
from django.db.models import Exists, QuerySet
from django.db.models.functions import Now

from portfolio import clock
from portfolio.refusals import Refused
from portfolio.work import kinds, leases
from portfolio.work.kinds import KindOfWork, Patience
from portfolio.work.models import Errand

USUAL = Patience()
TOLD_EVERY = 0.5  # seconds between two words of progress


@dataclass(frozen=True)
class Task:
    """An errand in the hands of the worker that carries it out."""

    errand: Errand
    claim: leases.Claim

    @property
    def given(self) -> Any:
        """What it was sent with."""
        return self.errand.given

    def progress(self, done: int, of: int | None = None) -> None:
        """So many steps are done; the claim holds for another lease.

        Seen by others at once outside a transaction, and inside one only at its end. Raises leases.Fenced.
        """
        told = {"done": done} if of is None else {"done": done, "of": of}
        leases.hold(self.claim, **told)

    @contextmanager
    def telling(self) -> Iterator[Callable[[int, int], None]]:
        """`progress` over a connection of its own, which others see at once whatever transaction is open here.

        Twice a second at most, and when all is done. Raises leases.Fenced.
        """
        told = -TOLD_EVERY

        def tell(done: int, of: int) -> None:
            nonlocal told
            if done == of or time.monotonic() - told >= TOLD_EVERY:
                told = time.monotonic()
                aside.submit(self.progress, done, of).result()

        with ThreadPoolExecutor(1) as aside:  # Django keeps connections by thread
            try:
                yield tell
            finally:
                aside.submit(connections.close_all).result()

    def finish(self, result: Any) -> None:
        """Say what came of it, in the transaction of what was written for it, so that both are there or neither.

        What it was sent with is not needed any more and goes. Raises leases.Fenced.
        """
        leases.finish(self.claim, result=result, given={})


def kind(
    name: str,
    do: Callable[[Task], None],
    *,
    patience: Patience = USUAL,
    given_up: Callable[[Errand], None] = kinds.nothing,
    alone: bool = False,
) -> KindOfWork:
    """A kind of errand, for `kinds.register`: `do` carries one out and ends with `Task.finish`.

    Of a kind that is carried out `alone` one waits for the other, so that long ones leave workers to other work.
    """
    waiting = partial(_waiting, name, alone)
    return KindOfWork(
        name,
        due=partial(_due, waiting, alone),
        carry_out=partial(_carry_out, waiting, do),
        patience=patience,
        given_up=given_up,
        errand=True,
    )


def send(kind: str, given: Any, *, person_id: int | None = None) -> Errand:
    """Put an errand among what waits; the next tick finds it. In a command it counts only if the command does."""
    return Errand.objects.create(
        kind=kinds.KINDS[kind].name, given=given, person_id=person_id, asked_at=clock.real_now()
    )


def let_on(errand: Errand) -> None:
    """Let an errand that was given up be tried again, as if it had not been tried yet."""
    leases.let_on(Errand.objects.filter(pk=errand.pk))


def drop(errand: Errand) -> bool:
    """Forget an errand that was given up, with what it was sent with; nothing came of it. False if it was not."""
    return bool(Errand.objects.filter(pk=errand.pk, parked=True, done_at__isnull=True).delete()[0])


def given_up() -> QuerySet[Errand]:
    """Errands of all kinds that were given up and wait for somebody to let them on or drop them."""
    return Errand.objects.filter(parked=True, done_at__isnull=True)


def due() -> list[int]:
    """Errands of all kinds that wait."""
    return [pk for kind in kinds.KINDS.values() if kind.errand for pk in kind.due()]


def carry_out(errand_id: int) -> None:
    """Carry an errand out, unless somebody else does or it is done; may be rung any number of times."""
    found = Errand.objects.filter(pk=errand_id).values_list("kind", flat=True).first()
    if found in kinds.KINDS:
        kinds.KINDS[found].carry_out(errand_id)


def _waiting(name: str, alone: bool) -> QuerySet[Errand]:
    waiting = leases.waiting(Errand).filter(kind=name)
    held = Errand.objects.filter(kind=name, leased_until__gte=Now(), done_at__isnull=True)
    return waiting.filter(~Exists(held)) if alone else waiting


def _due(waiting: Callable[[], QuerySet[Errand]], alone: bool) -> list[int]:
    return list(waiting().values_list("pk", flat=True)[: 1 if alone else None])


def _carry_out(waiting: Callable[[], QuerySet[Errand]], do: Callable[[Task], None], errand_id: int) -> None:
    """What is refused is an answer, not a failure: trying again would be refused again.

    A save that others held up too long is put back and tried again.
    """
    with leases.held(Errand, errand_id, among=waiting()) as claim:
        if claim is None:
            return
        task = Task(claim.row, claim)
        try:
            do(task)
        except (Refused, PermissionDenied) as refused:
            if leases.is_nobodys_fault(refused):
                raise
            task.finish({"errors": _lacks(refused)})
            return
        if Errand.objects.filter(pk=errand_id, epoch=claim.epoch, done_at__isnull=True).exists():
            raise RuntimeError(f"errand {errand_id} ended without a result")


def _lacks(refused: Refused | PermissionDenied) -> list[dict[str, Any]]:
    """What stands in the way, as codes of the table of refusals: words of any reader's language are made of them."""
    if isinstance(refused, PermissionDenied):
        roles = ", ".join(sorted(getattr(refused, "roles", ())))
        code = "permission.role" if roles else "permission.nobody"
        return [{"code": code, "field": "", "params": {"roles": roles} if roles else {}}]
    return [
        {"code": lack.code, "field": lack.field, "params": {name: str(value) for name, value in lack.params.items()}}
        for lack in refused.lacks
    ]
