"""The way in to every change of what belongs to a programme: someone who may, and a programme that is open."""

from __future__ import annotations

from typing import TypeAlias

from django.db.models import Model

from portfolio import history
from portfolio.history import Job, Provenance
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused

Actor: TypeAlias = Person | Job

# What an older register tells of a programme that was taken over from it is still entered after it has closed.
STILL_TAKEN_IN = frozenset({
    "edit_programme", "take_over_programme", "write_update", "write_plan", "approve_plan",
    "size_group", "appoint", "name_chair", "check_quota",
})  # fmt: skip


def opened(programme: Programme | int, verb: str, by: Actor, thing: Model | None = None) -> Programme:
    """The programme, or that of an id, for someone who may do this there or with this thing of it (INV-04, INV-114).

    A closed programme is frozen, with all that belongs to it. Only what goes on without it stays open, and the import
    still enters what an older register tells. Raises PermissionDenied, and Refused `programme.frozen`.
    """
    found = history.lock(Programme, programme) if isinstance(programme, int) else programme
    permissions.require(by, verb, thing or found)
    if found.freezes(thing) and not _taken_in(found, verb, by):
        raise Refused("programme.frozen", programme=found.pk)
    return found


def _taken_in(programme: Programme, verb: str, by: Actor) -> bool:
    told_elsewhere = programme.provenance == Provenance.TAKEN_OVER and isinstance(by, Job)
    return told_elsewhere and verb in STILL_TAKEN_IN
